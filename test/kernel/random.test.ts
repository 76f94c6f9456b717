import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/kernel/random.js';

const draw = (seed: number, below: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.nextInt(below));
};

describe('createRandom', () => {
  it('draws what it has always drawn: a recorded seed stays a recorded run', () => {
    expect([
      draw(1, 10, 12),
      draw(2, 10, 12),
      draw(0, 2, 12),
      draw(-7, 1000, 6),
      draw(1, 2 ** 31, 3),
    ]).toMatchInlineSnapshot(`
      [
        [
          6,
          8,
          1,
          7,
          0,
          9,
          2,
          3,
          8,
          8,
          6,
          3,
        ],
        [
          5,
          5,
          0,
          8,
          6,
          1,
          9,
          1,
          1,
          6,
          4,
          3,
        ],
        [
          1,
          1,
          0,
          0,
          1,
          0,
          0,
          0,
          0,
          1,
          0,
          1,
        ],
        [
          654,
          129,
          553,
          234,
          561,
          173,
        ],
        [
          2147483646,
          2130575328,
          2134902081,
        ],
      ]
    `);
  });

  it('draws whole numbers below the bound, and nothing but 0 below 1', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 31 }), (seed, below) => {
        for (const n of draw(seed, below, 5)) {
          expect(Number.isInteger(n) && n >= 0 && n < below).toBe(true);
        }
      }),
    );
    expect(draw(5, 1, 4)).toEqual([0, 0, 0, 0]);
  });

  it('draws every number about equally often', () => {
    const counts = [0, 0, 0, 0, 0];
    for (const n of draw(3, 5, 10_000)) counts[n] = (counts[n] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('keeps generators apart from each other', () => {
    const [a, b] = [createRandom(9), createRandom(9)];
    const mixed = Array.from({ length: 6 }, () => [a.nextInt(100), b.nextInt(100)]);
    for (const [x, y] of mixed) expect(x).toBe(y);
  });
});
