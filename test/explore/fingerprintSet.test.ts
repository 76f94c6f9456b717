import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FingerprintSet } from '../../src/explore/fingerprintSet.js';
import { SUCCESSOR_BITS, Successors } from '../../src/runtime/successors.js';

// Few values, so that words and whole halves collide often.
const word = fc.oneof(fc.integer({ min: -1, max: 2 }), fc.integer());
const fingerprint = fc.tuple(word, word, word, word);
type Fingerprint = readonly [number, number, number, number];
const CAPACITY = 40;

/** Adds some fingerprints at once. For each whether it was new, and its number. */
function adding(set: FingerprintSet, bits: 64 | 128) {
  const batch = new Successors(CAPACITY);
  const fresh = new Int32Array(CAPACITY);
  const numbers = new Int32Array(CAPACITY);
  return (
    all: readonly Fingerprint[],
  ): { readonly isNew: boolean; readonly number: number | undefined }[] => {
    batch.count = all.length;
    for (const [n, words] of all.entries())
      batch.rows.set(bits === 64 ? words.slice(0, 2) : words, n << SUCCESSOR_BITS);
    const indices = [...fresh.subarray(0, set.addAll(batch, fresh, numbers))];
    return all.map((_, n) => ({ isNew: indices.includes(n), number: numbers[n] }));
  };
}

describe.each([
  { bits: 64, numbered: false },
  { bits: 64, numbered: true },
  { bits: 128, numbered: false },
  { bits: 128, numbered: true },
] as const)('a set of fingerprints of $bits bits, numbered: $numbered', ({ bits, numbered }) => {
  it('says of each whether it was there, and when it came, through all its growing', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fingerprint, { maxLength: CAPACITY }), { maxLength: 20 }), (batches) => {
        const set = new FingerprintSet(2, bits, numbered);
        const add = adding(set, bits);
        const model = new Map<string, number>();
        for (const batch of batches) {
          const expected = batch.map(([first, second, third, fourth]) => {
            // Two zeros stand for a free place, so (0, 0) is kept as (0, 1).
            const other = (first | second) === 0 ? 1 : second;
            const words = (bits === 64 ? [first, other] : [first, other, third, fourth]).join();
            const isNew = !model.has(words);
            if (isNew) model.set(words, model.size);
            return { isNew, number: numbered ? model.get(words) : 0 };
          });
          expect(add(batch)).toEqual(expected);
        }
        expect(set.size).toBe(model.size);
      }),
    );
  });
});

it.each([64, 128] as const)(
  'needs, with eight bytes of ancestry, at most 31 bytes a state for each 64 of %d bits',
  (bits) => {
    const set = new FingerprintSet(10, bits);
    const add = adding(set, bits);
    const perHalf: number[] = [];
    for (let n = 1; n < 100_000; n++) {
      add([[Math.imul(n, 0x9e3779b1), n, 0, 0]]);
      if (n > 1000) perHalf.push(set.bytes / n / (bits / 64));
    }
    expect(set.size).toBe(99_999);
    expect(Math.max(...perHalf)).toBeLessThanOrEqual(23);
  },
);
