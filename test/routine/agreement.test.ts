import { expect, test } from 'vitest';
import { compareGraphs, compareRaces } from './agreement.js';

test('a naive interpreter finds the same states, final memories and deadlocks', () => {
  const met = compareGraphs(2_000);
  for (const [what, count] of Object.entries(met)) expect(count, what).toBeGreaterThan(20);
}, 60_000);

test('a race is reported exactly if two conflicting accesses can come next to each other', () => {
  const met = compareRaces(2_000);
  expect(met.racy).toBeGreaterThan(400);
  expect(met.clean).toBeGreaterThan(400);
}, 60_000);
