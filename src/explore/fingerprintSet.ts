import { intAt } from '../runtime/ints.js';

/** A set of 64-bit fingerprints: open addressing with linear probing over one `Int32Array`, at most six tenths full. */
export class FingerprintSet {
  #cells: Int32Array;
  #mask: number;
  #size = 0;
  /** By place, the number that goes with a fingerprint, if numbers are wanted. */
  #numbers: Int32Array | undefined;
  /** Where the last fingerprint was added or met. */
  #place = 0;
  /** Means nothing: it keeps the compiler from leaving out reads that nobody looks at. */
  #read = 0;

  /**
   * @param capacityBits logarithm of the number of places to begin with
   * @param isNumbered whether a number goes with each fingerprint, four bytes a place more
   */
  constructor(capacityBits: number, isNumbered = false) {
    if (isNumbered) this.#numbers = new Int32Array(1 << capacityBits);
    this.#cells = new Int32Array(2 << capacityBits);
    this.#mask = (1 << capacityBits) - 1;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#cells.byteLength + (this.#numbers?.byteLength ?? 0);
  }

  /** The number of the fingerprint that {@link add} was last asked for. */
  get number(): number {
    return this.#numbers ? intAt(this.#numbers, this.#place) : 0;
  }

  set number(number: number) {
    if (this.#numbers) this.#numbers[this.#place] = number;
  }

  /** Makes room for some fingerprints more. */
  reserve(count: number): void {
    while ((this.#size + count) * 10 > (this.#mask + 1) * 6) {
      const old = this.#cells;
      const numbers = this.#numbers;
      this.#cells = new Int32Array(old.length * 2);
      this.#mask = this.#cells.length / 2 - 1;
      this.#size = 0;
      if (numbers) this.#numbers = new Int32Array(numbers.length * 2);
      for (let at = 0; at < old.length; at += 2) {
        const first = intAt(old, at);
        const second = intAt(old, at + 1);
        if ((first | second) === 0) continue;
        this.add(first, second);
        if (numbers) this.number = intAt(numbers, at >> 1);
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
      if (a === first && b === other) {
        this.#place = place;
        return false;
      }
      if ((a | b) === 0) {
        cells[at] = first;
        cells[at + 1] = other;
        this.#size++;
        this.#place = place;
        return true;
      }
      place = (place + 1) & mask;
    }
  }
}
