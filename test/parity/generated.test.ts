import { expect, test } from 'vitest';
import { checkParity, counterexampleTo } from './property.js';

const SUITE = 'npx vitest run test/parity/generated.test.ts';

test('250 generated machines do under XState and in a world the same, and reach every feature', () => {
  const coverage = checkParity(250, SUITE);
  // Some features are rare: under some seeds it takes a few more machines.
  for (let round = 1; round < 9 && coverage.tally.missing.length > 0; round++) {
    checkParity(250, SUITE, coverage, round);
  }
  if (process.env['CI'] || process.env['VERBOSE']) console.log(coverage.report());
  expect(coverage.tally.missing).toEqual([]);
  expect(coverage.cutShare).toBeLessThan(0.55);
}, 180_000);

test.each(['cancel does nothing', 'deep history is shallow'] as const)(
  'a reference in which %s is noticed',
  (bend) => {
    expect(counterexampleTo(bend, 2_000)).toBeDefined();
  },
  180_000,
);
