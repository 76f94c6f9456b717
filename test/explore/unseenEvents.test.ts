import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, raise, sendTo, setup } from 'xstate';
import { check, defineSystem, exhaustive, monitor, preempt, threads } from '../../src/index.js';
import { reportLines } from '../../src/render/report.js';

/** A monitor that waits for what no step is says nothing of the system: the outcome names what it waits for. */

const turn = sendTo(({ system }) => system.get('lamp'), { type: 'TURN' });
const lamp = setup({}).createMachine({
  id: 'lamp',
  initial: 'off',
  states: {
    off: {
      tags: ['idle'],
      meta: { offers: [{ type: 'KICK', times: 1 }] },
      on: { TURN: 'on', KICK: 'broken' },
    },
    on: { tags: ['idle'], after: { 10: 'off' }, on: { TURN: 'off' } },
    broken: { tags: ['idle'] },
  },
});
const TIMEOUT = 'lamp.xstate.after.10.lamp.on';
const hand = setup({}).createMachine({ initial: 'done', states: { done: { entry: turn, type: 'final' } } });
const system = defineSystem({
  name: 'lamp',
  actors: {
    lamp: { logic: lamp },
    left: { logic: hand },
    right: { logic: hand },
    program: {
      logic: threads({
        memory: {},
        threads: {
          *a() {
            yield* preempt();
          },
        },
      }),
    },
  },
});

const waitingFor = (...events: string[]): AnyStateMachine =>
  setup({}).createMachine({ on: Object.fromEntries(events.map((event) => [event, {}])) });

async function unseen(machine: AnyStateMachine, reduction = true) {
  const outcome = await check(system, {
    properties: [monitor('m', machine)],
    strategy: exhaustive({ reduction }),
  });
  expect(outcome.verdict).toBe('holds');
  return outcome.unseenEvents;
}

describe('what a monitor waits for and no step is', () => {
  test.each([true, false])('is named, by whatever it is misspelt (reduction: %s)', async (reduction) => {
    const machine = waitingFor('lamp.TRUN', 'lmap.TURN', 'lamp.TURN', 'lmap.*', 'left.TURN', 'TURN');
    expect(await unseen(machine, reduction)).toEqual([
      { property: 'm', event: 'TURN' },
      { property: 'm', event: 'lamp.TRUN' },
      { property: 'm', event: 'left.TURN' },
      { property: 'm', event: 'lmap.*' },
      { property: 'm', event: 'lmap.TURN' },
    ]);
  });

  test.each([true, false])(
    'is nothing that a message, a timer, an offer or a thread does',
    async (reduction) => {
      const machine = waitingFor('lamp.TURN', 'lamp.KICK', TIMEOUT, 'program.preempt', 'lamp.*', '*');
      expect(await unseen(machine, reduction)).toBeUndefined();
    },
  );

  test('is nothing that comes only where the monitor does not wait for it, or has ended', async () => {
    const impatient = setup({}).createMachine({
      initial: 'first',
      states: {
        first: { on: { 'lamp.TURN': 'over' } },
        over: { type: 'final', on: { [TIMEOUT]: {} } },
      },
    });
    expect(await unseen(impatient)).toBeUndefined();
  });

  test('is nothing that it raises itself', async () => {
    const machine = setup({}).createMachine({
      on: { 'lamp.TURN': { actions: raise({ type: 'AGAIN' }) }, AGAIN: {}, NEVER: {} },
    });
    expect(await unseen(machine)).toEqual([{ property: 'm', event: 'NEVER' }]);
  });

  test('is not told by a search that has not seen every schedule', async () => {
    const properties = [monitor('m', waitingFor('lamp.TRUN'))];
    const outcome = await check(system, { properties, bounds: { states: 3 } });
    expect(outcome.verdict).toBe('inconclusive');
    expect(outcome).not.toHaveProperty('unseenEvents');
  });

  test('is a line of the report, which changes no verdict', async () => {
    const outcome = await check(system, { properties: [monitor('m', waitingFor('lamp.TRUN'))] });
    expect(reportLines(outcome)).toContain("monitor 'm' waits for 'lamp.TRUN', which no step ever was");
  });
});
