import { type AnyActorRef, type AnyStateMachine, assign, sendParent, setup } from 'xstate';
import { defineSystem, type System } from '../../src/index.js';
import type { SeenStep } from '../../src/runtime/stepLabels.js';
import { draws, type Mode } from '../runtime/abstractSystem.js';

/** A system, and a state chart that watches it. */
export interface Everything {
  readonly system: System;
  readonly watching: AnyStateMachine;
}

type Int = (n: number) => number;
type GuardOf = (memory: Memory) => boolean;

const EVENTS = ['e0', 'e1', 'e2'] as const;
const IDS = ['t0', 't1'] as const;

/**
 * A random state chart with history, regions, an invoked actor, a child that comes and goes, and delayed events with ids; beside it an
 * actor to which the environment may do things, depending on what the chart is doing; and a chart that watches both.
 */
export function everything(seed: number, timers: Mode): Everything {
  const rand = draws(seed);
  const int: Int = (n) => Math.floor(rand() * n);
  const actors = { chart: { logic: chart(int) }, driver: { logic: driver(int) } };
  const start = int(4) === 0 ? 'any' : 'declared';
  return {
    system: defineSystem({ name: 'everything', timers, start, actors }),
    watching: watcher(int),
  };
}

interface Memory {
  readonly me: AnyActorRef;
  readonly n: number;
  readonly hasKid: boolean;
}

function chart(int: Int): AnyStateMachine {
  const pick = <T>(all: readonly [T, ...T[]]): T => all[int(all.length)] ?? all[0];
  const kid = setup({}).createMachine({
    initial: 'young',
    entry: int(2) === 0 ? sendParent({ type: 'e0' }) : [],
    states: { young: int(2) === 0 ? { after: { 1: 'old' } } : {}, old: { type: 'final' } },
  });
  const world = setup({ types: { context: {} as Memory }, actors: { kid } });
  const isDriverAway = ({ me }: Memory): boolean => me.system.get('driver')?.getSnapshot().value === 'away';
  const comeOrGo = world.enqueueActions(({ context, enqueue }) => {
    if (context.hasKid) enqueue.stopChild('kid');
    else enqueue.spawnChild('kid', { id: 'kid' });
    enqueue.assign({ hasKid: !context.hasKid });
  });
  const actions = () =>
    Array.from({ length: int(3) }, () =>
      pick([
        world.assign({ n: ({ context }) => 1 - context.n }),
        world.sendTo(({ self }) => self, { type: pick(EVENTS) }),
        world.sendTo(({ system }) => system.get('driver'), { type: 'NOTE' }),
        world.sendTo(({ self }) => self, { type: pick(EVENTS) }, { delay: 1 + int(2), id: pick(IDS) }),
        world.raise({ type: pick(EVENTS) }, { delay: 1 + int(2), id: pick(IDS) }),
        world.cancel(pick(IDS)),
        world.emit({ type: 'noted' }),
        comeOrGo,
        comeOrGo,
      ]),
    );
  const targets = ['x', 'y', 'y.past', 'y.past', 'y.a', 'y.b', 'y.b.d', 'z', 'z.p.two', 'w'] as const;
  const guards: [GuardOf, ...GuardOf[]] = [() => true, () => true, isDriverAway, ({ n }) => n === 1];
  const on = () =>
    Object.fromEntries(
      EVENTS.flatMap((event) => {
        if (int(3) === 0) return [];
        const holds = pick(guards);
        const guard = ({ context }: { context: Memory }) => holds(context);
        return [[event, { target: `#chart.${pick(targets)}`, actions: actions(), guard }]];
      }),
    );
  const atomic = () => ({
    on: on(),
    ...(int(5) === 0 ? { after: { [1 + int(2)]: `#chart.${pick(targets)}` } } : {}),
  });
  const region = () => ({ initial: 'one', states: { one: atomic(), two: atomic() } });
  return world.createMachine({
    id: 'chart',
    context: ({ self }) => ({ me: self, n: 0, hasKid: false }),
    initial: pick(['x', 'y', 'z']),
    on: { 'xstate.done.actor.kid': { actions: [world.stopChild('kid'), world.assign({ hasKid: false })] } },
    states: {
      x: atomic(),
      y: {
        initial: 'a',
        on: on(),
        states: {
          a: atomic(),
          b: { initial: 'c', states: { c: atomic(), d: atomic() } },
          past: { type: 'history', history: pick(['shallow', 'deep']) },
        },
      },
      z: { type: 'parallel', on: on(), states: { p: region(), q: region() } },
      w: {
        ...atomic(),
        invoke: { src: 'kid', id: 'helper', systemId: 'helper', onDone: { target: 'x', actions: actions() } },
      },
    },
  });
}

/** The environment may tell it things, once or twice each, which it does not always hear; what it hears it passes on. */
function driver(int: Int): AnyStateMachine {
  const told = [...new Set(Array.from({ length: 2 + int(2) }, () => EVENTS[int(EVENTS.length)] ?? 'e0'))];
  const wants = int(2);
  const driving = setup({ types: { context: {} as { readonly me: AnyActorRef } } });
  const passed = Object.fromEntries(
    told.map((type) => [
      `tell ${type}`,
      {
        guard: ({ context: { me } }: { context: { readonly me: AnyActorRef } }) =>
          (me.system.get('chart')?.getSnapshot().context.n ?? wants) === wants,
        actions: driving.sendTo(({ system }) => system.get('chart'), { type }),
      },
    ]),
  );
  return driving.createMachine({
    context: ({ self }) => ({ me: self }),
    meta: { offers: told.map((type) => ({ type: `tell ${type}`, times: 1 + int(2) })) },
    on: passed,
    initial: 'here',
    states: { here: { on: { NOTE: 'away' } }, away: { on: { NOTE: 'here' } } },
  });
}

/** Counts, up to two, some of the steps that it sees. */
function watcher(int: Int): AnyStateMachine {
  const descriptors = ['chart.*', 'driver.*', 'chart/kid.*', 'chart.e0', 'driver.NOTE', '*'];
  const some = Array.from({ length: 2 }, () => descriptors[int(descriptors.length)] ?? '*');
  const needsSends = int(2) === 0;
  const types = {
    context: {} as { readonly seen: number },
    events: {} as SeenStep & { readonly type: string },
  };
  return setup({ types }).createMachine({
    context: { seen: 0 },
    on: Object.fromEntries(
      some.map((descriptor) => [
        descriptor,
        {
          guard: ({ event }: { event: SeenStep }) =>
            !needsSends || event.sent.length + event.emitted.length > 0,
          actions: assign({ seen: ({ context }) => Math.min(2, context.seen + 1) }),
        },
      ]),
    ),
  });
}
