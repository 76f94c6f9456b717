import type { FrameFormat } from './frameFormat.js';
import type { FrameSink } from './frameSink.js';
import { framePeriod100ns } from './frameTime.js';

/** Frames that are missing in a row. */
export interface FrameGap {
  /** Number of the first missing frame. */
  readonly firstMissing: number;
  readonly count: number;
}

/** What arrived, and what did not. */
export interface FrameStatistics {
  readonly frames: number;
  /** Payload only. */
  readonly bytes: number;
  /** `undefined` without frames. */
  readonly firstTimeStamp100ns: number | undefined;
  readonly lastTimeStamp100ns: number | undefined;
  /**
   * Missing in front of or between delivered frames, by their numbers. What is lost after the last one is not
   * seen.
   */
  readonly missingByNumber: number;
  /**
   * Missing between delivered frames, by their time stamps: rounded periods from each to the next, less one.
   */
  readonly missingByTime: number;
  /** Frames whose number is not above that of the one before; they belong to no gap. */
  readonly outOfOrder: number;
  /** How many gaps there are by number. */
  readonly gapCount: number;
  /** The first {@link gapsKeptMax} of them. */
  readonly gaps: readonly FrameGap[];
}

/** How many gaps are kept one by one; the rest is counted, so that memory stays flat. */
export const gapsKeptMax = 64;

/** A sink that counts. */
export interface StatisticsSink extends FrameSink {
  /** What has come so far; a copy. */
  statistics(): FrameStatistics;
}

/**
 * Counts frames and bytes and finds gaps, by frame numbers and independently by time stamps. Constant time
 * and memory.
 */
export function statisticsSink(format: FrameFormat): StatisticsSink {
  const period = framePeriod100ns(format.frameRate);
  const gaps: FrameGap[] = [];
  const counts = { frames: 0, bytes: 0, missingByNumber: 0, missingByTime: 0, outOfOrder: 0, gapCount: 0 };
  let expected = 0;
  let firstTimeStamp100ns: number | undefined;
  let lastTimeStamp100ns: number | undefined;

  function countGap(number: number): void {
    const count = number - expected;
    if (count < 0) counts.outOfOrder++;
    if (count > 0) {
      counts.missingByNumber += count;
      counts.gapCount++;
      if (gaps.length < gapsKeptMax) gaps.push({ firstMissing: expected, count });
    }
    expected = number + 1;
  }

  return {
    write({ number, timeStamp100ns, data }) {
      counts.frames++;
      counts.bytes += data.length;
      countGap(number);
      if (lastTimeStamp100ns !== undefined) {
        const periods = Math.round(((timeStamp100ns - lastTimeStamp100ns) * period.den) / period.num);
        counts.missingByTime += Math.max(0, periods - 1);
      }
      firstTimeStamp100ns ??= timeStamp100ns;
      lastTimeStamp100ns = timeStamp100ns;
    },
    close() {},
    discard() {},
    statistics: () => ({ ...counts, firstTimeStamp100ns, lastTimeStamp100ns, gaps: [...gaps] }),
  };
}
