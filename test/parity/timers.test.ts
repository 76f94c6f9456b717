import { describe, expect, test } from 'vitest';
import { type AnyActorRef, createMachine, raise, sendParent, sendTo, spawnChild, stopChild } from 'xstate';
import { addOne, answering, context, note, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

const self = ({ self }: { self: AnyActorRef }): AnyActorRef => self;
const hears = { '*': { actions: noteEvent() } };

describe('after', () => {
  test('it counts from entry, anew after each re-entry, and stops when the state is left', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: { after: { 50: 'b' }, on: { AGAIN: { target: 'a', reenter: true }, STAY: { target: 'a' } } },
        b: { entry: note('b'), after: { 500: 'c' }, on: { BACK: 'a' } },
        c: { entry: note('c') },
      },
    });
    const script = [
      [10, 'AGAIN'],
      [30, 'STAY'],
      [59, 'AGAIN'],
      [108, 'STAY'],
      [200, 'BACK'],
    ] as const;
    expect(expectParity(machine, script).log).toBe('bbc');
  });

  test('named and computed delays are taken when the state is entered', () => {
    const machine = createMachine(
      {
        types,
        context,
        initial: 'a',
        states: {
          a: {
            after: {
              short: { actions: note('s') },
              growing: { target: 'a', reenter: true, actions: [note('g'), addOne] },
            },
          },
        },
        on: { NOW: { actions: note('!') } },
      },
      { delays: { short: 5, growing: ({ context }) => 20 * (context.n + 1) } },
    );
    expect(
      expectParity(machine, [
        [19, 'NOW'],
        [21, 'NOW'],
        [59, 'NOW'],
        [61, 'NOW'],
      ]).log,
    ).toMatch(/^s!g!s!g!s/);
  });

  test('several delays and guards of one state', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: {
          after: {
            10: { guard: ({ context }) => context.n > 0, target: 'b' },
            20: [{ guard: () => false, target: 'b' }, { actions: [note('20'), addOne] }],
            30: { target: 'b' },
          },
        },
        b: { entry: note('b') },
      },
    });
    expect(expectParity(machine).log).toBe('20b');
  });
});

describe('raise and sendTo with delay', () => {
  test('both wait, and delay 0 is a wait too', () => {
    const machine = createMachine({
      types,
      context,
      entry: [raise({ type: 'LATER' }, { delay: 20 }), sendTo(self, { type: 'SOON' }, { delay: 10 })],
      on: {
        GO: { actions: [raise({ type: 'ZERO' }, { delay: 0 }), sendTo(self, { type: 'OWN' }), note('!')] },
        ...hears,
      },
    });
    expect(expectParity(machine, ['GO']).log).toBe('SOON LATER !OWN ZERO ');
  });

  test('equal deadlines of one actor keep the order of arming', () => {
    const machine = createMachine({
      types,
      context,
      entry: [
        raise({ type: 'a' }, { delay: 10 }),
        raise({ type: 'b' }, { delay: 10 }),
        raise({ type: 'c' }, { delay: 10 }),
      ],
      after: { 10: { actions: note('after ') } },
      on: {
        b: { actions: [noteEvent(), raise({ type: 'd' }, { delay: 0 }), raise({ type: 'e' })] },
        ...hears,
      },
    });
    expect(expectParity(machine).log).toBe('a b e c after d ');
  });

  test('a delay may be computed or named', () => {
    const machine = createMachine(
      {
        types,
        context: { ...context, n: 5 },
        entry: [
          raise({ type: 'named' }, { delay: 'slow' }),
          raise({ type: 'computed' }, { delay: ({ context }) => context.n }),
          sendTo(self, ({ context }) => ({ type: `sent${context.n}` }), {
            delay: ({ context }) => context.n + 1,
          }),
        ],
        on: hears,
      },
      { delays: { slow: 30 } },
    );
    expect(expectParity(machine).log).toBe('computed sent5 named ');
  });

  test('a delayed message finds its receiver ended, or stopped, and is lost', () => {
    const machine = createMachine(
      {
        types,
        context,
        entry: [spawnChild('answering', { id: 'a' }), spawnChild('answering', { id: 'b' })],
        on: {
          GO: {
            actions: [
              sendTo('a', { type: 'PING' }, { delay: 10 }),
              sendTo('a', { type: 'PING' }, { delay: 30 }),
              sendTo('b', { type: 'PING' }, { delay: 31 }),
              sendTo('a', { type: 'END' }, { delay: 20 }),
              raise({ type: 'STOP' }, { delay: 21 }),
            ],
          },
          STOP: { actions: stopChild('b') },
          ...hears,
        },
      },
      { actors: { answering } },
    );
    expect(expectParity(machine, ['GO']).log).toBe('PONG xstate.done.actor.a ');
  });

  test('the timers of a stopped child are gone', () => {
    const child = createMachine({
      types,
      context,
      entry: sendParent({ type: 'LATE' }, { delay: 20 }),
      after: { 25: { actions: sendParent({ type: 'AFTER' }) } },
    });
    const machine = createMachine(
      {
        types,
        context,
        invoke: { src: 'child', id: 'kept' },
        initial: 'a',
        states: { a: { invoke: { src: 'child', id: 'left' }, on: { GO: 'b' } }, b: {} },
        on: hears,
      },
      { actors: { child } },
    );
    expect(expectParity(machine, [[10, 'GO']]).log).toBe('LATE AFTER ');
  });
});
