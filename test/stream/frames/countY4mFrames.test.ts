import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src/stream/frames/byteSource.js';
import { countY4mFrames, openY4m } from '../../../src/stream/frames/y4mReader.js';
import { clipArbitrary, piecesArbitrary } from './clipArbitrary.js';
import { ascii, memorySource } from './memoryBytes.js';

/** A source over `bytes` that can skip, as a file can, and counts what is really read. */
function skippingSource(bytes: Uint8Array): ByteSource & { readBytes: number } {
  let at = 0;
  let hasEnded = false;
  return {
    readBytes: 0,
    read(into) {
      if (hasEnded) throw new Error('read after the end');
      const piece = bytes.subarray(at, at + into.length);
      into.set(piece);
      at += piece.length;
      this.readBytes += piece.length;
      return piece.length;
    },
    skip(count) {
      const there = Math.min(count, bytes.length - at);
      at += there;
      hasEnded = there < count;
      return there;
    },
  };
}

/** How many frames there are, or what is wrong. */
function outcome(count: () => number): number | string {
  try {
    return count();
  } catch (error) {
    return String(error);
  }
}

function countByReading(source: ByteSource): number {
  const clip = openY4m(source, 'clip.y4m');
  let count = 0;
  while (clip.next() !== undefined) count++;
  return count;
}

describe('countY4mFrames', () => {
  it('finds what reading finds, in clips that were cut and changed, whether the source can skip or not', () => {
    const change = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0x0a, 0x20, 0x30, 0x39)));
    fc.assert(
      fc.property(
        clipArbitrary(),
        fc.array(change, { maxLength: 2 }),
        fc.nat({ max: 20 }),
        piecesArbitrary,
        (clip, changes, cutBytes, pieces) => {
          const bytes = clip.bytes.slice(0, Math.max(1, clip.bytes.length - cutBytes));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const read = outcome(() => countByReading(memorySource(bytes)));
          expect(outcome(() => countY4mFrames(memorySource(bytes, pieces), 'clip.y4m'))).toBe(read);
          expect(outcome(() => countY4mFrames(skippingSource(bytes), 'clip.y4m'))).toBe(read);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('reads little more than the lines of a clip with large frames', () => {
    const size = 1 << 20;
    const frame = [...ascii('FRAME\n')];
    const bytes = new Uint8Array(100 + 8 * (size + frame.length));
    let end = 0;
    const put = (line: readonly number[]): void => {
      bytes.set(line, end);
      end += line.length;
    };
    put([...ascii('YUV4MPEG2 W1024 H1024 Cmono\n')]);
    for (let n = 0; n < 8; n++) {
      put(frame);
      end += size;
    }
    const source = skippingSource(bytes.subarray(0, end));
    expect(countY4mFrames(source, 'clip.y4m')).toBe(8);
    expect(source.readBytes).toBeLessThan(9 * 65_536 + 1);
  });

  it('takes no memory for a frame that only the header promises', () => {
    const bytes = ascii('YUV4MPEG2 W32768 H32768 Cmono\nFRAME\n12345');
    expect(() => countY4mFrames(skippingSource(bytes), 'clip.y4m')).toThrow(
      'clip.y4m: truncated at byte 41: frame 0 needs 1073741824 bytes, 5 are there',
    );
  });
});
