import { describe, expect, it } from 'vitest';
import { listener, noting, offering } from './machines.js';
import { play, systemOf } from './play.js';

const limited = (times: number, expected = false) =>
  noting.createMachine({
    id: 'limited',
    context: { got: [], friend: null },
    initial: 'a',
    entry: noting.sendTo(({ self }) => self, { type: 'MAIL' }),
    states: {
      a: {
        meta: { offers: [{ type: 'USE', times, expected, channel: 2 }] },
        on: { USE: { target: 'a', reenter: true }, MAIL: 'b' },
      },
      b: { meta: { offers: ['BACK'] }, on: { BACK: 'a' } },
    },
  });

describe('an offer', () => {
  it('is taken ahead of the mailbox, with all fields but its own', () => {
    const { view, steps } = play(systemOf({ m: limited(3) }), 'm?USE');
    expect(view.mailbox('m')).toEqual([{ type: 'MAIL' }]);
    expect([steps[0]?.kind, steps[0]?.event]).toEqual(['offer', { type: 'USE', channel: 2 }]);
  });

  it('has a budget that neither re-entry nor coming back renews', () => {
    const left = (schedule: string) =>
      play(systemOf({ m: limited(2) }), schedule)
        .view.offers('m')
        .map((o) => o.left);
    expect([left(''), left('m?USE'), left('m?USE m?USE')]).toEqual([[2], [1], []]);
    expect(left('m?USE m m?BACK')).toEqual([1]);
    const unlimited = offering({ GO: {} });
    expect(play(systemOf({ unlimited }), 'unlimited?GO unlimited?GO').view.offers('unlimited')[0]?.left).toBe(
      Infinity,
    );
  });

  it('has a budget that is part of the state, even while nobody has the address, and a respawn does not renew it', () => {
    const parent = offering({
      SPAWN: {
        actions: noting.enqueueActions(({ enqueue }) =>
          enqueue.spawnChild(limited1 as never, { id: 'c' as never }),
        ),
      },
      STOP: { actions: noting.stopChild('c') },
    });
    const limited1 = limited(1);
    const system = systemOf({ p: parent });
    const unused = play(system, 'p?SPAWN p?STOP');
    const used = play(system, 'p?SPAWN p/c?USE p?STOP');
    expect(used.view.addresses()).toEqual(['p']);
    expect(used.state.fingerprint).not.toEqual(unused.state.fingerprint);
    expect(play(system, 'p?SPAWN p/c?USE p?STOP p?SPAWN').view.offers('p/c')).toEqual([]);
    expect(play(system, 'p?SPAWN p?STOP p?SPAWN').view.offers('p/c').length).toBe(1);
  });

  it('is enabled only while its state is active and a guard lets it be taken', () => {
    const m = noting.createMachine({
      context: { got: [], friend: null },
      meta: { offers: ['ADD', 'ONCE', 'UNKNOWN'] },
      on: {
        ADD: { actions: noting.assign({ got: ['x'] }) },
        ONCE: { guard: ({ context }) => context.got.length > 0 },
      },
    });
    expect(play(systemOf({ m })).next).toEqual(['m?ADD']);
    expect(play(systemOf({ m }), 'm?ADD').next).toEqual(['m?ADD', 'm?ONCE']);
  });

  it('follows what a guard reads of another actor', () => {
    const ear = offering({ HEAR: { actions: noting.assign({ got: ['x'] }) } });
    const m = noting.createMachine({
      context: ({ self }) => ({ got: [], friend: self.system.get('ear') }),
      meta: { offers: ['PASS'] },
      on: { PASS: { guard: ({ context }) => context.friend?.getSnapshot().context.got.length > 0 } },
    });
    const system = systemOf({ ear, m });
    expect(play(system).next).toEqual(['ear?HEAR']);
    expect(play(system, 'ear?HEAR').next).toEqual(['ear?HEAR', 'm?PASS']);
  });

  it('that a guard throws on counts as enabled, and taking it fails the actor', () => {
    const guard = (): boolean => {
      throw new Error('boom');
    };
    const { next, view } = play(systemOf({ m: offering({ GO: { guard } }) }), 'm?GO');
    expect([next, view.snapshot('m')?.status]).toEqual([[], 'error']);
  });

  it('that merely may happen lets a world be quiescent, an expected one does not', () => {
    expect(play(systemOf({ m: limited(1) })).view.quiescent).toBe(false);
    expect(play(systemOf({ m: limited(1) }), 'm').view.quiescent).toBe(true);
    expect(play(systemOf({ m: limited(1, true) }), 'm m?BACK').view.quiescent).toBe(false);
    expect(play(systemOf({ m: limited(1, true) }), 'm?USE m m?BACK').view.quiescent).toBe(true);
    expect(play(systemOf({ ear: listener })).view.quiescent).toBe(true);
  });

  it.each([
    ['no list', 'GO', /meta\.offers is no list/],
    ['no type', [{ times: 1 }], /has no event type/],
    ['times 0', [{ type: 'GO', times: 0 }], /times: 0/],
    ['half a time', [{ type: 'GO', times: 0.5 }], /times: 0\.5/],
    ['a strange expected', [{ type: 'GO', expected: 'yes' }], /expected/],
    ['no value', [{ type: 'GO', f: () => 1 }], /\.f.*function/],
  ])('that is malformed is refused with actor and state: %s', (_name, offers, message) => {
    const m = noting.createMachine({ id: 'm', context: { got: [], friend: null }, meta: { offers } });
    expect(() => play(systemOf({ m }))).toThrow(message);
    expect(() => play(systemOf({ m }))).toThrow(/'m'/);
  });
});
