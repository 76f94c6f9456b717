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
  const seed = wholeNumber('seed', options.seed ?? 1, 0);
  const maxSteps = wholeNumber('maxSteps', options.maxSteps ?? 10_000, 1);
  const random = createRandom(seed);
  const world = new World(system);
  const schedule: string[] = [];
  let state: State = world.initial;
  let nowMs = 0;
  let end: SimulationEnd = 'steps';
  while (schedule.length < maxSteps) {
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
    const choice = choices[index];
    const name = choiceNames(world, state, choices)[index];
    if (choice === undefined || name === undefined) break;
    const taken = traceStep(world, state, choice, name, nowMs);
    state = taken.state;
    nowMs = taken.step.atMs;
    schedule.push(name);
    options.onStep?.(taken.step);
  }
  if (end === 'steps' && world.enabled(state).choices.length === 0) end = 'quiescent';
  return {
    seed,
    end,
    steps: schedule.length,
    schedule: schedule.join(' '),
    virtualTimeMs: nowMs,
    world: world.view(state),
  };
}

function wholeNumber(option: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${option} is ${String(value)}`, `use a whole number, ${least} or more`);
}
