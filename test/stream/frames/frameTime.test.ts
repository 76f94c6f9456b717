import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/kernel/usageError.js';
import { framePeriod100ns, frameTime100ns } from '../../../src/stream/frames/frameTime.js';
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
