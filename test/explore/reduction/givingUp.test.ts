import { describe, expect, it } from 'vitest';
import { check, defineSystem, exhaustive, never, type Property, threads, write } from '../../../src/index.js';

/** Each of its steps depends on each of another one. */
const writer = (value: number, count: number) =>
  function* (memory: { last: number }) {
    for (let i = 0; i < count; i++) yield* write(memory, 'last', value);
  };

const logic = threads({
  memory: { last: 0 },
  threads: { a: writer(1, 18), b: writer(2, 18), c: writer(3, 18) },
});
const system = defineSystem({ name: 'writers', actors: { writers: { logic } } });

const checked = (reduction: boolean, ...properties: readonly Property[]) =>
  check(system, { strategy: exhaustive({ reduction }), properties });

describe('a reduced search that saves little', () => {
  it('starts over without reduction, and says so', async () => {
    const [reduced, whole] = [await checked(true), await checked(false)];
    const { states, transitions } = whole.statistics;
    expect(states).toBe(21_608);
    expect(reduced).toMatchObject({
      verdict: 'holds',
      strategy: 'exhaustive (breadth first)',
      statistics: { states, transitions },
    });
  });

  it('finds what is wrong late, by a shortest run', async () => {
    const late = never('a is the last one', (world) => {
      const snapshot = world.snapshot('writers');
      return snapshot?.status === 'done' && snapshot.context['memory'].last === 1;
    });
    const [reduced, whole] = [await checked(true, late), await checked(false, late)];
    expect(whole.verdict).toBe('violated');
    expect(reduced).toMatchObject({ verdict: 'violated', strategy: 'exhaustive (breadth first)' });
    expect(reduced.violations[0]?.steps.length).toBe(whole.violations[0]?.steps.length);
    expect(reduced.violations[0]?.shortest).toBe(true);
  });
});
