import { describe, expect, it } from 'vitest';
import { assign, sendTo, setup, spawnChild } from 'xstate';
import { requestsSystem } from '../../bench/model.js';
import { Claims } from '../../src/explore/claims.js';
import {
  always,
  check,
  defineSystem,
  exhaustive,
  never,
  reachable,
  read,
  threads,
  write,
} from '../../src/index.js';
import { World } from '../../src/runtime/world.js';

const SILENCE = 'nothing can happen any more';

function* increment(memory: { n: number }) {
  const seen = yield* read(memory, 'n');
  yield* write(memory, 'n', seen + 1);
}
const lostUpdate = defineSystem({
  name: 'lost update',
  actors: { program: { logic: threads({ memory: { n: 0 }, threads: { a: increment, b: increment } }) } },
});

const lost = never('an update is lost', (world) => {
  const program = world.snapshot('program');
  return program?.status === 'done' && program.context.memory.n === 1;
});

/** A counter that the environment may raise, up to a number. */
function counterTo(last: number) {
  const counter = setup({ types: { context: {} as { n: number } } }).createMachine({
    context: { n: 0 },
    initial: 'counting',
    states: {
      counting: {
        tags: ['idle'],
        meta: { offers: ['UP'] },
        on: {
          UP: {
            guard: ({ context }) => context.n < last,
            actions: assign({ n: ({ context }) => context.n + 1 }),
          },
        },
      },
    },
  });
  return defineSystem({ name: 'counter', actors: { counter: { logic: counter } } });
}

