import { UsageError } from '../../kernel/usageError.js';
import type { ByteSink } from './byteSink.js';
import { bytesPerFrame, type FrameFormat } from './frameFormat.js';
import type { FrameSink } from './frameSink.js';
import type { SourceFrame } from './frameSource.js';
import { isLatin1, latin1Bytes } from './latin1.js';
import { excerpt } from './y4mError.js';
import { parseY4mHeader, printY4mHeader } from './y4mHeader.js';
import { lineBytesMax } from './y4mLine.js';

const plainFrameLine = latin1Bytes('FRAME\n');

/** The file sink: a clip that is being written; made by {@link openY4mWriter}. */
export interface Y4mWriter extends FrameSink {
  readonly format: FrameFormat;
  /**
   * Appends a frame.
   *
   * @throws UsageError, with nothing written, when the payload is not of the format's size, the parameters
   *   could not be
   * read back (they are `''` or begin with a blank, hold no newline, and fit the line), or the clip is closed
   */
  write(frame: SourceFrame): void;
}

/**
 * Begins a clip: writes the header line at once. A header and frames as `openY4m` gave them are written back
 * byte for byte. Nothing is buffered: two writes to the sink per frame, no allocation unless a frame has
 * parameters.
 *
 * @param sink belongs to the writer from now on; it has been discarded when this throws
 * @param header a format, or a header line without its newline, which is written verbatim
 * @throws Y4mError naming `header` and an offset in it, or UsageError, when no such clip could be read back
 */
export function openY4mWriter(sink: ByteSink, header: FrameFormat | string): Y4mWriter {
  try {
    const line = typeof header === 'string' ? header : printY4mHeader(header);
    requireLine(line, 'header line');
    const format = parseY4mHeader(line, 'header');
    sink.write(latin1Bytes(`${line}\n`));
    return writerOf(sink, format);
  } catch (error) {
    sink.discard?.();
    throw error;
  }
}

function writerOf(sink: ByteSink, format: FrameFormat): Y4mWriter {
  const sizeBytes = bytesPerFrame(format);
  // While the sink has only a part of a frame the clip is broken, and stays so when the sink throws.
  let state: 'open' | 'broken' | 'ended' = 'open';
  return {
    format,
    write({ parameters, data }) {
      requireOpen(state);
      if (data.length !== sizeBytes) {
        throw new UsageError(`a payload of ${data.length} bytes is no frame`, `give ${sizeBytes} bytes`);
      }
      const frameLine = parameters === '' ? plainFrameLine : frameLineWith(parameters);
      state = 'broken';
      sink.write(frameLine);
      sink.write(data);
      state = 'open';
    },
    close() {
      requireOpen(state);
      state = 'broken';
      sink.close();
      state = 'ended';
    },
    discard() {
      if (state === 'ended') return;
      state = 'ended';
      sink.discard?.();
    },
  };
}

function requireOpen(state: 'open' | 'broken' | 'ended'): void {
  if (state === 'open') return;
  throw new UsageError(`the clip that is being written is ${state}`, 'begin another one');
}

function frameLineWith(parameters: string): Uint8Array {
  if (!parameters.startsWith(' ')) {
    throw new UsageError(
      `the frame parameters ${excerpt(parameters)} do not begin with a blank`,
      'put one in front',
    );
  }
  requireLine(`FRAME${parameters}`, 'FRAME line');
  return latin1Bytes(`FRAME${parameters}\n`);
}

function requireLine(line: string, what: string): void {
  if (line.length <= lineBytesMax && !line.includes('\n') && isLatin1(line)) return;
  throw new UsageError(
    `${excerpt(line)} is no ${what}`,
    `give at most ${lineBytesMax} characters up to U+00FF, without a newline`,
  );
}
