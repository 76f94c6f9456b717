import { expect, it } from 'vitest';
import { everyState } from './everyState.js';
import { lamportsTwoPhaseCommit } from './lamportsTwoPhaseCommit.js';

it('two-phase commit of 3 resource managers has the 288 states that TLC and Stateright find', async () => {
  const { system, properties } = lamportsTwoPhaseCommit(3);
  const { verdict, statistics } = await everyState(system, { properties });
  expect([verdict, statistics.states]).toEqual(['holds', 288]);
});
