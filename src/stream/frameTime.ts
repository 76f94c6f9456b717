/** Frames per second as a fraction, as a clip says it. */
export interface FrameRate {
  readonly num: number;
  readonly den: number;
}

/** 100 ns units in a millisecond. */
export const TICKS_PER_MS = 10_000;

/**
 * The time stamp of frame n in 100 ns: floor(n · 10⁷ · den / num), exactly; so rates such as 30000/1001 do not drift.
 *
 * @throws RangeError when an argument is no whole number, or the rate is not positive
 */
export function frameTime(n: number, { num, den }: FrameRate): number {
  if (num <= 0 || den <= 0) throw new RangeError(`a frame rate of ${num}/${den} is not positive`);
  return Number((BigInt(n) * 10_000_000n * BigInt(den)) / BigInt(num));
}
