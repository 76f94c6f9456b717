import type { State } from '../runtime/state.js';
import type { World } from '../runtime/world.js';
import type { Ancestry } from './ancestry.js';

/** Hears of a state that was come to again, and how many steps it is from the initial one. */
export type Arrive = (number: number, state: State, depth: number) => void;

/** States between two turns of the caller's. */
const TURN = 256;

/**
 * Goes to states that were visited before, and of which only their ancestry is known, by number. A step that leads to several of
 * them is taken once: that makes at most one for each visited state. Gives the word now and then.
 */
export function* revisit(
  world: World,
  ancestry: Ancestry,
  wanted: readonly number[],
  arrive: Arrive,
): Generator<void, void, void> {
  const { size } = ancestry;
  const isWanted = new Uint8Array(size);
  const isOnWay = new Uint8Array(size);
  for (const number of wanted) {
    isWanted[number] = 1;
    for (let at = number; at > 0 && isOnWay[at] === 0; at = ancestry.parent(at)) isOnWay[at] = 1;
  }
  // The children of a state that lie on a way, as a list: the first one, and of each the next. Parents have lower numbers.
  const first = new Int32Array(size);
  const next = new Int32Array(size);
  for (let number = size - 1; number > 0; number--) {
    if (isOnWay[number] === 0) continue;
    const parent = ancestry.parent(number);
    next[number] = first[parent] ?? 0;
    first[parent] = number;
  }
  const open: { readonly number: number; readonly state: State; readonly depth: number }[] = [
    { number: 0, state: world.initial, depth: 0 },
  ];
  let looked = 0;
  for (let at = open.pop(); at; at = open.pop()) {
    if (++looked % TURN === 0) yield;
    const { number, state, depth } = at;
    if (isWanted[number] === 1) arrive(number, state, depth);
    for (let child = first[number] ?? 0; child !== 0; child = next[child] ?? 0)
      open.push({ number: child, state: world.step(state, ancestry.choice(child)), depth: depth + 1 });
  }
}
