import { describe, expect, it } from 'vitest';
import { sendTo, setup, stopChild } from 'xstate';
import { Claims } from '../../../src/explore/claims.js';
import { type Omission, ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import { check, defineSystem, never, type Property, type System } from '../../../src/index.js';
import { World } from '../../../src/runtime/world.js';
import type { WorldView } from '../../../src/runtime/worldView.js';
import { runToEnd } from './agreement.js';
import { toSelf, walker } from './walker.js';

const system = defineSystem({
  name: 'walkers',
  actors: {
    a: { logic: walker('on', 'off', 'over') },
    b: { logic: walker('off', 'on', 'over') },
    c: { logic: walker('one', 'two', 'three') },
  },
});

const PRACTICE = Array<string>(25).fill('PRACTICE');

/** `d` writes notes and letters to a, and lets b and c go twice, as `e` tells it: with practice, what everybody may do is known by then. */
function letters(tasks: readonly string[]): System {
  const send = (to: string, type: string) => sendTo(({ system: { get } }) => get(to), { type });
  const told = setup({}).createMachine({
    initial: 'off',
    tags: ['idle'],
    states: { off: { on: { GO: 'on' } }, on: { on: { GO: 'over' } }, over: {} },
  });
  return defineSystem({
    name: 'letters',
    actors: {
      a: { logic: setup({}).createMachine({ tags: ['idle'], on: { NOTE: {}, LETTER: {} } }) },
      b: { logic: told },
      c: { logic: told },
      d: {
        logic: setup({}).createMachine({
          tags: ['idle'],
          on: {
            PRACTICE: { actions: send('a', 'NOTE') },
            B: { actions: [send('b', 'GO'), send('b', 'GO')] },
            C: { actions: [send('c', 'GO'), send('c', 'GO')] },
            'C ONCE': { actions: send('c', 'GO') },
            LETTER: { actions: send('a', 'LETTER') },
          },
        }),
      },
      e: { logic: setup({}).createMachine({ tags: ['idle'], entry: tasks.map((task) => send('d', task)) }) },
    },
  });
}

function search(
  properties: Property | readonly Property[],
  omissions: readonly Omission[] = [],
  of = system,
): [end: string, states: number] {
  const world = new World(of);
  const claims = new Claims(world, [properties].flat());
  const limits = { states: 10_000, depth: 1000, violations: 1 };
  const reduced = new ReducedSearch(world, claims, limits, 'bfs', 64, new Set(omissions));
  return [runToEnd(reduced), reduced.count.states];
}

describe('a reduced search', () => {
  it('does not put a step first that takes away what is sought, whichever slot it changes', () => {
    const both = never(
      'both are on',
      (world) => world.snapshot('a')?.value === 'on' && world.snapshot('b')?.value === 'on',
    );
    expect(search(both)[0]).toBe('violations');
    expect(search(both, ['C2'])[0]).toBe('exhausted');
  });

  it('puts a step first that cannot: what is sought may be reached, and others may go on', () => {
    const other = never('one is done before the other', (world) => {
      return world.snapshot('c')?.value === 'none' && world.snapshot('a')?.value === 'on';
    });
    expect(search(other)).toEqual(['exhausted', 7]);
  });

  it('lets mail come and go for which no property looks', () => {
    const names = ['a', 'b', 'c'];
    const whole = never('much mail', (world) => names.some((name) => world.mailbox(name).length > 1));
    const some = never('an odd letter', (world) =>
      names.some((name) => world.mailbox(name, { type: 'STOP' }).length > 0),
    );
    // Each takes mail twice; only the second time its mailbox is another one afterwards. So 3 steps go first, then 3 in every order.
    expect([search(whole), search(some)]).toEqual([
      ['exhausted', 3 + 2 ** 3],
      ['exhausted', 7],
    ]);
    const own = never('it goes', (world) => {
      return world.mailbox('a', { type: 'GO' }).length === 1 && world.snapshot('b')?.value === 'over';
    });
    expect(search(own)[0]).toBe('violations');
    expect(search(own, ['C2'])[0]).toBe('exhausted');
  });

  it('watches what a property reads only in states that it had imagined before it came to one', () => {
    const three = defineSystem({
      name: 'walkers',
      actors: {
        a: { logic: walker('one', 'two', 'three') },
        b: { logic: walker('off', 'on', 'over') },
        c: { logic: walker('off', 'on', 'over') },
      },
    });
    const all = never('all at once', (world) => {
      const isOn = world.snapshot('b')?.value === 'on' && world.snapshot('c')?.value === 'on';
      return isOn && world.snapshot('a')?.value === 'two';
    });
    expect(search(all, [], three)[0]).toBe('violations');
  });

  it('watches mail for which a property looks only in states that it has imagined', () => {
    const busy = letters([...PRACTICE, 'B', ...PRACTICE, 'C', ...PRACTICE, 'LETTER', 'LETTER']);
    const two = never('two letters', (world) => {
      const areOn = world.snapshot('b')?.value === 'on' && world.snapshot('c')?.value === 'on';
      return areOn && world.mailbox('a', { type: 'LETTER' }).length === 2;
    });
    expect(search(two, [], busy)[0]).toBe('violations');
  });

  it('asks in a quiescent state too what it would if more could happen', () => {
    const late = never('b is on when c is', (world) => {
      return world.snapshot('c')?.value === 'on' && !world.quiescent && world.snapshot('b')?.value === 'on';
    });
    const busy = letters([...PRACTICE, 'B', ...PRACTICE, ...PRACTICE, 'C ONCE']);
    expect(search(late, [], busy)[0]).toBe('violations');
    expect(search(late, ['asking twice'], busy)[0]).toBe('exhausted');
  });

  it('does not put a step first where a property asks for timers, of which nobody knows all that there may be', () => {
    const arms = setup({}).createMachine({
      tags: ['idle'],
      initial: 'off',
      states: { off: { entry: toSelf, on: { GO: 'armed' } }, armed: { after: { 1: {} } } },
    });
    const armed = defineSystem({
      name: 'armed',
      timers: 'free',
      actors: { a: { logic: walker('on', 'off') }, b: { logic: arms } },
    });
    const early = never(
      'b is armed while a is on',
      (world) => world.snapshot('a')?.value === 'on' && world.timers('b').length > 0,
    );
    expect(search(early, [], armed)[0]).toBe('violations');
  });

  it('reduces nothing when a property asks for offers', async () => {
    const opens = setup({}).createMachine({
      tags: ['idle'],
      initial: 'closed',
      states: {
        closed: { entry: toSelf, on: { GO: 'open' } },
        open: { meta: { offers: ['KNOCK'] }, on: { KNOCK: {} } },
      },
    });
    const doors = defineSystem({ name: 'doors', actors: { a: { logic: opens }, b: { logic: opens } } });
    const alone = never('b alone is open', (world) => world.offers('b').length > world.offers('a').length);
    expect(search(alone, [], doors)[0]).toBe('violations');
    const many = never('too many doors', (world) => world.offers('b').length > 1);
    expect((await check(doors, { properties: [many] })).strategy).toBe('exhaustive (breadth first)');
  });

  it('does not put a step first that takes away what one of two properties seeks', () => {
    const both = never(
      'both are on',
      (world) => world.snapshot('a')?.value === 'on' && world.snapshot('b')?.value === 'on',
    );
    const none = never('a is nowhere', (world) => world.snapshot('a')?.value === 'nowhere');
    expect(search([none, both])[0]).toBe('violations');
  });

  it('asks for all that slots may hold, whatever it has asked before', () => {
    const all = never('all at once', (world) => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => world.snapshot(name)?.value);
      return a === 'on' && b === 'on' && c === 'one';
    });
    expect(search(all)[0]).toBe('violations');
  });

  it('knows that actors may be gone, and mailboxes empty', () => {
    const names = Array.from({ length: 25 }, (_, i) => `s${i}`);
    const states = names.map((name, i) => {
      const next = names[i + 1];
      return [name, next ? { entry: toSelf, on: { GO: next } } : { entry: stopChild('child') }] as const;
    });
    // By the time that it stops its child, what everybody may do is known.
    const parent = setup({ actors: { child: walker('idle') } }).createMachine({
      tags: ['idle'],
      invoke: { src: 'child', id: 'child' },
      initial: 's0',
      states: Object.fromEntries(states),
    });
    const family = defineSystem({
      name: 'family',
      actors: { a: { logic: walker('on', 'off') }, p: { logic: parent } },
    });
    const isOn = (world: WorldView): boolean => world.snapshot('a')?.value === 'on';
    const gone = never('the child is gone', (world) => isOn(world) && !world.addresses().includes('p/child'));
    expect(search(gone, [], family)[0]).toBe('violations');
    const empty = never('b has no mail', (world) => isOn(world) && world.mailbox('b').length === 0);
    expect(search(empty)[0]).toBe('violations');
    const none = never('b has no such mail', (world) => {
      return isOn(world) && world.mailbox('b', { type: 'GO' }).length === 0;
    });
    expect(search(none)[0]).toBe('violations');
  });

  it('takes for harmful what would take too long to tell', () => {
    const long = Array.from({ length: 8 }, (_, i) => `s${i}`);
    const names = ['b', 'c', 'd', 'e'];
    const others = Object.fromEntries(names.map((name) => [name, { logic: walker(...long) }]));
    const many = defineSystem({ name: 'walkers', actors: { a: { logic: walker('on', 'off') }, ...others } });
    const all = never('a is on when all others are done', (world) => {
      const ends = names.filter((name) => world.snapshot(name)?.value === 's7');
      return world.snapshot('a')?.value === 'on' && ends.length === names.length;
    });
    expect(search(all, [], many)[0]).toBe('violations');
  });

  it('watches mail for which a property looks late', () => {
    const late = never('a has not begun when c is done', (world) => {
      return world.snapshot('c')?.value === 'three' && world.mailbox('a', { type: 'GO' }).length > 0;
    });
    expect(search(late)[0]).toBe('violations');
    // There is no going back to states of which nobody knew that they matter.
    expect(search(late, ['starting over'])[0]).toBe('violations');
  });

  it('does not put a step first that sends what a property looks for', () => {
    const sends = setup({}).createMachine({
      tags: ['idle'],
      entry: toSelf,
      on: { GO: { actions: sendTo(({ system: { get } }) => get('c'), { type: 'LETTER' }) } },
    });
    const gets = setup({}).createMachine({
      tags: ['idle'],
      initial: 'fresh',
      states: { fresh: { on: { LETTER: 'got' } }, got: {} },
    });
    const post = defineSystem({
      name: 'post',
      actors: { a: { logic: sends }, b: { logic: walker('off', 'on', 'over') }, c: { logic: gets } },
    });
    const none = never('b is on before the letter is sent', (world) => {
      const isSent =
        world.mailbox('c', { type: 'LETTER' }).length > 0 || world.snapshot('c')?.value === 'got';
      return world.snapshot('b')?.value === 'on' && !isSent;
    });
    expect(search(none, [], post)[0]).toBe('violations');
  });

  it('finds what is so only while something else goes on', () => {
    const early = never(
      'c is done before all',
      (world) => world.snapshot('c')?.value === 'three' && !world.quiescent,
    );
    expect(search(early)[0]).toBe('violations');
  });
});
