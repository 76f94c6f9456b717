import { describe, expect, it } from 'vitest';
import { type AnyActorLogic, sendTo, setup, stopChild } from 'xstate';
import { requestsSystem } from '../../../bench/model.js';
import { Claims, monitorsOf } from '../../../src/explore/claims.js';
import { type Omission, ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import {
  check,
  defineSystem,
  exhaustive,
  monitor,
  never,
  threads,
  until,
  write,
} from '../../../src/index.js';
import { World } from '../../../src/runtime/world.js';
import { draws, generate, type Mode } from '../../runtime/abstractSystem.js';
import { translate } from '../../runtime/translation.js';
import { differences, runToEnd, type Whole, wholeOf } from './agreement.js';
import { actorAtoms, memoryAtoms } from './atoms.js';

/** What a breadth-first search gets wrong that leaves something out, and what it gets wrong that leaves out nothing. */
function lost(whole: Whole | undefined, rand: () => number, omission: Omission): [string[], string[]] {
  if (!whole) throw new Error('the system is small');
  const seed = rand();
  const wrong = (omissions: Omission[]): string[] => [
    ...differences(whole, 'bfs', draws(seed * 2 ** 31), new Set(omissions)).wrong,
  ];
  return [wrong([omission]), wrong([])];
}

/** A parent whose step stops a child that was about to do something. */
const hasty = (child: AnyActorLogic, on: 'GO' | 'LATER') =>
  setup({ actors: { child } }).createMachine({
    invoke: { src: 'child', id: 'child' },
    initial: 'before',
    states: {
      before: {
        entry: [sendTo('child', { type: 'DO' }), sendTo(({ self }) => self, { type: 'GO' })],
        on: { GO: { target: 'after', actions: on === 'GO' ? stopChild('child') : [] } },
      },
      after: { after: on === 'LATER' ? { 1: { actions: stopChild('child') } } : {} },
    },
  });

const doing = setup({}).createMachine({ initial: 'a', states: { a: { on: { DO: 'b' } }, b: {} } });
const waiting = setup({}).createMachine({ initial: 'a', states: { a: { after: { 5: 'b' } }, b: {} } });

describe('each condition of a reduced search is needed', () => {
  it.each([
    {
      omission: 'C0 stops',
      system: defineSystem({ name: 'stops', actors: { p: { logic: hasty(doing, 'GO') } } }),
    },
    {
      omission: 'C0 arms',
      system: defineSystem({ name: 'arms', actors: { p: { logic: hasty(waiting, 'LATER') } } }),
    },
  ] as const)('$omission: what a child was about to do is lost', ({ omission, system }) => {
    const [without, withIt] = lost(wholeOf(system, actorAtoms(['p']), 50), draws(1), omission);
    expect(withIt).toEqual([]);
    expect(without).toEqual([expect.stringMatching(/local steps, not/)]);
  });

  it('C1 waits: a thread that waits is never seen to go on', () => {
    const logic = threads({
      memory: { x: 0, y: 0 },
      threads: {
        writes: function* (memory) {
          yield* write(memory, 'x', 1);
          yield* write(memory, 'x', 2);
        },
        waits: function* (memory) {
          yield* until(() => memory.x === 1);
          yield* write(memory, 'y', 1);
        },
      },
    });
    const system = defineSystem({ name: 'waits', actors: { program: { logic } } });
    const whole = wholeOf(system, memoryAtoms('program', ['x', 'y']), 50);
    const [without, withIt] = lost(whole, draws(1), 'C1 waits');
    expect(withIt).toEqual([]);
    expect(without).not.toEqual([]);
  });

  // Generated systems that were found by trying.
  it.each([
    { omission: 'C0 offers', mode: 'urgent', seed: 16 },
    { omission: 'C0 timers', mode: 'free', seed: 11 },
    { omission: 'C1', mode: 'urgent', seed: 4 },
    { omission: 'C1 looks', mode: 'urgent', seed: 4 },
    { omission: 'C2', mode: 'ordered', seed: 2864 },
    { omission: 'C3', mode: 'urgent', seed: 85 },
    { omission: 'starting over', mode: 'urgent', seed: 4, instead: 'reopening' },
    { omission: 'reopening', mode: 'urgent', seed: 4, instead: 'starting over' },
  ] as const satisfies readonly { omission: Omission; mode: Mode; seed: number; instead?: Omission }[])(
    '$omission, in system $seed',
    ({ omission, mode, seed, ...rest }) => {
      const system = generate(draws(seed), mode, true);
      const addresses = system.names.flatMap((name) => [name, `${name}/c`, `${name}/c~1`]);
      const whole = wholeOf(translate(system), actorAtoms(addresses), 300);
      if (!whole) throw new Error('the system is small');
      const wrong = (omissions: Omission[]) =>
        differences(whole, 'bfs', draws(seed * 7), new Set(omissions)).wrong;
      // What is relied upon wrongly is mended in one of two ways.
      const others: Omission[] = 'instead' in rest ? [rest.instead] : [];
      expect(wrong(others)).toEqual([]);
      expect(wrong([omission, ...others])).not.toEqual([]);
    },
  );
});

describe('a reduced search', () => {
  it('takes the steps that a monitor waits for in every order', () => {
    const own = setup({}).createMachine({
      initial: 'a',
      states: {
        a: { entry: sendTo(({ self }) => self, { type: 'GO' }), on: { GO: 'b' } },
        b: { tags: ['idle'] },
      },
    });
    const system = defineSystem({ name: 'pair', actors: { a: { logic: own }, b: { logic: own } } });
    const watching = setup({}).createMachine({
      initial: 'open',
      states: {
        open: { on: { 'a.GO': 'fine', 'b.GO': 'late' } },
        fine: {},
        late: { tags: ['violation'] },
      },
    });
    const properties = [monitor('a goes first', watching)];
    const search = (omissions: Omission[]): string => {
      const world = new World(system, monitorsOf(properties));
      const limits = { states: 100, depth: 100, violations: 1 };
      return runToEnd(
        new ReducedSearch(world, new Claims(world, properties), limits, 'bfs', 64, new Set(omissions)),
      );
    };
    expect([search([]), search(['C2'])]).toEqual(['violations', 'exhausted']);
  });

  it('learns what a step touches that a monitor sees, right behind one that is remembered', async () => {
    const to = (name: string, type: string) => sendTo(({ system: { get } }) => get(name), { type });
    const toSelf = (type: string) => sendTo(({ self }) => self, { type });
    const hurried = setup({}).createMachine({
      initial: 'fresh',
      states: {
        fresh: { entry: toSelf('GO'), on: { GO: { target: 'gone', actions: toSelf('NEXT') } } },
        gone: { on: { NEXT: 'slow', HURRY: 'fast' } },
        slow: {},
        fast: {},
      },
    });
    const hurries = setup({}).createMachine({
      initial: 'off',
      states: {
        off: { on: { ARM: 'armed' } },
        armed: { after: { 1: { target: 'done', actions: to('a', 'HURRY') } } },
        done: {},
      },
    });
    const arms = setup({}).createMachine({
      initial: 'on',
      states: { on: { after: { 1: 'off' } }, off: { after: { 1: 'over' } }, over: { entry: to('b', 'ARM') } },
    });
    // Its steps change nothing: they are soon remembered.
    const ticks = setup({}).createMachine({
      initial: 'on',
      states: { on: { after: { 1: 'off' } }, off: { after: { 1: 'on' } } },
    });
    const watching = setup({}).createMachine({
      initial: 'open',
      states: { open: { on: { 'b.xstate.*': 'closed' } }, closed: {} },
    });
    const { verdict } = await check(
      defineSystem({
        name: 'hurry',
        timers: 'free',
        actors: { a: { logic: hurried }, b: { logic: hurries }, c: { logic: arms }, d: { logic: ticks } },
      }),
      {
        properties: [
          monitor('b fires', watching),
          never('a was hurried', (world) => world.snapshot('a')?.value === 'fast'),
        ],
        builtIn: { deadlock: false },
      },
    );
    expect(verdict).toBe('violated');
  });

  it('needs a few of the states', async () => {
    const states = async (reduction: boolean): Promise<number> => {
      const { verdict, statistics } = await check(requestsSystem(4, 2), {
        strategy: exhaustive({ reduction }),
      });
      expect(verdict).toBe('holds');
      return statistics.states;
    };
    expect([await states(false), await states(true)]).toEqual([286_800, 10_271]);
  });
});
