import { describe, expect, it } from 'vitest';
import { assign, isMachineSnapshot, sendTo, setup } from 'xstate';
import {
  always,
  check,
  defineSystem,
  eventually,
  exhaustive,
  never,
  reachable,
  replay,
} from '../../src/index.js';

/** Two askers; a light that either switches on: two ways into one state. */
const light = setup({ types: { context: {} as { n: number } } }).createMachine({
  context: { n: 0 },
  initial: 'off',
  states: { off: { on: { 'ON.*': 'on' } }, on: { on: { 'ON.*': {} } } },
  on: { COUNT: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
});
function asker(type: string) {
  return setup({}).createMachine({
    initial: 'waiting',
    states: {
      waiting: { entry: sendTo(({ self }) => self, { type: 'GO' }), on: { GO: 'over' } },
      over: { entry: sendTo(({ system }) => system.get('light'), { type }), type: 'final' },
    },
  });
}
const system = defineSystem({
  name: 'light',
  actors: { light: { logic: light }, a: { logic: asker('ON.a') }, b: { logic: asker('ON.b') } },
});
const QUIET = { builtIn: { deadlock: false } } as const;

describe('world.lastStep', () => {
  it('is the step that led to the state, and nothing in the initial state', async () => {
    const seen = new Set<string>();
    await check(system, {
      ...QUIET,
      properties: [
        never('looks', ({ lastStep }) => {
          seen.add(lastStep ? `${lastStep.kind} ${lastStep.actor} ${lastStep.event.type}` : 'none');
          return false;
        }),
      ],
    });
    expect([...seen].sort()).toEqual([
      'message a GO',
      'message b GO',
      'message light ON.a',
      'message light ON.b',
      'none',
    ]);
  });

  it.each(['bfs', 'dfs'] as const)(
    'is asked for after every step, %s: also after one to a state that was there before',
    async (order) => {
      // Both orders of asking end in one state; each of the last steps must be seen.
      const strategy = exhaustive({ order });
      const last = (type: string) =>
        reachable(`all is over, and ${type} came last`, (world) => {
          const isOver = ['a', 'b'].every((name) => world.snapshot(name)?.status === 'done');
          return isOver && world.mailbox('light').length === 0 && world.lastStep?.event.type === type;
        });
      const { witnesses, statistics } = await check(system, {
        ...QUIET,
        strategy,
        properties: [last('ON.a'), last('ON.b'), last('GO')],
      });
      expect(Object.values(witnesses).map(({ reached }) => reached)).toEqual([true, true, false]);
      expect(witnesses['all is over, and ON.b came last']?.schedule?.split(' ').length).toBe(4);
      const whole = exhaustive({ order, reduction: false });
      const plain = await check(system, { ...QUIET, strategy: whole });
      expect(statistics).toMatchObject({
        states: plain.statistics.states,
        transitions: plain.statistics.transitions,
      });
    },
  );

  it('violates after a shortest run, and again when that is replayed', async () => {
    const properties = [
      always('nobody is told while it is on', (world) => {
        const { lastStep } = world;
        return !(lastStep?.actor === 'light' && Object(lastStep.before).value === 'on');
      }),
      never('b sends', (world) => world.lastStep?.sent.some(({ event }) => event.type === 'ON.b') ?? false),
    ];
    const outcome = await check(system, { ...QUIET, properties, bounds: { violations: 2 } });
    expect(
      outcome.violations.map(({ property, schedule, shortest }) => [property, schedule, shortest]),
    ).toEqual([
      ['b sends', 'b', true],
      ['b sends', 'a b', true],
    ]);
    const first = await check(system, { ...QUIET, properties: properties.slice(0, 1) });
    const schedule = first.violations[0]?.schedule ?? '';
    expect(schedule.split(' ').length).toBe(4);
    const again = replay(system, schedule, { ...QUIET, properties: properties.slice(0, 1) });
    expect(again.findings).toMatchObject([{ property: 'nobody is told while it is on', afterSteps: 4 }]);
  });

  it('may be read in some states only: what was missed before is looked at anew', async () => {
    const hidden = never('hidden', (world) => {
      if (world.snapshot('light')?.value !== 'on' || world.mailbox('light').length > 0) return false;
      return world.lastStep?.event.type === 'ON.b' && world.snapshot('a')?.status === 'done';
    });
    const { violations } = await check(system, { ...QUIET, properties: [hidden] });
    expect(violations.map(({ schedule }) => schedule.split(' ').length)).toEqual([4]);
  });

  it('says where it threw', async () => {
    const throwing = never('throws', (world) => {
      if (world.lastStep?.event.type === 'ON.a') throw new Error('seen');
      return false;
    });
    await expect(check(system, { ...QUIET, properties: [throwing] })).rejects.toThrow(
      "the property 'throws' threw: seen; after a light",
    );
    expect(() => replay(system, 'a light', { ...QUIET, properties: [throwing] })).toThrow(
      "the property 'throws' threw: seen; after a light",
    );
  });

  it('may be what has to come: every fair run takes such a step', async () => {
    const comes = eventually('the light hears a', ({ lastStep }) => lastStep?.event.type === 'ON.a');
    const never = eventually('nobody says so', ({ lastStep }) => lastStep?.event.type === 'NEVER');
    const { violations } = await check(system, { ...QUIET, properties: [comes, never] });
    expect(violations.map(({ property, steps }) => [property, steps.length])).toEqual([
      ['nobody says so', 4],
    ]);
    const { findings } = replay(system, violations[0]?.schedule ?? '', {
      ...QUIET,
      properties: [comes, never],
    });
    expect(findings.map(({ property }) => property)).toEqual(['nobody says so']);
  });

  it('may be what has to come into a state that others lead to as well', async () => {
    // Whoever asks last, the light is on in the end; a run in which b comes first takes no such step.
    const first = eventually(
      'a switches it on',
      ({ lastStep }) =>
        lastStep?.event.type === 'ON.a' &&
        isMachineSnapshot(lastStep.before) &&
        lastStep.before.value === 'off',
    );
    const { violations } = await check(system, { ...QUIET, properties: [first] });
    expect(violations.map(({ steps }) => steps.map(({ event }) => event.type).indexOf('ON.b'))).toEqual([1]);
  });
});
