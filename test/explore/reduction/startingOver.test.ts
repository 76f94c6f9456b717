import { describe, expect, it } from 'vitest';
import { sendTo, setup } from 'xstate';
import { Claims } from '../../../src/explore/claims.js';
import { ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import { check, defineSystem, never, type Property, reachable, type System } from '../../../src/index.js';
import { BuiltInName } from '../../../src/property/builtInName.js';
import { World } from '../../../src/runtime/world.js';
import { runToEnd } from './agreement.js';
import { toSelf, walker } from './walker.js';

/** Takes no transition on what it sends itself. */
const deaf = setup({}).createMachine({ meta: { strict: true }, tags: ['idle'], entry: toSelf });

function search(
  system: System,
  property: Property,
  violations: number,
  states = 20_000,
): [end: string, found: string[]] {
  const world = new World(system);
  const limits = { states, depth: 1000, violations };
  const reduced = new ReducedSearch(world, new Claims(world, [property]), limits, 'bfs', 64);
  const end = runToEnd(reduced);
  return [end, reduced.found.map((one) => one.property)];
}

/** Two actors that are offered so many events, each of which leads on; what the first one of `a` sends to `deaf` is not taken. */
function fans(width: number): System {
  const numbers = Array.from({ length: width }, (_, i) => i);
  const fan = setup({}).createMachine({
    tags: ['idle'],
    initial: 'closed',
    states: {
      closed: {
        meta: { offers: numbers.map((i) => `GO ${i}`) },
        on: Object.fromEntries(numbers.map((i) => [`GO ${i}`, `s${i}`])),
      },
      s0: { entry: sendTo(({ system: { get } }) => get('deaf'), { type: 'NOTE' }) },
      ...Object.fromEntries(numbers.slice(1).map((i) => [`s${i}`, {}])),
    },
  });
  const deaf = setup({}).createMachine({ meta: { strict: true }, tags: ['idle'] });
  return defineSystem({
    name: 'fans',
    actors: {
      a: { logic: fan },
      b: { logic: fan },
      c: { logic: walker('one', 'two') },
      deaf: { logic: deaf },
    },
  });
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

  it('does not lose what is wrong with a state when it does not come as far again', () => {
    const names = ['a', 'b', 'c'];
    const logic = walker('one', 'two', 'three', 'four', 'five');
    const system = defineSystem({
      name: 'walkers',
      actors: Object.fromEntries(names.map((name) => [name, { logic }])),
    });
    // The reduced search comes there by a few states. It finds one: so it goes on, and then in every order.
    const all = never('all are done, or a has offers', (world) => {
      return world.offers('a').length > 0 || names.every((name) => world.snapshot(name)?.value === 'five');
    });
    expect(search(system, all, 2)).toEqual(['exhausted', [all.name]]);
    expect(search(system, all, 2, 100)).toEqual(['states', [all.name]]);
  });

  // It does so in the middle of the states one step from where `a` and `b` begin: what was found there waits for the others.
  it.each([
    {
      why: 'a property looks at offers',
      width: 50,
      property: never('b has more', (world) => world.offers('b').length > 50),
    },
    {
      why: 'a property looks late at what was passed over',
      width: 70,
      property: never('c is back', (world) => {
        return world.snapshot('a')?.value === 's1' && world.snapshot('c')?.value === 'nowhere';
      }),
    },
    { why: 'little is saved', width: 130, property: never('nothing', () => false) },
  ])('does not lose what was just wrong with a step, when $why', ({ width, property }) => {
    expect(search(fans(width), property, 1)).toEqual(['violations', [BuiltInName.unhandled]]);
  });

  it('does so only as long as it may come to more states', () => {
    const logic = walker('one', 'two');
    const actors = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { logic }]));
    const world = new World(defineSystem({ name: 'walkers', actors }));
    const limits = { states: 3, depth: 1000, violations: 1 };
    const reduced = new ReducedSearch(world, new Claims(world, [asks]), limits, 'bfs', 64);
    expect(runToEnd(reduced)).toBe('states');
    expect(reduced.strategy).toBe('exhaustive (breadth first, reduced)');
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
