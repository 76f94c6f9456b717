import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameFormat } from '../../../src/stream/frames/frameFormat.js';
import { pourFrames } from '../../../src/stream/frames/frameSink.js';
import { type Frame, stampFrame } from '../../../src/stream/frames/frameSource.js';
import { gapsKeptMax, statisticsSink } from '../../../src/stream/frames/statisticsSink.js';

const format = frameFormat({ width: 2, height: 2, frameRate: { num: 30_000, den: 1001 } });

function frame(number: number): Frame {
  return stampFrame(format, number, { parameters: '', data: new Uint8Array(6) });
}

function statisticsOf(numbers: readonly number[]) {
  const sink = statisticsSink(format);
  pourFrames(numbers.map(frame), sink);
  return sink.statistics();
}

describe('statisticsSink', () => {
  it('knows nothing of nothing', () => {
    expect(statisticsOf([])).toEqual({
      frames: 0,
      bytes: 0,
      firstTimeStamp100ns: undefined,
      lastTimeStamp100ns: undefined,
      missingByNumber: 0,
      missingByTime: 0,
      outOfOrder: 0,
      gapCount: 0,
      gaps: [],
    });
  });

  it('finds gaps by numbers, also in front, and by time stamps between frames', () => {
    expect(statisticsOf([2, 3, 7, 8, 10])).toEqual({
      frames: 5,
      bytes: 30,
      firstTimeStamp100ns: 667_333,
      lastTimeStamp100ns: 3_336_666,
      missingByNumber: 6,
      missingByTime: 4,
      outOfOrder: 0,
      gapCount: 3,
      gaps: [
        { firstMissing: 0, count: 2 },
        { firstMissing: 4, count: 3 },
        { firstMissing: 9, count: 1 },
      ],
    });
  });

  it('counts exactly the frames that any loss has left out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(5000), { minLength: 1 }), (numbers) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        const [first = 0] = sorted;
        const last = sorted.at(-1) ?? 0;
        const { missingByNumber, missingByTime } = statisticsOf(sorted);
        expect(missingByNumber).toBe(last + 1 - sorted.length);
        expect(missingByTime).toBe(last + 1 - sorted.length - first);
      }),
    );
  });

  it('tells the loss by time apart from the loss by number', () => {
    const sink = statisticsSink(format);
    sink.write(frame(0));
    sink.write({ ...frame(5), number: 1 });
    expect(sink.statistics()).toMatchObject({ missingByNumber: 0, missingByTime: 4 });
  });

  it('counts frames that come twice or late', () => {
    expect(statisticsOf([0, 1, 1, 0, 1, 2])).toMatchObject({ frames: 6, outOfOrder: 2, missingByNumber: 0 });
  });

  it('keeps a fixed number of gaps and counts the others', () => {
    const { gaps, gapCount } = statisticsOf(Array.from({ length: 1000 }, (_, index) => 2 * index));
    expect([gaps.length, gapCount]).toEqual([gapsKeptMax, 999]);
  });
});
