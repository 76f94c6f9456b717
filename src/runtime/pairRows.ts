/** The length of a row, as a shift: half a cache line. */
const LENGTH_BITS = 3;

/**
 * Rows of eight integers, found by their first two: a pair whose first integer is not 0. The other six are the caller's, 0 at
 * first. Open addressing over one `Int32Array`, linear probing, at most half full; growth doubles and moves every row.
 */
export class PairRows {
  /** All rows; {@link find} says where one begins. */
  cells: Int32Array;
  #mask: number;
  #size = 0;

  /** @param places number of places to begin with, a power of two */
  constructor(places = 256) {
    this.cells = new Int32Array(places << LENGTH_BITS);
    this.#mask = places - 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Where the row of a pair begins in {@link cells}, or -1. */
  find(first: number, second: number): number {
    const at = this.#place(first, second);
    return (this.cells[at] ?? 0) === 0 ? -1 : at;
  }

  /** Makes the row of a pair that has none. Where it begins; where others begin may have changed. */
  add(first: number, second: number): number {
    if (++this.#size * 2 > this.#mask) this.#grow();
    const at = this.#place(first, second);
    this.cells[at] = first;
    this.cells[at + 1] = second;
    return at;
  }

  /** The place of a pair: where its row is, or would be. */
  #place(first: number, second: number): number {
    const cells = this.cells;
    const mask = this.#mask;
    const hash = Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b);
    for (let place = hash ^ (hash >>> 15); ; place++) {
      const at = (place & mask) << LENGTH_BITS;
      const key = cells[at] ?? 0;
      if (key === 0 || (key === first && (cells[at + 1] ?? 0) === second)) return at;
    }
  }

  #grow(): void {
    const old = this.cells;
    this.cells = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let row = 0; row < old.length; row += 1 << LENGTH_BITS) {
      if ((old[row] ?? 0) === 0) continue;
      const at = this.#place(old[row] ?? 0, old[row + 1] ?? 0);
      this.cells.set(old.subarray(row, row + (1 << LENGTH_BITS)), at);
    }
  }
}
