import { describe, expect, test } from 'vitest';
import { and, createMachine, not, or, stateIn } from 'xstate';
import { addOne, assignChart, context, note, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

describe('which transition is taken', () => {
  test('eventless transitions are taken until none is left, guards asked again each time', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: { on: { GO: 'b' } },
        b: {
          entry: note('b'),
          always: [{ guard: ({ context }) => context.n > 5, target: 'a' }, { target: 'c' }],
        },
        c: { entry: note('c'), always: { guard: ({ context }) => context.n < 3, actions: addOne } },
      },
    });
    expect(expectParity(machine, ['GO']).root).toMatchObject({
      value: '"c"',
      context: expect.stringContaining('"n":3'),
    });
  });

  test('guards combine with and, or, not and stateIn, and take params', () => {
    const machine = createMachine(
      {
        types,
        context,
        type: 'parallel',
        states: {
          light: { initial: 'off', states: { off: { on: { ON: 'on' } }, on: {} } },
          door: {
            on: {
              GO: [
                { guard: and([not(stateIn({ light: 'on' })), 'never']), actions: note('1') },
                { guard: or(['never', stateIn({ light: 'on' })]), actions: note('2') },
                {
                  guard: { type: 'below', params: ({ context }) => ({ n: context.n }) },
                  actions: [note('3'), addOne],
                },
                { actions: note('4') },
              ],
            },
          },
        },
      },
      { guards: { never: () => false, below: (_, params) => Object(params)['n'] < 1 } },
    );
    expect(expectParity(machine, ['GO', 'GO', 'ON', 'GO']).log).toBe('342');
  });

  test('the innermost state decides, an exact event before a partial wildcard before *', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      on: { '*': { actions: note('outer*') }, 'key.up': { actions: note('outer') } },
      states: {
        a: {
          on: {
            'key.down': { actions: note('exact') },
            'key.*': { actions: note('key') },
            '*': { guard: ({ event }) => event.type !== 'other', actions: note('any') },
          },
        },
      },
    });
    expect(expectParity(machine, ['key.down', 'key.up', 'key.up.twice', 'key', 'other']).log).toBe(
      'exactkeykeykeyouter*',
    );
  });

  test('a forbidden transition hides the one outside', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      on: { GO: { actions: note('x') }, NEXT: '.b' },
      states: { a: { on: { GO: {} } }, b: {} },
    });
    expect(expectParity(machine, ['GO', 'NEXT', 'GO']).log).toBe('x');
  });

  test('an unknown event changes nothing', () => {
    const machine = createMachine({ types, context, on: { GO: { actions: note('x') } } });
    expect(expectParity(machine, ['NO', 'GO', 'NO']).sightings).toHaveLength(2);
  });

  test('initial transitions and raised events see the event that started them', () => {
    const machine = createMachine({
      types,
      context,
      entry: noteEvent(),
      initial: 'a',
      states: {
        a: { always: 'b' },
        b: { entry: noteEvent(), on: { GO: { target: 'a', actions: noteEvent() } } },
      },
    });
    expect(expectParity(machine, ['GO']).log).toBe('xstate.init xstate.init GO GO ');
  });
});

