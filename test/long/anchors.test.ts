import { expect, it } from 'vitest';
import { everyState } from '../explore/everyState.js';
import { lamportsTwoPhaseCommit } from '../explore/lamportsTwoPhaseCommit.js';

it('two-phase commit of 5 resource managers has the 8,832 states that TLC and Stateright find', async () => {
  const { system, properties } = lamportsTwoPhaseCommit(5);
  const { verdict, statistics } = await everyState(system, { properties });
  expect([verdict, statistics.states]).toEqual(['holds', 8_832]);
});
