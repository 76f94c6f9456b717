import { describe, expect, it } from 'vitest';
import {
  type AnyActorRef,
  type AnyStateMachine,
  assign,
  emit,
  raise,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import { requestsSystem } from '../../bench/model.js';
import {
  check,
  defineSystem,
  exhaustive,
  type LogicSource,
  monitor,
  never,
  replay,
  threads,
  UsageError,
  write,
} from '../../src/index.js';

function systemOf(actors: Record<string, LogicSource>) {
  const declared = Object.entries(actors).map(([name, logic]) => [name, { logic }]);
  return defineSystem({ name: 'watched', actors: Object.fromEntries(declared) });
}
const QUIET = { builtIn: { deadlock: false } } as const;

/** Two callers each send `times` messages to a taker, who emits one for each. */
const taker = setup({}).createMachine({
  on: { 'CALL.a': { actions: emit({ type: 'TAKEN' }) }, 'CALL.b': {} },
});
function caller(type: string, times: number) {
  return setup({ types: { context: {} as { n: number } } }).createMachine({
    context: { n: 0 },
    initial: 'on',
    states: {
      on: {
        entry: sendTo(({ self }) => self, { type: 'GO' }),
        always: { guard: ({ context }) => context.n === times, target: 'off' },
        on: {
          GO: {
            target: 'on',
            reenter: true,
            actions: [
              assign({ n: ({ context }) => context.n + 1 }),
              sendTo(
                ({ system }) => system.get('taker'),
                ({ context }) => ({ type, n: context.n }),
              ),
            ],
          },
        },
      },
      off: { type: 'final' },
    },
  });
}
const calls = systemOf({ taker, a: caller('CALL.a', 2), b: caller('CALL.b', 2) });

/** Wrong when the taker has taken `type` twice in a row. */
function twiceInARow(type: string): AnyStateMachine {
  return setup({}).createMachine({
    initial: 'none',
    states: {
      none: { on: { [`taker.${type}`]: 'once', 'taker.*': 'none' } },
      once: { on: { [`taker.${type}`]: 'twice', 'taker.*': 'none' } },
      twice: { tags: ['violation'] },
    },
  });
}

describe('monitor', () => {
  it('sees steps in order, and is violated in a state tagged violation, after a shortest run', async () => {
    const properties = [monitor('never two of a in a row', twiceInARow('CALL.a'))];
    const outcome = await check(calls, { ...QUIET, properties });
    expect(outcome.violations).toMatchObject([
      {
        property: 'never two of a in a row',
        message: "the monitor is in a state tagged 'violation'",
        schedule: 'a taker a taker',
        shortest: true,
      },
    ]);
    const again = replay(calls, 'a a taker taker', { ...QUIET, properties });
    expect(again.findings).toMatchObject([{ property: 'never two of a in a row', afterSteps: 4 }]);
    const other = replay(calls, 'a b taker taker a taker', { ...QUIET, properties });
    expect([other.misfit, other.findings]).toEqual([undefined, []]);
  });

  it('is part of the state: what it remembers tells states apart, and what it does not, does not', async () => {
    const whole = { ...QUIET, strategy: exhaustive({ reduction: false }) };
    const plain = await check(calls, whole);
    const counted = setup({ types: { context: {} as { n: number } } }).createMachine({
      context: { n: 0 },
      on: { 'taker.CALL.*': { actions: assign({ n: ({ context }) => context.n + 1 }) } },
    });
    // How many the taker has taken follows from the rest of the state; in which order they came does not.
    const counts = await check(calls, { ...whole, properties: [monitor('counts', counted)] });
    expect([counts.verdict, counts.statistics.states]).toEqual(['holds', plain.statistics.states]);
    const last = setup({ types: { context: {} as { last: string } } }).createMachine({
      context: { last: '' },
      on: { 'taker.CALL.*': { actions: assign({ last: ({ event }) => event.type }) } },
    });
    const remembers = await check(calls, { ...whole, properties: [monitor('remembers', last)] });
    expect(remembers.statistics.states).toBeGreaterThan(plain.statistics.states);
    // Naively: pairs of a state and the last letter that the taker has taken, told by playing every schedule.
    expect(remembers.statistics.states).toBe(naiveStates());
    const idle = setup({}).createMachine({ on: { 'nobody.*': {} } });
    const both = await check(calls, {
      ...whole,
      properties: [monitor('remembers', last), monitor('idle', idle), monitor('counts', counted)],
    });
    expect(both.statistics.states).toBe(remembers.statistics.states);
  });

  it('gets what the step was: kind, event, what was sent and emitted', async () => {
    const seen: object[] = [];
    const spy = setup({}).createMachine({
      on: { '*': { actions: ({ event }) => void seen.push(JSON.parse(JSON.stringify(event))) } },
    });
    const timed = setup({ types: { context: {} as { gone: AnyActorRef } } }).createMachine({
      context: ({ self }) => ({ gone: self.system.get('gone') }),
      initial: 'a',
      states: {
        a: { after: { 5: 'b' } },
        b: { meta: { offers: ['OFF'] }, on: { OFF: 'c' } },
        c: {
          entry: [
            sendTo(({ context }) => context.gone, { type: 'HELLO' }),
            sendTo(({ self }) => self, { type: 'ME', n: 1 }),
            emit({ type: 'OUT' }),
          ],
        },
      },
    });
    const gone = setup({}).createMachine({ initial: 'end', states: { end: { type: 'final' } } });
    await check(systemOf({ timed, gone }), { ...QUIET, properties: [monitor('spy', spy)] });
    const distinct = [...new Set(seen.map((event) => JSON.stringify(event)))].map((text) => JSON.parse(text));
    const none = { sent: [], emitted: [] };
    expect(distinct).toEqual([
      {
        type: 'timed.xstate.after.5.(machine).a',
        kind: 'timer',
        event: { type: 'xstate.after.5.(machine).a' },
        ...none,
      },
      {
        type: 'timed.OFF',
        kind: 'offer',
        event: { type: 'OFF' },
        sent: [
          { from: 'timed', to: 'gone', event: { type: 'HELLO' }, dropped: true },
          { from: 'timed', to: 'timed', event: { type: 'ME', n: 1 } },
        ],
        emitted: [{ type: 'OUT' }],
      },
      { type: 'timed.ME', kind: 'message', event: { type: 'ME', n: 1 }, ...none },
    ]);
  });

  it('tells by whom an event was taken', async () => {
    const watch = setup({}).createMachine({
      initial: 'calm',
      states: { calm: { on: { 'b.GO': 'gone' } }, gone: { tags: ['violation'] } },
    });
    const { violations } = await check(calls, { ...QUIET, properties: [monitor('b rests', watch)] });
    expect(violations.map(({ schedule }) => schedule)).toEqual(['b']);
  });

  it('sees threads by what they do', async () => {
    const program = threads({
      memory: { x: 0 },
      threads: {
        a: function* (memory: { x: number }) {
          yield* write(memory, 'x', 1);
        },
      },
    });
    const watch = setup({}).createMachine({
      initial: 'calm',
      states: { calm: { on: { 'program.write memory.x 1': 'wrote' } }, wrote: { tags: ['violation'] } },
    });
    const { violations } = await check(systemOf({ program }), {
      properties: [monitor('nobody writes', watch)],
    });
    expect(violations.map(({ schedule }) => schedule)).toEqual(['program@a program@a']);
  });

  it('is computed once per snapshot and step, however often it is shown', async () => {
    let runs = 0;
    const busy = setup({}).createMachine({
      initial: 'even',
      states: {
        even: { on: { 'device.*': { target: 'odd', guard: () => ++runs > 0 } } },
        odd: { on: { 'device.*': { target: 'even', guard: () => ++runs > 0 } } },
      },
    });
    const strategy = exhaustive({ reduction: false });
    const { statistics } = await check(requestsSystem(3, 2), {
      strategy,
      properties: [monitor('parity', busy)],
    });
    expect(statistics.transitions).toBeGreaterThan(45_000);
    expect(runs).toBeLessThan(2_000);
  });

  it.each<[string, AnyStateMachine, string]>([
    ['sends', setup({}).createMachine({ entry: sendTo(({ self }) => self, { type: 'X' }) }), "it sent 'X'"],
    [
      'answers',
      setup({}).createMachine({ on: { '*': { actions: raise({ type: 'X' }, { delay: 1 }) } } }),
      "it armed a timer for 'X'",
    ],
    [
      'waits',
      setup({}).createMachine({ initial: 'a', states: { a: { after: { 1: 'b' } }, b: {} } }),
      'it armed a timer',
    ],
    ['emits', setup({}).createMachine({ entry: emit({ type: 'X' }) }), "it emitted 'X'"],
    [
      'spawns',
      setup({ actors: { child: taker } }).createMachine({ entry: spawnChild('child') }),
      'it spawned or invoked an actor',
    ],
    [
      'throws',
      setup({}).createMachine({
        on: {
          '*': {
            actions: () => {
              throw new Error('no!');
            },
          },
        },
      }),
      'it threw: no!',
    ],
    ['rolls dice', setup({}).createMachine({ entry: () => void Math.random() }), 'Math.random'],
  ])('that %s is refused', async (_what, machine, problem) => {
    const properties = [monitor('watcher', machine)];
    const checked = check(calls, { ...QUIET, properties });
    await expect(checked).rejects.toThrow(UsageError);
    await expect(check(calls, { ...QUIET, properties })).rejects.toThrow(problem);
    await expect(check(calls, { ...QUIET, properties })).rejects.toThrow("the monitor 'watcher', ");
  });

  it('that is no state chart is refused', () => {
    // @ts-expect-error: what somebody could give who does not use TypeScript
    expect(() => monitor('m', { on: {} })).toThrow("the monitor 'm' has no state chart");
  });

  it('leaves the other properties as they are', async () => {
    const done = never('a is done', (world) => world.snapshot('a')?.status === 'done');
    const alone = await check(calls, { ...QUIET, properties: [done] });
    const watched = await check(calls, {
      ...QUIET,
      properties: [done, monitor('idle', setup({}).createMachine({ on: { '*': {} } }))],
    });
    expect(watched.violations[0]?.schedule).toBe(alone.violations[0]?.schedule);
  });
});

/** States of `calls` with the last letter that the taker has taken: by hand, from counts alone. */
function naiveStates(): number {
  interface Place {
    readonly sent: Readonly<Record<'a' | 'b', number>>;
    readonly mail: string;
    readonly last: string;
    readonly ended: Readonly<Record<'a' | 'b', boolean>>;
  }
  const first: Place = { sent: { a: 0, b: 0 }, mail: '', last: '', ended: { a: false, b: false } };
  const known = new Map([[JSON.stringify(first), first]]);
  for (const place of known.values()) {
    const next: Place[] = [];
    for (const who of ['a', 'b'] as const) {
      if (place.ended[who]) continue;
      const n = place.sent[who] + 1;
      next.push({
        ...place,
        sent: { ...place.sent, [who]: n },
        mail: place.mail + who,
        ended: { ...place.ended, [who]: n === 2 },
      });
    }
    if (place.mail !== '') next.push({ ...place, mail: place.mail.slice(1), last: place.mail.charAt(0) });
    for (const to of next) known.set(JSON.stringify(to), to);
  }
  return known.size;
}
