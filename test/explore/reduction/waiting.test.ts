import { expect, it } from 'vitest';
import { Claims } from '../../../src/explore/claims.js';
import { type Omission, ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import { defineSystem, preempt, restart, type System, threads, until, write } from '../../../src/index.js';
import { World } from '../../../src/runtime/world.js';
import { runToEnd } from './agreement.js';

// One of two waits for what the other takes again and again, and has never gone on from there before: nobody knows what it will
// do. Round the other's cycle a step is put off in a state in which the one cannot go on, so that it would never be seen to.

/** So many steps that by then it is known who was seen to do what. */
const LONG = 40;

function endOf(system: System, omissions: readonly Omission[]): string {
  const world = new World(system);
  const limits = { states: 10_000, depth: 1000, violations: 1 };
  return runToEnd(new ReducedSearch(world, new Claims(world, []), limits, 'bfs', 64, new Set(omissions)));
}

it('is known of a thread that waits for a processor', () => {
  const logic = threads({
    memory: { started: 0, open: 0, x: 0 },
    processors: 1,
    races: 'ignore',
    threads: {
      a: function* (memory) {
        if (memory.open === 0) {
          yield* until(() => memory.started === 1);
          for (let i = 0; i < LONG; i++) yield* write(memory, 'x', i);
          memory.open = 1;
        }
        yield* preempt();
        yield* write(memory, 'x', 0);
        return restart();
      },
      b: function* (memory) {
        yield* write(memory, 'started', 1);
        yield* until(() => memory.open === 1);
        throw new Error('it was let in');
      },
    },
  });
  const system = defineSystem({ name: 'processor', actors: { program: { logic } } });
  expect([endOf(system, []), endOf(system, ['C1 waits'])]).toEqual(['violations', 'exhausted']);
});
