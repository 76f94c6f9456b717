import { describe, expect, test } from 'vitest';
import { sendTo, setup, spawnChild } from 'xstate';
import {
  always,
  check,
  defineSystem,
  eventually,
  exhaustive,
  never,
  type Property,
  reachable,
} from '../../src/index.js';
import { reportLines } from '../../src/render/report.js';

/** A property that asks for an actor that never is holds, or fails, for no good reason: the outcome says whom it asked for. */

const child = setup({}).createMachine({
  initial: 'busy',
  states: { busy: { on: { STOP: 'over' } }, over: { type: 'final' } },
});
const parent = setup({ actors: { child } }).createMachine({
  initial: 'alone',
  tags: ['idle'],
  states: {
    alone: { meta: { offers: ['HIRE'] }, on: { HIRE: 'two' } },
    two: { entry: spawnChild('child', { id: 'helper' }) },
  },
});
const system = defineSystem({ name: 'house', actors: { driver: { logic: parent } } });
const builtIn = { deadlock: false };

const unknown = async (...properties: Property[]) =>
  (await check(system, { properties, builtIn })).unknownAddresses;

describe('an address that no actor ever had', () => {
  test('is reported with the property that asked for it, whatever it asked for', async () => {
    const found = await unknown(
      never('x', (world) => world.snapshot('drver')?.value === 'two'),
      never('mail', (world) => world.mailbox('a').length > 0),
      always('timers', (world) => world.timers('c').length + world.offers('b').length === 0),
      reachable('y', (world) => world.snapshot('driver/helpr') !== undefined),
      eventually('z', (world) => world.snapshot('drver') === undefined),
    );
    expect(found).toEqual([
      { property: 'x', address: 'drver' },
      { property: 'mail', address: 'a' },
      { property: 'timers', address: 'b' },
      { property: 'timers', address: 'c' },
      { property: 'y', address: 'driver/helpr' },
      { property: 'z', address: 'drver' },
    ]);
  });

  test('is the same without reduction', async () => {
    const properties = [never('x', (world) => world.snapshot('drver')?.value === 'two')];
    const { unknownAddresses } = await check(system, {
      properties,
      builtIn,
      strategy: exhaustive({ reduction: false }),
    });
    expect(unknownAddresses).toEqual([{ property: 'x', address: 'drver' }]);
  });

  test('is none when an actor comes to have it later, and then the outcome has no such field', async () => {
    const outcome = await check(system, {
      properties: [never('x', (world) => world.snapshot('driver/helper')?.status === 'done')],
      builtIn,
    });
    expect(outcome.verdict).toBe('holds');
    expect(outcome).not.toHaveProperty('unknownAddresses');
  });

  test('is none that is asked for in states only that are imagined, to know which changes matter', async () => {
    const worker = setup({}).createMachine({
      initial: 'out',
      tags: ['idle'],
      states: {
        out: { on: { ENTER: 'in' } },
        in: { on: { LEAVE: 'gone' } },
        gone: { entry: sendTo(({ system }) => system.get('b'), { type: 'ENTER' }) },
      },
    });
    const other = setup({}).createMachine({
      initial: 'out',
      tags: ['idle'],
      states: { out: { on: { ENTER: 'in' } }, in: {} },
    });
    const caller = setup({}).createMachine({
      entry: [
        sendTo(({ system }) => system.get('a'), { type: 'ENTER' }),
        sendTo(({ system }) => system.get('a'), { type: 'LEAVE' }),
      ],
      tags: ['idle'],
    });
    const bystander = setup({}).createMachine({
      entry: sendTo(({ self }) => self, { type: 'GO' }),
      initial: 'first',
      tags: ['idle'],
      states: { first: { on: { GO: 'last' } }, last: {} },
    });
    const apart = defineSystem({
      name: 'one after the other',
      actors: {
        caller: { logic: caller },
        a: { logic: worker },
        b: { logic: other },
        bystander: { logic: bystander },
      },
    });
    const both = never('both', (world) => {
      const areIn = ['a', 'b'].every((name) => world.snapshot(name)?.value === 'in');
      return areIn && world.snapshot('nobody') === undefined;
    });
    const outcome = await check(apart, { properties: [both] });
    expect(outcome.verdict).toBe('holds');
    expect(outcome.unknownAddresses).toBeUndefined();
  });

  test('is a line of the report, which changes no verdict', async () => {
    const outcome = await check(system, {
      properties: [never('x', (world) => world.snapshot('drver')?.value === 'two')],
      builtIn,
    });
    expect(outcome.verdict).toBe('holds');
    expect(reportLines(outcome)).toContain("property 'x' asked for 'drver', which no actor was ever called");
  });

  test('is told with less certainty when the search stopped early', async () => {
    const outcome = await check(system, {
      properties: [never('x', (world) => world.snapshot('driver/helper') === undefined)],
      builtIn,
    });
    expect(outcome.verdict).toBe('violated');
    expect(reportLines(outcome)).toContain(
      "property 'x' asked for 'driver/helper', which no actor was called so far",
    );
  });
});
