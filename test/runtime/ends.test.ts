import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createMachine, sendTo, stopChild } from 'xstate';
import { born, idle, listener, noting, offering } from './machines.js';
import { play, systemOf } from './play.js';

/** Ends on END, fails on FAIL; has a child, two timers and mail when it does. */
const mortal = noting.createMachine({
  id: 'mortal',
  context: { got: [], friend: null },
  initial: 'living',
  entry: [
    born(listener, { id: 'x' }),
    noting.raise({ type: 'LATE' }, { delay: 50 }),
    noting.sendTo(({ self }) => self, { type: 'MAIL' }, { delay: 60 }),
  ],
  states: {
    living: {
      meta: { offers: ['END', 'FAIL'] },
      on: {
        END: { target: 'over', actions: noting.sendTo(({ self }) => self, { type: 'MAIL' }) },
        FAIL: {
          actions: () => {
            throw new Error('boom');
          },
        },
      },
    },
    over: { type: 'final' },
  },
});

const look = noting.assign({
  got: ({ context, self }) => [...context.got, String(self.system.get('m')?.sessionId)],
});

describe('an actor that is done or has failed', () => {
  it.each(['END', 'FAIL'])('keeps its last snapshot and loses mailbox, timers and children (%s)', (how) => {
    const { view, next } = play(systemOf({ m: mortal }), `m?${how}`);
    expect(view.addresses()).toEqual(['m']);
    expect(view.snapshot('m')?.status).toBe(how === 'END' ? 'done' : 'error');
    expect(view.snapshot('m')?.context).toEqual({ got: [], friend: null });
    expect([view.mailbox('m'), view.timers('m'), view.offers('m'), next]).toEqual([[], [], [], []]);
  });

  it.each(['END', 'FAIL'])('frees its name (%s)', (how) => {
    const asker = offering({ ASK: { actions: look } });
    const { view } = play(systemOf({ m: mortal, asker }), `asker?ASK m?${how} asker?ASK`);
    expect(view.snapshot('asker')?.context.got).toEqual(['m', 'undefined']);
  });

  it('drops what is sent to it, and the trace shows it', () => {
    const keeper = offering({
      KEEP: { actions: noting.assign({ friend: ({ self }) => self.system.get('m') }) },
      SEND: { actions: noting.sendTo(({ context }) => context.friend ?? 'nobody', { type: 'X' }) },
    });
    const { view, steps } = play(systemOf({ m: mortal, keeper }), 'keeper?KEEP m?END keeper?SEND');
    expect(view.mailbox('m')).toEqual([]);
    expect(steps.at(-1)?.sent).toEqual([{ from: 'keeper', to: 'm', event: { type: 'X' }, dropped: true }]);
    expect(view.snapshot('keeper')?.status).toBe('active');
  });

  const parentOf = (on: Parameters<typeof offering>[0] = {}) =>
    offering({ STOP: { actions: stopChild('c') as never }, ...on }, { entry: born(mortal, { id: 'c' }) });

  it('tells its parent in the same step', () => {
    const done = play(systemOf({ p: parentOf() }), 'p/c?END');
    expect(done.view.mailbox('p')).toEqual([
      { type: 'xstate.done.actor.c', output: undefined, actorId: 'c' },
    ]);
    const failed = play(systemOf({ p: parentOf() }), 'p/c?FAIL');
    expect(failed.view.mailbox('p').map((e) => e.type)).toEqual(['xstate.error.actor.c']);
  });

  it('fails its parent when that does not handle the failure, and not otherwise', () => {
    const careless = play(systemOf({ p: parentOf() }), 'p/c?FAIL p');
    expect(careless.view.snapshot('p')?.status).toBe('error');
    expect(careless.view.addresses()).toEqual(['p']);
    const careful = offering(
      { 'xstate.error.actor.c': { actions: look } },
      { entry: born(mortal, { id: 'c' }) },
    );
    expect(play(systemOf({ p: careful }), 'p/c?FAIL p').view.snapshot('p')?.status).toBe('active');
  });

  it('stays while its parent lists it and vanishes when that stops it', () => {
    expect(play(systemOf({ p: parentOf() }), 'p/c?END p').view.addresses()).toEqual(['p', 'p/c']);
    expect(play(systemOf({ p: parentOf() }), 'p/c?END p p?STOP').view.addresses()).toEqual(['p']);
  });

  it('vanishes when the state that invoked it is left', () => {
    const p = createMachine({
      id: 'p',
      initial: 'a',
      states: { a: { invoke: { src: mortal, id: 'c', onDone: 'b' } }, b: {} },
    });
    const { view } = play(systemOf({ p }), 'p/c?END p');
    expect([view.addresses(), view.snapshot('p')?.value]).toEqual([['p'], 'b']);
  });

  it('vanishes at once when its parent has spawned another unnamed child and no longer lists it', () => {
    const p = offering({ GO: { actions: born(mortal) }, '*': {} });
    const { view } = play(systemOf({ p }), 'p?GO p?GO p/mortal#0?END');
    expect(view.addresses()).toEqual(['p', 'p/mortal#1', 'p/mortal#1/x']);
    expect(view.mailbox('p').map((e) => e.type)).toEqual(['xstate.done.actor.mortal#0']);
  });
});

