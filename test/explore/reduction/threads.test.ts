import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareThreads } from './generatedThreads.js';

const RUNS = Number(process.env['INTERLACE_SYSTEMS'] ?? 250);

it('a reduced search of threads agrees with the whole one, and finds the same data races', () => {
  const { seed = 1 } = fc.readConfigureGlobal();
  const { racy, clean, scheduled, share } = compareThreads(RUNS, seed);
  expect(share).toBeLessThan(0.95);
  for (const met of [racy, clean, scheduled]) expect(met).toBeGreaterThan(RUNS / 10);
});
