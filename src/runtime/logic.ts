import type { AnyActorLogic, AnyStateMachine } from 'xstate';
import { shown } from '../kernel/options.js';
import { UsageError } from '../kernel/usageError.js';
import { type HostedLogic, isHosted } from './host.js';
import { Visits } from './visits.js';

/** Whatever may run in an actor. */
export type LogicSource = AnyActorLogic | HostedLogic;

/** An actor logic under the name that stands for it in canonical texts. */
export interface Logic {
  readonly name: string;
  readonly source: LogicSource;
  readonly visits: Visits;
}

/**
 * The logics of a world by name. A logic is named by its key in `setup({ actors })`, a top-level one by its actor, an inline
 * one by its machine id; the name, not the object, is what a fingerprint sees (architecture 4.3).
 */
export class Logics {
  readonly #byName = new Map<string, Logic>();
  /** Whether any of them is run by a host instead of XState. */
  anyHosted = false;

  /** All of them. */
  get all(): readonly Logic[] {
    return [...this.#byName.values()];
  }

  /**
   * @throws UsageError when another logic goes by this name already: a machine that is made anew each time it is spawned; or
   *   `meta.strict` is no boolean
   */
  intern(name: string, source: LogicSource): Logic {
    const known = this.#byName.get(name);
    if (known?.source === source) return known;
    if (known) {
      throw new UsageError(
        `the logic '${name}' is made anew each time it is used`,
        'make the machine once, outside of actions, and name it in setup({ actors })',
      );
    }
    mustBeStrictOrNot(name, source);
    const logic: Logic = { name, source, visits: new Visits() };
    this.#byName.set(name, logic);
    this.anyHosted ||= isHosted(source);
    return logic;
  }
}

/** Whether a logic is a state chart (made by any copy of XState). */
export function isMachine(logic: AnyActorLogic): logic is AnyStateMachine {
  return 'implementations' in logic && 'getStateNodeById' in logic && 'root' in logic;
}

/** Whether a machine says of itself that it takes every event that it gets: root `meta: { strict: true }`. */
export function isStrict({ source }: Logic): boolean {
  return strictnessOf(source) === true;
}

function strictnessOf(source: LogicSource): unknown {
  if (isHosted(source) || !isMachine(source)) return undefined;
  const meta: unknown = source.root.meta;
  return typeof meta === 'object' && meta !== null && 'strict' in meta ? meta.strict : undefined;
}

function mustBeStrictOrNot(name: string, source: LogicSource): void {
  const strict = strictnessOf(source);
  if (strict === undefined || typeof strict === 'boolean') return;
  throw new UsageError(`the machine '${name}' has meta.strict: ${shown(strict)}`, 'write true or false');
}

/** Whether a logic acts on its own when it is started, as promises, callbacks and observables do. */
export function actsByItself(logic: AnyActorLogic): boolean {
  return !isMachine(logic) && typeof logic.start === 'function';
}
