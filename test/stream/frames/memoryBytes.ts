import { createHash } from 'node:crypto';
import type { ByteSink } from '../../../src/stream/frames/byteSink.js';
import type { ByteSource } from '../../../src/stream/frames/byteSource.js';
import type { Hasher } from '../../../src/stream/frames/hashSink.js';

/** A source over `bytes` that gives them in pieces of the given sizes, over and over. */
export function memorySource(bytes: Uint8Array, piecesBytes: readonly number[] = [Infinity]): ByteSource {
  let done = 0;
  let reads = 0;
  let hasEnded = false;
  return {
    read(into) {
      if (hasEnded) throw new Error('read after the end');
      const piece = bytes.subarray(
        done,
        done + Math.min(into.length, piecesBytes[reads++ % piecesBytes.length] ?? 1),
      );
      into.set(piece);
      done += piece.length;
      hasEnded = piece.length === 0;
      return piece.length;
    },
  };
}

/** A sink that keeps everything and how it ended. */
export class MemorySink implements ByteSink {
  ending: 'open' | 'closed' | 'discarded' = 'open';
  readonly #pieces: Uint8Array[] = [];

  write(bytes: Uint8Array): void {
    if (this.ending !== 'open') throw new Error(`written to a sink that is ${this.ending}`);
    this.#pieces.push(bytes.slice());
  }

  close(): void {
    if (this.ending !== 'open') throw new Error(`closed a sink that is ${this.ending}`);
    this.ending = 'closed';
  }

  discard(): void {
    if (this.ending !== 'open') throw new Error(`discarded a sink that is ${this.ending}`);
    this.ending = 'discarded';
  }

  get bytes(): Uint8Array {
    return Uint8Array.from(Buffer.concat(this.#pieces));
  }
}

/** The hasher that the command line will supply. */
export function sha256(): Hasher {
  const hash = createHash('sha256');
  return {
    update(bytes) {
      hash.update(bytes);
    },
    digestHex: () => hash.digest('hex'),
  };
}

/** Bytes of a text of one character a byte. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
