import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { streamRequests } from '../../examples/systems/streamRequests.js';
import { everyState } from '../explore/everyState.js';

describe('a class driver', () => {
  it('that is sound keeps the rules, in every schedule', async () => {
    const { system, properties } = streamRequests();
    const outcome = await everyState(system, { properties });
    expect(outcome).toMatchObject({ verdict: 'holds', exhausted: true });
    expect(Object.values(outcome.witnesses).every(({ reached }) => reached)).toBe(true);
  });

  it.each([
    ['without token', 'INV-006: two creates or closes are under way'],
    ['without Ready', 'INV-010: a data request is dispatched before Ready'],
    ['losing cancels', 'INV-030: a request is never completed'],
  ] as const)('%s is found by a shortest run', async (kind, property) => {
    const { system, properties } = streamRequests(kind);
    const { verdict, violations } = await everyState(system, { properties });
    expect([verdict, violations.length]).toEqual(['violated', 1]);
    expect(violations[0]).toMatchObject({ property, shortest: true });
  });

  it('that is broken differs by a few lines', () => {
    const file = join(import.meta.dirname, '../../machines/brokenClassDrivers.ts');
    const [, ...variants] = readFileSync(file, 'utf8').split(/^export const /mu);
    expect(variants.length).toBe(3);
    for (const variant of variants) expect(variant.split('\n').indexOf('});')).toBeLessThan(15);
  });
});
