import { describe, expect, it } from 'vitest';
import { setup } from 'xstate';
import { Claims } from '../../../src/explore/claims.js';
import { ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import { check, defineSystem, never, type Property, reachable, type System } from '../../../src/index.js';
import { BuiltInName } from '../../../src/property/builtInName.js';
import { World } from '../../../src/runtime/world.js';
import { runToEnd } from './agreement.js';
import { toSelf, walker } from './walker.js';

/** Takes no transition on what it sends itself. */
const deaf = setup({}).createMachine({ meta: { strict: true }, tags: ['idle'], entry: toSelf });

function search(system: System, property: Property, violations: number): [end: string, found: string[]] {
  const world = new World(system);
  const limits = { states: 10_000, depth: 1000, violations };
  const reduced = new ReducedSearch(world, new Claims(world, [property]), limits, 'bfs', 64);
  const end = runToEnd(reduced);
  return [end, reduced.found.map((one) => one.property)];
}

describe('a reduced search that starts over', () => {
  const asks = never('a has many offers', (world) => world.offers('a').length > 1);

  it('keeps what was wrong with a step: it looks at each but once', () => {
    const system = defineSystem({ name: 'deaf', actors: { a: { logic: deaf } } });
    expect(search(system, asks, 2)).toEqual(['exhausted', [BuiltInName.unhandled]]);
  });

  it('does not keep what is wrong with a state: it finds that again', () => {
    const system = defineSystem({ name: 'idle', actors: { a: { logic: walker('idle') } } });
    const none = never('a has no offers', (world) => world.offers('a').length === 0);
    expect(search(system, none, 2)).toEqual(['exhausted', ['a has no offers']]);
  });

  it('ends when it has found enough, with what it has kept', () => {
    const system = defineSystem({
      name: 'walkers',
      actors: {
        a: { logic: walker('on', 'off', 'over') },
        b: { logic: deaf },
        c: { logic: walker('one', 'two', 'three', 'four', 'five') },
      },
    });
    const late = never('a has not begun when c is done', (world) => {
      return world.snapshot('c')?.value === 'five' && world.mailbox('a', { type: 'GO' }).length > 0;
    });
    expect(search(system, late, 2)).toEqual(['violations', [BuiltInName.unhandled, late.name]]);
  });

  it('forgets the witnesses: states have other numbers then', async () => {
    const names = ['a', 'b', 'c'];
    const logic = walker(...Array.from({ length: 6 }, (_, i) => `s${i}`));
    const system = defineSystem({
      name: 'walkers',
      actors: Object.fromEntries(names.map((name) => [name, { logic }])),
    });
    const all = reachable('all are done', (world) =>
      names.every((name) => world.snapshot(name)?.value === 's5'),
    );
    const outcome = await check(system, { properties: [all, asks] });
    expect(outcome.strategy).toBe('exhaustive (breadth first)');
    expect(outcome.witnesses[all.name]).toMatchObject({
      reached: true,
      schedule: expect.stringMatching(/^(\S+ ){14}\S+$/),
    });
  });
});
