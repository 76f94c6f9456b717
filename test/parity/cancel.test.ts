import { describe, expect, test } from 'vitest';
import { type AnyActorRef, cancel, createMachine, raise, sendParent, sendTo } from 'xstate';
import { context, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

const self = ({ self }: { self: AnyActorRef }): AnyActorRef => self;
const hears = { '*': { actions: noteEvent() } };

describe('cancel', () => {
  const machine = createMachine({
    types,
    context,
    on: {
      ARM: { actions: raise({ type: 'rung' }, { delay: 30, id: 'bell' }) },
      SEND: { actions: sendTo(self, { type: 'sent' }, { delay: 30, id: 'bell' }) },
      CANCEL: { actions: cancel('bell') },
      BY_EVENT: { actions: cancel(({ event }) => String(event.type === 'BY_EVENT' ? 'bell' : '')) },
      ...hears,
    },
  });

  test.each([
    [
      'it takes back a delayed raise',
      [
        [10, 'ARM'],
        [20, 'CANCEL'],
      ],
      '',
    ],
    [
      'it takes back a delayed sendTo',
      [
        [10, 'SEND'],
        [20, 'BY_EVENT'],
      ],
      '',
    ],
    [
      'it comes too late when the timer has fired',
      [
        [10, 'ARM'],
        [41, 'CANCEL'],
      ],
      'rung ',
    ],
    [
      'two timers under one id both fire',
      [
        [10, 'ARM'],
        [20, 'SEND'],
      ],
      'rung sent ',
    ],
    [
      'of two timers under one id it finds only the latest',
      [
        [10, 'ARM'],
        [20, 'SEND'],
        [25, 'CANCEL'],
      ],
      'rung ',
    ],
    [
      'a timer that fires makes XState forget the other one under its id',
      [
        [10, 'ARM'],
        [20, 'SEND'],
        [45, 'CANCEL'],
      ],
      'rung sent ',
    ],
    [
      'a second cancel finds nothing',
      [
        [10, 'ARM'],
        [20, 'SEND'],
        [21, 'CANCEL'],
        [22, 'CANCEL'],
      ],
      'rung ',
    ],
    [
      'an id can be armed again after it was cancelled',
      [
        [10, 'ARM'],
        [20, 'CANCEL'],
        [21, 'ARM'],
      ],
      'rung ',
    ],
  ] as const)('%s', (_claim, script, log) => {
    expect(expectParity(machine, script).log).toBe(log);
  });

  test('arming and cancelling in one macrostep keep their order', () => {
    const both = createMachine({
      types,
      context,
      on: {
        FIRST: { actions: [cancel('bell'), raise({ type: 'rung' }, { delay: 10, id: 'bell' })] },
        LAST: { actions: [raise({ type: 'lost' }, { delay: 10, id: 'bell' }), cancel('bell')] },
        ...hears,
      },
    });
    expect(expectParity(both, ['FIRST', 'LAST']).log).toBe('rung ');
  });

  test('an id belongs to the actor that armed it', () => {
    const child = createMachine({
      types,
      context,
      entry: raise({ type: 'OWN' }, { delay: 20, id: 'bell' }),
      on: { OWN: { actions: sendParent({ type: 'KID' }) } },
    });
    const parent = createMachine(
      {
        types,
        context,
        invoke: { src: 'child', id: 'kid' },
        entry: raise({ type: 'mine' }, { delay: 21, id: 'bell' }),
        on: { GO: { actions: cancel('bell') }, ...hears },
      },
      { actors: { child } },
    );
    expect(expectParity(parent, [[10, 'GO']]).log).toBe('KID ');
  });
});
