import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FingerprintSet } from '../../src/explore/fingerprintSet.js';

// Few values, so that words and whole halves collide often.
const word = fc.oneof(fc.integer({ min: -1, max: 2 }), fc.integer());

describe.each([64, 128] as const)('a set of fingerprints of %d bits', (bits) => {
  it('says of each whether it was there, through all its growing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, word, word, word), { maxLength: 400 }), (all) => {
        const set = new FingerprintSet(2, bits);
        const model = new Set<string>();
        for (const [first, second, third, fourth] of all) {
          // Two zeros stand for a free place, so (0, 0) is kept as (0, 1).
          const other = (first | second) === 0 ? 1 : second;
          const words = bits === 64 ? [first, other] : [first, other, third, fourth];
          set.reserve(1);
          const isNew = bits === 64 ? set.add(first, second) : set.add(first, second, third, fourth);
          expect(isNew).toBe(!model.has(words.join()));
          model.add(words.join());
        }
        expect(set.size).toBe(model.size);
      }),
    );
  });

  it('needs, with eight bytes of ancestry, at most 31 bytes for each 64 bits', () => {
    const set = new FingerprintSet(10, bits);
    const perHalf: number[] = [];
    for (let n = 1; n < 100_000; n++) {
      set.reserve(1);
      set.add(Math.imul(n, 0x9e3779b1), n);
      if (n > 1000) perHalf.push(set.bytes / n / (bits / 64));
    }
    expect(Math.max(...perHalf)).toBeLessThanOrEqual(23);
  });
});
