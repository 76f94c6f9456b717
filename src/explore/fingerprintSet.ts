import { SUCCESSOR_BITS, Successor, type Successors } from '../runtime/successors.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const ROW = SUCCESSOR_BITS;
const { second: SECOND, third: THIRD, fourth: FOURTH } = Successor;

/** By how many bits states are told apart. */
export type FingerprintBits = 64 | 128;

/**
 * A set of fingerprints of 64 bits, or of 128: open addressing with linear probing over one `Int32Array`, at most seven tenths
 * full. The other 64 bits lie in an array of their own, because they are looked at only where the first are met.
 */
export class FingerprintSet {
  #cells: Int32Array;
  /** By place, the third and the fourth word, if there are any. */
  #wide: Int32Array | undefined;
  #mask: number;
  #size = 0;
  /** By place, how many fingerprints came before, if that is wanted. */
  #numbers: Int32Array | undefined;
  /** Means nothing: it keeps the compiler from leaving out reads that nobody looks at. */
  #read = 0;

  /**
   * @param capacityBits logarithm of the number of places to begin with
   * @param bits of a fingerprint
   * @param isNumbered whether fingerprints are numbered in the order in which they come, four bytes a place more
   */
  constructor(capacityBits: number, bits: FingerprintBits, isNumbered = false) {
    if (bits === 128) this.#wide = new Int32Array(2 << capacityBits);
    if (isNumbered) this.#numbers = new Int32Array(1 << capacityBits);
    this.#cells = new Int32Array(2 << capacityBits);
    this.#mask = (1 << capacityBits) - 1;
  }

  get size(): number {
    return this.#size;
  }

  get bytes(): number {
    return this.#cells.byteLength + (this.#wide?.byteLength ?? 0) + (this.#numbers?.byteLength ?? 0);
  }

  /**
   * Adds the fingerprints of some successors, in order.
   *
   * @param fresh gets the indices of those that were not there
   * @param numbers gets the number of each, if fingerprints are numbered
   * @returns how many were not there
   */
  addAll({ rows, count }: Successors, fresh: Int32Array, numbers: Int32Array): number {
    this.#reserve(count);
    this.#touch(rows, count);
    const cells = this.#cells;
    const wide = this.#wide;
    const ownNumbers = this.#numbers;
    const mask = this.#mask;
    let added = 0;
    for (let n = 0; n < count; n++) {
      const row = n << ROW;
      const first = rows[row] ?? 0;
      const second = rows[row + SECOND] ?? 0;
      // Two zeros mark a free place.
      const other = (first | second) === 0 ? 1 : second;
      let place = first & mask;
      for (;;) {
        const at = place << 1;
        const a = cells[at] ?? 0;
        const b = cells[at + 1] ?? 0;
        if (a === first && b === other && (!wide || isSame(wide, at, rows, row))) break;
        if ((a | b) === 0) {
          cells[at] = first;
          cells[at + 1] = other;
          if (wide) {
            wide[at] = rows[row + THIRD] ?? 0;
            wide[at + 1] = rows[row + FOURTH] ?? 0;
          }
          if (ownNumbers) ownNumbers[place] = this.#size + added;
          fresh[added++] = n;
          break;
        }
        place = (place + 1) & mask;
      }
      if (ownNumbers) numbers[n] = ownNumbers[place] ?? 0;
    }
    this.#size += added;
    return added;
  }

  /** Reads the places of many fingerprints, so that the waits for memory overlap. */
  #touch(rows: Int32Array, count: number): void {
    const cells = this.#cells;
    const mask = this.#mask;
    let read = 0;
    for (let n = 0; n < count; n++) read ^= cells[((rows[n << ROW] ?? 0) & mask) << 1] ?? 0;
    this.#read ^= read;
  }

  /** Makes room for some fingerprints more. */
  #reserve(count: number): void {
    while ((this.#size + count) * 10 > (this.#mask + 1) * 7) this.#grow();
  }

  #grow(): void {
    const old = this.#cells;
    const wide = this.#wide;
    const numbers = this.#numbers;
    const mask = old.length - 1;
    const cells = emptied(old.length * 2);
    const widened = wide && emptied(wide.length * 2);
    const renumbered = numbers && emptied(numbers.length * 2);
    for (let from = 0; from < old.length; from += 2) {
      const first = old[from] ?? 0;
      const second = old[from + 1] ?? 0;
      if ((first | second) === 0) continue;
      let place = first & mask;
      while (((cells[place << 1] ?? 0) | (cells[(place << 1) + 1] ?? 0)) !== 0) place = (place + 1) & mask;
      const at = place << 1;
      cells[at] = first;
      cells[at + 1] = second;
      if (wide && widened) {
        widened[at] = wide[from] ?? 0;
        widened[at + 1] = wide[from + 1] ?? 0;
      }
      if (numbers && renumbered) renumbered[place] = numbers[from >> 1] ?? 0;
    }
    this.#cells = cells;
    this.#wide = widened;
    this.#numbers = renumbered;
    this.#mask = mask;
  }
}

/**
 * An array of zeros that is about to be filled in no order. What was never written is no memory yet: a read before the first
 * write would have the system provide a page of zeros, and the write another page.
 */
function emptied(length: number): Int32Array {
  return new Int32Array(length).fill(0);
}

function isSame(wide: Int32Array, at: number, rows: Int32Array, row: number): boolean {
  return wide[at] === rows[row + THIRD] && wide[at + 1] === rows[row + FOURTH];
}
