import { expect, it } from 'vitest';
import { compareEverything } from '../explore/compareEverything.js';

it('counts of systems with everything at once are those of a naive enumeration', async () => {
  const { wrong, systems, met } = await compareEverything(1000, 600, 150);
  expect(wrong).toEqual([]);
  for (const [what, count] of met) expect([what, count > systems / 100]).toEqual([what, true]);
});
