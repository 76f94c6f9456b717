import { describe, expect, test } from 'vitest';
import { preempt, read, restart, threads, until, write } from '../../src/index.js';
import { countSchedules, exploreAll } from './exploreAll.js';

/** Sizes of small programs that were counted by hand or elsewhere. */

describe('counts', () => {
  function* increment(memory: { i: number }) {
    const t = yield* read(memory, 'i');
    yield* write(memory, 'i', t + 1);
  }

  test('two increments without a lock have 19 states and C(6, 3) = 20 schedules', () => {
    const program = threads({ memory: { i: 0 }, threads: { a: increment, b: increment } });
    const found = exploreAll(program);
    expect(found.states).toBe(19);
    expect(countSchedules(program)).toBe(20);
    expect(found.ends).toEqual(['{"i":1}', '{"i":2}']);
    expect(found.races).toEqual([]);
    expect(found.statuses).toEqual(['done']);
  });

  test('two threads with four points each have C(10, 5) = 252 schedules', () => {
    function* four() {
      for (let i = 0; i < 4; i++) yield* preempt();
    }
    expect(countSchedules(threads({ memory: {}, threads: { a: four, b: four } }))).toBe(252);
  });

  // PlusCal's Peterson has the labels a1 (flag), a2 (turn), a3 (wait), cs and a4 (flag), in a loop: TLC finds 42 distinct states of
  // (pc, flag, turn). Here a label is a point, the wait one `until`, the loop `restart` (so that no log remains), the start is
  // the jump to a1; nothing is read but in the wait, so a thread's state is its counter.
  test("Peterson's lock in a loop has the 42 states that TLC finds", () => {
    const body = (me: number) =>
      function* (memory: { flag: boolean[]; turn: number }) {
        yield* write(memory.flag, me, true);
        yield* write(memory, 'turn', 1 - me);
        yield* until(() => !memory.flag[1 - me] || memory.turn === me);
        yield* preempt();
        yield* write(memory.flag, me, false);
        return restart();
      };
    const program = threads({
      memory: { flag: [false, false], turn: 0 },
      races: 'ignore',
      threads: { p: body(0), q: body(1) },
    });
    expect(exploreAll(program).states).toBe(42);
  });

  test("Peterson's lock keeps the critical sections apart", () => {
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
    expect(found.races).toEqual([]);
    expect(found.ends).toEqual([
      '{"flag":[false,false],"turn":0,"inside":0,"worst":1}',
      '{"flag":[false,false],"turn":1,"inside":0,"worst":1}',
    ]);
  });
});

test('schedules are counted with and without races looked for', () => {
  const program = (races: 'violation' | 'ignore') => {
    function* body(memory: { x: number }) {
      yield* preempt();
      memory.x += 1;
    }
    return threads({ memory: { x: 0 }, races, threads: { a: body, b: body } });
  };
  expect(countSchedules(program('ignore'))).toBe(6);
  expect(countSchedules(program('violation'))).toBe(20);
});
