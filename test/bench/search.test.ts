import { describe, expect, it } from 'vitest';
import { requestsSystem } from '../../bench/model.js';
import { search } from '../../bench/search.js';
import { World } from '../../src/runtime/world.js';
import { successors, worldText } from '../runtime/worldText.js';

describe('the measuring search', () => {
  it('finds as many states as an enumeration that compares states as texts', () => {
    const world = new World(requestsSystem(3, 1));
    const initial = { state: world.initial, ledger: {} };
    const known = new Map([[worldText(world.view(world.initial), {}), initial]]);
    let transitions = 0;
    for (const place of known.values()) {
      for (const next of successors(world, place)) {
        transitions++;
        const text = worldText(world.view(next.state), next.ledger);
        if (!known.has(text)) known.set(text, next);
      }
    }
    expect([known.size, transitions]).toEqual([1618, 4662]);
    expect(search(world, 12)).toMatchObject({ states: known.size, transitions, ends: 1 });
  });

  // SPIN counts the same for the same model in Promela. Longer runs: 4, 3 has 1,787,032 states and 5, 2 has 5,671,776.
  it.each([
    { clients: 3, requests: 2, states: 15_096, transitions: 45_036, depth: 46 },
    { clients: 4, requests: 2, states: 286_800, transitions: 972_960, depth: 61 },
  ])('finds $states states for $clients clients with $requests requests', (published) => {
    const { clients, requests, ...counts } = published;
    expect(search(new World(requestsSystem(clients, requests)), 12)).toEqual({ ...counts, ends: 1 });
  });
});
