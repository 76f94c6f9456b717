import type { HeapObject, MemoryValue } from './heapObject.js';

/** What a thread asks for at a `yield*`, as its code says it. */
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
  | { readonly kind: 'until'; readonly condition: () => boolean }
  /** A call into what surrounds the program, e.g. of a driver into its class driver. */
  | { readonly kind: 'service'; readonly name: string; readonly args: readonly unknown[] };

/** A point that a thread waits at: an operation that was checked, its arguments values of memory. */
export interface Point {
  readonly kind: Operation['kind'];
  /** Canonical text, e.g. `write memory.x 42`. */
  readonly text: string;
  readonly object?: HeapObject;
  readonly key?: string;
  readonly values: readonly MemoryValue[];
  /** Number of the lock. */
  readonly lock?: number;
  /** What the service is called. Its arguments are {@link values}. */
  readonly service?: string;
  /** Belongs to one execution. */
  readonly condition?: () => boolean;
}