describe('check', () => {
  it('finds a shortest run to a state that must never be', async () => {
    const outcome = await check(lostUpdate, {
      properties: [lost],
    });
    expect(outcome).toMatchObject({ verdict: 'violated', exhausted: false });
    const [violation] = outcome.violations;
    expect(violation).toMatchObject({ property: 'an update is lost', shortest: true });
    // Three segments each: to the first point, the read, the write.
    expect(violation?.steps.length).toBe(6);
    expect(violation?.schedule.split(' ').length).toBe(6);
  });

  it('says holds when everything was seen, and how much that was', async () => {
    const outcome = await check(counterTo(9), {
      properties: [always('counts up', (world) => world.snapshot('counter')?.context.n <= 9)],
    });
    expect(outcome).toMatchObject({ verdict: 'holds', exhausted: true, violations: [] });
    expect(outcome.statistics).toMatchObject({ states: 10, transitions: 9, depthMax: 9 });
    expect(outcome.statistics.xstateTransitions).toBeLessThan(60);
    expect(outcome.statistics.omissionProbability).toBeLessThan(1e-15);
  });

  it('goes depth first if asked: few states wait, and what is found need not be shortest', async () => {
    const strategy = exhaustive({ order: 'dfs', reduction: false });
    const outcome = await check(requestsSystem(3, 1), { strategy });
    expect(outcome).toMatchObject({ verdict: 'holds', strategy: 'exhaustive (depth first)' });
    expect(outcome.statistics).toMatchObject({ states: 1618, transitions: 4662 });
    const mostWaiting = async (order: 'bfs' | 'dfs') => {
      let most = 0;
      const world = new World(requestsSystem(4, 1));
      const limits = { states: Infinity, depth: Infinity, violations: 1 };
      const search = exhaustive({ order, reduction: false }).begin(world, new Claims(world, []), limits);
      for (const _ of search.run()) most = Math.max(most, search.count.frontier);
      return most;
    };
    expect((await mostWaiting('bfs')) / (await mostWaiting('dfs'))).toBeGreaterThan(10);
    const failing = await check(lostUpdate, { properties: [lost], strategy });
    expect(failing.violations[0]).toMatchObject({ property: lost.name, shortest: false });
    // @ts-expect-error: what a user without types may give
    expect(() => exhaustive({ order: 'best' })).toThrow("the order 'best' is unknown; give 'bfs' or 'dfs'");
  });

  it('tells states apart by 128 bits if asked: the counts are the same, the doubt is less', async () => {
    const [narrow, wide] = await Promise.all(
      ([64, 128] as const).map((fingerprint) =>
        check(requestsSystem(3, 1), { strategy: exhaustive({ fingerprint, reduction: false }) }),
      ),
    );
    expect(narrow?.statistics).toMatchObject({ states: 1618, omissionProbability: 1618 ** 2 / 2 ** 65 });
    expect(wide?.statistics).toMatchObject({
      states: 1618,
      transitions: 4662,
      omissionProbability: 1618 ** 2 / 2 ** 129,
    });
    // @ts-expect-error: what a user without types may give
    expect(() => exhaustive({ fingerprint: 32 })).toThrow(
      'a fingerprint of 32 bits is unknown; give 64 or 128',
    );
  });

  it('is inconclusive when depth first meets a state by a long run first, and its bound hides what lies behind', async () => {
    // To d it is three steps by way of b and c, which depth first goes first, and two by way of x.
    const steps = setup({}).createMachine({
      initial: 'a',
      states: {
        a: { tags: ['idle'], meta: { offers: ['LEAP', 'STEP'] }, on: { STEP: 'b', LEAP: 'x' } },
        b: { tags: ['idle'], meta: { offers: ['STEP'] }, on: { STEP: 'c' } },
        c: { tags: ['idle'], meta: { offers: ['STEP'] }, on: { STEP: 'd' } },
        x: { tags: ['idle'], meta: { offers: ['STEP'] }, on: { STEP: 'd' } },
        d: { tags: ['idle'], meta: { offers: ['STEP'] }, on: { STEP: 'e' } },
        e: { tags: ['idle'] },
      },
    });
    const system = defineSystem({ name: 'steps', actors: { steps: { logic: steps } } });
    const properties = [never('at the end', (world) => world.snapshot('steps')?.value === 'e')];
    const verdictOf = async (order: 'bfs' | 'dfs', depth: number) => {
      const outcome = await check(system, { properties, strategy: exhaustive({ order }), bounds: { depth } });
      return [outcome.verdict, outcome.stoppedBy];
    };
    expect(await verdictOf('bfs', 3)).toEqual(['violated', undefined]);
    expect(await verdictOf('dfs', 3)).toEqual(['inconclusive', 'depth']);
    expect(await verdictOf('dfs', 4)).toEqual(['violated', undefined]);
  });

  it('finds witnesses, names those it does not, and insists on required ones', async () => {
    const properties = [
      reachable('five', (world) => world.snapshot('counter')?.context.n === 5),
      reachable('ten', (world) => world.snapshot('counter')?.context.n === 10, { required: true }),
    ];
    const outcome = await check(counterTo(9), { properties });
    expect(outcome.witnesses['five']).toEqual({
      reached: true,
      schedule: Array(5).fill('counter?UP').join(' '),
    });
    expect(outcome.witnesses['ten']).toEqual({ reached: false });
    expect(outcome).toMatchObject({ verdict: 'violated', exhausted: true });
    expect(outcome.violations.map(({ property }) => property)).toEqual(['ten']);
    const weaker = await check(counterTo(9), { properties: properties.slice(0, 1) });
    expect(weaker.verdict).toBe('holds');
  });

  it('counts no more states than its bound allows, and says how far they lie', async () => {
    const whole = 1618;
    for (const order of ['bfs', 'dfs'] as const)
      for (const fingerprint of [64, 128] as const)
        for (const states of [1, 2, 3, 100, 1617]) {
          const strategy = exhaustive({ order, fingerprint, reduction: false });
          const { verdict, stoppedBy, statistics } = await check(requestsSystem(3, 1), {
            strategy,
            bounds: { states },
          });
          expect([verdict, stoppedBy]).toEqual(['inconclusive', 'states']);
          expect(statistics.states).toBe(states);
          expect(statistics.depthMax === 0).toBe(states === 1);
        }
    const enough = { bounds: { states: whole }, strategy: exhaustive({ reduction: false }) };
    expect(await check(requestsSystem(3, 1), enough)).toMatchObject({ verdict: 'holds', exhausted: true });
    const reduced = await check(requestsSystem(3, 1), { bounds: { states: 5 } });
    expect(reduced).toMatchObject({ stoppedBy: 'states', statistics: { states: 5 } });
  });

  it('stops at its bounds, and says inconclusive', async () => {
    for (const [bounds, stoppedBy] of [
      [{ states: 5 }, 'states'],
      [{ depth: 4 }, 'depth'],
    ] as const) {
      const outcome = await check(counterTo(9), { bounds });
      expect(outcome).toMatchObject({ verdict: 'inconclusive', exhausted: false, stoppedBy });
    }
    const exact = await check(counterTo(9), { bounds: { states: 10, depth: 9 } });
    expect(exact).toMatchObject({ verdict: 'holds', exhausted: true });
  });

  it('stops when it is told to, and tells how far it has come', async () => {
    const control = new AbortController();
    let heard = 0;
    const outcome = await check(requestsSystem(4, 2), {
      // A reduced one that is about to start over has no states left to look at.
      strategy: exhaustive({ reduction: false }),
      signal: control.signal,
      onProgress: ({ states, depth, frontier }) => {
        heard = states;
        expect(depth).toBeGreaterThan(0);
        expect(frontier).toBeGreaterThan(0);
        // Whoever hears of the progress finds the doors open that are closed to actors.
        expect(Date.now()).toBeGreaterThan(Math.random());
        control.abort();
      },
    });
    expect(outcome).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'abort' });
    expect(outcome.statistics.states).toBeGreaterThanOrEqual(heard);
  });

  it('finds as many violations as it is asked for, the shortest first', async () => {
    const outcome = await check(counterTo(9), {
      properties: [never('above five', (world) => world.snapshot('counter')?.context.n > 5)],
      bounds: { violations: 3 },
    });
    expect(outcome.violations.map(({ steps }) => steps.length)).toEqual([6, 7, 8]);
  });
});

