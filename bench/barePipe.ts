import { from, map } from 'rxjs';
import { openFileSink, openFileSource } from '../src/cli/fileBytes.js';
import { sha256 } from '../src/cli/sha256.js';
import { intoSink, teeSink } from '../src/stream/frames/frameSink.js';
import { frames } from '../src/stream/frames/frameSource.js';
import { hashSink } from '../src/stream/frames/hashSink.js';
import { openY4m } from '../src/stream/frames/y4mReader.js';
import { openY4mWriter } from '../src/stream/frames/y4mWriter.js';

/**
 * What the frames cost without a stack: read, copied once, hashed, written.
 *
 * @returns the digest over the payload
 */
export function barePipe(clip: string, out: string): string {
  const bytes = openFileSource(clip);
  const source = openY4m(bytes, clip);
  const digest = hashSink(sha256());
  const file = openY4mWriter(openFileSink(out), source.header);
  const copied = from(frames(source)).pipe(map((frame) => ({ ...frame, data: frame.data.slice() })));
  copied.pipe(intoSink(teeSink([digest, file]))).subscribe();
  bytes.close();
  return digest.digestHex();
}
