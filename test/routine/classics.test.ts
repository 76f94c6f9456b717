import { describe, expect, test } from 'vitest';
import {
  doubleChecked,
  lockFreeStack,
  lostUpdate,
  publicationByFlag,
  publicationBySwap,
  type Stack,
  twoLocks,
} from './classicPrograms.js';
import { exploreAll } from './exploreAll.js';

/** Mistakes that everybody makes once, each with a clean twin. */

describe('a lost update', () => {
  test('is a race without a lock, although plain code is atomic in our schedules', () => {
    expect(exploreAll(lostUpdate(false)).races).toEqual(['a b: memory.i']);
  });

  test('is neither with one', () => {
    const found = exploreAll(lostUpdate(true));
    expect(found.races).toEqual([]);
    expect(found.ends).toEqual(['{"i":2}']);
  });
});

describe('double-checked locking', () => {
  test('shows an object that is not ready when it is published too early', () => {
    const found = exploreAll(doubleChecked(false));
    expect(found.races).toContain('a b: a#0.ready');
    expect(found.ends.some((end) => end.includes('"seen":[1,0]'))).toBe(true);
  });

  test('is safe when the object is published last', () => {
    const found = exploreAll(doubleChecked(true));
    expect(found.races).toEqual([]);
    expect(found.ends).toEqual(['{"instance":{"ready":1},"seen":[1,1]}']);
  });
});

describe('a lock-free stack', () => {
  const popsTwice = (end: string): boolean => {
    const { top, popped } = JSON.parse(end);
    return (
      popped.length === 1 && top !== null && top.next === null && JSON.stringify(top) === '{"next":null}'
    );
  };

  test('takes a node for another one that came back in the meantime (ABA)', () => {
    const found = exploreAll(lockFreeStack(false));
    const both = found.last.some(({ context: { memory } }) => {
      const { top, popped } = memory as Stack;
      return top !== null && popped.includes(top);
    });
    expect(both).toBe(true);
    expect(found.ends.some(popsTwice)).toBe(true);
  });

  test('does not when a tag counts the changes', () => {
    const found = exploreAll(lockFreeStack(true));
    const both = found.last.some(({ context: { memory } }) => {
      const { top, popped } = memory as Stack;
      return top !== null && popped.includes(top);
    });
    expect(both).toBe(false);
  });
});

describe('two locks', () => {
  test('deadlock when they are taken in opposite orders', () => {
    const found = exploreAll(twoLocks(['m', 'l']));
    expect(found.statuses).toEqual(['active', 'done']);
    const stuck = found.last.find(({ status }) => status === 'active');
    expect(stuck?.context.locks).toEqual({ l: 'a', m: 'b' });
    expect(stuck?.context.threads).toEqual({
      a: { at: 'acquire m', running: false },
      b: { at: 'acquire l', running: false },
    });
  });

  test('do not when the order is the same', () => {
    expect(exploreAll(twoLocks(['l', 'm'])).statuses).toEqual(['done']);
  });
});

describe('publication', () => {
  test('by compare-and-swap of what was filled before is no race', () => {
    const found = exploreAll(publicationBySwap());
    expect(found.races).toEqual([]);
    expect(found.ends).toEqual(['{"box":{"v":42},"data":0,"ready":false,"got":42}']);
  });

  test('by an atomic flag is no race, by a plain one it is', () => {
    expect(exploreAll(publicationByFlag(true)).races).toEqual([]);
    expect(exploreAll(publicationByFlag(false)).races).toEqual(['writer reader: memory.ready']);
  });
});
