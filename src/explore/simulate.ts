import { mayBeFunction, mayBeSignal, mustBeOptions, type Names, wholeNumber } from '../kernel/options.js';
import { createRandom } from '../kernel/random.js';
import type { System } from '../runtime/system.js';
import type { WorldView } from '../runtime/worldView.js';
import type { TraceStep } from '../trace/step.js';
import { Course } from './course.js';

export interface SimulateOptions {
  /** Decides every choice: same system, same seed, same run. Default 1. */
  readonly seed?: number;
  /** Ends a run that would go on. Default 10,000. */
  readonly maxSteps?: number;
  /** Hears of each step when it has been taken. */
  readonly onStep?: (step: TraceStep) => void;
  /** Stops the run between two steps. */
  readonly signal?: AbortSignal;
  /**
   * How many contents the world may know before it forgets all but the present state (when that is at rest). It decides how much
   * memory a long run needs, never what happens in it. Default 5,000.
   */
  readonly contentsMax?: number;
}

const NAMES = {
  seed: true,
  maxSteps: true,
  onStep: true,
  signal: true,
  contentsMax: true,
} satisfies Names<SimulateOptions>;

/** How a simulated run ended: nothing was left to happen, or it was cut. */
export type SimulationEnd = 'quiescent' | 'steps' | 'abort';

export interface Simulation {
  readonly seed: number;
  readonly end: SimulationEnd;
  /** How many steps were taken. */
  readonly steps: number;
  /** The choices, separated by blanks: the run again, on any machine. */
  readonly schedule: string;
  readonly virtualTimeMs: number;
  /** The world at the end. */
  readonly world: WorldView;
}

/**
 * Plays one schedule: at each point one of the things that can happen next, drawn uniformly. An offer that merely may happen
 * is drawn like the rest; the run ends when nothing at all can happen.
 *
 * @throws UsageError when an option is no whole number in its range, or an actor does what no world can reproduce
 */
export function simulate(system: System, options: SimulateOptions = {}): Simulation {
  return simulator(system)(options);
}

/**
 * For many schedules of one system: the function that is returned plays one at each call, in a world that all of them share.
 * What one run has learned the next ones know, so they take a fraction of its time, and are what {@link simulate} would play.
 *
 * Memory: at most what one run needs; a run that was longer than its `contentsMax` leaves nothing to the next one.
 */
export function simulator(system: System): (options?: SimulateOptions) => Simulation {
  let course: Course | undefined;
  return (options = {}) => {
    mustBeOptions('the options of simulate', options, NAMES);
    mayBeFunction('onStep', options.onStep);
    const contentsMax = contentsMaxOf(options);
    course = course?.again(contentsMax) ?? new Course(system, contentsMax);
    const schedule: string[] = [];
    const steps = stepsOf(course, options);
    for (let next = steps.next(); ; next = steps.next()) {
      if (next.done) return { ...next.value, schedule: schedule.join(' ') };
      schedule.push(next.value.choice);
      options.onStep?.(next.value);
    }
  };
}

/**
 * The same run, step by step, for whoever does something between the steps: the next one is taken when it is asked for. Nothing
 * is kept of those before, so a run may be of any length.
 *
 * @throws UsageError like {@link simulate}, at the first step
 */
export function* simulateSteps(
  system: System,
  options: Omit<SimulateOptions, 'onStep'> = {},
): Generator<TraceStep, Omit<Simulation, 'schedule'>, void> {
  return yield* stepsOf(new Course(system, contentsMaxOf(options)), options);
}

function contentsMaxOf({ contentsMax = 5_000 }: SimulateOptions): number {
  return wholeNumber('contentsMax', contentsMax, 1);
}

function* stepsOf(
  course: Course,
  options: SimulateOptions,
): Generator<TraceStep, Omit<Simulation, 'schedule'>, void> {
  const seed = wholeNumber('seed', options.seed ?? 1, 0);
  const maxSteps = wholeNumber('maxSteps', options.maxSteps ?? 10_000, 1);
  mayBeSignal('signal', options.signal);
  const random = createRandom(seed);
  let end: SimulationEnd = 'steps';
  let steps = 0;
  while (steps < maxSteps) {
    if (options.signal?.aborted) {
      end = 'abort';
      break;
    }
    const choices = course.choices();
    if (choices.length === 0) {
      end = 'quiescent';
      break;
    }
    const step = course.take(choices, random.nextInt(choices.length));
    steps++;
    yield step;
  }
  if (end === 'steps' && course.choices().length === 0) end = 'quiescent';
  const { virtualTimeMs, world, state } = course;
  return { seed, end, steps, virtualTimeMs, world: world.view(state) };
}
