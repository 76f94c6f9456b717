import type { Subscription } from 'rxjs';
import type { BytePath } from './bytePath.js';
import { frameEventIn } from './frameEvents.js';
import { FramePath } from './framePath.js';
import { type FrameSink, intoSink, teeSink } from './frames/frameSink.js';
import type { FrameSource } from './frames/frameSource.js';
import { type Hasher, type HashSink, hashSink } from './frames/hashSink.js';
import {
  type FrameGap,
  type FrameStatistics,
  gapsKeptMax,
  type StatisticsSink,
  statisticsSink,
} from './frames/statisticsSink.js';
import type { PhysicalMemory } from './physicalMemory.js';
import { playEventIn } from './playEvents.js';
import { PlayPath } from './playPath.js';

/** What became of the frames of a stream; captured = delivered + dropped. */
export interface StreamResult {
  readonly name: string;
  readonly framesCaptured: number;
  readonly framesDelivered: number;
  /** No room, or still on their way when the run ended. */
  readonly framesDropped: number;
  /** Over the payload of the delivered frames in order, in hex. */
  readonly sha256: string;
  /** Which numbers did not arrive: the first 64 gaps. */
  readonly gaps: readonly FrameGap[];
  /** What arrived otherwise than the source gave it (damaged, out of order, twice), in words: the first 10. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

/** One stream of a run: its bytes' way, and what is counted and hashed at the end of it. */
export class Lane {
  readonly name: string;
  readonly path: BytePath;
  /** Moves the bytes of which an emitted event speaks, if it speaks of this stream. */
  readonly take: (emitted: { readonly type: string }) => void;
  readonly #digest: HashSink;
  readonly #statistics: StatisticsSink;

  private constructor(name: string, path: BytePath, take: Lane['take'], source: FrameSource, hasher: Hasher) {
    this.name = name;
    this.path = path;
    this.take = take;
    this.#digest = hashSink(hasher);
    this.#statistics = statisticsSink(source.format);
  }

  /** From the device to the client. */
  static capture(source: FrameSource, hasher: Hasher): Lane {
    const path = new FramePath(source);
    const take: Lane['take'] = (emitted) => {
      const event = frameEventIn(emitted);
      if (event) path.take(event);
    };
    return new Lane('capture', path, take, source, hasher);
  }

  /** From the client to the device; the streams of one client share their memory. */
  static playback(name: string, source: FrameSource, hasher: Hasher, memory: PhysicalMemory): Lane {
    const path = new PlayPath(name, source, memory);
    const take: Lane['take'] = (emitted) => {
      const event = playEventIn(emitted);
      if (event) path.take(event);
    };
    return new Lane(name, path, take, source, hasher);
  }

  /** Lets all that is delivered be counted, and go into a sink. The two end apart: only the second may be cut off. */
  pour(sink: FrameSink, failed: (error: unknown) => void): Subscription {
    const into = (end: FrameSink): Subscription =>
      this.path.delivered$.pipe(intoSink(end)).subscribe({ error: failed });
    into(teeSink([this.#digest, this.#statistics]));
    return into(sink);
  }

  /** After the path has ended. */
  get result(): StreamResult {
    const { account, faults, faultCount } = this.path;
    const { captured, delivered, dropped } = account;
    return {
      name: this.name,
      framesCaptured: captured,
      framesDelivered: delivered,
      framesDropped: dropped,
      sha256: this.#digest.digestHex(),
      gaps: allGaps(this.#statistics.statistics(), captured, delivered),
      faults,
      faultCount,
    };
  }
}

/** The gaps before delivered frames, and the one behind the last, which no sink sees. */
function allGaps(
  { gaps, missingByNumber }: FrameStatistics,
  captured: number,
  delivered: number,
): readonly FrameGap[] {
  const firstMissing = delivered + missingByNumber;
  const count = captured - firstMissing;
  return count === 0 ? gaps : [...gaps, { firstMissing, count }].slice(0, gapsKeptMax);
}
