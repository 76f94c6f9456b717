import { expect, it } from 'vitest';
import { compareEverything } from './compareEverything.js';

it('counts of systems with everything at once are those of a naive enumeration', async () => {
  const { wrong, systems, met } = await compareEverything(300, 22, 100);
  expect(wrong).toEqual([]);
  expect(systems).toBeGreaterThan(15);
  for (const what of [
    'a name that came back',
    'a step that was seen',
    'an offer that is closed',
    'history',
  ] as const)
    expect([what, (met.get(what) ?? 0) > 0]).toEqual([what, true]);
});
