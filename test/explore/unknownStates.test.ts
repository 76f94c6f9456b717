import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type AnyMachineSnapshot, fromTransition, isMachineSnapshot, sendTo, setup } from 'xstate';
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
  after: { 1: {} },
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
/** Who stepped last, after that. */
const stepped = ({ lastStep }: WorldView): AnyMachineSnapshot | undefined =>
  lastStep?.after && isMachineSnapshot(lastStep.after) ? lastStep.after : undefined;

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

describe('a question that is no misspelling', () => {
  test('is one to whoever is there, or steps, when one of them has the state', async () => {
    const everybody = (world: WorldView) => world.addresses().map((address) => world.snapshot(address));
    const found = await unknown(
      never('anybody', (world) => everybody(world).filter((it) => it?.matches?.('light.off')).length > 1),
      never('nobody', (world) => everybody(world).some((it) => it?.matches?.('light.of'))),
      never('who steps', (world) => stepped(world)?.hasTag('dark') === true),
    );
    expect(found).toEqual([
      { property: 'nobody', address: 'hand', asked: { matches: 'light.of' } },
      { property: 'nobody', address: 'lamp', asked: { matches: 'light.of' } },
    ]);
  });

  test('is what no state can be called: XState answers, and nothing else happens', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['light'] = cycle;
    const asked = [undefined, { light: undefined }, { light: { on: undefined } }, [''], cycle, 3n, Symbol()];
    const ask = (world: WorldView, question: 'matches' | 'hasTag', about: unknown): unknown =>
      Reflect.apply(lampOf(world)?.[question] ?? (() => false), lampOf(world), [about]);
    const outcome = await check(system, {
      properties: [
        never('matches', (world) => asked.slice(2, 5).some((about) => ask(world, 'matches', about) === true)),
        never('matches a snapshot', (world) => ask(world, 'matches', world.snapshot('hand')) === false),
        never('has', (world) => asked.some((about) => ask(world, 'hasTag', about) === true)),
      ],
      builtIn,
    });
    expect(outcome.verdict).toBe('holds');
    expect(outcome).not.toHaveProperty('unknownStates');
  });
});

test('what was asked for is told as it was, though who asked went on with his object', async () => {
  const found = await unknown(
    never('x', (world) => {
      const asked = { light: 'of' };
      const answer = lampOf(world)?.matches(asked) === true;
      asked.light = 'on';
      return answer;
    }),
  );
  expect(found).toEqual([{ property: 'x', address: 'lamp', asked: { matches: { light: 'of' } } }]);
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
      never(
        'is another after the step to it',
        (world) =>
          stepped(world) !== undefined && stepped(world) !== world.snapshot(world.lastStep?.actor ?? ''),
      ),
      never('differs in its functions', (world) => {
        const of = (snapshot: Lamp | undefined): unknown[] => [snapshot?.matches, snapshot?.hasTag];
        return !isDeepStrictEqual(of(lampOf(world)), of(world.snapshot('hand')));
      }),
      never('counts', (world) => Object.hasOwn(world.snapshot('counter') ?? {}, 'matches')),
    ],
    builtIn,
  });
  expect(outcome.verdict).toBe('holds');
});
