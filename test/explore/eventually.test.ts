import { describe, expect, it } from 'vitest';
import { assign, cancel, raise, sendTo, setup } from 'xstate';
import {
  acquire,
  check,
  defineSystem,
  eventually,
  exhaustive,
  type LogicSource,
  preempt,
  release,
  replay,
  restart,
  threads,
  until,
  write,
} from '../../src/index.js';
import { reportLines } from '../../src/render/report.js';

const QUIET = { builtIn: { deadlock: false } } as const;

function systemOf(actors: Record<string, LogicSource>, timers: 'ordered' | 'urgent' | 'free' = 'ordered') {
  const declared = Object.entries(actors).map(([name, logic]) => [name, { logic }]);
  return defineSystem({ name: 'lively', actors: Object.fromEntries(declared), timers });
}

/** Sends itself a message for ever, without counting. */
const spinner = setup({}).createMachine({
  entry: sendTo(({ self }) => self, { type: 'GO' }),
  on: { GO: { actions: sendTo(({ self }) => self, { type: 'GO' }) } },
});
/** Does `steps` things and is done. */
function worker(steps: number) {
  return setup({ types: { context: {} as { n: number } } }).createMachine({
    context: { n: 0 },
    initial: 'busy',
    entry: sendTo(({ self }) => self, { type: 'NEXT' }),
    states: {
      busy: {
        always: { guard: ({ context }) => context.n === steps, target: 'over' },
        on: {
          NEXT: {
            actions: [
              assign({ n: ({ context }) => context.n + 1 }),
              sendTo(({ self }) => self, { type: 'NEXT' }),
            ],
          },
        },
      },
      over: { type: 'final' },
    },
  });
}
const isDone = eventually('it is done', (world) => world.snapshot('worker')?.status === 'done');

