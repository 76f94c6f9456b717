import { afterEach, describe, expect, it, vi } from 'vitest';
import { assign, enqueueActions, setup } from 'xstate';
import { requestsSystem } from '../../bench/model.js';
import { Claims } from '../../src/explore/claims.js';
import { ExhaustiveSearch } from '../../src/explore/exhaustiveSearch.js';
import type { Order } from '../../src/explore/frontier.js';
import { defineSystem, type System } from '../../src/index.js';
import { QuickSteps } from '../../src/runtime/quickSteps.js';
import { World } from '../../src/runtime/world.js';
import { draws, generate } from '../runtime/abstractSystem.js';
import { translate } from '../runtime/translation.js';

const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;
const LIMITS = { states: 2000, depth: Number.POSITIVE_INFINITY, violations: 1 };
const { takeAll } = QuickSteps.prototype;

afterEach(() => {
  vi.restoreAllMocks();
});

/** How a search goes: each state's path, in the order in which states are met. */
function course(system: System, sleeps: boolean, order: Order = 'bfs') {
  let leftOut = 0;
  let asleepEver = 0;
  vi.spyOn(QuickSteps.prototype, 'takeAll').mockImplementation(function (
    this: QuickSteps,
    actors,
    slots,
    special,
    into,
    first,
    second,
    asleep,
    touched,
  ) {
    const before = into.leftOut;
    asleepEver |= asleep;
    const isTaken = takeAll.call(
      this,
      actors,
      slots,
      special,
      into,
      first,
      second,
      sleeps ? asleep : 0,
      touched,
    );
    leftOut += into.leftOut - before;
    return isTaken;
  });
  const world = new World(system);
  const search = new ExhaustiveSearch(world, new Claims(world, [], SILENT), LIMITS, order, 64);
  const steps = search.run();
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { states, transitions } = search.count;
  const paths = Array.from({ length: states }, (_, state) => search.pathTo(state).join());
  return { course: { end: step.value, transitions, paths }, leftOut, asleepEver };
}

/** Actors that get some notes each, and for each note send some to others, or not, as what they have got and what another has got says. */
function notes(rand: () => number, names: readonly string[]): System {
  const int = (n: number): number => Math.floor(rand() * n);
  const name = (): string => names[int(names.length)] ?? '';
  const actor = () => {
    const targets = Array.from({ length: 3 }, () => Array.from({ length: int(3) }, name));
    const watched = int(4) === 0 ? name() : undefined;
    return setup({ types: { context: {} as { got: number }, events: {} as { type: 'NOTE' } } }).createMachine(
      {
        context: { got: 0 },
        entry: enqueueActions(({ enqueue, self }) => {
          enqueue.sendTo(self, { type: 'NOTE' });
        }),
        on: {
          NOTE: {
            actions: [
              enqueueActions(({ context, enqueue, system }) => {
                const seen: unknown = watched && system.get(watched)?.getSnapshot().context.got;
                for (const [i, target] of (targets[context.got] ?? []).entries())
                  if (i === 0 || seen !== 1) enqueue.sendTo(system.get(target), { type: 'NOTE' });
              }),
              assign({ got: ({ context }) => Math.min(context.got + 1, 3) }),
            ],
          },
        },
      },
    );
  };
  return defineSystem({
    name: 'notes',
    actors: Object.fromEntries(names.map((each) => [each, { logic: actor() }])),
  });
}

/** How many steps are left out where states are met in the same order, by the same steps, as when no actor sleeps. */
function leftOutOf(systems: readonly System[]): number {
  return systems.reduce((sum, system, i) => {
    const asleep = course(system, true);
    // A search that is bounded ends with a batch, which holds more states when steps are left out.
    if (asleep.course.end !== 'exhausted') return sum;
    const awake = course(system, false);
    expect(asleep.course, `system ${i}`).toEqual(awake.course);
    expect(awake.leftOut).toBe(0);
    return sum + asleep.leftOut;
  }, 0);
}

describe('steps that sleep', () => {
  it('are left out where actors send notes, and watch each other', () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);
    const systems = seeds.map((seed) => notes(draws(seed), ['a', 'b', 'c', 'd'].slice(0, 3 + (seed % 2))));
    expect(leftOutOf(systems)).toBeGreaterThan(1000);
  });

  it('are left out in systems with timers, offers and children, if any', () => {
    const seeds = Array.from({ length: 25 }, (_, seed) => seed + 1);
    leftOutOf(seeds.map((seed) => translate(generate(draws(seed), 'free', true))));
  });

  it('are most that would meet a state again, in the system that the runtime is measured with', () => {
    const { course: met, leftOut } = course(requestsSystem(3, 1), true);
    const again = met.transitions - met.paths.length + 1;
    expect(leftOut / again).toBeGreaterThan(0.8);
    expect(leftOutOf([requestsSystem(3, 1)])).toBe(leftOut);
  });

  it('never belong to an actor that shares its bit with another', () => {
    const names = Array.from({ length: 40 }, (_, i) => `n${String(i).padStart(2, '0')}`);
    const quiet = setup({ types: { events: {} as { type: 'NOTE' } } }).createMachine({ on: { NOTE: {} } });
    const busy = setup({ types: { events: {} as { type: 'NOTE' } } }).createMachine({
      entry: enqueueActions(({ enqueue, self }) => {
        enqueue.sendTo(self, { type: 'NOTE' });
      }),
      initial: 'fresh',
      states: { fresh: { on: { NOTE: 'used' } }, used: {} },
    });
    // 2 and 34 have the same lower five bits.
    const actors = Object.fromEntries(
      names.map((each, i) => [each, { logic: [2, 5, 34, 37].includes(i) ? busy : quiet }]),
    );
    expect(leftOutOf([defineSystem({ name: 'many', actors })])).toBeGreaterThan(0);
  });

  it('are none depth first, where what stepped before is looked at later', () => {
    expect(course(requestsSystem(3, 1), true, 'dfs').asleepEver).toBe(0);
    expect(course(requestsSystem(3, 1), true, 'bfs').asleepEver).not.toBe(0);
  });
});
