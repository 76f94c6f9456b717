import { expect, test } from 'vitest';
import { compareGraphs, compareRaces } from '../routine/agreement.js';

test('a naive interpreter finds the same states, final memories and deadlocks in 100,000 programs', () => {
  expect(compareGraphs(100_000)['deadlocks']).toBeGreaterThan(1_000);
});

test('races are reported exactly as defined in 100,000 programs', () => {
  expect(compareRaces(100_000).racy).toBeGreaterThan(10_000);
});
