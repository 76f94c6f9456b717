import { topLevelAddress } from '../kernel/address.js';
import { mustBeOptions, type Names, shown } from '../kernel/options.js';
import { UsageError } from '../kernel/usageError.js';
import { isHosted } from './host.js';
import type { LogicSource } from './logic.js';
import type { TimerMode } from './timers.js';

/** A top-level actor: any XState v5 logic that is not a promise, a callback or an observable, or `threads(…)`; and its input. */
export interface ActorDeclaration {
  readonly logic: LogicSource;
  readonly input?: unknown;
}

/** What a user says about a system. */
export interface SystemConfig {
  readonly name: string;
  /** The key is the actor's system id and its address. The order is the order of starting. */
  readonly actors: Readonly<Record<string, ActorDeclaration>>;
  /** `ordered` (default): deadlines order the timers; `urgent`: and time stands still while anybody can step; `free`: neither. */
  readonly timers?: TimerMode;
  /** `declared` (default): all actors have started in the initial state; `any`: each start is a step of its own. */
  readonly start?: 'declared' | 'any';
}

/** A checked description of a system: what worlds are made from. */
export interface System {
  readonly name: string;
  readonly actors: ReadonlyMap<string, ActorDeclaration>;
  readonly timers: TimerMode;
  readonly start: 'declared' | 'any';
}

const SYSTEM = { name: true, actors: true, timers: true, start: true } satisfies Names<SystemConfig>;
const ACTOR = { logic: true, input: true } satisfies Names<ActorDeclaration>;
const TIMER_MODES: readonly TimerMode[] = ['ordered', 'urgent', 'free'];

/**
 * Describes a closed system of actors. Nothing runs yet.
 *
 * @example defineSystem({ name: 'ping pong', actors: { ping: { logic: ping }, pong: { logic: pong } } })
 * @throws UsageError when there are no actors, a name cannot be an address, or an option has none of its values
 */
export function defineSystem(config: SystemConfig): System {
  mustBeOptions('the argument of defineSystem', config, SYSTEM);
  const name = config.name;
  if (typeof name !== 'string' || name.trim() === '') {
    throw new UsageError(
      'a system was defined without a name',
      "give it one: defineSystem({ name: 'ping pong', … })",
    );
  }
  const actors = new Map(Object.entries(config.actors ?? {}));
  if (actors.size === 0) {
    throw new UsageError(
      `the system '${name}' has no actors`,
      'name at least one in defineSystem({ actors: { … } })',
    );
  }
  for (const [key, actor] of actors) {
    topLevelAddress(key);
    if (!isLogic(actor?.logic)) {
      throw new UsageError(
        `the actor '${key}' of system '${name}' has no actor logic`,
        'give it one: { logic: machine }, made with setup().createMachine, fromTransition or threads',
      );
    }
    mustBeOptions(`the actor '${key}' of system '${name}'`, actor, ACTOR);
  }
  return {
    name,
    actors,
    timers: oneOf('timers', config.timers ?? 'ordered', TIMER_MODES, name),
    start: oneOf('start', config.start ?? 'declared', ['declared', 'any'], name),
  };
}

/** Whether something is what {@link defineSystem} gives, of whatever copy of this package. */
export function isSystem(value: unknown): value is System {
  return (
    typeof value === 'object' &&
    value !== null &&
    'actors' in value &&
    value.actors instanceof Map &&
    'timers' in value &&
    'start' in value
  );
}

/** @throws UsageError when something that code without types gives is no system */
export function mustBeSystem(value: unknown): void {
  if (!isSystem(value))
    throw new UsageError(`a system cannot be ${shown(value)}`, 'make one: defineSystem({ name, actors })');
}

function isLogic(logic: unknown): boolean {
  if (typeof logic !== 'object' || logic === null) return false;
  return isHosted(logic) || ('transition' in logic && typeof logic.transition === 'function');
}

function oneOf<T extends string>(option: string, value: T, allowed: readonly T[], system: string): T {
  if (!allowed.includes(value)) {
    throw new UsageError(
      `the system '${system}' has ${option}: ${JSON.stringify(value)}`,
      `use one of ${allowed.map((v) => `'${v}'`).join(', ')}`,
    );
  }
  return value;
}
