import { UsageError } from '../../kernel/usageError.js';
import { bytesPerFrame, type FrameFormat, planes } from './frameFormat.js';
import type { FrameSource } from './frameSource.js';

/**
 * A moving picture that needs no file. In plane p (0 Y, 1 Cb, 2 Cr) of frame n the sample at column x, row y
 * is
 *
 *     16 + (x + y + (2·p + 3)·n) mod 219
 *
 * a diagonal ramp that moves by 3 (luma), 5 or 7 samples a frame, so every sample differs from the one of the
 * frame before. Over it, the first samples of the luma plane carry n itself: four bytes, most significant
 * first; in a picture of fewer than four luma samples only the least significant ones that fit.
 */
const rampPeriod = 219;
const stampSamples = 4;

/**
 * A source of `frameCount` frames of the pattern, without parameters. Frame n's bytes are a function of
 * format and n.
 *
 * @throws UsageError when `frameCount` is no whole number from 0 to 2^53 - 1
 */
export function testPattern(format: FrameFormat, frameCount: number): FrameSource {
  if (!Number.isSafeInteger(frameCount) || frameCount < 0) {
    throw new UsageError(`${frameCount} is no number of frames`, 'give a whole number from 0');
  }
  const sizeBytes = bytesPerFrame(format);
  const ramp = rampFor(format);
  let number = 0;
  return {
    format,
    next() {
      if (number >= frameCount) return undefined;
      const data = new Uint8Array(sizeBytes);
      draw(format, number++, ramp, data);
      return { parameters: '', data };
    },
    readInto(target) {
      requireFrame(format, target);
      if (number >= frameCount) return undefined;
      draw(format, number++, ramp, target);
      return '';
    },
  };
}

/**
 * Frame `number` of the pattern by itself: what a test compares a delivered frame with. Cost: one row copy
 * per row.
 *
 * @throws UsageError when `number` is no whole number from 0
 */
export function testPatternFrame(format: FrameFormat, number: number): Uint8Array {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new UsageError(`${number} is no frame number`, 'give a whole number from 0');
  }
  const data = new Uint8Array(bytesPerFrame(format));
  draw(format, number, rampFor(format), data);
  return data;
}

/**
 * The number that a frame of the pattern carries: n modulo 256^k with k = min(4, width · height). It says
 * nothing about the other bytes: compare with {@link testPatternFrame} for those.
 *
 * @throws UsageError when `data` is not of the format's size
 */
export function testPatternNumber(format: FrameFormat, data: Uint8Array): number {
  requireFrame(format, data);
  return data.subarray(0, stampLength(format)).reduce((number, byte) => number * 256 + byte, 0);
}

function stampLength(format: FrameFormat): number {
  return Math.min(stampSamples, format.width * format.height);
}

/** One period of the ramp and a row more: any row of any plane is a slice of it. */
function rampFor(format: FrameFormat): Uint8Array {
  return Uint8Array.from({ length: rampPeriod + format.width }, (_, index) => 16 + (index % rampPeriod));
}

function draw(format: FrameFormat, number: number, ramp: Uint8Array, target: Uint8Array): void {
  for (const [index, plane] of planes(format).entries()) {
    const shift = (2 * index + 3) * (number % rampPeriod);
    for (let row = 0; row < plane.height; row++) {
      const from = (row + shift) % rampPeriod;
      target.set(ramp.subarray(from, from + plane.width), plane.offsetBytes + row * plane.width);
    }
  }
  let rest = number;
  for (let index = stampLength(format) - 1; index >= 0; index--) {
    target[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function requireFrame(format: FrameFormat, data: Uint8Array): void {
  const sizeBytes = bytesPerFrame(format);
  if (data.length === sizeBytes) return;
  throw new UsageError(
    `${data.length} bytes are no frame of the pattern`,
    `give an array of ${sizeBytes} bytes`,
  );
}
