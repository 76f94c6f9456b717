import type { Property, System } from '../../src/index.js';
import { World } from '../../src/runtime/world.js';
import { successors, worldText } from '../runtime/worldText.js';

export interface Enumeration {
  readonly states: number;
  readonly transitions: number;
  /** Steps to the nearest state that a `never` forbids. */
  readonly shortest: number | undefined;
}

/** Takes every step from every state, nearest first, and knows a state by its text: no fingerprints, no batches, no memory of answers. */
export function enumerateWorlds(
  { system, properties }: { readonly system: System; readonly properties: readonly Property[] },
  untilWrong = false,
): Enumeration {
  const world = new World(system);
  const initial = { state: world.initial, ledger: {}, depth: 0 };
  const known = new Map([[worldText(world.view(world.initial), {}), initial]]);
  let transitions = 0;
  let shortest: number | undefined;
  for (const { depth, ...place } of known.values()) {
    const view = world.view(place.state);
    const isWrong = properties.some((property) => property.kind === 'never' && property.predicate(view));
    if (isWrong) shortest ??= depth;
    if (isWrong && untilWrong) break;
    for (const next of successors(world, place)) {
      transitions++;
      const text = worldText(world.view(next.state), next.ledger);
      if (!known.has(text)) known.set(text, { ...next, depth: depth + 1 });
    }
  }
  return { states: known.size, transitions, shortest };
}
