import { describe, expect, test } from 'vitest';
import { acquire, compareAndSwap, preempt, read, release, threads, until, write } from '../../src/index.js';
import { countSchedules, exploreAll } from './exploreAll.js';

describe('threads', () => {
  test('two increments without a lock lose one of two, in 19 distinct states', () => {
    function* increment(memory: { i: number }) {
      const t = yield* read(memory, 'i');
      yield* write(memory, 'i', t + 1);
    }
    const found = exploreAll(threads({ memory: { i: 0 }, threads: { a: increment, b: increment } }));
    expect(found.ends).toEqual(['{"i":1}', '{"i":2}']);
    expect(found.states).toBe(19);
    expect(found.statuses).toEqual(['done']);
  });

  test('two threads with four points each have C(10, 5) = 252 schedules', () => {
    function* four() {
      for (let i = 0; i < 4; i++) yield* preempt();
    }
    expect(countSchedules(threads({ memory: {}, threads: { a: four, b: four } }))).toBe(252);
  });

  test('a lock makes increments of plain memory add up', () => {
    function* increment(memory: { i: number }) {
      yield* acquire('m');
      memory.i = memory.i + 1;
      yield* release('m');
    }
    const found = exploreAll(
      threads({ memory: { i: 0 }, locks: ['m'], threads: { a: increment, b: increment } }),
    );
    expect(found.ends).toEqual(['{"i":2}']);
  });

  test("Peterson's lock with until keeps the critical sections apart", () => {
    interface Shared {
      flag: boolean[];
      turn: number;
      inside: number;
      worst: number;
    }
    const body = (me: number) =>
      function* (memory: Shared) {
        yield* write(memory.flag, me, true);
        yield* write(memory, 'turn', 1 - me);
        yield* until(() => !memory.flag[1 - me] || memory.turn === me);
        memory.inside += 1;
        memory.worst = Math.max(memory.worst, memory.inside);
        yield* preempt();
        memory.inside -= 1;
        yield* write(memory.flag, me, false);
      };
    const found = exploreAll(
      threads<Shared>({
        memory: { flag: [false, false], turn: 0, inside: 0, worst: 0 },
        threads: { p: body(0), q: body(1) },
      }),
    );
    expect(found.ends.map((end) => JSON.parse(end).worst)).toEqual([1, 1]);
  });

  test('compare-and-swap succeeds for one of two', () => {
    const swap = (me: number) =>
      function* (memory: { owner: number; won: number[] }) {
        const won = yield* compareAndSwap(memory, 'owner', 0, me);
        if (won) memory.won.push(me);
      };
    const found = exploreAll(
      threads<{ owner: number; won: number[] }>({
        memory: { owner: 0, won: [] },
        threads: { a: swap(1), b: swap(2) },
      }),
    );
    expect(found.ends).toEqual(['{"owner":1,"won":[1]}', '{"owner":2,"won":[2]}']);
  });
});