describe('an actor that is stopped', () => {
  it('vanishes with mailbox, timers and all below it, in the step that stops it', () => {
    const p = offering(
      { STOP: { actions: stopChild('c') as never }, MAIL: { actions: sendTo('c', { type: 'M' }) as never } },
      { entry: born(mortal, { id: 'c' }) },
    );
    const { view } = play(systemOf({ p }), 'p?MAIL p?STOP');
    expect(view.addresses()).toEqual(['p']);
    expect([view.mailbox('p'), view.mailbox('p/c'), view.timers('p/c')]).toEqual([[], [], []]);
    expect(view.snapshot('p/c')).toBeUndefined();
  });

  it('may be replaced by one with the same id in the step that stops it', () => {
    const invoking = createMachine({
      id: 'p',
      initial: 'a',
      states: {
        a: {
          meta: { offers: ['AGAIN'] },
          on: { AGAIN: { target: 'a', reenter: true } },
          invoke: { src: idle, id: 'c' },
        },
      },
    });
    const { view } = play(systemOf({ p: invoking }), 'p?AGAIN p?AGAIN p?AGAIN');
    expect([view.snapshot('p')?.status, view.addresses()]).toEqual(['active', ['p', 'p/c~1']]);
  });
});

describe('a send to nobody', () => {
  it.each([
    ['sendTo', noting.sendTo(({ system }) => system.get('nobody'), { type: 'X' })],
    [
      'enqueue.sendTo',
      noting.enqueueActions(({ enqueue, system }) => enqueue.sendTo(system.get('nobody'), { type: 'X' })),
    ],
    ['a delayed sendTo', noting.sendTo(({ system }) => system.get('nobody'), { type: 'X' }, { delay: 1 })],
  ])('fails the sender and says so: %s', (_name, action) => {
    const { view } = play(systemOf({ s: offering({ GO: { actions: action } }) }), 's?GO');
    expect(view.snapshot('s')?.status).toBe('error');
    expect(String(view.snapshot('s')?.error)).toContain("'X' was sent to nobody");
    expect(view.mailbox('s')).toEqual([]);
  });

  it('is told from a send to oneself, also after the input of a child has read self', () => {
    const input = ({ self }: { self: unknown }): unknown => self;
    const actions = [
      noting.assign({ friend: ({ self }) => self }),
      noting.sendTo(({ context }) => context.friend ?? 'nobody', { type: 'A' }),
      born(idle, { id: 'c', input }),
      noting.sendTo(({ self }) => self, { type: 'B' }),
      noting.enqueueActions(({ enqueue, self }) => enqueue.sendTo(self, { type: 'C' })),
    ];
    const { view } = play(systemOf({ s: offering({ GO: { actions } }) }), 's?GO');
    expect(view.mailbox('s').map((e) => e.type)).toEqual(['A', 'B', 'C']);
  });

  it('fails the sender too when the target is no actor of this world, and loses nothing but its own effects', () => {
    const stranger: AnyActorRef = Object.create({ sessionId: 'x', send: () => {} });
    const s = offering({
      GO: {
        actions: noting.sendTo(
          () => stranger,
          () => ({ type: 'X' }),
        ),
      },
    });
    expect(play(systemOf({ s }), 's?GO').view.snapshot('s')?.status).toBe('error');
  });
});