describe('the built-in properties', () => {
  const thrower = setup({}).createMachine({
    id: 'thrower',
    meta: { strict: true },
    initial: 'a',
    states: {
      a: {
        meta: { offers: ['BANG'] },
        on: {
          BANG: {
            actions: () => {
              throw new Error('as written');
            },
          },
        },
      },
    },
  });
  const one = (logic: typeof thrower) => defineSystem({ name: 'one', actors: { one: { logic } } });

  it('an actor that throws on an event violates, with its schedule', async () => {
    const { violations } = await check(one(thrower), { builtIn: { deadlock: false } });
    expect(violations).toMatchObject([
      { property: 'no failures', message: "actor 'one' failed: as written", schedule: 'one?BANG' },
    ]);
    const off = await check(one(thrower), { builtIn: { deadlock: false, failures: false } });
    expect(off.verdict).toBe('holds');
  });

  it('a failed child counts only if its parent does not take the event that says so', async () => {
    const parentOf = (on: object) =>
      setup({ actors: { thrower } }).createMachine({
        initial: 'a',
        states: { a: { tags: ['idle'], entry: spawnChild('thrower', { id: 'kid' }), on } },
      });
    const silent = { deadlock: false, unhandled: false };
    const heard = await check(one(parentOf({ 'xstate.error.actor.kid': {} }) as never), { builtIn: silent });
    expect(heard.verdict).toBe('holds');
    const unheard = await check(one(parentOf({}) as never), { builtIn: silent });
    expect(unheard.violations.map(({ property }) => property)).toEqual(['no failures']);
  });

  it('nothing may wait for ever, but in a state tagged idle', async () => {
    const waiting = (tags: string[]) =>
      setup({}).createMachine({ initial: 'a', states: { a: { tags, on: { GO: 'b' } }, b: {} } });
    const stuck = await check(one(waiting([]) as never));
    expect(stuck.violations[0]?.message).toContain(SILENCE);
    expect((await check(one(waiting(['idle']) as never))).verdict).toBe('holds');
  });

  it('nothing may wait for what merely may happen, and the message says what that is', async () => {
    const offered = (expected: boolean) =>
      setup({}).createMachine({
        initial: 'a',
        states: {
          a: { meta: { offers: [{ type: 'GO', expected }, 'UNPLUG'] }, on: { GO: 'b', UNPLUG: 'b' } },
          b: { tags: ['idle'] },
        },
      });
    const { violations } = await check(one(offered(false) as never));
    expect(violations).toMatchObject([
      {
        property: 'no deadlock',
        message:
          "nothing must happen any more (the offer 'GO' to 'one', the offer 'UNPLUG' to 'one' may), and 'one' waits in a state that is not tagged 'idle'",
      },
    ]);
    expect((await check(one(offered(true) as never))).verdict).toBe('holds');
  });

  it('a strict machine takes every event', async () => {
    const ear = (meta: object) =>
      setup({}).createMachine({ meta, initial: 'a', states: { a: { tags: ['idle'], on: { KNOWN: {} } } } });
    const mouth = setup({}).createMachine({
      initial: 'a',
      states: { a: { tags: ['idle'], entry: sendTo(({ system }) => system.get('ear'), { type: 'WHAT' }) } },
    });
    const pair = (meta: object) =>
      defineSystem({ name: 'pair', actors: { ear: { logic: ear(meta) }, mouth: { logic: mouth } } });
    const strict = await check(pair({ strict: true }));
    expect(strict.violations).toMatchObject([
      {
        property: 'no unhandled events',
        message: "actor 'ear' took no transition on 'WHAT'",
        schedule: 'ear',
      },
    ]);
    expect((await check(pair({}))).verdict).toBe('holds');
  });

  it('mailboxes stay below a bound', async () => {
    const loud = setup({}).createMachine({
      initial: 'a',
      states: {
        a: {
          tags: ['idle'],
          meta: { offers: ['GO'] },
          on: { GO: { actions: sendTo(({ system }) => system.get('ear'), { type: 'HI' }) }, HI: {} },
        },
      },
    });
    const system = defineSystem({ name: 'loud', actors: { loud: { logic: loud }, ear: { logic: loud } } });
    const { violations } = await check(system, { builtIn: { mailbox: 3 } });
    expect(violations).toMatchObject([
      {
        property: 'bounded mailboxes',
        message: "the mailbox of actor 'ear' holds 4 messages; 3 are allowed",
      },
    ]);
    expect(violations[0]?.steps.length).toBe(4);
  });

  it('a data race is found', async () => {
    const plain = function* (memory: { n: number }) {
      memory.n += 1;
      yield* read(memory, 'n');
    };
    const program = threads({ memory: { n: 0 }, threads: { a: plain, b: plain } });
    const racy = defineSystem({ name: 'racy', actors: { program: { logic: program } } });
    const { violations } = await check(racy);
    expect(violations[0]).toMatchObject({ property: 'no data race' });
    expect(violations[0]?.message).toContain('a and b touch memory.n');
    expect((await check(lostUpdate)).verdict).toBe('holds');
  });
});

