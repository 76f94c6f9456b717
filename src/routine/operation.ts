/**
 * The points of a routine: what a thread does at a `yield*`. Each is one atomic step (architecture 5.2); between two of them
 * the code runs without interruption.
 */
export type Operation =
  | { readonly kind: 'read'; readonly object: object; readonly key: PropertyKey }
  | { readonly kind: 'write'; readonly object: object; readonly key: PropertyKey; readonly value: unknown }
  | {
      readonly kind: 'compareAndSwap';
      readonly object: object;
      readonly key: PropertyKey;
      readonly expected: unknown;
      readonly next: unknown;
    }
  | { readonly kind: 'acquire' | 'release'; readonly lock: string }
  | { readonly kind: 'preempt' }
  | { readonly kind: 'until'; readonly condition: () => boolean };

/** A routine: plain code with points. What it returns is dropped, unless it is {@link restart}. */
export type Points<Result> = Generator<Operation, Result, unknown>;

/** Reads a property as one atomic access. */
export function* read<T extends object, K extends keyof T>(object: T, key: K): Points<T[K]> {
  return (yield { kind: 'read', object, key }) as T[K];
}

/** Writes a property as one atomic access. */
export function* write<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): Points<void> {
  yield { kind: 'write', object, key, value };
}

/**
 * Writes `next` if the property is `expected` (by `Object.is`), as one atomic access.
 *
 * @returns whether it did; when it did not, the access conflicts as a read does
 */
export function* compareAndSwap<T extends object, K extends keyof T>(
  object: T,
  key: K,
  expected: T[K],
  next: T[K],
): Points<boolean> {
  return (yield { kind: 'compareAndSwap', object, key, expected, next }) === true;
}

/** Waits until the lock is free and takes it. Locks are not re-entrant: who waits for a lock that it holds waits for ever. */
export function* acquire(lock: string): Points<void> {
  yield { kind: 'acquire', lock };
}

/** Gives a lock back. Releasing a lock that the thread does not hold fails the thread. */
export function* release(lock: string): Points<void> {
  yield { kind: 'release', lock };
}

/** A point that does nothing; threads of equal priority may take over here. */
export function* preempt(): Points<void> {
  yield { kind: 'preempt' };
}

/** Waits until a condition on memory holds. The condition only reads, and its reads are atomic. */
export function* until(condition: () => boolean): Points<void> {
  yield { kind: 'until', condition };
}

/** What a routine returns to begin anew, with an empty log: a long-lived loop says `return restart(...)` at its end. */
export class Restart {
  readonly args: readonly unknown[];
  constructor(args: readonly unknown[]) {
    this.args = args;
  }
}

/** Begins the thread anew with these arguments (plain data or objects of memory) and an empty log. */
export function restart(...args: readonly unknown[]): Restart {
  return new Restart(args);
}
