import { SUCCESSOR_BITS, Successor, type Successors } from '../runtime/successors.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const ROW = SUCCESSOR_BITS;
const { second: SECOND, third: THIRD, fourth: FOURTH } = Successor;

/** By how many bits states are told apart. */
export type FingerprintBits = 64 | 128;

/** A power of two. As many fingerprints as the processor's nearest memory holds. */
const LATEST = 1 << 12;

/**
 * A set of fingerprints of 64 bits, or of 128: open addressing with linear probing over one `Int32Array`, at most seven tenths
 * full. The other 64 bits lie in an array of their own, because they are looked at only where the first are met.
 *
 * States that are met again are mostly met again soon: two neighbours step to a common one. So the latest fingerprints are kept
 * at hand too, and most of those that come again never get to the large table. (Of 64 bits, without numbers.)
 */
export class FingerprintSet {
  #cells: Int32Array;
  /** By place, the third and the fourth word, if there are any. */
  #wide: Int32Array | undefined;
  #mask: number;
  #size = 0;
  /** By place, how many fingerprints came before, if that is wanted. */
  #numbers: Int32Array | undefined;
  /** Some of the fingerprints that came last, each where its second word says. */
  readonly #latest = new Int32Array(LATEST << 1);
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
    const isPlain = !this.#wide && !this.#numbers;
    const sifted = isPlain ? this.#sift(rows, count, fresh) : inOrder(fresh, count);
    this.#touch(rows, fresh, sifted);
    const cells = this.#cells;
    const wide = this.#wide;
    const ownNumbers = this.#numbers;
    const mask = this.#mask;
    let added = 0;
    for (let i = 0; i < sifted; i++) {
      const n = fresh[i] ?? 0;
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

  /** Finds the successors that are not among the latest: their indices, and how many there are. They are the latest now. */
  #sift(rows: Int32Array, count: number, indices: Int32Array): number {
    const latest = this.#latest;
    let sifted = 0;
    for (let n = 0; n < count; n++) {
      const row = n << ROW;
      const first = rows[row] ?? 0;
      const second = rows[row + SECOND] ?? 0;
      const other = (first | second) === 0 ? 1 : second;
      const at = (second & (LATEST - 1)) << 1;
      if (latest[at] === first && latest[at + 1] === other) continue;
      latest[at] = first;
      latest[at + 1] = other;
      indices[sifted++] = n;
    }
    return sifted;
  }

  /** Reads the places of many fingerprints, so that the waits for memory overlap. */
  #touch(rows: Int32Array, indices: Int32Array, count: number): void {
    const cells = this.#cells;
    const mask = this.#mask;
    let read = 0;
    for (let i = 0; i < count; i++) read ^= cells[((rows[(indices[i] ?? 0) << ROW] ?? 0) & mask) << 1] ?? 0;
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

function inOrder(indices: Int32Array, count: number): number {
  for (let n = 0; n < count; n++) indices[n] = n;
  return count;
}

function isSame(wide: Int32Array, at: number, rows: Int32Array, row: number): boolean {
  return wide[at] === rows[row + THIRD] && wide[at + 1] === rows[row + FOURTH];
}