describe('misuse', () => {
  it('a property that throws is named', async () => {
    const properties = [
      never('broken', (world) => {
        if (world.snapshot('counter')?.context.n === 2) throw new Error('oh');
        return false;
      }),
    ];
    await expect(check(counterTo(2), { properties })).rejects.toThrow("the property 'broken' threw: oh");
  });

  it('a property that depends on something else is found out', async () => {
    let asked = 0;
    const properties = [
      never(
        'fickle',
        (world) => (asked++ % 2 === 0 ? world.snapshot('counter') : world.mailbox('counter')) === undefined,
      ),
    ];
    await expect(check(counterTo(9), { properties })).rejects.toThrow("'fickle' looked at different things");
  });

  it('bounds and names are checked', async () => {
    for (const bounds of [{ states: 0 }, { depth: -1 }, { violations: 0.5 }, { seconds: 0 }]) {
      await expect(check(counterTo(1), { bounds })).rejects.toThrow("the bound '");
    }
    const twice = [never('x', () => false), always('x', () => true)];
    await expect(check(counterTo(1), { properties: twice })).rejects.toThrow("two properties are called 'x'");
  });

  it('an actor that fails while it starts is no verdict', async () => {
    const child = setup({}).createMachine({
      entry: () => {
        throw new Error('at birth');
      },
    });
    const system = defineSystem({ name: 'dead', actors: { child: { logic: child } } });
    await expect(check(system)).rejects.toThrow("actor 'child' failed while it was started: at birth");
  });
});
