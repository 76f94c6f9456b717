import { describe, expect, it } from 'vitest';
import { listener, noting, offering } from './machines.js';
import { play, systemOf } from './play.js';

const note = noting.assign({ got: ({ context, event }) => [...context.got, event.type] });

/** Arms timers in its entry, one for each delay: raised ones with an even place, sent ones with an odd place. */
const clock = (...delays: number[]) =>
  noting.createMachine({
    id: 'clock',
    context: { got: [], friend: null },
    entry: delays.map((delay, i) => noting.raise({ type: `T${i}` }, { delay, id: `t${i}` })),
    on: { '*': { actions: note } },
  });

describe("timers: 'ordered'", () => {
  it('lets only timers of the earliest deadline in the world fire, between any other steps', () => {
    const a = clock(20, 10);
    const mail = offering({ GO: { actions: noting.sendTo(({ self }) => self, { type: 'X' }) }, X: {} });
    const { next, view } = play(systemOf({ a, b: clock(10, 15), mail }), 'mail?GO');
    expect(next).toEqual(['a!t1', 'b!t0', 'mail', 'mail?GO', 'mail?X']);
    expect(view.timers('a').map((t) => [t.id, t.remaining, t.to])).toEqual([
      ['t1', 10, 'a'],
      ['t0', 20, 'a'],
    ]);
  });

  it('fires equal deadlines in arming order within an actor and in any order between actors', () => {
    const system = systemOf({ a: clock(5, 5), b: clock(5) });
    expect(play(system).next).toEqual(['a!t0', 'b!t0']);
    expect(play(system, 'b!t0').next).toEqual(['a!t0']);
    expect(play(system, 'a!t0').next).toEqual(['a!t1', 'b!t0']);
    expect(play(system, 'a!t0 a!t1 b!t0').state.fingerprint).toEqual(
      play(system, 'b!t0 a!t0 a!t1').state.fingerprint,
    );
  });

  it('moves time only when a timer fires, for all timers at once, and delay 0 is a timer like any other', () => {
    const system = systemOf({ a: clock(0, 30), b: clock(10) });
    const { view, steps } = play(system, 'a!t0 b!t0');
    expect(steps.map((s) => s.atMs)).toEqual([0, 10]);
    expect(view.timers('a').map((t) => t.remaining)).toEqual([20]);
    expect(view.snapshot('a')?.context.got).toEqual(['T0']);
  });
});

describe("timers: 'urgent'", () => {
  it('lets time stand still while a message can be taken, and offers do not hold it back', () => {
    const mail = offering({ GO: { actions: noting.sendTo(({ self }) => self, { type: 'X' }) } });
    const system = systemOf({ a: clock(10), mail }, { timers: 'urgent' });
    expect(play(system).next).toEqual(['a!t0', 'mail?GO']);
    expect(play(system, 'mail?GO').next).toEqual(['mail', 'mail?GO']);
    expect(play(system, 'mail?GO mail').next).toEqual(['a!t0', 'mail?GO']);
  });

  it('lets time stand still until every actor has started', () => {
    const system = systemOf({ a: clock(10), b: listener }, { timers: 'urgent', start: 'any' });
    expect(play(system, '+a').next).toEqual(['+b']);
    expect(play(system, '+a +b').next).toEqual(['a!t0']);
  });
});

describe("timers: 'free'", () => {
  it('lets every armed timer fire at any point, and shows no remaining time', () => {
    const system = systemOf({ a: clock(20, 10), b: clock(5) }, { timers: 'free' });
    expect([...play(system).next].sort()).toEqual(['a!t0', 'a!t1', 'b!t0']);
    expect(
      play(system)
        .view.timers('a')
        .map((t) => t.remaining),
    ).toEqual([undefined, undefined]);
    expect(play(system, 'a!t0 b!t0 a!t1').view.snapshot('a')?.context.got).toEqual(['T0', 'T1']);
  });

  it('keeps neither remaining times nor arming order as part of the state', () => {
    const arm = (ids: string[]) => ids.map((id, i) => noting.raise({ type: id }, { delay: i, id }));
    const two = (first: string[], second: string[]) =>
      offering({ ONE: { actions: arm(first) }, TWO: { actions: arm(second) } });
    const system = systemOf({ a: two(['x', 'y'], ['y', 'x']) }, { timers: 'free' });
    expect(play(system, 'a?ONE').state.fingerprint).toEqual(play(system, 'a?TWO').state.fingerprint);
    const ordered = systemOf({ a: two(['x', 'y'], ['y', 'x']) });
    expect(play(ordered, 'a?ONE').state.fingerprint).not.toEqual(play(ordered, 'a?TWO').state.fingerprint);
  });
});

