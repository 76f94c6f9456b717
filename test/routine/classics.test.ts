import { describe, expect, test } from 'vitest';
import {
  acquire,
  allocate,
  compareAndSwap,
  preempt,
  read,
  release,
  threads,
  until,
  write,
} from '../../src/index.js';
import { exploreAll } from './exploreAll.js';

/** Mistakes that everybody makes once, each with a clean twin. */

describe('a lost update', () => {
  const program = (locked: boolean) => {
    function* increment(memory: { i: number }) {
      if (locked) yield* acquire('m');
      else yield* preempt();
      memory.i = memory.i + 1;
      if (locked) yield* release('m');
    }
    return threads({ memory: { i: 0 }, locks: ['m'], threads: { a: increment, b: increment } });
  };

  test('is a race without a lock, although plain code is atomic in our schedules', () => {
    expect(exploreAll(program(false)).races).toEqual(['a b: memory.i']);
  });

  test('is neither with one', () => {
    const found = exploreAll(program(true));
    expect(found.races).toEqual([]);
    expect(found.ends).toEqual(['{"i":2}']);
  });
});

describe('double-checked locking', () => {
  interface Shared {
    instance: { ready: number } | null;
    seen: number[];
  }
  const program = (publishesLast: boolean) => {
    const body = (me: number) =>
      function* (memory: Shared) {
        let found = yield* read(memory, 'instance');
        if (found === null) {
          yield* acquire('m');
          found = yield* read(memory, 'instance');
          if (found === null) {
            found = allocate({ ready: publishesLast ? 1 : 0 });
            yield* write(memory, 'instance', found);
            if (!publishesLast) found.ready = 1;
          }
          yield* release('m');
        }
        memory.seen[me] = found.ready;
      };
    return threads<Shared>({
      memory: { instance: null, seen: [-1, -1] },
      locks: ['m'],
      threads: { a: body(0), b: body(1) },
    });
  };

  test('shows an object that is not ready when it is published too early', () => {
    const found = exploreAll(program(false));
    expect(found.races).toContain('a b: a#0.ready');
    expect(found.ends.some((end) => end.includes('"seen":[1,0]'))).toBe(true);
  });

  test('is safe when the object is published last', () => {
    const found = exploreAll(program(true));
    expect(found.races).toEqual([]);
    expect(found.ends).toEqual(['{"instance":{"ready":1},"seen":[1,1]}']);
  });
});

describe('a lock-free stack', () => {
  interface Node {
    next: Node | null;
  }
  interface Shared {
    top: Node | null;
    popped: Node[];
    tag: number;
  }
  /** A pops A while B pops A and B and pushes A again: with A back on top, A's swap succeeds and brings B back (ABA). */
  const program = (tagged: boolean) => {
    const second: Node = { next: null };
    function* pop(memory: Shared) {
      for (;;) {
        const tag = tagged ? yield* read(memory, 'tag') : 0;
        const top = yield* read(memory, 'top');
        if (top === null) return null;
        const next = yield* read(top, 'next');
        if (!tagged) {
          if (yield* compareAndSwap(memory, 'top', top, next)) return top;
          continue;
        }
        yield* acquire('two words');
        const fits = (yield* read(memory, 'tag')) === tag && (yield* read(memory, 'top')) === top;
        if (fits) {
          yield* write(memory, 'tag', tag + 1);
          yield* write(memory, 'top', next);
        }
        yield* release('two words');
        if (fits) return top;
      }
    }
    function* push(memory: Shared, node: Node) {
      const top = yield* read(memory, 'top');
      yield* write(node, 'next', top);
      if (tagged) yield* acquire('two words');
      yield* write(memory, 'top', node);
      if (tagged) yield* release('two words');
    }
    return threads<Shared>({
      memory: { top: { next: second }, popped: [], tag: 0 },
      locks: ['two words'],
      races: 'ignore',
      threads: {
        a: function* (memory) {
          yield* pop(memory);
        },
        b: function* (memory) {
          const first = yield* pop(memory);
          const taken = yield* pop(memory);
          if (taken !== null) memory.popped.push(taken);
          if (first !== null) yield* push(memory, first);
        },
      },
    });
  };
  const popsTwice = (end: string): boolean => {
    const { top, popped } = JSON.parse(end);
    return (
      popped.length === 1 && top !== null && top.next === null && JSON.stringify(top) === '{"next":null}'
    );
  };

  test('takes a node for another one that came back in the meantime (ABA)', () => {
    const found = exploreAll(program(false));
    const both = found.last.some(({ context: { memory } }) => {
      const { top, popped } = memory as Shared;
      return top !== null && popped.includes(top);
    });
    expect(both).toBe(true);
    expect(found.ends.some(popsTwice)).toBe(true);
  });

  test('does not when a tag counts the changes', () => {
    const found = exploreAll(program(true));
    const both = found.last.some(({ context: { memory } }) => {
      const { top, popped } = memory as Shared;
      return top !== null && popped.includes(top);
    });
    expect(both).toBe(false);
  });
});

describe('two locks', () => {
  const program = (second: readonly string[]) => {
    const body = (order: readonly string[]) =>
      function* () {
        for (const lock of order) yield* acquire(lock);
        for (const lock of order) yield* release(lock);
      };
    return threads({ memory: {}, locks: ['l', 'm'], threads: { a: body(['l', 'm']), b: body(second) } });
  };

  test('deadlock when they are taken in opposite orders', () => {
    const found = exploreAll(program(['m', 'l']));
    expect(found.statuses).toEqual(['active', 'done']);
    const stuck = found.last.find(({ status }) => status === 'active');
    expect(stuck?.context.locks).toEqual({ l: 'a', m: 'b' });
    expect(stuck?.context.threads).toEqual({
      a: { at: 'acquire m', running: false },
      b: { at: 'acquire l', running: false },
    });
  });

  test('do not when the order is the same', () => {
    expect(exploreAll(program(['l', 'm'])).statuses).toEqual(['done']);
  });
});

describe('publication', () => {
  interface Shared {
    box: { v: number } | null;
    data: number;
    ready: boolean;
    got: number;
  }
  const memory: Shared = { box: null, data: 0, ready: false, got: 0 };

  test('by compare-and-swap of what was filled before is no race', () => {
    const found = exploreAll(
      threads<Shared>({
        memory,
        threads: {
          writer: function* (shared) {
            const box = allocate({ v: 0 });
            box.v = 42;
            yield* compareAndSwap(shared, 'box', null, box);
          },
          reader: function* (shared) {
            yield* until(() => shared.box !== null);
            const box = yield* read(shared, 'box');
            shared.got = box?.v ?? -1;
          },
        },
      }),
    );
    expect(found.races).toEqual([]);
    expect(found.ends).toEqual(['{"box":{"v":42},"data":0,"ready":false,"got":42}']);
  });

  test('by an atomic flag is no race, by a plain one it is', () => {
    const program = (atomic: boolean) =>
      threads<Shared>({
        memory,
        threads: {
          writer: function* (shared) {
            shared.data = 42;
            if (atomic) yield* write(shared, 'ready', true);
            else {
              yield* preempt();
              shared.ready = true;
            }
          },
          reader: function* (shared) {
            yield* until(() => shared.ready);
            shared.got = shared.data;
          },
        },
      });
    expect(exploreAll(program(true)).races).toEqual([]);
    expect(exploreAll(program(false)).races).toEqual(['writer reader: memory.ready']);
  });
});
