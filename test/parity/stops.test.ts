import { describe, expect, test } from 'vitest';
import { createMachine, emit, sendTo, spawnChild, stopChild } from 'xstate';
import { addOne, answering, assignChart, context, kid, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

const hears = { '*': { actions: noteEvent() } };

describe('a child is stopped', () => {
  const stopping = createMachine(
    {
      types,
      context,
      entry: [
        spawnChild('answering', { id: 'a', systemId: 'sys' }),
        assignChart({ kid: ({ spawn }) => spawn('answering', { id: 'b' }) }),
      ],
      on: {
        STOP_ID: { actions: stopChild('a') },
        STOP_REF: { actions: stopChild(kid) },
        STOP_NONE: { actions: stopChild('nobody') },
        PING_REF: { actions: sendTo(kid, { type: 'PING' }) },
        WHO: {
          actions: assignChart({
            log: ({ context, system }) => `${context.log}${system.get('sys') ? 'somebody' : 'nobody'} `,
          }),
        },
        AGAIN: { actions: spawnChild('answering', { id: 'a', systemId: 'sys' }) },
        BOTH: { actions: [stopChild('a'), spawnChild('answering', { id: 'a' })] },
        FLEETING: { actions: [spawnChild('answering', { id: 'f' }), stopChild('f')] },
        PONG: { actions: noteEvent() },
      },
    },
    { actors: { answering } },
  );

  test.each([
    ['by id, and its system id is free', ['WHO', 'STOP_ID', 'WHO'], 'somebody nobody ', 'b'],
    ['by ref, and messages to it are lost', ['PING_REF', 'STOP_REF', 'PING_REF'], 'PONG ', 'a'],
    ['though it was never there', ['STOP_NONE', 'WHO'], 'somebody ', 'a,b'],
    ['twice', ['STOP_REF', 'STOP_REF', 'WHO'], 'somebody ', 'a'],
    ['and another takes its id', ['STOP_ID', 'AGAIN', 'WHO'], 'somebody ', 'b,a'],
    ['and another takes its id in the same macrostep', ['BOTH', 'WHO'], 'nobody ', 'b,a'],
    ['in the macrostep that spawned it', ['FLEETING'], '', 'a,b'],
  ])('%s', (_claim, script, log, children) => {
    const agreed = expectParity(stopping, script);
    expect(agreed.log).toBe(log);
    expect(Object.keys(agreed.root.children).join()).toBe(children);
  });

  test('with all its children and their timers', () => {
    const low = createMachine({ types, context, after: { 50: { actions: emit({ type: 'late' }) } } });
    const middle = createMachine({ types, context, invoke: { src: 'low', id: 'low' } }, { actors: { low } });
    const machine = createMachine(
      {
        types,
        context,
        entry: [spawnChild('middle', { id: 'a' }), spawnChild('middle', { id: 'b' })],
        on: { STOP: { actions: [stopChild('a'), addOne] } },
      },
      { actors: { middle } },
    );
    expect(expectParity(machine, [[20, 'STOP']]).emitted).toEqual(['root/b/low late']);
  });

  test('a stopped child runs no exit actions', () => {
    const child = createMachine({
      types,
      context,
      exit: emit({ type: 'left' }),
      on: { END: '.end' },
      initial: 'a',
      states: { a: { exit: emit({ type: 'left a' }) }, end: { type: 'final' } },
    });
    const machine = createMachine(
      {
        types,
        context,
        entry: [spawnChild('child', { id: 'a' }), spawnChild('child', { id: 'b' })],
        on: { GO: { actions: [stopChild('a'), sendTo('b', { type: 'END' })] }, ...hears },
      },
      { actors: { child } },
    );
    expect(expectParity(machine, ['GO']).emitted).toEqual(['root/b left a', 'root/b left']);
  });
});
