import {
  defineSystem,
  never,
  preempt,
  reachable,
  restart,
  threads,
  until,
  type WorldView,
  write,
} from 'interlace';

type Name = 'p' | 'q';

/** Who wants to enter, and whose turn it is when both do. */
interface Memory {
  p: boolean;
  q: boolean;
  turn: Name;
}

/** Enters and leaves its critical section for ever. */
function atomic(me: Name, other: Name) {
  return function* (memory: Memory) {
    yield* write(memory, me, true);
    yield* write(memory, 'turn', other);
    yield* until(() => !memory[other] || memory.turn === me);
    yield* preempt(); // the critical section
    yield* write(memory, me, false);
    return restart();
  };
}

/** The same with plain accesses, which no compiler and no processor keeps in their order. */
function plain(me: Name, other: Name) {
  return function* (memory: Memory) {
    memory[me] = true;
    memory.turn = other;
    yield* until(() => !memory[other] || memory.turn === me);
    yield* preempt(); // the critical section
    memory[me] = false;
    return restart();
  };
}

/**
 * Peterson's lock for two threads (Myths about the Mutual Exclusion Problem, 1981).
 *
 * It has 42 states: those that TLC finds for the same algorithm in PlusCal, where each of the five labels is one step. A thread
 * reads nothing but in its wait, so it is no more than its place: before its first step, or at one of five points.
 *
 * With plain accesses there is a data race in it, and nothing is certain on a real machine.
 */
export function petersonsLock(accesses: 'atomic' | 'plain' = 'atomic') {
  const body = accesses === 'atomic' ? atomic : plain;
  const isInside = (world: WorldView, thread: Name): boolean =>
    world.snapshot('program')?.context.threads[thread]?.at === 'preempt';
  const system = defineSystem({
    name: `Peterson's lock with ${accesses} accesses`,
    actors: {
      program: {
        logic: threads<Memory>({
          memory: { p: false, q: false, turn: 'p' },
          threads: { p: body('p', 'q'), q: body('q', 'p') },
        }),
      },
    },
  });
  const properties = [
    never('both are inside', (world) => isInside(world, 'p') && isInside(world, 'q')),
    reachable('p is inside', (world) => isInside(world, 'p')),
    reachable('q is inside', (world) => isInside(world, 'q')),
  ];
  return { system, properties };
}
