import { describe, expect, test } from 'vitest';
import {
  type AnyActorRef,
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  raise,
  sendTo,
  setup,
  spawnChild,
} from 'xstate';
import { addOne, answering, assignChart, context, note, noteEvent, types } from './chart.js';
import { expectParity } from './comparison.js';

const self = ({ self }: { self: AnyActorRef }): AnyActorRef => self;

describe('raise and sends to oneself', () => {
  test('a raised event is taken in the same macrostep, after eventless transitions, before what was sent', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: {
        a: {
          on: {
            GO: {
              target: 'b',
              actions: [sendTo(self, { type: 'SENT' }), raise({ type: 'RAISED' }), note('!')],
            },
          },
        },
        b: { always: { guard: ({ context }) => context.n === 0, actions: [addOne, note('always ')] } },
      },
      on: { RAISED: { actions: noteEvent() }, SENT: { actions: noteEvent() } },
    });
    expect(expectParity(machine, ['GO']).log).toBe('!always RAISED SENT ');
  });

  test('a message to oneself comes after those that were in the mailbox before', () => {
    const machine = createMachine({
      types,
      context,
      on: {
        GO: { actions: [sendTo(self, { type: '1' }), sendTo(self, { type: '2' })] },
        '1': { actions: [noteEvent(), sendTo(self, { type: '3' })] },
        '*': { actions: noteEvent() },
      },
    });
    expect(expectParity(machine, ['GO']).log).toBe('1 2 3 ');
  });

  test('self.send in a custom action arrives like sendTo', () => {
    const machine = createMachine({
      types,
      context,
      on: {
        GO: { actions: [({ self }) => self.send({ type: 'HI' }), note('!')] },
        HI: { actions: noteEvent() },
      },
    });
    expect(expectParity(machine, ['GO']).log).toBe('!HI ');
  });

  test('an initial macrostep raises and sends', () => {
    const machine = createMachine({
      types,
      context,
      entry: [sendTo(self, { type: 'SENT' }), raise({ type: 'RAISED' })],
      on: { '*': { actions: noteEvent() } },
    });
    expect(expectParity(machine).log).toBe('RAISED SENT ');
  });
});

describe('what actions are given', () => {
  test('dynamic params are computed from the context at that point of the macrostep', () => {
    const machine = setup({
      types,
      actions: {
        write: assign(({ context }, { text }: { text: string }) => ({ log: context.log + text })),
        add: assign({ n: ({ context }) => context.n + 1 }),
      },
    }).createMachine({
      context,
      on: {
        GO: {
          actions: [
            { type: 'write', params: ({ context, event }) => ({ text: `${event.type}${context.n}` }) },
            'add',
            { type: 'write', params: ({ context }) => ({ text: `/${context.n} ` }) },
          ],
        },
      },
    });
    expect(expectParity(machine, ['GO', 'GO']).log).toBe('GO0/1 GO1/2 ');
  });

  test('self and system know the actor by id and by system id', () => {
    const machine = createMachine({
      types,
      context,
      on: {
        GO: {
          actions: assignChart({
            log: ({ context, self, system }) =>
              `${context.log}${self.id} ${system.get('root') === self} ${system.get('nobody')}`,
          }),
        },
      },
    });
    expect(expectParity(machine, ['GO']).log).toBe('root true undefined');
  });

  test('input reaches the context factory', () => {
    const machine = createMachine({
      types,
      context: ({ input }) => ({ ...context, log: `${JSON.stringify(input)?.length}` }),
    });
    expect(expectParity(machine, [], { deep: ['x'] }).log).toBe('14');
    expect(expectParity(machine).log).toBe('undefined');
  });
});

describe('emit', () => {
  test('events are emitted in order, at the start too, with what the context is at that point', () => {
    const machine = createMachine({
      types,
      context,
      entry: emit({ type: 'started' }),
      on: {
        GO: {
          actions: [
            emit(({ context }) => ({ type: `n${context.n}` })),
            addOne,
            emit(({ context }) => ({ type: `n${context.n}` })),
          ],
        },
      },
    });
    expect(expectParity(machine, ['GO', 'GO']).emitted).toEqual(
      ['started', 'n0', 'n1', 'n1', 'n2'].map((type) => `root ${type}`),
    );
  });

  test('the last macrostep still emits', () => {
    const machine = createMachine({
      types,
      context,
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: { type: 'final', entry: emit({ type: 'bye' }) } },
      exit: emit({ type: 'left' }),
    });
    expect(expectParity(machine, ['GO']).emitted).toEqual(['root bye', 'root left']);
  });
});

describe('enqueueActions', () => {
  test('it checks guards and queues every kind of action', () => {
    const machine = createMachine(
      {
        types,
        context,
        initial: 'a',
        states: { a: { on: { GO: { actions: 'all' } } }, b: {} },
        on: {
          RAISED: { actions: noteEvent() },
          OWN: { actions: noteEvent() },
          PONG: { actions: noteEvent() },
          LATE: '.b',
        },
      },
      {
        guards: { small: ({ context }) => context.n < 1 },
        actors: { answering },
        actions: {
          all: enqueueActions(({ enqueue, check, context, self }) => {
            enqueue.assign({ log: `${context.log}${check('small')} ` });
            if (!check('small')) return;
            enqueue(addOne);
            enqueue.raise({ type: 'RAISED' });
            enqueue.raise({ type: 'LATE' }, { delay: 10, id: 'late' });
            enqueue.raise({ type: 'LATE' }, { delay: 20, id: 'never' });
            enqueue.cancel('never');
            enqueue.spawnChild('answering', { id: 'kid' });
            enqueue.spawnChild('answering', { id: 'gone' });
            enqueue.stopChild('gone');
            enqueue.emit({ type: 'emitted' });
            enqueue.sendTo(self, { type: 'OWN' });
          }),
        },
      },
    );
    const { log, root, emitted } = expectParity(machine, ['GO', 'GO']);
    expect(log).toBe('true RAISED OWN ');
    expect(root.value).toBe('"b"');
    expect(Object.keys(root.children)).toEqual(['kid']);
    expect(emitted).toEqual(['root emitted']);
  });

  test('what it reads is the context before its own actions', () => {
    const machine = createMachine(
      {
        types,
        context,
        on: {
          GO: {
            actions: enqueueActions(({ enqueue, check }) => {
              enqueue(addOne);
              if (check('zero')) enqueue(note('still zero '));
            }),
          },
        },
      },
      { guards: { zero: ({ context }) => context.n === 0 } },
    );
    expect(expectParity(machine, ['GO', 'GO']).log).toBe('still zero ');
  });
});

describe('built-in actions with nothing to do', () => {
  test('cancelling, stopping and spawning from an unknown name leave the rest alone', () => {
    const machine = createMachine(
      {
        types,
        context,
        on: { GO: { actions: [cancel('nothing'), spawnChild('answering', { id: 'kid' }), note('x')] } },
      },
      { actors: { answering } },
    );
    expect(expectParity(machine, ['GO']).log).toBe('x');
  });
});
