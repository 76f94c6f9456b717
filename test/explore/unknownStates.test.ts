import { describe, expect, test } from 'vitest';
import { fromTransition, sendTo, setup } from 'xstate';
import { check, defineSystem, exhaustive, never, type Property, type WorldView } from '../../src/index.js';
import { reportLines } from '../../src/render/report.js';

/** `matches('critcal')` is never true, so `never` holds for no good reason: the outcome says which states no machine has. */

const lamp = setup({}).createMachine({
  id: 'lamp',
  type: 'parallel',
  tags: ['idle'],
  states: {
    light: {
      initial: 'off',
      states: {
        off: { tags: 'dark', on: { TURN: 'on' } },
        on: { initial: 'dim', states: { dim: { on: { TURN: 'full' } }, full: { type: 'final' } } },
      },
    },
    'v1.2': { initial: 'new', states: { new: {}, old: {} } },
  },
});
const hand = setup({}).createMachine({
  tags: ['idle'],
  entry: [
    sendTo(({ system }) => system.get('lamp'), { type: 'TURN' }),
    sendTo(({ system }) => system.get('lamp'), { type: 'TURN' }),
  ],
});
const counter = fromTransition((n: number) => n + 1, 0);
const system = defineSystem({
  name: 'lamp',
  actors: { hand: { logic: hand }, lamp: { logic: lamp }, counter: { logic: counter } },
});
const builtIn = { deadlock: false };

const asking = (name: string, ...asked: Parameters<Lamp['matches']>[]): Property =>
  never(name, (world) => asked.map(([state]) => lampOf(world)?.matches(state)).includes(undefined));
type Lamp = NonNullable<ReturnType<WorldView['snapshot']>>;
const lampOf = (world: WorldView): Lamp | undefined => world.snapshot('lamp');

const unknown = async (...properties: Property[]) =>
  (await check(system, { properties, builtIn })).unknownStates;

describe('a state that no machine has', () => {
  test('is reported with the property and the address, as it was asked for; sorted', async () => {
    const found = await unknown(
      never('tag', (world) => lampOf(world)?.hasTag('drak') === true),
      asking('names', ['lit'], [{ light: { on: 'dimm' } }], ['light.of'], ['off'], ['v1.2']),
    );
    const names = { property: 'names', address: 'lamp' };
    expect(found).toEqual([
      { property: 'tag', address: 'lamp', asked: { hasTag: 'drak' } },
      { ...names, asked: { matches: 'light.of' } },
      { ...names, asked: { matches: 'lit' } },
      { ...names, asked: { matches: 'off' } },
      { ...names, asked: { matches: 'v1.2' } },
      { ...names, asked: { matches: { light: { on: 'dimm' } } } },
    ]);
  });

  test('is none that the machine can be in, though it never is', async () => {
    const outcome = await check(system, {
      properties: [
        asking('names', ['light'], ['light.on.full'], [{ light: 'on', 'v1.2': 'old' }], ['v1\\.2.old'], [{}]),
        never(
          'tag',
          (world) => lampOf(world)?.hasTag('dark') === true && lampOf(world)?.hasTag('idle') === false,
        ),
      ],
      builtIn,
    });
    expect(outcome.verdict).toBe('holds');
    expect(outcome).not.toHaveProperty('unknownStates');
  });

  test('is the same without reduction', async () => {
    const { unknownStates } = await check(system, {
      properties: [asking('x', ['lit'])],
      builtIn,
      strategy: exhaustive({ reduction: false }),
    });
    expect(unknownStates).toEqual([{ property: 'x', address: 'lamp', asked: { matches: 'lit' } }]);
  });

  test('is a line of the report, which changes no verdict', async () => {
    const outcome = await check(system, {
      properties: [
        asking('x', [{ light: 'of' }]),
        never('y', (world) => lampOf(world)?.hasTag('drak') === true),
      ],
      builtIn,
    });
    expect(outcome.verdict).toBe('holds');
    expect(reportLines(outcome)).toEqual(
      expect.arrayContaining([
        "property 'x' asked whether 'lamp' is in 'light.of', and its machine has no such state",
        "property 'y' asked whether 'lamp' has the tag 'drak', and no state of its machine has it",
      ]),
    );
  });
});

test('a snapshot answers as that of XState does, and is one object as long as the actor is in one state', async () => {
  const outcome = await check(system, {
    properties: [
      never('is another', (world) => new Set([lampOf(world), lampOf(world)]).size > 1),
      never(
        'is never off',
        (world) => lampOf(world)?.matches({ light: 'off' }) === lampOf(world)?.matches('light.on'),
      ),
      never('is dark', (world) => lampOf(world)?.hasTag('dark') !== lampOf(world)?.matches('light.off')),
      never('counts', (world) => Object.hasOwn(world.snapshot('counter') ?? {}, 'matches')),
    ],
    builtIn,
  });
  expect(outcome.verdict).toBe('holds');
});
