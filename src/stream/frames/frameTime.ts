import { invariant } from '../../kernel/invariant.js';
import { UsageError } from '../../kernel/usageError.js';
import { isPlayableRate, type Ratio } from './frameFormat.js';

/** Kernel streaming counts time in units of 100 ns; so many are a second. */
const unitsPerSecond = 10_000_000;

/**
 * Length of a frame in units of 100 ns, exactly, in lowest terms: 30000:1001 frames per second give
 * 1001000/3. Streaming headers carry `Math.floor(num / den)` of it; sums of that drift, {@link
 * frameTime100ns} does not.
 *
 * @throws InvariantError when the rate is not one that `frameFormat` and the y4m reader let through
 */
export function framePeriod100ns(frameRate: Ratio): Ratio {
  invariant(isPlayableRate(frameRate), `${frameRate.num}:${frameRate.den} is a playable frame rate`);
  const num = unitsPerSecond * frameRate.den;
  const divisor = greatestCommonDivisor(num, frameRate.num);
  return { num: num / divisor, den: frameRate.num / divisor };
}

/**
 * When frame `frameNumber` (from 0) begins, in units of 100 ns from the start of the clip, rounded down:
 * floor(n · 10^7 · den / num). Exact, without BigInt: no intermediate value exceeds 2^53 unless the result
 * does.
 *
 * @throws UsageError when `frameNumber` is no whole number of at least 0, or the time is beyond 2^53 units
 *   (28 years)
 */
export function frameTime100ns(frameRate: Ratio, frameNumber: number): number {
  if (!Number.isSafeInteger(frameNumber) || frameNumber < 0) {
    throw new UsageError(`${frameNumber} is no frame number`, 'give a whole number from 0');
  }
  // With the period P/Q: after Q frames exactly P units have passed, so only n mod Q has to be divided,
  // and of P only its remainder: n = a·Q + b and P = c·Q + r give a·P + b·c + floor(b·r / Q).
  const { num: P, den: Q } = framePeriod100ns(frameRate);
  const b = frameNumber % Q;
  const r = P % Q;
  const time = ((frameNumber - b) / Q) * P + b * ((P - r) / Q) + floorOfProductOver(b, r, Q);
  if (time <= Number.MAX_SAFE_INTEGER) return time;
  throw new UsageError(
    `frame ${frameNumber} begins more than 2^53 units of 100 ns after the start`,
    'use a shorter clip',
  );
}

/** The same in whole milliseconds, rounded down: the clock of a world counts no less. */
export function frameTimeMs(frameRate: Ratio, frameNumber: number): number {
  return Math.floor(frameTime100ns(frameRate, frameNumber) / 10_000);
}

/**
 * After how many frames the times of {@link frameTimeMs} repeat themselves, each so many whole milliseconds later: 1 at 25 frames
 * per second, 3 at 30. Who keeps time needs to count no further.
 */
export function framePattern({ num, den }: Ratio): number {
  return num / greatestCommonDivisor(1000 * den, num);
}

/**
 * Which frame begins at a time: the one with that very time stamp, otherwise the nearest. So a driver may add up rounded
 * periods, as many do, until it is half a frame wrong.
 */
export function frameNumberNear(frameRate: Ratio, time100ns: number): number {
  const { num, den } = framePeriod100ns(frameRate);
  const periods = (time100ns / num) * den;
  const above = Math.ceil(periods);
  return frameTime100ns(frameRate, above) === time100ns ? above : Math.round(periods);
}

/**
 * floor(b · r / q) for b, r < q ≤ 9·10^8, of which the product alone may need 60 bits: long division, 16 bits
 * at a time.
 */
function floorOfProductOver(b: number, r: number, q: number): number {
  const low = b % 65_536;
  const high = ((b - low) / 65_536) * r;
  const rest = high % q;
  const tail = rest * 65_536 + low * r;
  return ((high - rest) / q) * 65_536 + (tail - (tail % q)) / q;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
