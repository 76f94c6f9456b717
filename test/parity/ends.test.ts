import { describe, expect, test } from 'vitest';
import { createMachine, emit, raise, sendParent, sendTo, spawnChild } from 'xstate';
import { addOne, answering, context, fails, note, noteEvent, tell, types } from './chart.js';
import { expectParity } from './comparison.js';

const hears = { '*': { actions: noteEvent() } };

describe('a machine is done', () => {
  test('its output is made of the final state’s', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: { on: { GO: { target: 'b', actions: addOne } } },
        b: { type: 'final', output: ({ context }) => `n${context.n}` },
      },
      output: ({ context, event }) => ({ n: context.n, of: event.output }),
    });
    expect(expectParity(machine, ['GO', 'GO']).root).toMatchObject({
      status: 'done',
      output: '{"n":1,"of":"n1"}',
    });
  });

  test('a nested final state is told to the state around it, with its output', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: {
          initial: 'b',
          states: { b: { on: { GO: 'c' } }, c: { type: 'final', output: 'out' } },
          onDone: { target: 'd', actions: noteEvent(({ output }) => output) },
        },
        d: { type: 'final' },
      },
    });
    expect(expectParity(machine, ['GO'])).toMatchObject({ log: 'out ', root: { status: 'done' } });
  });

  test('its last macrostep takes no raised events any more, leaves all states, and loses its timers and its mail', () => {
    const machine = createMachine({
      types,
      context,
      entry: raise({ type: 'LATE' }, { delay: 500 }),
      exit: note('-root'),
      initial: 'a',
      states: {
        a: {
          on: {
            GO: {
              target: 'end',
              actions: [raise({ type: 'RAISED' }), sendTo(({ self }) => self, { type: 'OWN' })],
            },
          },
        },
        end: { type: 'final', entry: note('+end'), exit: note('-end') },
      },
      on: hears,
    });
    expect(expectParity(machine, ['GO', 'NO']).log).toBe('+end-end-root');
  });

  test('it may be done at once', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'end',
      states: { end: { type: 'final' } },
      output: 'at once',
      entry: emit({ type: 'hi' }),
    });
    expect(expectParity(machine, ['GO'])).toMatchObject({
      root: { status: 'done', output: '"at once"' },
      emitted: ['root hi'],
    });
  });

  test('its children go with it', () => {
    const child = createMachine({ types, context, after: { 50: { actions: emit({ type: 'late' }) } } });
    const machine = createMachine(
      {
        types,
        context,
        entry: spawnChild('child', { id: 'kid' }),
        initial: 'a',
        states: { a: { on: { GO: 'b' } }, b: { type: 'final' } },
      },
      { actors: { child } },
    );
    expect(expectParity(machine, [[20, 'GO']]).emitted).toEqual([]);
  });
});

describe('a child ends', () => {
  const ending = { GO: { actions: tell('kid', 'END') }, BREAK: { actions: tell('kid', 'FAIL') } };
  const asked = noteEvent(
    ({ type, output, error }) =>
      `${type} ${output?.asked ?? output} ${error instanceof Error ? error.message : ''}`,
  );

  test('onDone of an invocation gets its output, and the child stays listed until the state is left', () => {
    const machine = createMachine(
      {
        types,
        context,
        initial: 'a',
        states: {
          a: { invoke: { src: 'answering', id: 'kid', onDone: { actions: asked } }, on: { LEAVE: 'b' } },
          b: {},
        },
        on: ending,
      },
      { actors: { answering } },
    );
    const { log, sightings } = expectParity(machine, ['GO', 'LEAVE']);
    expect(log).toBe('xstate.done.actor.kid 0  ');
    expect(sightings.at(-2)?.root).toMatchObject({ children: { kid: { status: 'done' } } });
  });

  test('onError of an invocation gets its error', () => {
    const machine = createMachine(
      { types, context, invoke: { src: 'answering', id: 'kid', onError: { actions: asked } }, on: ending },
      { actors: { answering } },
    );
    expect(expectParity(machine, ['BREAK', 'BREAK']).log).toBe('xstate.error.actor.kid undefined boom ');
  });

  test('the parent of a spawned child is told as well', () => {
    const machine = createMachine(
      {
        types,
        context,
        entry: spawnChild('answering', { id: 'kid' }),
        on: {
          ...ending,
          'xstate.done.actor.kid': { actions: note('done') },
          'xstate.error.actor.*': { actions: note('error') },
        },
      },
      { actors: { answering } },
    );
    expect(expectParity(machine, ['GO']).log).toBe('done');
    expect(expectParity(machine, ['BREAK']).log).toBe('error');
  });

  test('a parent that does not handle the error of its child fails with it, and so up to the root', () => {
    const middle = createMachine(
      {
        types,
        context,
        invoke: { src: 'answering', id: 'kid' },
        on: { BREAK: { actions: sendTo('kid', { type: 'FAIL' }) } },
      },
      { actors: { answering } },
    );
    const machine = createMachine(
      {
        types,
        context,
        invoke: { src: 'middle', id: 'mid' },
        on: { BREAK: { actions: sendTo('mid', { type: 'BREAK' }) } },
      },
      { actors: { middle } },
    );
    expect(expectParity(machine, ['BREAK']).root).toMatchObject({ status: 'error', error: '"Error: boom"' });
  });

  test.each(['end', 'error'])('a child may be over at once: %s', (how) => {
    const child = createMachine({
      types,
      context,
      initial: how,
      states: { end: { type: 'final' }, error: { entry: fails } },
      output: 'out',
    });
    const machine = createMachine(
      {
        types,
        context,
        initial: 'off',
        states: {
          off: { on: { GO: 'on' } },
          on: {
            invoke: { src: 'child', id: 'kid', onDone: { actions: asked }, onError: { actions: asked } },
          },
        },
      },
      { actors: { child } },
    );
    expect(expectParity(machine, ['GO']).log).toContain(
      how === 'end' ? 'done.actor.kid' : 'error.actor.kid undefined boom',
    );
  });

  test('its last words come before its end', () => {
    const child = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: { on: { END: { target: 'b', actions: sendParent({ type: 'WORD' }) } } },
        b: { type: 'final', entry: sendParent({ type: 'LAST' }) },
      },
    });
    const machine = createMachine(
      { types, context, invoke: { src: 'child', id: 'kid' }, on: { ...ending, ...hears } },
      { actors: { child } },
    );
    expect(expectParity(machine, ['GO']).log).toBe('WORD LAST xstate.done.actor.kid ');
  });
});
