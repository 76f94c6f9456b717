import { describe, expect, it } from 'vitest';
import { requestsSystem } from '../../bench/model.js';
import { enumerateWorlds } from './enumerateWorlds.js';
import { everyState } from './everyState.js';

describe('check', () => {
  it('finds as many states as an enumeration that compares states as texts', async () => {
    const system = requestsSystem(3, 1);
    const { states, transitions } = enumerateWorlds({ system, properties: [] });
    expect([states, transitions]).toEqual([1618, 4662]);
    const { statistics } = await everyState(system);
    expect(statistics).toMatchObject({ states, transitions });
  });

  // SPIN counts the same for the same model in Promela. Longer runs: 4, 3 has 1,787,032 states and 5, 2 has 5,671,776.
  it.each([
    { clients: 3, requests: 2, states: 15_096, transitions: 45_036, depthMax: 45 },
    { clients: 4, requests: 2, states: 286_800, transitions: 972_960, depthMax: 60 },
  ])('finds $states states for $clients clients with $requests requests', async (published) => {
    const { clients, requests, ...counts } = published;
    const { verdict, statistics } = await everyState(requestsSystem(clients, requests));
    expect([verdict, statistics]).toMatchObject(['holds', counts]);
  });
});
