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

/** How many fingerprints {@link Successors.latest} holds, a power of two: as many as the nearest of the processor's caches. */
export const LATEST = 1 << 12;

/**
 * The successors of states, as a search makes them by the thousand: what they are is not written down, only what tells them
 * apart and how to make those that turn out to be new.
 *
 * States that are met again are mostly met again soon: two neighbours step to a common one. Whoever sifts leaves such out.
 */
export class Successors {
  /** How many there may be. */
  readonly capacity: number;
  count = 0;
  /** How many were left out because they came a moment ago, or because an actor was asleep. */
  leftOut = 0;
  /** One row for each, as {@link Successor} says. */
  readonly rows: Int32Array;
  /**
   * Fingerprints that came last, two words each, at the place that the lower bits of the second word say; of no length when nobody
   * sifts. Whoever adds a successor writes here.
   */
  readonly latest: Int32Array;

  /** @param sifts whether successors are left out that came a moment ago: those that came must be remembered elsewhere */
  constructor(capacity: number, sifts = false) {
    this.capacity = capacity;
    this.rows = new Int32Array(capacity << SUCCESSOR_BITS);
    this.latest = new Int32Array(sifts ? LATEST << 1 : 0);
    // Nothing that comes to a place has these lower bits.
    for (let at = 0; at < this.latest.length; at += 2) this.latest[at + 1] = ~(at >> 1);
  }

  /** One integer of a successor's row. */
  at(index: number, part: number): number {
    return this.rows[(index << SUCCESSOR_BITS) + part] ?? 0;
  }

  /** Whether a fingerprint came a moment ago and is to be left out. It has come now. */
  cameLately(first: number, second: number): boolean {
    const { latest } = this;
    if (latest.length === 0) return false;
    const at = (second & (LATEST - 1)) << 1;
    if (latest[at] === first && latest[at + 1] === second) {
      this.leftOut++;
      return true;
    }
    latest[at] = first;
    latest[at + 1] = second;
    return false;
  }

  /** Takes back the successors from an index on, which were written and not counted: they have not come. Gives false. */
  takeBack(from: number, to: number): false {
    if (this.latest.length === 0) return false;
    for (let n = from; n < to; n++) {
      const place = this.at(n, Successor.second) & (LATEST - 1);
      this.latest[(place << 1) + 1] = ~place;
    }
    return false;
  }

  /** Begins anew; what came lately is still known. */
  clear(): void {
    this.count = 0;
    this.leftOut = 0;
  }
}
