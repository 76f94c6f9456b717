import { UsageError } from '../../kernel/usageError.js';
import { ByteCursor } from './byteCursor.js';
import type { ByteSource } from './byteSource.js';
import { bytesPerFrame, type FrameFormat } from './frameFormat.js';
import type { FrameSource, SourceFrame } from './frameSource.js';
import { Y4mError } from './y4mError.js';
import { parseY4mHeader, y4mMagic } from './y4mHeader.js';
import { type RefuseY4m, readY4mLine } from './y4mLine.js';

const frameMagic = 'FRAME';
const firstPieceBytes = 1 << 20;

/** A frame of a file: its parameters as they stand there, and its payload. */
export type Y4mFrame = SourceFrame;

/**
 * Opens a YUV4MPEG2 clip and reads its header; frames are read one by one, on demand. A clip without frames
 * is legal.
 *
 * @param name the file as the user named it, for messages
 * @throws Y4mError with the byte offset when the header is malformed, truncated or not supported; UsageError
 *   when the
 *   source breaks its contract; what the source itself throws passes through
 * @example const clip = openY4m(source, 'clip.y4m'); for (const frame of frames(clip)) …
 */
export function openY4m(source: ByteSource, name: string): Y4mReader {
  const cursor = new ByteCursor(source);
  const refuse = refusing(name);
  const header =
    readY4mLine(cursor, y4mMagic, 'a clip', refuse) ?? refuse(0, 'truncated', 'the file is empty');
  return new Y4mReader(cursor, name, header, parseY4mHeader(header, name));
}

/**
 * Looks a clip over from its header to its end and counts its frames. Cheap where the source can skip, and no memory is
 * taken for a frame: whoever goes on to read the clip knows that all of it is there.
 *
 * @throws Y4mError with the byte offset when the clip is malformed, truncated or not supported anywhere
 */
export function countY4mFrames(source: ByteSource, name: string): number {
  const clip = openY4m(source, name);
  let count = 0;
  while (clip.skip()) count++;
  return count;
}

/**
 * An open clip, positioned after the header or a frame; made by {@link openY4m}. After an error every call
 * repeats it.
 */
export class Y4mReader implements FrameSource {
  readonly format: FrameFormat;
  /** The header line as it stands in the file, without its newline, one character a byte. */
  readonly header: string;
  readonly #cursor: ByteCursor;
  readonly #name: string;
  readonly #refuse: RefuseY4m;
  readonly #sizeBytes: number;
  #frameNumber = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(cursor: ByteCursor, name: string, header: string, format: FrameFormat) {
    this.#cursor = cursor;
    this.#name = name;
    this.#refuse = refusing(name);
    this.header = header;
    this.format = format;
    this.#sizeBytes = bytesPerFrame(format);
  }

  /**
   * The next frame in memory of its own, or `undefined` at the end of the clip.
   *
   * @throws Y4mError with the byte offset when the frame is malformed or truncated
   */
  next(): Y4mFrame | undefined {
    return this.#guard(() => {
      const parameters = this.#readFrameLine();
      if (parameters === undefined) return undefined;
      const data = this.#collectPayload();
      this.#frameNumber++;
      return { parameters, data };
    });
  }

  /** See {@link FrameSource.readInto}. @throws Y4mError like {@link next} */
  readInto(target: Uint8Array): string | undefined {
    if (target.length !== this.#sizeBytes) {
      throw new UsageError(
        `a frame of ${this.#name} cannot be read into ${target.length} bytes`,
        `give an array of ${this.#sizeBytes} bytes`,
      );
    }
    return this.#guard(() => {
      const parameters = this.#readFrameLine();
      if (parameters === undefined) return undefined;
      this.#requireAll(this.#cursor.readInto(target), target.length);
      this.#frameNumber++;
      return parameters;
    });
  }

  /**
   * Passes over the next frame: checks that all of it is there and reads only its FRAME line.
   *
   * @returns whether there was one
   * @throws Y4mError like {@link next}
   */
  skip(): boolean {
    return this.#guard(() => {
      if (this.#readFrameLine() === undefined) return false;
      this.#requireAll(this.#cursor.skip(this.#sizeBytes), this.#sizeBytes);
      this.#frameNumber++;
      return true;
    });
  }

  /** After an error the position is unknown: going on could only make up frames, so the error stays. */
  #guard<T>(read: () => T): T {
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      return read();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  #readFrameLine(): string | undefined {
    const line = readY4mLine(this.#cursor, frameMagic, `frame ${this.#frameNumber}`, this.#refuse);
    return line?.slice(frameMagic.length);
  }

  /**
   * The first frame is collected in pieces that double: a header that promises more than the file holds costs
   * no more memory than about three times the file. Once it was kept, the promise is believed.
   */
  #collectPayload(): Uint8Array {
    let data = new Uint8Array(
      this.#frameNumber > 0 ? this.#sizeBytes : Math.min(this.#sizeBytes, firstPieceBytes),
    );
    let there = 0;
    for (;;) {
      there += this.#cursor.readInto(data.subarray(there));
      this.#requireAll(there, data.length);
      if (data.length === this.#sizeBytes) return data;
      const larger = new Uint8Array(Math.min(this.#sizeBytes, data.length * 2));
      larger.set(data);
      data = larger;
    }
  }

  #requireAll(thereBytes: number, wantedBytes: number): void {
    if (thereBytes === wantedBytes) return;
    const detail = `frame ${this.#frameNumber} needs ${this.#sizeBytes} bytes, ${thereBytes} are there`;
    this.#refuse(this.#cursor.offsetBytes, 'truncated', detail);
  }
}

function refusing(file: string): RefuseY4m {
  return (offsetBytes, kind, detail) => {
    throw new Y4mError({ file, offsetBytes, kind, detail, fix: 'give a complete .y4m file' });
  };
}
