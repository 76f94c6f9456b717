import type { Property } from '../property/property.js';
import type { State } from '../runtime/state.js';
import type { System } from '../runtime/system.js';
import { World } from '../runtime/world.js';
import { choiceNames } from '../trace/schedule.js';
import { type TraceStep, traceStep } from '../trace/step.js';
import { type BuiltIn, Claims, type Finding, PropertyFailure } from './claims.js';

export interface ReplayOptions {
  readonly properties?: readonly Property[];
  readonly builtIn?: BuiltIn;
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
  /** The first choice that the system does not have any more; `undefined` when the whole schedule fits. */
  readonly misfit?: {
    /** Number of the step, from 1. */
    readonly step: number;
    readonly choice: string;
    /** What could have been chosen there. */
    readonly instead: readonly string[];
  };
}

/**
 * Takes the choices of a schedule one after the other, and looks at each state and step as a check does.
 *
 * Determinism: the same system and schedule give the same replay, on every machine.
 *
 * @param schedule choices separated by blanks, as `check` and `simulate` give them
 * @throws UsageError as `check` does
 */
export function replay(system: System, schedule: string, options: ReplayOptions = {}): Replay {
  const world = new World(system);
  const claims = new Claims(world, options.properties ?? [], options.builtIn);
  const names = schedule.split(' ').filter((name) => name !== '');
  const steps: TraceStep[] = [];
  const findings: ReplayFinding[] = [];
  const note = (found: readonly Finding[], afterSteps: number): void => {
    findings.push(...found.map((finding) => ({ ...finding, afterSteps })));
  };
  const states = new Set<string>();
  const counts = (): Pick<Replay, 'states' | 'xstateTransitions'> => ({
    states: states.size,
    xstateTransitions: world.executions,
  });
  let state: State = world.initial;
  let nowMs = 0;
  for (let taken = 0; ; taken++) {
    const { choices } = world.enabled(state);
    states.add(state.fingerprint.join());
    note(look(claims, taken, names), taken);
    const name = names[taken];
    if (name === undefined) return { steps, findings, ...counts() };
    const instead = choiceNames(world, state, choices);
    const choice = choices[instead.indexOf(name)];
    if (choice === undefined)
      return { steps, findings, ...counts(), misfit: { step: taken + 1, choice: name, instead } };
    world.step(state, choice);
    note(claims.lookAtStep(), taken + 1);
    const next = traceStep(world, state, choice, name, nowMs);
    ({ state } = next);
    nowMs = next.step.atMs;
    steps.push(next.step);
  }
}

function look(claims: Claims, taken: number, names: readonly string[]): readonly Finding[] {
  try {
    return claims.lookAt(taken);
  } catch (error) {
    if (error instanceof PropertyFailure) throw error.after(names.slice(0, taken).join(' '));
    throw error;
  }
}
