import { mustBeOptions, shown } from '../kernel/options.js';
import { UsageError } from '../kernel/usageError.js';
import { isMachine } from '../runtime/logic.js';
import type { AnyStateMachine } from '../runtime/vocabulary.js';
import type { WorldView } from '../runtime/worldView.js';
import { isBuiltInName } from './builtInName.js';

/** A pure function of a state. It is asked as seldom as can be: what it did not read cannot change its answer. */
export type Predicate = (world: WorldView) => boolean;

/** Something that is said about the states or the runs of a system. */
export type Property =
  | { readonly kind: 'never' | 'always'; readonly name: string; readonly predicate: Predicate }
  | { readonly kind: 'eventually'; readonly name: string; readonly predicate: Predicate }
  | {
      readonly kind: 'reachable';
      readonly name: string;
      readonly predicate: Predicate;
      readonly required: boolean;
    }
  | { readonly kind: 'monitor'; readonly name: string; readonly machine: AnyStateMachine };

/** A property that asks a question of states. */
export type StateProperty = Exclude<Property, { readonly kind: 'monitor' }>;

/**
 * Says that no state is so. The first one that is violates it.
 *
 * @param predicate a pure function of the world; gets every state that the search comes to
 */
export function never(name: string, predicate: Predicate): Property {
  return asked({ kind: 'never', name, predicate });
}

/** Says that every state is so. The first one that is not violates it. */
export function always(name: string, predicate: Predicate): Property {
  return asked({ kind: 'always', name, predicate });
}

/**
 * Asks for a witness: a run to a state that is so. It changes no verdict.
 *
 * @param options with `required`, an exhausted search that finds no witness is a violation
 */
export function reachable(
  name: string,
  predicate: Predicate,
  options: { readonly required?: boolean } = {},
): Property {
  mustBeOptions('the options of reachable', options, { required: true });
  return asked({ kind: 'reachable', name, predicate, required: options.required ?? false });
}

/**
 * Says that every run passes a state that is so. A run that ends before it does, or that goes round for ever without, violates
 * it. Runs are fair: an actor with mail, a timer, a thread or an expected offer that could step all the time does step
 * (weak fairness); an offer that merely may happen need not, and a lock that is free again and again is owed to nobody.
 *
 * Cost: another pass over the states that come before, without reduction, with about 50 bytes a state and 12 a step.
 */
export function eventually(name: string, predicate: Predicate): Property {
  return asked({ kind: 'eventually', name, predicate });
}

/**
 * Lets a state chart watch every step; a run is wrong when it comes to a state tagged `violation`. For each step it gets one
 * event `{ type: '<address>.<event type>', kind, event, sent, emitted }`; partial wildcards such as `ping.*` work as XState
 * matches them. Its snapshot is part of the state of the world, so a monitor that counts for ever makes endlessly many states.
 *
 * @param machine may assign and go to other states. Sending, spawning, timers, and looks at actors are refused in a check
 * @throws UsageError when it is no state chart
 */
export function monitor(name: string, machine: AnyStateMachine): Property {
  if (typeof machine === 'object' && machine !== null && isMachine(machine))
    return named({ kind: 'monitor', name, machine });
  throw new UsageError(
    `the monitor '${name}' has no state chart`,
    'give it one that is made with setup().createMachine',
  );
}

/** @throws UsageError when the predicate is none: it must answer at once */
function asked(property: StateProperty): Property {
  const { name, predicate } = named(property);
  const kind = Object.prototype.toString.call(predicate);
  if (kind === '[object Function]' && saysNothing(predicate)) {
    throw new UsageError(
      `the property ${shown(name)} has a function that returns nothing`,
      'write (world) => … without braces, or return the answer',
    );
  }
  if (kind === '[object Function]') return property;
  throw new UsageError(
    `the property ${shown(name)} asks ${kind === '[object AsyncFunction]' ? 'an async function' : shown(predicate)}`,
    'give it a function of the world that answers at once: (world) => …',
  );
}

/** Whether a function has a body in braces and returns nothing: such a question would be answered with no for ever. */
function saysNothing(predicate: Predicate): boolean {
  const source = Function.prototype.toString.call(predicate);
  return /=>\s*\{|^function/.test(source) && !/\b(return|throw)\b|\[native code\]/.test(source);
}

/** @throws UsageError when a property has no name: outcomes tell them apart by it */
function named<P extends Property>(property: P): P {
  if (typeof property.name === 'string' && property.name.trim() !== '') return property;
  throw new UsageError(
    `a property is called ${shown(property.name)}`,
    `name it: ${property.kind}('nothing is lost', …)`,
  );
}

const KINDS: ReadonlySet<unknown> = new Set<Property['kind']>([
  'never',
  'always',
  'reachable',
  'eventually',
  'monitor',
]);

/** Whether something is what {@link never} and its likes give, of whatever copy of this package. */
export function isProperty(value: unknown): value is Property {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && KINDS.has(value.kind) && 'name' in value
  );
}

/** @throws UsageError when they are no list of properties, or a name does not tell one from the others and from those built in */
export function mustBeProperties(properties: readonly Property[]): void {
  if (!Array.isArray(properties) || !properties.every(isProperty)) {
    throw new UsageError(
      'the properties are no list of properties',
      'give [never(…), always(…), reachable(…), eventually(…), monitor(…)]',
    );
  }
  const names = properties.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw new UsageError(`two properties are called '${twice}'`, 'give each a name of its own');
  const builtIn = names.find(isBuiltInName);
  if (builtIn !== undefined)
    throw new UsageError(
      `a property is called '${builtIn}', like one that is built in`,
      'give it a name of its own',
    );
}
