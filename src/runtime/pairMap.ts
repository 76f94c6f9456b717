/**
 * A map from pairs of 32-bit integers to non-negative integers (or any integer but -1): open addressing over one
 * `Int32Array`, linear probing, at most half full. No allocation per look-up; a place is four integers, so that none spans two cache lines; growth doubles and re-inserts.
 */
export class PairMap {
  #cells: Int32Array;
  #mask: number;
  #count = 0;

  /** @param capacity expected number of pairs; rounded up to a power of two */
  constructor(capacity = 256) {
    let size = 4;
    while (size < capacity * 2) size *= 2;
    this.#cells = emptyCells(size);
    this.#mask = size - 1;
  }

  get size(): number {
    return this.#count;
  }

  /** The value of a pair, or -1. */
  get(first: number, second: number): number {
    const cells = this.#cells;
    const mask = this.#mask;
    let at = slotOf(first, second) & mask;
    for (;;) {
      const cell = at << 2;
      const value = cells[cell + 2] ?? 0;
      if (value === -1) return -1;
      if (cells[cell] === first && cells[cell + 1] === second) return value;
      at = (at + 1) & mask;
    }
  }

  /** Sets the value (not -1) of a pair. */
  set(first: number, second: number, value: number): void {
    if (this.#put(first, second, value)) {
      this.#count++;
      if (this.#count * 2 > this.#mask) this.#grow();
    }
  }

  #put(first: number, second: number, value: number): boolean {
    const cells = this.#cells;
    const mask = this.#mask;
    let at = slotOf(first, second) & mask;
    for (;;) {
      const cell = at << 2;
      const free = cells[cell + 2] === -1;
      if (free || (cells[cell] === first && cells[cell + 1] === second)) {
        cells[cell] = first;
        cells[cell + 1] = second;
        cells[cell + 2] = value;
        return free;
      }
      at = (at + 1) & mask;
    }
  }

  #grow(): void {
    const old = this.#cells;
    const size = (this.#mask + 1) * 2;
    this.#cells = emptyCells(size);
    this.#mask = size - 1;
    for (let cell = 0; cell < old.length; cell += 4) {
      const value = old[cell + 2] ?? 0;
      if (value !== -1) this.#put(old[cell] ?? 0, old[cell + 1] ?? 0, value);
    }
  }
}

function emptyCells(size: number): Int32Array {
  return new Int32Array(size << 2).fill(-1);
}

function slotOf(first: number, second: number): number {
  let hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 4;
}
