import { UsageError } from '../kernel/usageError.js';
import type { HeapObject } from './heapObject.js';
import type { Operation } from './point.js';

/** Memory as the code of one execution sees it. Values are the user's: primitives and proxies. */
export interface CellAccess {
  readCell(object: HeapObject, key: string): { readonly present: boolean; readonly value: unknown };
  listKeys(object: HeapObject): readonly string[];
  writeCell(object: HeapObject, key: string, value: unknown): void;
  deleteCell(object: HeapObject, key: string): void;
}

/** The execution of a thread's code that is going on: whatever the code does with memory or points ends here. */
export interface Activity {
  readonly cells: CellAccess;
  /** Makes an object of memory from a literal and gives its proxy. */
  allocate(literal: object): object;
  /** Hears that the code has made a point; it must begin, which `yield*` does. */
  made(operation: Operation): void;
  /** Checks what a point is to do, where it stands in the code; gives it back to be yielded. */
  point(operation: Operation): Operation;
  /** Hears that the code asks to begin anew; it must return what it was given. */
  restarts(): void;
  refuse(problem: string, fix: string): never;
}

let activity: Activity | undefined;

export function currentActivity(): Activity | undefined {
  return activity;
}

/**
 * The execution that calls a function of ours, e.g. `allocate`.
 *
 * @throws UsageError outside of a thread
 */
export function activityOf(caller: string): Activity {
  if (activity) return activity;
  throw new UsageError(`${caller}() was called outside of a thread`, 'call it in the code of a routine');
}

/** Runs code of a thread; calls nest. */
export function during<T>(now: Activity, run: () => T): T {
  const before = activity;
  activity = now;
  try {
    return run();
  } finally {
    activity = before;
  }
}
