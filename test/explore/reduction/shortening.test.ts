import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { type Bounds, check, defineSystem, exhaustive, never } from '../../../src/index.js';
import { toSelf, walker } from './walker.js';

/** A short way and a long one; depth first goes the long one first. */
const fork = setup({}).createMachine({
  tags: ['idle'],
  initial: 'fork',
  states: {
    fork: {
      meta: { offers: ['NEAR', 'FAR'] },
      on: { NEAR: 'near', FAR: 'far' },
    },
    far: { entry: toSelf, on: { GO: 'farther' } },
    farther: { entry: toSelf, on: { GO: 'farthest' } },
    farthest: {},
    near: { entry: toSelf, on: { GO: 'nearer' } },
    nearer: {},
  },
});
const forked = defineSystem({ name: 'forked', actors: { a: { logic: fork } } });

/** What is found depth first, and looked for again breadth first: how many steps each run has, and whether it is called shortest. */
async function runs(
  states: readonly string[],
  bounds: Bounds = {},
): Promise<readonly (readonly [steps: number, shortest: boolean])[]> {
  const property = never('is there', (world) => {
    const value = world.snapshot('a')?.value;
    return typeof value === 'string' && states.includes(value);
  });
  const { violations } = await check(forked, {
    properties: [property],
    strategy: exhaustive({ order: 'dfs' }),
    bounds,
  });
  return violations.map(({ steps, shortest }) => [steps.length, shortest]);
}

describe('a reduced search that has found something', () => {
  it('looks breadth first for what is shorter', async () => {
    expect(await runs(['farthest', 'near'])).toEqual([[1, true]]);
  });

  it('finds each but once', async () => {
    expect(await runs(['farthest'], { violations: 2 })).toEqual([[3, true]]);
    expect(await runs(['fork'], { violations: 2 })).toEqual([[0, true]]);
  });
  it('calls no run shortest where it may not look at all that are shorter', async () => {
    // It has found it with the fifth state; of up to two steps there are five.
    expect(await runs(['farthest'], { states: 9 })).toEqual([[3, false]]);
    expect(await runs(['farthest'], { states: 10 })).toEqual([[3, true]]);
  });

  it('says where a property throws to which it comes only then', async () => {
    const throwing = never('throws', (world) => {
      const value = world.snapshot('a')?.value;
      if (value === 'nearer') throw new Error('seen');
      return value === 'farthest';
    });
    const checked = check(forked, { properties: [throwing], strategy: exhaustive({ order: 'dfs' }) });
    await expect(checked).rejects.toThrow("the property 'throws' threw: seen; after a?NEAR a;");
  });

  it('tells a shorter run by those who act in it, in whichever order it has met them', async () => {
    /** Spawns a child when it has gone so far; that takes a message. */
    const parent = (...before: readonly string[]) =>
      setup({ actors: { child: walker('young', 'old') } }).createMachine({
        tags: ['idle'],
        initial: before[0] ?? 'spawns',
        states: {
          ...Object.fromEntries(
            before.map((name, i) => [name, { entry: toSelf, on: { GO: before[i + 1] ?? 'spawns' } }]),
          ),
          spawns: { invoke: { src: 'child', id: 'child' } },
        },
      });
    const [slow, fast] = [{ logic: parent('one', 'two') }, { logic: parent('one') }];
    for (const [early, actors] of [
      ['p', { p: fast, q: slow }],
      ['q', { p: slow, q: fast }],
    ] as const) {
      const system = defineSystem({ name: 'families', actors });
      const old = never('a child is old', (world) =>
        ['p/child', 'q/child'].some((child) => world.snapshot(child)?.value === 'old'),
      );
      const strategy = exhaustive({ order: 'dfs' });
      const { violations } = await check(system, { properties: [old], strategy });
      expect(violations).toMatchObject([{ schedule: `${early} ${early}/child`, shortest: true }]);
    }
  });
});
