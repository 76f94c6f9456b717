import { describe, expect, test } from 'vitest';
import {
  type AnyActorRef,
  type AnyEventObject,
  createMachine,
  emit,
  fromTransition,
  sendParent,
  sendTo,
} from 'xstate';
import { answering, assignChart, context, note, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

const hears = { '*': { actions: noteEvent() } };

describe('parent and child talk', () => {
  test('the child answers after the parent’s macrostep, in the order in which it was asked', () => {
    const machine = createMachine(
      {
        types,
        context,
        invoke: ['a', 'b'].map((id) => ({ src: 'answering', id })),
        on: {
          GO: {
            actions: [
              sendTo('b', { type: 'PING' }),
              sendTo('a', { type: 'PING' }),
              sendTo('b', { type: 'PING' }),
              note('!'),
            ],
          },
          PONG: { actions: noteEvent(({ n }) => n) },
        },
      },
      { actors: { answering } },
    );
    expect(expectParity(machine, ['GO']).log).toBe('!1 1 2 ');
  });

  test('a grandchild’s word goes up through its parent', () => {
    const middle = createMachine(
      {
        types,
        context,
        invoke: { src: 'answering', id: 'low' },
        on: {
          PING: { actions: sendTo('low', { type: 'PING' }) },
          PONG: { actions: sendParent({ type: 'PONG' }) },
        },
      },
      { actors: { answering } },
    );
    const machine = createMachine(
      {
        types,
        context,
        invoke: { src: 'middle', id: 'mid' },
        on: { GO: { actions: [sendTo('mid', { type: 'PING' }), note('!')] }, ...hears },
      },
      { actors: { middle } },
    );
    expect(expectParity(machine, ['GO', 'GO']).log).toBe('!PONG !PONG ');
  });

  test('siblings find each other by system id', () => {
    const asking = createMachine({
      types,
      context,
      on: {
        ASK: {
          actions: sendTo(
            ({ system }) => system.get('oracle'),
            ({ self }) => ({ type: 'QUESTION', from: self }),
          ),
        },
        ANSWER: { actions: sendParent({ type: 'TOLD' }) },
      },
    });
    const oracle = createMachine({
      types,
      context,
      on: { QUESTION: { actions: sendTo(({ event }) => event['from'], { type: 'ANSWER' }) } },
    });
    const machine = createMachine(
      {
        types,
        context,
        invoke: [
          { src: 'asking', id: 'a' },
          { src: 'oracle', id: 'o', systemId: 'oracle' },
        ],
        on: { GO: { actions: sendTo('a', { type: 'ASK' }) }, TOLD: { actions: noteEvent() } },
      },
      { actors: { asking, oracle } },
    );
    expect(expectParity(machine, ['GO', 'GO']).log).toBe('TOLD TOLD ');
  });

  test('a parent reads the snapshot of its child', () => {
    const machine = createMachine(
      {
        types,
        context,
        invoke: { src: 'answering', id: 'kid' },
        on: {
          GO: { actions: sendTo('kid', { type: 'PING' }) },
          PONG: {
            actions: assignChart({
              log: ({ self, context }) =>
                `${context.log}${self.getSnapshot().children['kid']?.getSnapshot().context.n}`,
            }),
          },
        },
      },
      { actors: { answering } },
    );
    expect(expectParity(machine, ['GO', 'GO']).log).toBe('12');
  });

  test('children emit under their own name', () => {
    const child = createMachine({
      types,
      context,
      entry: emit({ type: 'born' }),
      on: { PING: { actions: emit({ type: 'pinged' }) } },
    });
    const machine = createMachine(
      {
        types,
        context,
        invoke: { src: 'child', id: 'kid' },
        on: { GO: { actions: sendTo('kid', { type: 'PING' }) } },
      },
      { actors: { child } },
    );
    expect(expectParity(machine, ['GO']).emitted).toEqual(['root/kid born', 'root/kid pinged']);
  });

  test('a fromTransition child counts, emits and sends', () => {
    const counter = fromTransition(
      (
        state: { seen: number },
        event: AnyEventObject,
        { emit, system }: { emit: (event: { type: 'seen' }) => void; system: AnyActorRef['system'] },
      ) => {
        if (event.type === 'xstate.stop') return state;
        emit({ type: 'seen' });
        system.get('root').send({ type: 'COUNTED', seen: state.seen });
        return { seen: state.seen + 1 };
      },
      ({ input }: { input: number }) => ({ seen: input }),
    );
    const machine = createMachine(
      {
        types,
        context,
        invoke: { src: 'counter', id: 'c', input: 40 },
        on: {
          GO: { actions: [sendTo('c', { type: 'TICK' }), note('!')] },
          COUNTED: { actions: noteEvent(({ seen }) => seen) },
        },
      },
      { actors: { counter } },
    );
    const { log, emitted, root } = expectParity(machine, ['GO', 'GO']);
    expect(log).toBe('!40 !41 ');
    expect(emitted).toEqual(['root/c seen', 'root/c seen']);
    expect(root.children).toMatchObject({ c: { context: '{"seen":42}' } });
  });
});
