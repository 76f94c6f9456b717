import { describe, expect, it } from 'vitest';
import { topLevelAddress } from '../../src/kernel/address.js';
import type { ActorPlace } from '../../src/runtime/actors.js';
import { Tables } from '../../src/runtime/tables.js';
import type { TimerMode } from '../../src/runtime/timers.js';

/** A set of timers of one actor, as ids; arms them by id and delay. */
function clock(mode: TimerMode) {
  const tables = new Tables(mode);
  const { timers, actors } = tables;
  const place: ActorPlace = actors.addTopLevel(topLevelAddress('a'));
  const message = tables.internEvent({ type: 'T' }, 'an event').id;
  const arm = (set: number, id: string | undefined, delay: number): number =>
    timers.arm(place, set, timers.internSpec({ id, message, to: place.index, raised: true, delay }));
  const show = (set: number) => timers.timers(set).map((t) => `${t.spec.id}@${t.remaining}`);
  return { timers, arm, show };
}

describe('Timers', () => {
  it('keeps the order of deadlines, and of arming where they are equal', () => {
    const { arm, show } = clock('ordered');
    const set = arm(arm(arm(arm(0, 'a', 5), 'b', 9), 'c', 5), 'd', 0);
    expect(show(set)).toEqual(['d@0', 'a@5', 'c@5', 'b@9']);
  });

  it('gives equal sets one identity, however they came about, and nothing armed is 0', () => {
    const { timers, arm } = clock('ordered');
    const set = arm(arm(0, 'a', 5), 'b', 9);
    expect(arm(arm(0, 'b', 9), 'a', 5)).toBe(set);
    expect(timers.cancel(arm(set, 'c', 1), 'c')).toBe(set);
    expect(timers.elapse(arm(arm(0, 'a', 8), 'b', 12), 3)).toBe(set);
    expect(timers.cancel(timers.fired(set, 0), 'b')).toBe(0);
  });

  it('cancels the last timer that was armed under an id and no other', () => {
    const { timers, arm, show } = clock('ordered');
    const twice = arm(arm(0, 'a', 5), 'a', 3);
    expect(show(timers.cancel(twice, 'a'))).toEqual(['a@5']);
    expect(timers.cancel(timers.cancel(twice, 'a'), 'a')).toBe(timers.cancel(twice, 'a'));
    expect(timers.cancel(twice, 'other')).toBe(twice);
    expect(timers.cancel(0, 'a')).toBe(0);
  });

  it('forgets both timers of an id when one of them fires, as XState does', () => {
    const { timers, arm, show } = clock('ordered');
    const fired = timers.fired(arm(arm(0, 'a', 5), 'a', 3), 0);
    expect(show(timers.cancel(fired, 'a'))).toEqual(['a@5']);
  });

  it('lets time pass for all timers of a set, and not at all in free mode', () => {
    const ordered = clock('ordered');
    const set = ordered.arm(ordered.arm(0, 'a', 5), undefined, 9);
    expect(ordered.show(ordered.timers.elapse(set, 5))).toEqual(['a@0', 'undefined@4']);
    expect(ordered.timers.elapse(set, 0)).toBe(set);
    const free = clock('free');
    const freely = free.arm(0, 'a', 5);
    expect(free.timers.elapse(freely, 5)).toBe(freely);
  });

  it('is the same set in free mode whatever the order and the delays', () => {
    const { arm } = clock('free');
    expect(arm(arm(0, 'a', 5), 'b', 9)).toBe(arm(arm(0, 'b', 1), 'a', 0));
    expect(arm(arm(0, undefined, 5), undefined, 9)).not.toBe(arm(0, undefined, 5));
  });
});