describe('eventually', () => {
  it('holds beside an actor that runs for ever: who can step all the time does step', async () => {
    const strategy = exhaustive({ reduction: false });
    const system = systemOf({ spinner, worker: worker(3) });
    const outcome = await check(system, { ...QUIET, strategy, properties: [isDone] });
    expect(outcome).toMatchObject({ verdict: 'holds', exhausted: true, violations: [] });
    // The second pass is not counted.
    expect(outcome.statistics).toMatchObject({ states: 4, transitions: 7 });
  });

  it('is violated by one that spins for ever, with its loop, which replays', async () => {
    const system = systemOf({ spinner });
    const never = eventually('it ends', (world) => world.snapshot('spinner')?.status === 'done');
    const outcome = await check(system, { properties: [never] });
    expect(outcome).toMatchObject({ verdict: 'violated', exhausted: true });
    expect(outcome.violations).toMatchObject([
      { property: 'it ends', schedule: 'spinner', loopAt: 0, shortest: false },
    ]);
    const [line] = reportLines(outcome).filter((text) => text.startsWith('it ends'));
    expect(line).toBe('it ends: the run never comes to it and goes round for ever, after one step');
    expect(reportLines(outcome).join('\n')).toMatch(
      /\nfrom here on again and again:\n1\. .* takes GO .*\nand back to step 1\n/,
    );
    const again = replay(system, 'spinner', { properties: [never], loopAt: 0 });
    expect(again).toMatchObject({ loop: 'closes', findings: [{ property: 'it ends', afterSteps: 1 }] });
  });

  it('gives the shortest run that ends without it', async () => {
    const chooser = setup({}).createMachine({
      initial: 'start',
      states: {
        start: {
          meta: { offers: ['LEFT', { type: 'RIGHT', expected: true }] },
          on: { LEFT: 'left', RIGHT: 'right' },
        },
        left: { meta: { offers: [{ type: 'ON', expected: true }] }, on: { ON: 'lost' } },
        right: { type: 'final' },
        lost: { tags: ['idle'] },
      },
    });
    const outcome = await check(systemOf({ chooser }), {
      properties: [eventually('right', (world) => world.snapshot('chooser')?.value === 'right')],
    });
    expect(outcome.violations).toMatchObject([
      {
        schedule: 'chooser?LEFT chooser?ON',
        message: 'the run never comes to it and ends',
        shortest: true,
      },
    ]);
    expect(outcome.violations[0]?.loopAt).toBeUndefined();
  });

  it.each([
    [true, 'holds'],
    [false, 'violated'],
  ] as const)('with an offer that is expected: %s, it %s', async (expected, verdict) => {
    const lamp = setup({}).createMachine({
      initial: 'off',
      states: {
        off: { meta: { offers: ['BREAK', { type: 'SWITCH', expected }] }, on: { BREAK: 'on', SWITCH: 'on' } },
        on: { tags: ['idle'] },
      },
    });
    const isOn = eventually('on', (world) => world.snapshot('lamp')?.value === 'on');
    const alone = await check(systemOf({ lamp }), { ...QUIET, properties: [isOn] });
    const beside = await check(systemOf({ lamp, spinner }), { ...QUIET, properties: [isOn] });
    expect([alone.verdict, beside.verdict]).toEqual([verdict, verdict]);
    expect(alone.violations[0]?.loopAt).toBe(undefined);
    // Played again it says the same.
    const message =
      "the run has not come to it when nothing must happen any more (the offer 'BREAK' to 'lamp', the offer 'SWITCH' to 'lamp' may)";
    expect(alone.violations.map((violation) => violation.message)).toEqual(expected ? [] : [message]);
    const { findings } = replay(systemOf({ lamp }), '', { ...QUIET, properties: [isOn] });
    expect(findings.map((finding) => finding.message)).toEqual(expected ? [] : [message]);
    expect(beside.violations[0]?.loopAt).toBe(expected ? undefined : 0);
  });

  it('lets timers fire: one that is armed all the time does', async () => {
    const waiter = setup({}).createMachine({
      initial: 'waiting',
      states: { waiting: { after: { 10: 'over' } }, over: { type: 'final' } },
    });
    const isOver = eventually('over', (world) => world.snapshot('waiter')?.status === 'done');
    const ordered = await check(systemOf({ waiter, spinner }), { properties: [isOver] });
    expect(ordered.verdict).toBe('holds');
    // On an infinitely fast machine time stands still while somebody can step.
    const urgent = await check(systemOf({ waiter, spinner }, 'urgent'), { properties: [isOver] });
    expect(urgent.violations).toMatchObject([{ schedule: 'spinner', loopAt: 0 }]);
  });

  it('tells the timers of one actor apart by id, event and target, not by delay', async () => {
    const ticker = setup({}).createMachine({
      initial: 'ticking',
      entry: [
        raise({ type: 'TICK' }, { delay: 0, id: 'tick' }),
        raise({ type: 'END' }, { delay: 1, id: 'end' }),
      ],
      states: {
        ticking: {
          on: {
            TICK: { actions: raise({ type: 'TICK' }, { delay: 0, id: 'tick' }) },
            END: 'over',
          },
        },
        over: { type: 'final' },
      },
    });
    const isOver = eventually('over', (world) => world.snapshot('ticker')?.status === 'done');
    // In order of deadlines the tick is always due first; freely, the end is owed.
    const ordered = await check(systemOf({ ticker }), { properties: [isOver] });
    expect(ordered.violations).toMatchObject([{ schedule: 'ticker!tick', loopAt: 0 }]);
    const free = await check(systemOf({ ticker }, 'free'), { properties: [isOver] });
    expect(free.verdict).toBe('holds');

    const again = [cancel('a'), raise({ type: 'TICK' }, { delay: 1, id: 'a' })];
    const twins = setup({}).createMachine({
      entry: [...again, raise({ type: 'TICK' }, { delay: 1, id: 'b' })],
      on: { TICK: { actions: again } },
    });
    const hasFired = eventually('b has fired', (world) => world.timers('twins').length === 1);
    const both = await check(systemOf({ twins }, 'free'), { properties: [hasFired] });
    expect(both.verdict).toBe('holds');
  });

  it('reports starvation: a lock that is free again and again is owed to nobody', async () => {
    const program = threads({
      memory: { served: false },
      locks: ['m'],
      threads: {
        greedy: function* () {
          yield* acquire('m');
          yield* release('m');
          return restart();
        },
        starved: function* (memory: { served: boolean }) {
          yield* acquire('m');
          yield* write(memory, 'served', true);
        },
      },
    });
    const isServed = eventually(
      'served',
      (world) => world.snapshot('program')?.context.memory.served === true,
    );
    const system = systemOf({ program });
    const outcome = await check(system, { ...QUIET, properties: [isServed] });
    const [violation] = outcome.violations;
    expect(violation?.loopAt).toBeDefined();
    expect(new Set(violation?.schedule.split(' ').slice(violation.loopAt))).toEqual(
      new Set(['program@greedy']),
    );
    const loopAt = violation?.loopAt ?? -1;
    const again = replay(system, violation?.schedule ?? '', { properties: [isServed], loopAt });
    expect([again.loop, again.findings.length]).toEqual(['closes', 1]);
  });

  it('owes every thread a step, and one loop pays all', async () => {
    const busy = function* () {
      yield* preempt();
      return restart();
    };
    const program = threads({
      memory: { flag: false, seen: false },
      threads: {
        a: busy,
        b: busy,
        waiting: function* (memory: { flag: boolean; seen: boolean }) {
          yield* until(() => memory.flag);
          yield* write(memory, 'seen', true);
        },
      },
    });
    const system = systemOf({ program });
    const isSeen = eventually('seen', (world) => world.snapshot('program')?.context.memory.seen === true);
    const { violations } = await check(system, { properties: [isSeen] });
    const loop = violations[0]?.schedule.split(' ').slice(violations[0].loopAt);
    expect(new Set(loop)).toEqual(new Set(['program@a', 'program@b']));
    // A loop of one of them is no fair run.
    const schedule = ['program@waiting', ...Array(4).fill('program@a')].join(' ');
    const unfair = replay(system, schedule, { properties: [isSeen], loopAt: 3 });
    expect([unfair.loop, unfair.findings]).toEqual(['is unfair', []]);
    const open = replay(system, schedule, { properties: [isSeen], loopAt: 0 });
    expect([open.loop, open.findings]).toEqual(['does not close', []]);
  });

  it('is inconclusive without exhaustion, and still finds what lies within the bound', async () => {
    const system = systemOf({ worker: worker(50) });
    const cut = await check(system, { properties: [isDone], bounds: { states: 20 } });
    expect(cut).toMatchObject({ verdict: 'inconclusive', exhausted: false, stoppedBy: 'states' });
    const shallow = await check(system, { properties: [isDone], bounds: { depth: 20 } });
    expect(shallow).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'depth' });
    const early = await check(systemOf({ spinner, worker: worker(50) }), {
      properties: [eventually('never', () => false)],
      bounds: { states: 20 },
    });
    expect(early.verdict).toBe('inconclusive');
  });

  it('names the property that throws, and where', async () => {
    const properties = [
      eventually('hasty', (world) => {
        if (world.snapshot('worker')?.context.n === 2) throw new Error('too soon');
        return false;
      }),
    ];
    await expect(check(systemOf({ worker: worker(3) }), { ...QUIET, properties })).rejects.toThrow(
      "the property 'hasty' threw: too soon; after worker worker",
    );
  });
});
