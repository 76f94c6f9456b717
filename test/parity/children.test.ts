import { describe, expect, test } from 'vitest';
import { createMachine, sendTo, spawnChild } from 'xstate';
import { answering, assignChart, type ChartContext, context, kid, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

const hears = { '*': { actions: noteEvent() } };

describe('a child comes into being', () => {
  test('by spawnChild, with id, input and system id', () => {
    const child = createMachine({
      types,
      context: ({ input }) => ({ ...context, log: `in ${JSON.stringify(input)}` }),
    });
    const machine = createMachine(
      {
        types,
        context: { ...context, n: 7 },
        on: {
          GO: {
            actions: spawnChild('child', {
              id: ({ context }) => `c${context.n}`,
              systemId: 'named',
              input: ({ context }: { context: ChartContext }) => ({ n: context.n }),
            }),
          },
          WHO: { actions: assignChart({ log: ({ system }) => system.get('named')?.id ?? 'nobody' }) },
        },
      },
      { actors: { child } },
    );
    const { root, log } = expectParity(machine, ['GO', 'WHO']);
    expect(log).toBe('c7');
    expect(root.children).toMatchObject({ c7: { context: expect.stringContaining('in {') } });
  });

  test('by spawn in assign and in the context factory, with a ref to send to', () => {
    const machine = createMachine(
      {
        types,
        context: ({ spawn }) => ({ ...context, kid: spawn('answering', { id: 'first' }) }),
        entry: sendTo(kid, { type: 'PING' }),
        on: {
          GO: {
            actions: [
              assignChart({ kid: ({ spawn }) => spawn('answering', { id: 'second' }) }),
              sendTo(kid, { type: 'PING' }),
            ],
          },
          PONG: { actions: noteEvent(({ n }) => n) },
        },
      },
      { actors: { answering } },
    );
    const { root, log } = expectParity(machine, ['GO']);
    expect(log).toBe('1 1 ');
    expect(Object.keys(root.children)).toEqual(['first', 'second']);
  });

  test('without an id, by assign', () => {
    const machine = createMachine(
      {
        types,
        context,
        on: {
          GO: {
            actions: [assignChart({ kid: ({ spawn }) => spawn('answering') }), sendTo(kid, { type: 'PING' })],
          },
          ...hears,
        },
      },
      { actors: { answering } },
    );
    expect(expectParity(machine, ['GO', 'GO']).log).toBe('PONG PONG ');
  });

  test('without an id, by spawnChild: XState files it under "undefined"', () => {
    const machine = createMachine(
      { types, context, on: { GO: { actions: spawnChild('answering') }, ...hears } },
      { actors: { answering } },
    );
    expect(Object.keys(expectParity(machine, ['GO']).root.children)).toEqual(['undefined']);
  });

  test('by invoke, when the state is entered; leaving the state stops it', () => {
    const machine = createMachine(
      {
        types,
        context,
        initial: 'off',
        states: {
          off: { on: { GO: 'on' } },
          on: {
            invoke: { src: 'answering', id: 'kid' },
            entry: sendTo('kid', { type: 'PING' }),
            on: { GO: 'off', PONG: { actions: noteEvent() } },
          },
        },
      },
      { actors: { answering } },
    );
    const { sightings, log } = expectParity(machine, ['GO', 'GO', 'GO']);
    expect(log).toBe('PONG PONG ');
    expect(sightings.map(({ root }) => (root === 'gone' ? '' : Object.keys(root.children).join()))).toEqual([
      '',
      'kid',
      '',
      'kid',
    ]);
  });

  test('by invoke of an inline logic without an id: the state names it', () => {
    const machine = createMachine({
      types,
      context,
      id: 'm',
      initial: 'on',
      states: { on: { invoke: { src: answering } } },
    });
    expect(Object.keys(expectParity(machine).root.children)).toEqual(['0.m.on']);
  });

  test('several invocations of one state are listed in order', () => {
    const machine = createMachine(
      {
        types,
        context,
        initial: 'off',
        states: {
          off: { on: { GO: 'on' } },
          on: { invoke: [2, 1].map((n) => ({ src: 'answering', id: `kid${n}` })) },
        },
      },
      { actors: { answering } },
    );
    expect(Object.keys(expectParity(machine, ['GO']).root.children)).toEqual(['kid2', 'kid1']);
  });
});
