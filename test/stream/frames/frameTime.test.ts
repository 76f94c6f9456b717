import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/kernel/usageError.js';
import { isPlayableRate } from '../../../src/stream/frames/frameFormat.js';
import { frameNumberNear, framePeriod100ns, frameTime100ns } from '../../../src/stream/frames/frameTime.js';
import { rateArbitrary } from './clipArbitrary.js';

describe('frameTime100ns', () => {
  it('is floor(n · 10^7 · den / num), as BigInt computes it', () => {
    const number = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.nat(1000));
    fc.assert(
      fc.property(rateArbitrary, number, ({ num, den }, n) => {
        const exact = (BigInt(n) * 10_000_000n * BigInt(den)) / BigInt(num);
        if (exact > BigInt(Number.MAX_SAFE_INTEGER)) {
          expect(() => frameTime100ns({ num, den }, n)).toThrow(UsageError);
        } else {
          expect(frameTime100ns({ num, den }, n)).toBe(Number(exact));
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('does not drift: an hour of 30000:1001 ends where it should', () => {
    expect(frameTime100ns({ num: 30_000, den: 1001 }, 107_892)).toBe(35_999_964_000);
    expect(frameTime100ns({ num: 25, den: 1 }, 3)).toBe(1_200_000);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the frame number %d', (number) => {
    expect(() => frameTime100ns({ num: 25, den: 1 }, number)).toThrow(UsageError);
  });
});

describe('framePeriod100ns', () => {
  it('is in lowest terms', () => {
    expect(framePeriod100ns({ num: 30_000, den: 1001 })).toEqual({ num: 1_001_000, den: 3 });
    expect(framePeriod100ns({ num: 50, den: 2 })).toEqual({ num: 400_000, den: 1 });
  });

  it('takes no rate that a format cannot have', () => {
    expect(() => framePeriod100ns({ num: 0, den: 1 })).toThrow('Interlace is broken');
  });
});

describe('frameNumberNear', () => {
  const rate = fc.record({
    num: fc.integer({ min: 1, max: 900_000_000 }),
    den: fc.integer({ min: 1, max: 900_000_000 }),
  });

  it('finds every frame by its time stamp', () => {
    fc.assert(
      fc.property(rate.filter(isPlayableRate), fc.nat(200_000), (frameRate, number) => {
        expect(frameNumberNear(frameRate, frameTime100ns(frameRate, number))).toBe(number);
      }),
      {
        numRuns: 2000,
        examples: [
          [{ num: 10_000_000, den: 1 }, 99],
          [{ num: 9_900_990, den: 1 }, 99],
        ],
      },
    );
  });

  it('takes the nearest frame otherwise', () => {
    const ntsc = { num: 30_000, den: 1001 };
    expect(frameNumberNear(ntsc, 100 * 333_666)).toBe(100);
    expect(frameNumberNear(ntsc, 100 * 333_667)).toBe(100);
    expect(frameNumberNear(ntsc, 150_000)).toBe(0);
    expect(frameNumberNear(ntsc, 180_000)).toBe(1);
  });
});
