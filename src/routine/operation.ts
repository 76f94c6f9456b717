import { activityOf } from './activity.js';
import type { Operation } from './point.js';

export type { Operation } from './point.js';

/**
 * The points of a routine: what a thread does at a `yield*`. Each is one atomic step (architecture 5.2); between two of them
 * the code runs without interruption.
 */

/** A routine: plain code with points. What it returns is dropped, unless it is {@link restart}. */
export type Points<Result> = Generator<Operation, Result, unknown>;

/**
 * A point of the code that is at work: it is made here, and begins when `yield*` asks for it. One that never begins did nothing, so
 * a thread that ends without it is refused.
 *
 * @throws UsageError outside of a thread
 */
function point<Result>(operation: Operation, caller: string = operation.kind): Points<Result> {
  activityOf(caller).made(operation);
  return begun(operation, caller);
}

function* begun<Result>(operation: Operation, caller: string): Points<Result> {
  // What answers an operation gives what the signature of its maker says.
  return (yield activityOf(caller).point(operation)) as Result;
}

/** Reads a property as one atomic access. */
export function read<T extends object, K extends keyof T>(object: T, key: K): Points<T[K]> {
  return point({ kind: 'read', object, key });
}

/** Writes a property as one atomic access. */
export function write<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): Points<void> {
  return point({ kind: 'write', object, key, value });
}

/**
 * Writes `next` if the property is `expected` (by `Object.is`), as one atomic access.
 *
 * @returns whether it did; when it did not, the access conflicts as a read does
 */
export function compareAndSwap<T extends object, K extends keyof T>(
  object: T,
  key: K,
  expected: T[K],
  next: T[K],
): Points<boolean> {
  return point({ kind: 'compareAndSwap', object, key, expected, next });
}

/** Waits until the lock is free and takes it. Locks are not re-entrant: who waits for a lock that it holds waits for ever. */
export function acquire(lock: string): Points<void> {
  return point({ kind: 'acquire', lock });
}

/** Gives a lock back. Releasing a lock that the thread does not hold fails the thread. */
export function release(lock: string): Points<void> {
  return point({ kind: 'release', lock });
}

/** A point that does nothing; threads of equal priority may take over here. */
export function preempt(): Points<void> {
  return point({ kind: 'preempt' });
}

/**
 * Waits until a condition on memory holds. Its reads are atomic. It only looks: writing in it is refused, what it assigns to
 * variables is lost, and what it throws fails the thread.
 */
export function until(condition: () => boolean): Points<void> {
  return point({ kind: 'until', condition });
}

/**
 * Calls into what surrounds the program; a point like any other, answered by its host. The calls that users write, e.g. those of
 * a driver into its class driver, are made of it. Such a function calls it at once, not in a generator of its own: only a point
 * that was made can be missed where `yield*` is.
 *
 * @typeParam Result what the host answers this call with
 */
export function service<Result>(name: string, ...args: readonly unknown[]): Points<Result> {
  return point({ kind: 'service', name, args }, name);
}

/** What a routine returns to begin anew, with an empty log: a long-lived loop says `return restart(...)` at its end. */
export class Restart {
  readonly args: readonly unknown[];
  constructor(args: readonly unknown[]) {
    this.args = args;
  }
}

/**
 * Begins the thread anew with these arguments (plain data or objects of memory) and an empty log.
 *
 * @throws UsageError outside of a thread; a thread that calls it and does not return what it gives is refused
 */
export function restart(...args: readonly unknown[]): Restart {
  activityOf('restart').restarts();
  return new Restart(args);
}

/**
 * Makes an object of memory at once: what is then read or written through the result is shared. No point, no `yield*`.
 *
 * @param literal a plain object or array; it is copied and frozen
 * @throws UsageError outside of a thread
 */
export function allocate<T extends object>(literal: T): T {
  // The proxy has the shape of the literal.
  return activityOf('allocate').allocate(literal) as T;
}
