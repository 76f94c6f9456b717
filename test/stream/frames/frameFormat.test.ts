import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/kernel/usageError.js';
import { bytesPerFrame, chromaKinds, frameFormat, planes } from '../../../src/stream/frames/frameFormat.js';
import { payloadBytes } from './clipArbitrary.js';

describe('planes', () => {
  it('lie one behind the other and fill the frame', () => {
    const side = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(side, side, fc.constantFrom(...chromaKinds), (width, height, chroma) => {
        const format = frameFormat({ width, height, chroma });
        let end = 0;
        for (const plane of planes(format)) {
          expect(plane.offsetBytes).toBe(end);
          expect(plane.sizeBytes).toBe(plane.width * plane.height);
          end += plane.sizeBytes;
        }
        expect(bytesPerFrame(format)).toBe(end);
        expect(end).toBe(payloadBytes(width, height, chroma));
      }),
    );
  });

  it.each([
    [
      '420jpeg',
      [
        [5, 3],
        [3, 2],
        [3, 2],
      ],
    ],
    [
      '422',
      [
        [5, 3],
        [3, 3],
        [3, 3],
      ],
    ],
    [
      '444',
      [
        [5, 3],
        [5, 3],
        [5, 3],
      ],
    ],
    ['mono', [[5, 3]]],
  ] as const)('of a 5x3 picture in %s round up', (chroma, sizes) => {
    const format = frameFormat({ width: 5, height: 3, chroma });
    expect(planes(format).map(({ width, height }) => [width, height])).toEqual(sizes);
  });

  it('have at least one sample, even for 1x1', () => {
    expect(bytesPerFrame(frameFormat({ width: 1, height: 1, chroma: '420' }))).toBe(3);
  });
});

describe('frameFormat', () => {
  it.each([
    { width: 0, height: 1 },
    { width: 1.5, height: 1 },
    { width: 1, height: Number.NaN },
    { width: 2 ** 31, height: 1 },
    { width: 40_000, height: 40_000 },
    { width: 1, height: 1, frameRate: { num: 25, den: 0 } },
    { width: 1, height: 1, frameRate: { num: 900_000_001, den: 900 } },
    { width: 1, height: 1, frameRate: { num: 1, den: 3601 } },
    { width: 1, height: 1, frameRate: { num: 10_000_001, den: 1 } },
    { width: 1, height: 1, frameRate: { num: 0.5, den: 1 } },
  ])('refuses %j', (parts) => {
    expect(() => frameFormat(parts)).toThrow(UsageError);
  });
});
