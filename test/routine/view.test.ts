import { describe, expect, test } from 'vitest';
import { acquire, preempt, threads, write } from '../../src/index.js';
import { exploreAll, viewOf, worldOf } from './exploreAll.js';

describe('what properties see', () => {
  test('is memory, unfinished threads and owners', () => {
    const program = threads({
      memory: { x: 0, list: [{ v: 1 }] },
      locks: ['m'],
      threads: {
        a: function* (memory) {
          yield* acquire('m');
          yield* write(memory, 'x', 1);
        },
        b: function* () {},
      },
    });
    const world = worldOf(program);
    let state = world.initial;
    expect(viewOf(world, state).context).toEqual({
      memory: { x: 0, list: [{ v: 1 }] },
      threads: { a: { at: 'start', running: true }, b: { at: 'start', running: true } },
      locks: { m: null },
    });
    for (const pick of [0, 0, 1]) {
      const choice = world.enabled(state).choices[pick];
      if (choice !== undefined) state = world.step(state, choice);
    }
    const { context } = viewOf(world, state);
    expect(context).toEqual({
      memory: { x: 0, list: [{ v: 1 }] },
      threads: { a: { at: 'write memory.x 1', running: true } },
      locks: { m: 'a' },
    });
    const { memory } = context as { memory: { list: object[] } };
    expect([context, memory, memory.list, memory.list[0]].every(Object.isFrozen)).toBe(true);
  });

  test('a thread that throws ends the program with its error', () => {
    const found = exploreAll(
      threads({
        memory: { x: 0 },
        threads: {
          a: function* (memory) {
            yield* preempt();
            if (memory.x === 0) throw new RangeError('too early');
          },
          b: function* (memory) {
            yield* write(memory, 'x', 1);
          },
        },
      }),
    );
    expect(found.statuses).toEqual(['done', 'error']);
    expect(found.last.find(({ status }) => status === 'error')?.error).toEqual(new RangeError('too early'));
  });
});