describe('a timer', () => {
  it('of after or a delayed raise runs its actor at once, ahead of its mailbox', () => {
    const m = noting.createMachine({
      context: { got: [], friend: null },
      initial: 'a',
      entry: noting.sendTo(({ self }) => self, { type: 'MAIL' }),
      on: { MAIL: { actions: note } },
      states: { a: { after: { 10: 'b' } }, b: {} },
    });
    const { view, steps } = play(systemOf({ m }), 'm!xstate.after.10.(machine).a');
    expect(view.snapshot('m')?.value).toBe('b');
    expect(view.mailbox('m')).toEqual([{ type: 'MAIL' }]);
    expect(steps[0]?.kind).toBe('timer');
  });

  it('of a delayed sendTo appends to a mailbox and runs nothing', () => {
    const s = offering({
      GO: {
        actions: noting.sendTo(
          ({ system }) => system.get('ear'),
          () => ({ type: 'X' }),
          { delay: 5, id: 'd' },
        ),
      },
    });
    const { view, steps, next } = play(systemOf({ s, ear: listener }), 's?GO s!d');
    expect(view.mailbox('ear')).toEqual([{ type: 'X' }]);
    expect(view.snapshot('ear')?.context.got).toEqual([]);
    expect(steps[1]?.sent).toEqual([{ from: 's', to: 'ear', event: { type: 'X' } }]);
    expect(next).toEqual(['s?GO', 'ear']);
  });

  it('is taken away by cancel, and by leaving the state that armed it', () => {
    const m = noting.createMachine({
      id: 'm',
      context: { got: [], friend: null },
      initial: 'a',
      on: { CANCEL: { actions: noting.cancel('r') } },
      entry: noting.raise({ type: 'R' }, { delay: 7, id: 'r' }),
      meta: { offers: ['CANCEL', 'LEAVE'] },
      states: { a: { after: { 10: 'b' }, on: { LEAVE: 'b' } }, b: {} },
    });
    const ids = (schedule: string) =>
      play(systemOf({ m }), schedule)
        .view.timers('m')
        .map((t) => t.id);
    expect(ids('')).toEqual(['r', 'xstate.after.10.m.a']);
    expect(ids('m?CANCEL')).toEqual(['xstate.after.10.m.a']);
    expect(ids('m?CANCEL m?LEAVE')).toEqual([]);
    expect(play(systemOf({ m }), 'm?CANCEL').state.fingerprint).toEqual(
      play(systemOf({ m }), 'm?CANCEL m?CANCEL').state.fingerprint,
    );
  });

  it('under an id that is armed already joins the other, both fire, and cancel finds the last only', () => {
    const arm = (type: string, delay: number) => noting.raise({ type }, { delay, id: 'same' });
    const m = offering({
      GO: { actions: [arm('A', 5), arm('B', 9)] },
      CANCEL: { actions: noting.cancel('same') },
      '*': { actions: note },
    });
    const types = (schedule: string) =>
      play(systemOf({ m }), schedule)
        .view.timers('m')
        .map((t) => t.event.type);
    expect(types('m?GO')).toEqual(['A', 'B']);
    expect(types('m?GO m?CANCEL')).toEqual(['A']);
    expect(types('m?GO m!same')).toEqual(['B']);
    expect(types('m?GO m!same m?CANCEL')).toEqual(['B']);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('with the delay %d is refused', (delay) => {
    const m = offering({ GO: { actions: noting.raise({ type: 'X' }, { delay }) } });
    expect(() => play(systemOf({ m }), 'm?GO')).toThrow(/actor 'm'.*delay of 'X'/);
  });
});
