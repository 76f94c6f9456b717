import type { Observable, SchedulerLike, Subscription } from 'rxjs';
import { type SimulateOptions, type Simulation, simulateSteps } from '../explore/simulate.js';
import type { System } from '../runtime/system.js';
import type { TraceStep } from '../trace/step.js';
import { frameEventIn } from './frameEvents.js';
import { FramePath } from './framePath.js';
import { type FrameSink, intoSink, teeSink } from './frames/frameSink.js';
import type { Frame, FrameSource } from './frames/frameSource.js';
import { type Hasher, hashSink } from './frames/hashSink.js';
import { type FrameGap, type FrameStatistics, gapsKeptMax, statisticsSink } from './frames/statisticsSink.js';
import { TraceCounter, type TraceCounts } from './traceCounts.js';
import { VirtualClock } from './virtualClock.js';

/** What can be watched while a run goes on. `frame.data` is good until the subscriber returns: copy what must stay. */
export interface FrameStreams {
  /** The time of the run, for operators. */
  readonly clock: SchedulerLike;
  readonly captured$: Observable<Frame>;
  /** Numbers of frames. */
  readonly dropped$: Observable<number>;
  readonly delivered$: Observable<Frame>;
}

export interface StreamRunOptions extends Omit<SimulateOptions, 'onStep'> {
  readonly system: System;
  /** What the hardware sees. Taken frame by frame, as it is captured. */
  readonly source: FrameSource;
  /** For the digest over the payload of the delivered frames. */
  readonly hasher: Hasher;
  /**
   * Where delivered frames go. They are closed when the run came to its end, or to `maxSteps`, and all frames were sound;
   * otherwise discarded.
   */
  readonly sinks?: readonly FrameSink[];
  /** Is told, before the first step, what can be watched. */
  readonly watch?: (streams: FrameStreams) => void;
}

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

export interface StreamRun extends Omit<Simulation, 'schedule'>, TraceCounts {
  readonly streams: readonly StreamResult[];
}

/**
 * Plays one schedule of a system that carries frames, and carries their bytes beside it. Like {@link streamRunSteps}, in one go.
 *
 * @example runStreams({ system, source: testPattern(format, 30), hasher, seed: 1 }).streams[0]?.framesDelivered
 */
export function runStreams(options: StreamRunOptions): StreamRun {
  const steps = streamRunSteps(options);
  for (let next = steps.next(); ; next = steps.next()) if (next.done) return next.value;
}

/**
 * The same, step by step: when a step is given, its frames have moved. Ending the generator early discards the sinks, as does
 * any error.
 *
 * Determinism: same system, seed and frames, same run, same calls of the sinks. Memory: see {@link FramePath}, beside the world.
 *
 * @throws UsageError as `simulate` does, and when an actor emits what no hardware and no client could; what source and sinks
 *   throw passes through
 */
export function* streamRunSteps(options: StreamRunOptions): Generator<TraceStep, StreamRun, void> {
  const { system, source, sinks = [], watch, maxSteps = Number.MAX_SAFE_INTEGER, ...rest } = options;
  const clock = new VirtualClock();
  const counter = new TraceCounter();
  const digest = hashSink(options.hasher);
  const statistics = statisticsSink(source.format);
  const failures: unknown[] = [];
  const output = teeSink(sinks);
  try {
    const path = new FramePath(source);
    const pour = (sink: FrameSink): Subscription =>
      path.delivered$.pipe(intoSink(sink)).subscribe({ error: (error: unknown) => failures.push(error) });
    pour(teeSink([digest, statistics]));
    const pouring = pour(output);
    watch?.({ clock, captured$: path.captured$, dropped$: path.dropped$, delivered$: path.delivered$ });
    const steps = simulateSteps(system, { ...rest, maxSteps });
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      const step = next.value;
      clock.advanceTo(step.atMs);
      counter.add(step);
      for (const emitted of step.emitted) {
        const event = frameEventIn(emitted);
        if (event) path.take(event);
      }
      // What subscribers have scheduled without delay belongs to this step.
      clock.advanceTo(step.atMs);
      if (failures.length > 0) throw failures[0];
      yield step;
    }
    if (next.value.end === 'abort' || path.faultCount > 0) pouring.unsubscribe();
    path.end();
    if (failures.length > 0) throw failures[0];
    const { captured, delivered, dropped } = path.account;
    const stream: StreamResult = {
      name: 'capture',
      framesCaptured: captured,
      framesDelivered: delivered,
      framesDropped: dropped,
      sha256: digest.digestHex(),
      gaps: allGaps(statistics.statistics(), captured, delivered),
      faults: path.faults,
      faultCount: path.faultCount,
    };
    return { ...next.value, ...counter.counts, streams: [stream] };
  } finally {
    // Does nothing to sinks that were closed.
    output.discard();
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
