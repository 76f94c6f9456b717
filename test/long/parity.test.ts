import { expect, test } from 'vitest';
import { checkParity } from '../parity/property.js';

const SUITE = 'npx vitest run --config vitest.long.config.ts test/long/parity.test.ts';

test('10,000 generated machines do under XState and in a world the same', () => {
  const coverage = checkParity(10_000, SUITE);
  if (process.env['CI'] || process.env['VERBOSE']) console.log(coverage.report());
  expect(coverage.tally.missing).toEqual([]);
});