describe('what a transition does', () => {
  const inner = { entry: note('+i'), exit: note('-i') };

  test('exit actions run inside out, then the transition’s, then entry actions outside in', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: {
          entry: note('+a'),
          exit: note('-a'),
          initial: 'i',
          states: { i: { ...inner, on: { GO: { target: '#end', actions: note('!') } } } },
        },
        b: {
          entry: note('+b'),
          exit: note('-b'),
          initial: 'i',
          states: { i: inner, j: { id: 'end', entry: note('+j') } },
        },
      },
    });
    expect(expectParity(machine, ['GO']).log).toBe('+a+i-i-a!+b+j');
  });

  test('initial transitions have actions', () => {
    const machine = createMachine({
      types,
      context,
      initial: { target: 'a', actions: note('0') },
      states: {
        a: {
          entry: note('+a'),
          initial: { target: 'b', actions: note('1') },
          states: { b: { entry: note('+b') } },
        },
      },
    });
    expect(expectParity(machine).log).toMatch(/0.*1/);
  });

  describe('to itself, to nowhere and to a child', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: {
          id: 'a',
          entry: note('+a'),
          exit: note('-a'),
          initial: 'i',
          states: { i: inner, j: { entry: note('+j'), exit: note('-j') } },
          on: {
            SELF: { target: 'a', actions: note('!') },
            SELF_AGAIN: { target: 'a', reenter: true, actions: note('!') },
            NOWHERE: { actions: note('!') },
            CHILD: { target: '.j', actions: note('!') },
            CHILD_AGAIN: { target: '.j', reenter: true, actions: note('!') },
          },
        },
      },
    });

    test.each([
      ['SELF', '-i!+i'],
      ['SELF_AGAIN', '-i-a!+a+i'],
      ['NOWHERE', '!'],
      ['CHILD', '-i!+j'],
      ['CHILD_AGAIN', '-i-a!+a+j'],
    ])('%s does %s', (type, log) => {
      expect(expectParity(machine, [type]).log).toBe(`+a+i${log}`);
    });
  });

  test('a transition has several targets, one in each region', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'off',
      states: {
        off: { on: { GO: { target: ['#x2', '#y2'], actions: note('!') } } },
        on: {
          type: 'parallel',
          states: {
            x: { initial: 'x1', states: { x1: { entry: note('x1') }, x2: { id: 'x2', entry: note('x2') } } },
            y: { initial: 'y1', states: { y1: { entry: note('y1') }, y2: { id: 'y2', entry: note('y2') } } },
            z: { initial: 'z1', states: { z1: { entry: note('z1') } } },
          },
        },
      },
    });
    expect(expectParity(machine, ['GO']).log).toBe('!x2y2z1');
  });

  test('assign builds on what was assigned before, by key and as a whole', () => {
    const machine = createMachine({
      types,
      context,
      on: {
        GO: {
          actions: [
            addOne,
            assignChart(({ context, event }) => ({ log: `${context.log}${event.type}${context.n}` })),
            assignChart({ n: 10, log: ({ context }) => `${context.log}/${context.n}` }),
          ],
        },
      },
    });
    expect(expectParity(machine, ['GO', 'GO']).log).toBe('GO1/1GO11/11');
  });
});

describe('what a snapshot says', () => {
  const machine = createMachine({
    types,
    context,
    initial: 'a',
    states: {
      a: {
        tags: 'calm',
        meta: { help: 'a' },
        on: { GO: 'b', STAY: {}, MAYBE: { guard: ({ context }) => context.n > 0, target: 'b' } },
      },
      b: {
        tags: ['busy', 'hot'],
        meta: { help: 'b' },
        initial: 'c',
        states: { c: { tags: 'deep', on: { GO: '#done' } } },
      },
      end: { id: 'done', type: 'final', tags: 'over' },
    },
  });

  test('tags, meta and can follow the active states', () => {
    const { sightings } = expectParity(machine, ['STAY', 'MAYBE', 'GO', 'GO']);
    expect(sightings.map(({ root }) => (root === 'gone' ? '' : `${root.tags}|${root.can}`))).toEqual([
      'calm|  GO',
      'busy deep hot|  GO',
      'over|',
    ]);
  });

  test('regions stand and act in the order of the document, whichever was entered last', () => {
    const region = (label: string) => ({
      initial: 's',
      states: {
        s: { on: { TICK: { actions: note(label) }, [label]: 't' } },
        t: { on: { TICK: { actions: note(label) } } },
      },
      on: { [`again ${label}`]: { target: '.t', reenter: true } },
    });
    const regions = createMachine({
      types,
      context,
      type: 'parallel',
      states: { x: region('x'), y: region('y') },
    });
    const { root, log } = expectParity(regions, ['TICK', 'y', 'x', 'TICK', 'again x', 'TICK']);
    expect(log).toBe('xyxyxy');
    expect(root.value).toBe('{"x":"t","y":"s"}');
  });

  test('eventless transitions of regions act in the order in which their states were entered', () => {
    const region = (label: string) => ({
      initial: '1',
      states: {
        '1': { on: { [label]: '2' } },
        '2': {
          always: {
            guard: ({ context }: { context: { n: number; log: string } }) =>
              context.n > 0 && !context.log.includes(label),
            actions: note(label),
          },
        },
      },
    });
    const regions = createMachine({
      types,
      context,
      type: 'parallel',
      states: { x: region('x'), y: region('y'), all: { on: { TICK: { actions: addOne } } } },
    });
    expect(expectParity(regions, ['x', 'y', 'TICK']).log).toBe('xy');
    expect(expectParity(regions, ['y', 'x', 'TICK']).log).toBe('yx');
  });
});
