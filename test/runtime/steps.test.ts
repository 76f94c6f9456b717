import { describe, expect, it } from 'vitest';
import { createMachine, sendParent, sendTo } from 'xstate';
import { born, listener, noting, offering } from './machines.js';
import { play, systemOf } from './play.js';

const send = (to: string, ...types: string[]) =>
  types.map((type) =>
    noting.sendTo(
      ({ system }) => system.get(to),
      () => ({ type }),
    ),
  );

describe('a step', () => {
  it('takes the head of one mailbox, and mailboxes are first in, first out', () => {
    const sender = offering({ GO: { actions: send('ear', 'A', 'B', 'C') } });
    const sent = play(systemOf({ sender, ear: listener }), 'sender?GO');
    expect(sent.view.mailbox('ear').map((e) => e.type)).toEqual(['A', 'B', 'C']);
    const { view } = play(systemOf({ sender, ear: listener }), 'sender?GO ear sender?GO ear ear ear');
    expect(view.snapshot('ear')?.context.got).toEqual(['A', 'B', 'C', 'A']);
    expect(view.mailbox('ear').map((e) => e.type)).toEqual(['B', 'C']);
  });

  it('is atomic: raised events and eventless transitions belong to it, and nobody sees what is between', () => {
    const machine = noting.createMachine({
      context: { got: [], friend: null },
      initial: 'a',
      states: {
        a: { meta: { offers: ['GO'] }, on: { GO: { target: 'b', actions: noting.raise({ type: 'IN' }) } } },
        b: { always: 'c', entry: noting.assign({ got: ({ context }) => [...context.got, 'b'] }) },
        c: { on: { IN: { target: 'd', actions: send('ear', 'X', 'Y') } } },
        d: {},
      },
    });
    const { view, steps } = play(systemOf({ m: machine, ear: listener }), 'm?GO');
    expect(view.snapshot('m')?.value).toBe('d');
    expect(steps.map((s) => s.sent.map((x) => `${x.from}>${x.to}:${x.event.type}`))).toEqual([
      ['m>ear:X', 'm>ear:Y'],
    ]);
  });

  it('appends what ref.send() sends inside an action like what sendTo sends', () => {
    const sender = offering({
      GO: { actions: ({ system }) => system.get('ear').send({ type: 'DIRECT' }) },
    });
    const { view, steps } = play(systemOf({ sender, ear: listener }), 'sender?GO');
    expect(view.mailbox('ear')).toEqual([{ type: 'DIRECT' }]);
    expect(steps[0]?.sent).toEqual([{ from: 'sender', to: 'ear', event: { type: 'DIRECT' } }]);
  });

  it('leaves a message to oneself in the mailbox, for a later step', () => {
    const sender = offering({ GO: { actions: sendTo(({ self }) => self, { type: 'ME' }) } });
    const { view, next } = play(systemOf({ sender }), 'sender?GO');
    expect(view.mailbox('sender')).toEqual([{ type: 'ME' }]);
    expect(next).toEqual(['sender', 'sender?GO']);
  });
});

describe("start: 'declared'", () => {
  const greeter = noting.createMachine({ context: { got: [], friend: null }, entry: send('ear', 'HI') });

  it('is no step: every actor has started in the initial state, in declared order, and all exist before any runs', () => {
    const { view, next } = play(systemOf({ one: greeter, ear: listener, two: greeter }));
    expect(view.addresses()).toEqual(['ear', 'one', 'two']);
    expect(view.mailbox('ear')).toEqual([{ type: 'HI' }, { type: 'HI' }]);
    expect(next).toEqual(['ear']);
  });

  it('lets sends in entry actions not race: the declared order decides', () => {
    const call = (type: string) =>
      noting.createMachine({ context: { got: [], friend: null }, entry: send('ear', type) });
    const { view } = play(systemOf({ b: call('B'), ear: listener, a: call('A') }));
    expect(view.mailbox('ear')).toEqual([{ type: 'B' }, { type: 'A' }]);
  });

  it('starts children behind their parent, in spawn order, and their children behind them', () => {
    const leaf = noting.createMachine({ context: { got: [], friend: null }, entry: send('ear', 'LEAF') });
    const branch = noting.createMachine({
      id: 'branch',
      context: { got: [], friend: null },
      entry: [born(leaf, { id: 'x' }), ...send('ear', 'BRANCH')],
    });
    const root = noting.createMachine({
      id: 'root',
      context: { got: [], friend: null },
      entry: [born(branch, { id: 'p' }), born(leaf, { id: 'q' }), ...send('ear', 'ROOT')],
    });
    const { view } = play(systemOf({ root, ear: listener }));
    expect(view.mailbox('ear').map((e) => e.type)).toEqual(['ROOT', 'BRANCH', 'LEAF', 'LEAF']);
    expect(view.addresses()).toEqual(['ear', 'root', 'root/p', 'root/p/x', 'root/q']);
  });
});

describe("start: 'any'", () => {
  const call = (type: string) =>
    noting.createMachine({ context: { got: [], friend: null }, entry: send('ear', type) });
  const system = systemOf({ a: call('A'), b: call('B'), ear: listener }, { start: 'any' });

  it('makes each start a step of its own, in every order', () => {
    expect(play(system).next).toEqual(['+a', '+b', '+ear']);
    expect(play(system, '+b +a').view.mailbox('ear')).toEqual([{ type: 'B' }, { type: 'A' }]);
    expect(play(system, '+a +b').view.mailbox('ear')).toEqual([{ type: 'A' }, { type: 'B' }]);
    expect(play(system, '+ear +b ear +a ear').view.snapshot('ear')?.context.got).toEqual(['B', 'A']);
  });

  it('lets an actor that has not started exist without a snapshot, with an open mailbox and its name taken', () => {
    const { view, next } = play(system, '+a');
    expect(view.addresses()).toEqual(['a', 'b', 'ear']);
    expect(view.snapshot('ear')).toBeUndefined();
    expect(view.mailbox('ear')).toEqual([{ type: 'A' }]);
    expect(next).toEqual(['+b', '+ear']);
    expect(view.quiescent).toBe(false);
  });

  it('leads to one state in whatever order actors start that do not meet', () => {
    const one = play(systemOf({ x: listener, y: listener }, { start: 'any' }), '+x +y');
    const two = play(systemOf({ x: listener, y: listener }, { start: 'any' }), '+y +x');
    expect(one.state.fingerprint).toEqual(two.state.fingerprint);
  });
});

describe('a child', () => {
  it('starts inside the step that spawns it and may answer its parent at once', () => {
    const child = createMachine({ id: 'child', entry: sendParent({ type: 'BORN' }) });
    const parent = offering({
      GO: { actions: born(child, { id: 'c' }) },
      BORN: { actions: noting.assign({ got: ['born'] }) },
    });
    const { view } = play(systemOf({ parent }), 'parent?GO parent');
    expect(view.snapshot('parent')?.context.got).toEqual(['born']);
  });

  it('takes a message that its parent sent in the step that spawned it after its start', () => {
    const parent = offering({
      GO: { actions: [born(listener, { id: 'c' }), sendTo('c', { type: 'FIRST' })] },
    });
    const { view } = play(systemOf({ parent }), 'parent?GO');
    expect(view.mailbox('parent/c')).toEqual([{ type: 'FIRST' }]);
    expect(view.snapshot('parent/c')?.status).toBe('active');
  });
});
