import { expect, test } from 'vitest';
import { compareRaces } from '../routine/agreement.js';

test('races are reported exactly as defined in 100,000 programs', () => {
  expect(compareRaces(100_000).racy).toBeGreaterThan(10_000);
});
