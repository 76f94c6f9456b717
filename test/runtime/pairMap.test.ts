import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PairMap } from '../../src/runtime/pairMap.js';

const int32 = fc.oneof(
  fc.integer({ min: -3, max: 6 }),
  fc.integer(),
  fc.integer({ min: 0, max: 40 }).map((n) => n << 26),
);

describe('PairMap', () => {
  it.each([0, 1, 4, 256])('with room for %d pairs answers like a Map', (capacity) => {
    const entry = fc.tuple(
      int32,
      int32,
      fc.integer().filter((value) => value !== -1),
    );
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 300 }), (entries) => {
        const pairs = new PairMap(capacity);
        const model = new Map<string, number>();
        for (const [first, second, value] of entries) {
          expect(pairs.get(first, second)).toBe(model.get(`${first},${second}`) ?? -1);
          pairs.set(first, second, value);
          model.set(`${first},${second}`, value);
          expect(pairs.get(first, second)).toBe(value);
        }
        expect(pairs.size).toBe(model.size);
        for (const [first, second] of entries) {
          expect(pairs.get(first, second)).toBe(model.get(`${first},${second}`));
          expect(pairs.get(second, first)).toBe(model.get(`${second},${first}`) ?? -1);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a hundred thousand pairs through all its growing', () => {
    const pairs = new PairMap(4);
    for (let i = 0; i < 100_000; i++) pairs.set(i % 300, (i / 300) | 0, i);
    expect(pairs.size).toBe(100_000);
    for (let i = 0; i < 100_000; i += 7) expect(pairs.get(i % 300, (i / 300) | 0)).toBe(i);
  });
});
