import { describe, expect, test } from 'vitest';
import {
  acquire,
  allocate,
  compareAndSwap,
  preempt,
  read,
  release,
  restart,
  threads,
  until,
  write,
} from '../../src/index.js';
import { exploreAll } from './exploreAll.js';
import { runAlone } from './programs.js';

describe('steps', () => {
  test('are one more than points', () => {
    const points = (n: number) =>
      threads({
        memory: {},
        threads: {
          a: function* () {
            for (let i = 0; i < n; i++) yield* preempt();
          },
        },
      });
    expect([0, 1, 4].map((n) => exploreAll(points(n)).states)).toEqual([2, 3, 6]);
  });

  test('plain code behind a point is one of its own if it touches memory and races are looked for', () => {
    const program = (races: 'violation' | 'ignore', touch: boolean) =>
      threads({
        memory: { x: 0 },
        races,
        threads: {
          a: function* (memory) {
            yield* preempt();
            if (touch) memory.x = 1;
          },
        },
      });
    expect(exploreAll(program('violation', true)).states).toBe(4);
    expect(exploreAll(program('ignore', true)).states).toBe(3);
    expect(exploreAll(program('violation', false)).states).toBe(3);
  });

  test('a finished thread leaves no locals behind', () => {
    const program = threads({
      memory: { x: 0 },
      threads: {
        a: function* (memory) {
          yield* read(memory, 'x');
        },
        b: function* (memory) {
          yield* write(memory, 'x', 1);
          yield* write(memory, 'x', 0);
        },
      },
    });
    expect(exploreAll(program).last).toHaveLength(1);
  });
});

describe('operations', () => {
  test('give what memory holds, own writes included', () => {
    const end = runAlone({ x: 1, out: [] as unknown[] }, function* (memory) {
      memory.out.push(yield* read(memory, 'x'));
      memory.out.push(yield* compareAndSwap(memory, 'x', 2, 3));
      memory.out.push(yield* compareAndSwap(memory, 'x', 1, Number.NaN));
      memory.out.push(yield* compareAndSwap(memory, 'x', Number.NaN, -0));
      memory.out.push(yield* compareAndSwap(memory, 'x', 0, 5));
      yield* write(memory, 'x', 7);
      memory.x += 1;
      memory.x *= 2;
      memory.out.push(memory.x);
    });
    expect(end.context.memory).toEqual({ x: 16, out: [1, false, true, true, false, 16] });
  });

  test('only one of two swaps succeeds', () => {
    const swap = (me: number) =>
      function* (memory: { owner: number; won: number[] }) {
        if (yield* compareAndSwap(memory, 'owner', 0, me)) memory.won.push(me);
      };
    const found = exploreAll(
      threads<{ owner: number; won: number[] }>({
        memory: { owner: 0, won: [] },
        threads: { a: swap(1), b: swap(2) },
      }),
    );
    expect(found.ends).toEqual(['{"owner":1,"won":[1]}', '{"owner":2,"won":[2]}']);
    expect(found.races).toEqual([]);
  });

  test('a failed swap reads: two of them beside a plain read are no race, one that succeeds is', () => {
    const program = (expected: number) =>
      threads({
        memory: { x: 0, out: 0 },
        threads: {
          a: function* (memory) {
            yield* compareAndSwap(memory, 'x', expected, 1);
          },
          b: function* (memory) {
            yield* preempt();
            memory.out = memory.x;
          },
        },
      });
    expect(exploreAll(program(7)).races).toEqual([]);
    expect(exploreAll(program(0)).races).toEqual(['a b: memory.x']);
  });
});

