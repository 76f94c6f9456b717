import { intAt } from '../runtime/ints.js';

/** A set of 64-bit fingerprints: open addressing with linear probing over one `Int32Array`, at most six tenths full. */
export class FingerprintSet {
  #cells: Int32Array;
  #mask: number;
  #size = 0;
  /** Means nothing: it keeps the compiler from leaving out reads that nobody looks at. */
  #read = 0;

  /** @param capacityBits logarithm of the number of places to begin with */
  constructor(capacityBits: number) {
    this.#cells = new Int32Array(2 << capacityBits);
    this.#mask = (1 << capacityBits) - 1;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#cells.byteLength;
  }

  /** Makes room for some fingerprints more. */
  reserve(count: number): void {
    while ((this.#size + count) * 10 > (this.#mask + 1) * 6) {
      const old = this.#cells;
      this.#cells = new Int32Array(old.length * 2);
      this.#mask = this.#cells.length / 2 - 1;
      this.#size = 0;
      for (let at = 0; at < old.length; at += 2) {
        const first = intAt(old, at);
        const second = intAt(old, at + 1);
        if ((first | second) !== 0) this.add(first, second);
      }
    }
  }

  /** Reads the places of many fingerprints, so that the waits for memory overlap. */
  touch(first: Int32Array, count: number): void {
    const cells = this.#cells;
    const mask = this.#mask;
    let read = 0;
    for (let i = 0; i < count; i++) read ^= intAt(cells, (intAt(first, i) & mask) << 1);
    this.#read ^= read;
  }

  /** Adds a fingerprint, for which there must be room; false when it was there. */
  add(first: number, second: number): boolean {
    const cells = this.#cells;
    const mask = this.#mask;
    // Two zeros mark a free place.
    const other = (first | second) === 0 ? 1 : second;
    let place = first & mask;
    for (;;) {
      const at = place << 1;
      const a = intAt(cells, at);
      const b = intAt(cells, at + 1);
      if (a === first && b === other) return false;
      if ((a | b) === 0) {
        cells[at] = first;
        cells[at + 1] = other;
        this.#size++;
        return true;
      }
      place = (place + 1) & mask;
    }
  }
}
