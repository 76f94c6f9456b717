import type { Observable, SchedulerLike } from 'rxjs';
import { type SimulateOptions, type Simulation, simulateSteps } from '../explore/simulate.js';
import type { System } from '../runtime/system.js';
import type { TraceStep } from '../trace/step.js';
import { type FrameSink, teeSink } from './frames/frameSink.js';
import type { Frame, FrameSource } from './frames/frameSource.js';
import type { Hasher } from './frames/hashSink.js';
import { Lane, type StreamResult } from './lane.js';
import { PhysicalMemory } from './physicalMemory.js';
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
  /** What the hardware sees, or what the client plays. Taken frame by frame, as it is captured or written. */
  readonly source: FrameSource;
  /** The frames go to the device, as a stream 'video', and this goes with them as 'audio'. */
  readonly sound?: { readonly source: FrameSource; readonly hasher: Hasher };
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
  const {
    system,
    source: _s,
    sound: _o,
    hasher: _h,
    sinks = [],
    watch,
    maxSteps = Number.MAX_SAFE_INTEGER,
    ...rest
  } = options;
  const clock = new VirtualClock();
  const counter = new TraceCounter();
  const failures: unknown[] = [];
  const output = teeSink(sinks);
  try {
    const lanes = lanesOf(options);
    const [main] = lanes;
    const pouring = lanes.map((lane) =>
      lane.pour(lane === main ? output : teeSink([]), (error) => failures.push(error)),
    );
    const { captured$, dropped$, delivered$ } = main.path;
    watch?.({ clock, captured$, dropped$, delivered$ });
    const steps = simulateSteps(system, { ...rest, maxSteps });
    let next = steps.next();
    for (; !next.done; next = steps.next()) {
      const step = next.value;
      clock.advanceTo(step.atMs);
      counter.add(step);
      for (const emitted of step.emitted) for (const lane of lanes) lane.take(emitted);
      // What subscribers have scheduled without delay belongs to this step.
      clock.advanceTo(step.atMs);
      if (failures.length > 0) throw failures[0];
      yield step;
    }
    const isFaulty = lanes.some(({ path }) => path.faultCount > 0);
    if (next.value.end === 'abort' || isFaulty) for (const sink of pouring) sink.unsubscribe();
    for (const { path } of lanes) path.end();
    if (failures.length > 0) throw failures[0];
    return { ...next.value, ...counter.counts, streams: lanes.map(({ result }) => result) };
  } finally {
    // Does nothing to sinks that were closed.
    output.discard();
  }
}

/** The streams of a run; the first is the one that is shown and written. */
function lanesOf({ source, hasher, sound }: StreamRunOptions): readonly [Lane, ...Lane[]] {
  if (!sound) return [Lane.capture(source, hasher)];
  const memory = new PhysicalMemory();
  return [
    Lane.playback('video', source, hasher, memory),
    Lane.playback('audio', sound.source, sound.hasher, memory),
  ];
}
