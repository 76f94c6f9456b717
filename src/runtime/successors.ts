/** Where the parts of a successor lie in its row. */
export const Successor = {
  /** the words of the fingerprint: two, or four where states are told apart by as many */
  first: 0,
  second: 1,
  third: 2,
  fourth: 3,
  /** where two words are enough: whose steps are asleep there, and what the step touched; see `Asleep` */
  asleep: 2,
  touched: 3,
  /** the choice that leads there */
  choice: 4,
  /** where the state lies from which it leads there */
  parent: 5,
  /** where in the log of changes those of this step begin and end */
  changesStart: 6,
  changesEnd: 7,
} as const;

/** The length of a row, as a shift: half a cache line. */
export const SUCCESSOR_BITS = 3;

/**
 * The successors of states, as a search makes them by the thousand: what they are is not written down, only what tells them
 * apart and how to make those that turn out to be new.
 */
export class Successors {
  count = 0;
  /** How many were left out because an actor was asleep. */
  leftOut = 0;
  /** One row for each, as {@link Successor} says. */
  readonly rows: Int32Array;

  /** @param capacity how many there may be */
  constructor(capacity: number) {
    this.rows = new Int32Array(capacity << SUCCESSOR_BITS);
  }

  /** One integer of a successor's row. */
  at(index: number, part: number): number {
    return this.rows[(index << SUCCESSOR_BITS) + part] ?? 0;
  }

  /** Begins anew. */
  clear(): void {
    this.count = 0;
    this.leftOut = 0;
  }
}
