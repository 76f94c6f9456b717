import { present } from '../kernel/invariant.js';
import { createRandom } from '../kernel/random.js';
import { UsageError } from '../kernel/usageError.js';
import type { State } from '../runtime/state.js';
import type { System } from '../runtime/system.js';
import { World } from '../runtime/world.js';
import type { WorldView } from '../runtime/worldView.js';
import { choiceNames } from '../trace/schedule.js';
import { type TraceStep, traceStep } from '../trace/step.js';

export interface SimulateOptions {
  /** Decides every choice: same system, same seed, same run. Default 1. */
  readonly seed?: number;
  /** Ends a run that would go on. Default 10,000. */
  readonly maxSteps?: number;
  /** Hears of each step when it has been taken. */
  readonly onStep?: (step: TraceStep) => void;
  /** Stops the run between two steps. */
  readonly signal?: AbortSignal;
}

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
  const schedule: string[] = [];
  const steps = simulateSteps(system, options);
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done) return { ...next.value, schedule: schedule.join(' ') };
    schedule.push(next.value.choice);
    options.onStep?.(next.value);
  }
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
  const seed = wholeNumber('seed', options.seed ?? 1, 0);
  const maxSteps = wholeNumber('maxSteps', options.maxSteps ?? 10_000, 1);
  const random = createRandom(seed);
  const world = new World(system);
  let state: State = world.initial;
  let virtualTimeMs = 0;
  let end: SimulationEnd = 'steps';
  let steps = 0;
  while (steps < maxSteps) {
    if (options.signal?.aborted) {
      end = 'abort';
      break;
    }
    const { choices } = world.enabled(state);
    if (choices.length === 0) {
      end = 'quiescent';
      break;
    }
    const index = random.nextInt(choices.length);
    const choice = present(choices[index], 'a choice that was drawn is there');
    const name = present(choiceNames(world, state, choices)[index], 'every choice has a name');
    const taken = traceStep(world, state, choice, name, virtualTimeMs);
    state = taken.state;
    virtualTimeMs = taken.step.atMs;
    steps++;
    yield taken.step;
  }
  if (end === 'steps' && world.enabled(state).choices.length === 0) end = 'quiescent';
  return { seed, end, steps, virtualTimeMs, world: world.view(state) };
}

function wholeNumber(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${option} is ${String(value)}`, `use a whole number, ${least} or more`);
}
