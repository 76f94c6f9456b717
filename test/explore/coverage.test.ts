import { describe, expect, it } from 'vitest';
import { assign, raise, sendTo, setup } from 'xstate';
import {
  acquire,
  check,
  defineSystem,
  type LogicSource,
  never,
  read,
  release,
  threads,
  write,
} from '../../src/index.js';
import { reportLines } from '../../src/render/report.js';

async function coverageOf(actors: Record<string, LogicSource>) {
  const declared = Object.entries(actors).map(([name, logic]) => [name, { logic }]);
  const system = defineSystem({ name: 'covered', actors: Object.fromEntries(declared) });
  return check(system, { builtIn: { deadlock: false } });
}

const door = setup({ guards: { isLate: () => false } }).createMachine({
  id: 'door',
  initial: 'hanging',
  states: {
    hanging: { initial: 'new', states: { new: { always: '#door.shut' }, old: {} } },
    shut: {
      entry: raise({ type: 'CHECKED' }),
      meta: { offers: ['KNOCK', 'WIND'] },
      on: {
        KNOCK: [{ guard: 'isLate', target: 'locked' }, { target: 'open' }],
        'mouse.*': 'open',
        CHECKED: {},
        KEY: 'locked',
        WIND: undefined,
      },
    },
    open: { after: { 500: 'shut', 900: 'locked' } },
    locked: { on: { KNOCK: [{ guard: 'isLate', target: 'locked' }, { target: 'open' }] } },
  },
  on: { WIND: '.open' },
});

describe('coverage', () => {
  it('tells states, transitions and events that happened from those that never did', async () => {
    const { coverage } = await coverageOf({ door });
    expect(coverage).toEqual({
      door: {
        states: {
          entered: ['hanging', 'hanging.new', 'shut', 'open'],
          neverEntered: ['hanging.old', 'locked'],
        },
        transitions: {
          fired: [
            'hanging.new: always → shut',
            'shut: KNOCK → open',
            'shut: CHECKED',
            'shut: WIND',
            'open: after 500 → shut',
          ],
          neverFired: [
            'WIND → open',
            'shut: KNOCK [isLate] → locked',
            'shut: mouse.* → open',
            'shut: KEY → locked',
            'open: after 900 → locked',
            'locked: KNOCK [isLate] → locked',
            'locked: KNOCK → open',
          ],
        },
        events: { handled: ['KNOCK', 'WIND'], ignored: [], neverSent: ['KEY', 'mouse.*'] },
      },
    });
  });

  it('knows events that came and were never taken, and wildcards that they match', async () => {
    const deaf = setup({}).createMachine({
      initial: 'a',
      states: { a: { on: { 'x.y.*': 'b', 'w.*': { guard: () => false } } }, b: { always: 'c' }, c: {} },
    });
    const caller = setup({}).createMachine({
      entry: [
        sendTo(({ system }) => system.get('deaf'), { type: 'x.z' }),
        sendTo(({ system }) => system.get('deaf'), { type: 'w' }),
        sendTo(({ system }) => system.get('deaf'), { type: 'x.y' }),
        sendTo(({ system }) => system.get('deaf'), { type: 'late' }),
      ],
    });
    const { coverage } = await coverageOf({ deaf, caller });
    expect(coverage['deaf']).toMatchObject({
      states: { entered: ['a', 'b', 'c'], neverEntered: [] },
      events: { handled: ['x.y'], ignored: ['late', 'w', 'x.z'], neverSent: [] },
    });
  });

  it('puts all children of one logic into one row, and names those that were never spawned', async () => {
    const worker = setup({
      types: { input: {} as { side: string }, context: {} as { side: string } },
    }).createMachine({
      initial: 'deciding',
      context: ({ input }) => input,
      states: {
        deciding: { always: [{ guard: ({ context }) => context.side === 'left', target: 'left' }, 'right'] },
        left: {},
        right: {},
      },
    });
    const parent = setup({ actors: { worker, helper: worker } }).createMachine({
      context: ({ spawn }) => {
        spawn('worker', { id: 'one', input: { side: 'left' } });
        spawn('worker', { id: 'two', input: { side: 'right' } });
        return {};
      },
    });
    const outcome = await coverageOf({ parent });
    expect(Object.keys(outcome.coverage)).toEqual(['parent', 'parent/helper', 'parent/worker']);
    expect(outcome.coverage['parent/worker']?.states).toEqual({
      entered: ['deciding', 'left', 'right'],
      neverEntered: [],
    });
    expect(outcome.coverage['parent/helper']?.states.entered).toEqual([]);
    expect(reportLines(outcome)).toContain('  parent/helper: never started');
  });

  it('lists the points of threads, and who never came to the end', async () => {
    const program = threads({
      memory: { n: 0 },
      locks: ['m'],
      threads: {
        holder: function* () {
          yield* acquire('m');
        },
        other: function* (memory: { n: number }) {
          const seen = yield* read(memory, 'n');
          yield* acquire('m');
          yield* write(memory, 'n', seen + 1);
          yield* release('m');
        },
      },
    });
    const first = threads({
      memory: { n: 0 },
      locks: ['m'],
      threads: {
        both: function* () {
          yield* acquire('m');
          yield* acquire('m');
        },
      },
    });
    const { coverage } = await coverageOf({ program, first });
    expect(coverage['program']?.states).toEqual({
      entered: [
        'holder: acquire m',
        'holder: finished',
        'holder: start',
        'other: acquire m',
        'other: finished',
        'other: read memory.n',
        'other: release m',
        'other: start',
        'other: write memory.n',
      ],
      neverEntered: [],
    });
    expect(coverage['first']?.states.neverEntered).toEqual(['both: finished']);
  });

  it('covers what a bounded search has seen, and says in the report that it is not over', async () => {
    const counter = setup({ types: { context: {} as { n: number } } }).createMachine({
      context: { n: 0 },
      initial: 'low',
      states: {
        low: {
          meta: { offers: ['UP'] },
          always: { guard: ({ context }) => context.n > 9, target: 'high' },
          on: { UP: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
        },
        high: {},
      },
    });
    const system = defineSystem({ name: 'counter', actors: { counter: { logic: counter } } });
    const cut = await check(system, { bounds: { depth: 5 }, builtIn: { deadlock: false } });
    expect(cut.coverage['counter']?.states.neverEntered).toEqual(['high']);
    expect(reportLines(cut).join('\n')).toContain(
      'what has not happened so far (all of it with --json):\n  counter: never in high; never took low: always [guarded] → high',
    );
    const whole = await check(system, { builtIn: { deadlock: false } });
    expect(whole.coverage['counter']?.states.neverEntered).toEqual([]);
    expect(reportLines(whole).join('\n')).not.toContain('never happens');
    const violated = await check(system, {
      builtIn: { deadlock: false },
      properties: [never('two', (world) => world.snapshot('counter')?.context.n === 2)],
    });
    expect(reportLines(violated).join('\n')).not.toContain('happen');
  });
});