describe('a lock', () => {
  test('is not re-entrant', () => {
    const end = runAlone(
      {},
      function* () {
        yield* acquire('m');
        yield* acquire('m');
      },
      ['m'],
    );
    expect(end.status).toBe('active');
    expect(end.context.threads).toEqual({ alone: { at: 'acquire m', running: false } });
  });

  test('that is released without being held fails the thread', () => {
    const end = runAlone(
      {},
      function* () {
        yield* release('m');
      },
      ['m'],
    );
    expect(end).toMatchObject({
      status: 'error',
      error: { message: "alone released 'm' without holding it" },
    });
  });

  test('that a thread holds across a restart is still its own', () => {
    const end = runAlone(
      { rounds: 0 },
      function* (memory) {
        const rounds = yield* read(memory, 'rounds');
        yield* write(memory, 'rounds', 1);
        if (rounds === 0) yield* acquire('m');
        if (rounds === 0) return restart();
        yield* release('m');
        return undefined;
      },
      ['m'],
    );
    expect(end).toMatchObject({ status: 'done', context: { locks: { m: null } } });
  });

  test('stays with a thread that ends', () => {
    const found = exploreAll(
      threads({
        memory: {},
        locks: ['m'],
        threads: {
          a: function* () {
            yield* acquire('m');
          },
        },
      }),
    );
    expect(found.last[0]?.context.locks).toEqual({ m: 'a' });
  });
});

describe('until', () => {
  test('waits until its condition holds, and for ever if it never does', () => {
    const program = (last: number) =>
      threads({
        memory: { x: 0 },
        threads: {
          a: function* (memory) {
            yield* until(() => memory.x === last);
          },
          b: function* (memory) {
            yield* write(memory, 'x', 1);
            yield* write(memory, 'x', 2);
          },
        },
      });
    expect(exploreAll(program(2)).statuses).toEqual(['done']);
    expect(exploreAll(program(1)).statuses).toEqual(['active', 'done']);
    expect(exploreAll(program(3)).statuses).toEqual(['active']);
  });

  test('reads its cells even while it is false', () => {
    const found = exploreAll(
      threads({
        memory: { x: 0 },
        threads: {
          a: function* (memory) {
            yield* until(() => memory.x === 9);
          },
          b: function* (memory) {
            yield* preempt();
            memory.x = 1;
          },
        },
      }),
    );
    expect(found.races).toEqual(['a b: memory.x']);
  });

  test('whose condition throws fails the thread', () => {
    const end = runAlone({ p: null as { v: number } | null }, function* (memory) {
      yield* until(() => (memory.p as { v: number }).v > 0);
    });
    expect(end).toMatchObject({ status: 'error', error: { name: 'TypeError' } });
  });
});

describe('restart', () => {
  test('empties the log, so that a loop has finitely many states', () => {
    const program = threads({
      memory: { x: 0 },
      threads: {
        a: function* (memory) {
          const x = yield* read(memory, 'x');
          yield* write(memory, 'x', (x + 1) % 3);
          return restart();
        },
      },
    });
    // Each of three values of x: at the start, at the read, at the write.
    expect(exploreAll(program).states).toBe(9);
  });

  test('hands its arguments on', () => {
    const end = runAlone({ sum: 0 }, function* (memory: { sum: number }, ...args: number[]) {
      const [n = 3] = args;
      memory.sum += n;
      yield* preempt();
      return n > 1 ? restart(n - 1) : undefined;
    });
    expect(end.context.memory).toEqual({ sum: 6 });
  });
});

describe('objects', () => {
  interface Shared {
    p: { v: number } | null;
  }

  test('are named by the smallest free index and forgotten when nothing mentions them: states merge', () => {
    const program = threads<Shared>({
      memory: { p: null },
      threads: {
        a: function* (memory) {
          yield* write(memory, 'p', { v: 1 });
          yield* write(memory, 'p', null);
          return restart();
        },
      },
    });
    // At the start, at the write of the object, at the write of null.
    expect(exploreAll(program).states).toBe(3);
  });

  test('live as long as a thread remembers them', () => {
    const end = runAlone<Shared & { out: number }>({ p: null, out: 0 }, function* (memory) {
      const first = allocate({ v: 1 });
      memory.p = first;
      yield* preempt();
      memory.p = null;
      yield* preempt();
      const second = allocate({ v: 2 });
      first.v += 10;
      yield* preempt();
      memory.out = first.v * 100 + second.v;
    });
    expect(end.context.memory).toEqual({ p: null, out: 1102 });
  });
});
