import type { WorldView } from '../runtime/worldView.js';

/** A pure function of a state. It is asked as seldom as can be: what it did not read cannot change its answer. */
export type Predicate = (world: WorldView) => boolean;

/** Something that is said about the states of a system. */
export type Property =
  | { readonly kind: 'never' | 'always'; readonly name: string; readonly predicate: Predicate }
  | {
      readonly kind: 'reachable';
      readonly name: string;
      readonly predicate: Predicate;
      readonly required: boolean;
    };

/**
 * Says that no state is so. The first one that is violates it.
 *
 * @param predicate a pure function of the world; gets every state that the search comes to
 */
export function never(name: string, predicate: Predicate): Property {
  return { kind: 'never', name, predicate };
}

/** Says that every state is so. The first one that is not violates it. */
export function always(name: string, predicate: Predicate): Property {
  return { kind: 'always', name, predicate };
}

/**
 * Asks for a witness: a run to a state that is so. It changes no verdict.
 *
 * @param options with `required`, an exhausted search that finds no witness is a violation
 */
export function reachable(
  name: string,
  predicate: Predicate,
  { required = false }: { readonly required?: boolean } = {},
): Property {
  return { kind: 'reachable', name, predicate, required };
}
