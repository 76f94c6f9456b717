import { mustBeOptions, type Names, shown } from '../kernel/options.js';
import { runToEnd } from '../kernel/runToEnd.js';
import { UsageError } from '../kernel/usageError.js';
import { mustBeProperties, type Property } from '../property/property.js';
import type { State } from '../runtime/state.js';
import { NO_STEP } from '../runtime/stepLabels.js';
import type { System } from '../runtime/system.js';
import { World } from '../runtime/world.js';
import { choiceNames } from '../trace/schedule.js';
import { type TraceStep, traceStep } from '../trace/step.js';
import { type BuiltIn, Claims, type Finding, monitorsOf } from './claims.js';
import { PropertyFailure } from './propertyFailure.js';
import { type LoopState, WatchedRun } from './watchedRun.js';

export interface ReplayOptions {
  readonly properties?: readonly Property[];
  readonly builtIn?: BuiltIn;
  /** Of a run that goes round for ever: after how many steps the loop begins, which closes at the end of the schedule. */
  readonly loopAt?: number;
}

/** Something that a replayed run violates. */
export interface ReplayFinding extends Finding {
  /** After how many steps. */
  readonly afterSteps: number;
}

/** What became of a schedule. */
export interface Replay {
  /** The steps that could be taken. */
  readonly steps: readonly TraceStep[];
  readonly findings: readonly ReplayFinding[];
  /** Distinct states that the run came to. */
  readonly states: number;
  /** How often XState really computed something. */
  readonly xstateTransitions: number;
  /** Whether the loop that the run was said to go round is one still. */
  readonly loop?: LoopState;
  /** The first choice that the system does not have any more; `undefined` when the whole schedule fits. */
  readonly misfit?: {
    /** Number of the step, from 1. */
    readonly step: number;
    readonly choice: string;
    /** What could have been chosen there. */
    readonly instead: readonly string[];
  };
}

const OPTIONS = { properties: true, builtIn: true, loopAt: true } satisfies Names<ReplayOptions>;

/**
 * Takes the choices of a schedule one after the other, and looks at each state and step as a check does.
 *
 * Determinism: the same system and schedule give the same replay, on every machine.
 *
 * @param schedule choices separated by blanks, as `check` and `simulate` give them
 * @throws UsageError as `check` does
 */
export function replay(system: System, schedule: string, options: ReplayOptions = {}): Replay {
  return runToEnd(replaying(system, schedule, options));
}

/** {@link replay}, giving the word after each step. */
export function* replaying(
  system: System,
  schedule: string,
  options: ReplayOptions,
): Generator<void, Replay, void> {
  mustBeOptions('the options of replay', options, OPTIONS);
  const { properties = [], builtIn, loopAt } = options;
  mustBeProperties(properties);
  const names = choicesOf(schedule);
  if (loopAt !== undefined && !(Number.isSafeInteger(loopAt) && loopAt >= 0 && loopAt < names.length)) {
    throw new UsageError(
      `the loop begins after ${shown(loopAt)} steps, and the schedule has ${names.length}`,
      'take both as `check` gave them',
    );
  }
  const world = new World(system, monitorsOf(properties));
  // One run is short: every property is asked after every step.
  const claims = new Claims(world, properties, builtIn, new Set(properties.map(({ name }) => name)));
  let lastStep = NO_STEP;
  const run = new WatchedRun(world, properties, loopAt);
  const steps: TraceStep[] = [];
  const findings: ReplayFinding[] = [];
  const states = new Set<string>();
  const note = (found: readonly Finding[], afterSteps: number): void => {
    findings.push(...found.map((finding) => ({ ...finding, afterSteps })));
  };
  let misfit: Replay['misfit'];
  let state: State = world.initial;
  let nowMs = 0;
  try {
    for (let taken = 0; ; taken++) {
      const { choices } = world.enabled(state);
      states.add(state.fingerprint.join());
      note(claims.lookAt(taken), taken);
      if (taken > 0) note(claims.lookAtArrival({ state: taken }, lastStep), taken);
      const name = names[taken];
      const instead = name === undefined ? [] : choiceNames(world, state, choices);
      const choice = name === undefined ? undefined : choices[instead.indexOf(name)];
      if (name !== undefined && choice === undefined) misfit = { step: taken + 1, choice: name, instead };
      if (!misfit) run.look(taken, state, choices, choice, lastStep);
      if (choice === undefined || name === undefined) break;
      yield;
      world.step(state, choice);
      note(claims.lookAtStep(), taken + 1);
      const next = traceStep(world, state, choice, name, nowMs);
      lastStep = world.stepper.label;
      ({ state } = next);
      nowMs = next.step.atMs;
      steps.push(next.step);
    }
  } catch (error) {
    if (error instanceof PropertyFailure) throw error.after(names.slice(0, error.place.state).join(' '));
    throw error;
  }
  note(run.violated, steps.length);
  return {
    steps,
    findings,
    states: states.size,
    xstateTransitions: world.executions,
    ...(misfit ? { misfit } : {}),
    ...(run.loop ? { loop: run.loop } : {}),
  };
}

function choicesOf(schedule: string): readonly string[] {
  if (typeof schedule === 'string') return schedule.split(/\s+/).filter((name) => name !== '');
  throw new UsageError(
    `the schedule is ${shown(schedule)}`,
    'give its choices in one text, separated by blanks',
  );
}
