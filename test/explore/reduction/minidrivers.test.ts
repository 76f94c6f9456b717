import { expect, it } from 'vitest';
import { compareMinidrivers } from './minidrivers.js';

const SYSTEMS = Number(process.env['INTERLACE_SYSTEMS'] ?? 40);

it('a reduced search of minidrivers agrees with the whole one', async () => {
  const { wrong, compared, failing, share } = await compareMinidrivers(SYSTEMS, 1);
  expect(wrong).toEqual([]);
  expect(share).toBeLessThan(0.8);
  // Some of them make a mistake, some of them none.
  expect(failing / compared).toBeGreaterThan(0.1);
  expect(failing / compared).toBeLessThan(0.8);
});
