import { expect, test } from 'vitest';
import { compareGraphs } from '../routine/agreement.js';

test('a naive interpreter finds the same states, final memories and deadlocks in 100,000 programs', () => {
  expect(compareGraphs(100_000)['deadlocks']).toBeGreaterThan(1_000);
});
