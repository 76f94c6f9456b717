import { describe, expect, test } from 'vitest';
import { type AnyStateMachine, createMachine, emit, raise, sendTo } from 'xstate';
import { addOne, assignChart, context, fails, note, types } from './chart.js';
import { expectParity } from './comparison.js';

describe('a machine fails', () => {
  const onEvent = createMachine({
    types,
    context,
    initial: 'a',
    states: {
      a: {
        on: {
          ACTION: {
            target: 'b',
            actions: [addOne, note('lost'), emit({ type: 'lost' }), raise({ type: 'NO' }), fails],
          },
          ASSIGN: { target: 'b', actions: [addOne, assignChart({ log: fails })] },
          GUARD: { target: 'b', guard: fails, actions: addOne },
          DELAY: { target: 'b', actions: raise({ type: 'LATE' }, { delay: fails }) },
          EXPRESSION: { target: 'b', actions: sendTo(({ self }) => self, fails) },
          TARGET: { target: 'b', actions: sendTo('nobody', { type: 'HI' }) },
        },
      },
      b: {},
    },
    after: { 300: { actions: note('late') } },
  });

  test.each(['ACTION', 'ASSIGN', 'GUARD', 'DELAY', 'EXPRESSION', 'TARGET'])(
    'something throws on an event (%s): the state of before stays, the error is kept',
    (type) => {
      const { root, emitted } = expectParity(onEvent, ['STAY', type, type]);
      const error = expect.stringMatching(/boom|Unable/);
      expect(root).toMatchObject({ status: 'error', value: '"a"', error });
      expect(emitted).toEqual([]);
    },
  );

  test('an entry action that throws on an event', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: { entry: [note('b'), fails] } },
    });
    expect(expectParity(machine, ['GO']).root).toMatchObject({ status: 'error', value: '"a"' });
  });

  const atStart: [string, AnyStateMachine][] = [
    ['an action', createMachine({ types, context, entry: [note('x'), emit({ type: 'lost' }), fails] })],
    ['an assign', createMachine({ types, context, entry: [note('x'), assignChart({ log: fails })] })],
    ['a guard', createMachine({ types, context, always: { guard: fails, actions: note('x') } })],
    ['the context factory', createMachine({ types, context: fails })],
    ['a send', createMachine({ types, context, entry: sendTo('nobody', { type: 'HI' }) })],
  ];

  test.each(atStart)('%s throws at the start', (_what, machine) => {
    const error = expect.stringMatching(/boom|Unable/);
    expect(expectParity(machine, ['GO']).root).toMatchObject({ status: 'error', error });
    const parent = createMachine(
      {
        types,
        context,
        initial: 'off',
        states: {
          off: { on: { GO: 'on' } },
          on: { invoke: { src: 'child', id: 'kid', onError: { actions: note('told') } } },
        },
      },
      { actors: { child: machine } },
    );
    expect(expectParity(parent, ['GO']).log).toBe('told');
  });

  test('whatever is thrown is kept, if it is a value', () => {
    const machine = createMachine({
      types,
      context,
      on: {
        GO: {
          actions: () => {
            throw { code: 7 };
          },
        },
        TYPE: {
          actions: () => {
            throw new TypeError('odd');
          },
        },
      },
    });
    expect(expectParity(machine, ['GO']).root.error).toBe('{"code":7}');
    expect(expectParity(machine, ['TYPE']).root.error).toBe('"TypeError: odd"');
  });
});
