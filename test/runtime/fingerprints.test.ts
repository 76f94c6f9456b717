import { describe, expect, it } from 'vitest';
import { World } from '../../src/runtime/world.js';
import { draws, generate, type Mode } from './abstractSystem.js';
import { translate } from './translation.js';
import { type Ledger, type Successor, successors, wordsFromScratch, worldText } from './worldText.js';

const SYSTEMS = 40;
const LIMIT = 150;

/** The states of a world, first those that are first (breadth) or last (depth) in canonical order; at most a few too many. */
function explore(world: World, order: 'breadth' | 'depth'): Map<string, Successor> {
  const none: Ledger = {};
  const start: Successor = { state: world.initial, ledger: none };
  const known = new Map([[worldText(world.view(start.state), none), start]]);
  const waiting = [start];
  for (
    let at = order === 'breadth' ? waiting.shift() : waiting.pop();
    at;
    at = order === 'breadth' ? waiting.shift() : waiting.pop()
  ) {
    for (const next of successors(world, at)) {
      const text = worldText(world.view(next.state), next.ledger);
      if (known.has(text)) continue;
      known.set(text, next);
      if (known.size > LIMIT) return known;
      waiting.push(next);
    }
  }
  return known;
}

/** Random worlds that are neither trivial nor large. */
function* worlds(mode: Mode): Generator<{ seed: number; world: World; states: Map<string, Successor> }> {
  for (let seed = 100, found = 0; found < SYSTEMS; seed++) {
    const world = new World(translate(generate(draws(seed), mode, false)));
    const states = explore(world, 'breadth');
    if (states.size < 6 || states.size > LIMIT) continue;
    found++;
    yield { seed, world, states };
  }
}

const fingerprint = ({ state }: Successor): string => state.fingerprint.join();

describe.each<Mode>(['ordered', 'urgent', 'free'])('timers: %s', (mode) => {
  it('two states have one fingerprint exactly if all that can be seen of them is equal, whatever path leads there', () => {
    for (const { seed, world, states } of worlds(mode)) {
      const textOf = new Map([...states].map(([text, s]) => [fingerprint(s), text]));
      expect(textOf.size, `seed ${seed}`).toBe(states.size);
      for (const from of states.values()) {
        for (const next of successors(world, from)) {
          const text = worldText(world.view(next.state), next.ledger);
          expect(textOf.get(fingerprint(next)), `seed ${seed}`).toBe(text);
        }
      }
    }
  });

  it('a world that is explored in another order has the same fingerprints', () => {
    for (const { seed, world, states } of worlds(mode)) {
      const other = explore(new World(world.system), 'depth');
      const all = (map: Map<string, Successor>): string[] => [...map.values()].map(fingerprint).sort();
      expect(all(other), `seed ${seed}`).toEqual(all(states));
    }
  });

  it('fingerprints that are kept up step by step equal those computed from the contents alone', () => {
    for (const { seed, world, states } of worlds(mode)) {
      for (const { state } of states.values()) {
        expect([...state.fingerprint], `seed ${seed}`).toEqual(wordsFromScratch(world, state));
      }
    }
  });

  it('taking every step from a state leaves the state as it was', () => {
    for (const { seed, world, states } of worlds(mode)) {
      for (const at of states.values()) {
        const before = [...at.state.cells];
        successors(world, at);
        expect([...at.state.cells], `seed ${seed}`).toEqual(before);
      }
    }
  });

  it('a second visit of every state runs no actor code', () => {
    for (const { world, states } of worlds(mode)) {
      for (const at of states.values()) successors(world, at);
      const { executions } = world;
      for (const at of states.values()) successors(world, at);
      expect(world.executions).toBe(executions);
    }
  });
});
