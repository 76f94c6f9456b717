import { compareAndSwap, defineSystem, never, read, restart, threads, write } from 'interlace';

interface Memory {
  n: number;
}

/** What was written between the read and the write is lost. */
function* readAndWrite(memory: Memory) {
  const seen = yield* read(memory, 'n');
  yield* write(memory, 'n', seen + 1);
}

/** Begins anew when somebody was faster. */
function* swap(memory: Memory) {
  const seen = yield* read(memory, 'n');
  if (yield* compareAndSwap(memory, 'n', seen, seen + 1)) return;
  return restart();
}

/**
 * Threads that each add one to a number: the smallest program that loses an update.
 *
 * Two threads that read and write have 19 states. A thread is before its first step, at its read, at its write with what it
 * has read, or ended, and then nothing is left of it. Neither has ended in 3 · 3 states, as both can have read nothing but 0;
 * one has in 2 · 4, as the other can have read 0 or 1; both have in 2, with the number 1 or 2.
 *
 * With compare-and-swap they have 18 states: the number is not 1 in the end.
 *
 * @param count how many threads, at least one
 */
export function counter(count: number, by: 'read and write' | 'compare and swap') {
  const names = Array.from({ length: count }, (_, i) => `thread${i}`);
  const body = by === 'read and write' ? readAndWrite : swap;
  const system = defineSystem({
    name: `counter of ${count} threads that ${by}`,
    actors: {
      program: {
        logic: threads<Memory>({
          memory: { n: 0 },
          threads: Object.fromEntries(names.map((name) => [name, body])),
        }),
      },
    },
  });
  const properties = [
    never('an update is lost', (world) => {
      const program = world.snapshot('program');
      return program?.status === 'done' && program.context.memory.n !== count;
    }),
  ];
  return { system, properties };
}
