import { preempt, threads } from '../../src/index.js';
import { exploreAll, type ProgramView } from './exploreAll.js';

/** Runs one routine alone and gives the end. Whatever it wants to show it puts into memory. */
export function runAlone<M extends object>(
  memory: M,
  run: (memory: M) => Generator<unknown, unknown, unknown>,
  locks: readonly string[] = [],
): ProgramView {
  // Any generator, so that tests can yield what is no point.
  const body = run as Parameters<typeof threads<M>>[0]['threads'][string];
  const [end, ...others] = exploreAll(threads({ memory, locks, threads: { alone: body } })).last;
  if (!end || others.length > 0) throw new Error('one thread has one end');
  return end;
}

/** What a routine leaves in `memory.out`, run with a point between any two of its steps. */
export function outOf(memory: object, ...steps: readonly ((memory: Bag) => unknown)[]): unknown {
  const end = runAlone<Bag>({ ...memory, out: undefined }, function* (shared) {
    for (const step of steps) {
      const out = step(shared);
      yield* preempt();
      shared['out'] = out;
    }
  });
  if (end.status === 'error') throw end.error;
  return (end.context.memory as Bag)['out'];
}

/** Memory of which a test knows more than the compiler. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into records and arrays of every shape
export type Bag = Record<string, any>;
