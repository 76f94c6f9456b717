import { describe, expect, it } from 'vitest';
import { requestsSystem } from '../../bench/model.js';
import { check } from '../../src/index.js';
import { World } from '../../src/runtime/world.js';
import { successors, worldText } from '../runtime/worldText.js';

describe('check', () => {
  it('finds as many states as an enumeration that compares states as texts', async () => {
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
    const { statistics } = await check(requestsSystem(3, 1));
    expect(statistics).toMatchObject({ states: known.size, transitions });
  });

  // SPIN counts the same for the same model in Promela. Longer runs: 4, 3 has 1,787,032 states and 5, 2 has 5,671,776.
  it.each([
    { clients: 3, requests: 2, states: 15_096, transitions: 45_036, depthMax: 45 },
    { clients: 4, requests: 2, states: 286_800, transitions: 972_960, depthMax: 60 },
  ])('finds $states states for $clients clients with $requests requests', async (published) => {
    const { clients, requests, ...counts } = published;
    const { verdict, statistics } = await check(requestsSystem(clients, requests));
    expect([verdict, statistics]).toMatchObject(['holds', counts]);
  });
});
