import { describe, expect, test } from 'vitest';
import { createMachine } from 'xstate';
import { context, note, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

describe('history', () => {
  const machine = createMachine({
    types,
    context,
    initial: 'a',
    states: {
      a: {
        initial: 'a1',
        states: {
          a1: {
            initial: 'x',
            states: { x: { on: { GO: 'y' } }, y: { entry: note('y'), on: { GO: '#a2' } } },
          },
          a2: { id: 'a2', initial: 'x', states: { x: { on: { GO: 'y' } }, y: { entry: note('Y') } } },
          shallow: { type: 'history' },
          deep: { type: 'history', history: 'deep' },
          elsewhere: { type: 'history', target: 'a2' },
        },
        on: { OUT: 'b' },
      },
      b: { on: { SHALLOW: 'a.shallow', DEEP: 'a.deep', ELSEWHERE: 'a.elsewhere' } },
    },
  });

  test.each([
    ['shallow: the child, and its initial state', ['GO', 'GO', 'GO', 'OUT', 'SHALLOW'], '{"a":{"a2":"x"}}'],
    ['deep: the innermost states', ['GO', 'GO', 'GO', 'OUT', 'DEEP'], '{"a":{"a2":"y"}}'],
    ['it remembers anew each time', ['GO', 'OUT', 'DEEP', 'GO', 'OUT', 'DEEP'], '{"a":{"a2":"x"}}'],
    ['without a past, its own target', ['OUT', 'ELSEWHERE'], '{"a":{"a1":"x"}}'],
  ])('%s', (_claim, script, value) => {
    expect(expectParity(machine, script).root.value).toBe(value);
  });

  test('without a past, the target of the history state, else the initial state', () => {
    const fresh = createMachine({
      types,
      context,
      initial: 'b',
      states: {
        a: {
          initial: 'a1',
          states: {
            a1: { entry: note('1') },
            a2: { entry: note('2') },
            h: { type: 'history' },
            t: { type: 'history', target: 'a2' },
          },
        },
        b: { on: { H: 'a.h', T: 'a.t' } },
      },
    });
    expect(expectParity(fresh, ['H']).log).toBe('1');
    expect(expectParity(fresh, ['T']).log).toBe('2');
  });

  test('of a parallel state it brings all regions back, and enters them in the order of the document', () => {
    const region = (label: string) => ({
      initial: 's',
      states: {
        s: { entry: note(`${label}s`), on: { [label]: 't' } },
        t: { initial: 'u', states: { u: { on: { [label]: 'v' } }, v: { entry: note(`${label}v`) } } },
      },
    });
    const parallel = createMachine({
      types,
      context,
      initial: 'p',
      states: {
        p: {
          type: 'parallel',
          states: { x: region('x'), y: region('y'), h: { type: 'history', history: 'deep' } },
          on: { OUT: { target: 'q', actions: note(' ') } },
        },
        q: { on: { BACK: 'p.h', FRESH: 'p' } },
      },
    });
    expect(expectParity(parallel, ['y', 'y', 'x', 'x', 'OUT', 'BACK']).log).toBe('xsysyvxv xvyv');
    expect(expectParity(parallel, ['y', 'OUT', 'BACK', 'OUT', 'FRESH']).root.value).toBe(
      '{"p":{"x":"s","y":"s"}}',
    );
  });
});

describe('parallel states', () => {
  const region = {
    initial: 'run',
    states: { run: { on: { TICK: 'end' } }, end: { type: 'final' as const } },
  };

  test('one event moves every region, and the whole is done when all regions are', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'p',
      states: {
        p: {
          type: 'parallel',
          states: {
            x: region,
            y: { ...region, onDone: { actions: note('y ') } },
            z: { ...region, states: { ...region.states, run: { on: { TOCK: 'end' } } } },
          },
          onDone: { target: 'q', actions: noteEvent(({ type }) => type) },
        },
        q: {},
      },
    });
    const { log, root } = expectParity(machine, ['TICK', 'TICK', 'TOCK']);
    expect(log).toMatch(/^y xstate\.done\.state/);
    expect(root.value).toBe('"q"');
  });

  test('a machine of regions is done when all of them are', () => {
    const machine = createMachine({
      types,
      context,
      type: 'parallel',
      states: { x: region, y: region },
      output: 'both',
    });
    expect(expectParity(machine, ['TICK']).root).toMatchObject({ status: 'done', output: '"both"' });
  });

  test('of two transitions that would leave the same states, the inner one wins', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'p',
      states: {
        p: {
          type: 'parallel',
          states: {
            x: { initial: 'a', states: { a: { on: { GO: { target: '#out', actions: note('x') } } } } },
            y: { initial: 'a', states: { a: { on: { GO: { target: 'b', actions: note('y') } } }, b: {} } },
          },
        },
        out: { id: 'out' },
      },
    });
    expect(expectParity(machine, ['GO'])).toMatchObject({ log: 'x', root: { value: '"out"' } });
  });
});
