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

/** Mistakes that everybody makes once, each with a clean twin. */

/** Two threads add one in plain code, with a lock around it or not. */
export function lostUpdate(locked: boolean) {
  function* increment(memory: { i: number }) {
    if (locked) yield* acquire('m');
    else yield* preempt();
    memory.i = memory.i + 1;
    if (locked) yield* release('m');
  }
  return threads({ memory: { i: 0 }, locks: ['m'], threads: { a: increment, b: increment } });
}

interface Lazy {
  instance: { ready: number } | null;
  seen: number[];
}

/** Double-checked locking: the object is published when it is ready, or before. */
export function doubleChecked(publishesLast: boolean) {
  const body = (me: number) =>
    function* (memory: Lazy) {
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
  return threads<Lazy>({
    memory: { instance: null, seen: [-1, -1] },
    locks: ['m'],
    threads: { a: body(0), b: body(1) },
  });
}

interface Node {
  next: Node | null;
}
export interface Stack {
  top: Node | null;
  popped: Node[];
  tag: number;
}

/** A pops A while B pops A and B and pushes A again: with A back on top, A's swap succeeds and brings B back (ABA). */
export function lockFreeStack(tagged: boolean) {
  const second: Node = { next: null };
  function* pop(memory: Stack) {
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
  function* push(memory: Stack, node: Node) {
    const top = yield* read(memory, 'top');
    yield* write(node, 'next', top);
    if (tagged) yield* acquire('two words');
    yield* write(memory, 'top', node);
    if (tagged) yield* release('two words');
  }
  return threads<Stack>({
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
}

/** Two threads take two locks, the first one in the order l, m. */
export function twoLocks(second: readonly string[]) {
  const body = (order: readonly string[]) =>
    function* () {
      for (const lock of order) yield* acquire(lock);
      for (const lock of order) yield* release(lock);
    };
  return threads({ memory: {}, locks: ['l', 'm'], threads: { a: body(['l', 'm']), b: body(second) } });
}

interface Published {
  box: { v: number } | null;
  data: number;
  ready: boolean;
  got: number;
}
const unpublished: Published = { box: null, data: 0, ready: false, got: 0 };

/** A box is filled and then published by compare-and-swap. */
export function publicationBySwap() {
  return threads<Published>({
    memory: unpublished,
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
  });
}

/** Data is written, and then a flag that says so. */
export function publicationByFlag(atomic: boolean) {
  return threads<Published>({
    memory: unpublished,
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
}
