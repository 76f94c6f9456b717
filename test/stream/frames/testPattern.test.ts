import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/kernel/usageError.js';
import {
  bytesPerFrame,
  chromaKinds,
  type FrameFormat,
  frameFormat,
} from '../../../src/stream/frames/frameFormat.js';
import { frames } from '../../../src/stream/frames/frameSource.js';
import { testPattern, testPatternFrame, testPatternNumber } from '../../../src/stream/frames/testPattern.js';

const side = fc.integer({ min: 1, max: 40 });
const formatArbitrary: fc.Arbitrary<FrameFormat> = fc
  .record({ width: side, height: side, chroma: fc.constantFrom(...chromaKinds) })
  .map((parts) => frameFormat(parts));

describe('testPattern', () => {
  it('follows its formula, sample by sample', () => {
    const format = frameFormat({ width: 5, height: 3 });
    const sample = (x: number, y: number, p: number) => 16 + ((x + y + (2 * p + 3) * 1000) % 219);
    const luma = [0, 1, 2].flatMap((y) => [0, 1, 2, 3, 4].map((x) => sample(x, y, 0)));
    const chroma = [1, 2].flatMap((p) => [0, 1].flatMap((y) => [0, 1, 2].map((x) => sample(x, y, p))));
    expect([...testPatternFrame(format, 1000)]).toEqual([0, 0, 3, 232, ...luma.slice(4), ...chroma]);
  });

  it('is a function of format and number, however it is taken', () => {
    fc.assert(
      fc.property(formatArbitrary, (format) => {
        const byNext = testPattern(format, 5);
        const byReading = testPattern(format, 5);
        const target = new Uint8Array(bytesPerFrame(format)).fill(99);
        for (let number = 0; number < 5; number++) {
          expect(byNext.next()).toEqual({ parameters: '', data: testPatternFrame(format, number) });
          expect(byReading.readInto(target)).toBe('');
          expect(target).toEqual(testPatternFrame(format, number));
        }
        expect([byNext.next(), byReading.readInto(target)]).toEqual([undefined, undefined]);
      }),
    );
  });

  it('shows a frame that differs from the one before, and says its number', () => {
    fc.assert(
      fc.property(formatArbitrary, fc.nat({ max: 2 ** 32 - 2 }), (format, number) => {
        const frame = testPatternFrame(format, number);
        expect(frame).not.toEqual(testPatternFrame(format, number + 1));
        const samples = Math.min(4, format.width * format.height);
        expect(testPatternNumber(format, frame)).toBe(number % 256 ** samples);
      }),
    );
  });

  it('moves every sample that carries no number', () => {
    const format = frameFormat({ width: 33, height: 17, chroma: '422' });
    const before = testPatternFrame(format, 76);
    const after = testPatternFrame(format, 77);
    expect(after.every((byte, index) => index < 4 || byte !== before[index])).toBe(true);
  });

  it('says which frames of a clip were lost', () => {
    const format = frameFormat({ width: 8, height: 8 });
    const kept = [...frames(testPattern(format, 300))].filter(({ number }) => number % 7 !== 3);
    expect(kept.every(({ number, data }) => testPatternNumber(format, data) === number)).toBe(true);
  });

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses %d frames', (count) => {
    expect(() => testPattern(frameFormat({ width: 1, height: 1 }), count)).toThrow(UsageError);
  });

  it('refuses bytes of another size and numbers that are none', () => {
    const format = frameFormat({ width: 2, height: 2 });
    expect(() => testPatternNumber(format, new Uint8Array(5))).toThrow(UsageError);
    expect(() => testPattern(format, 1).readInto(new Uint8Array(7))).toThrow(UsageError);
    expect(() => testPatternFrame(format, -1)).toThrow(UsageError);
  });
});
