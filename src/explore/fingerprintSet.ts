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
  /** By place, the number that goes with a fingerprint, if numbers are wanted. */
  #numbers: Int32Array | undefined;
  /** Where the last fingerprint was added or met. */
  #place = 0;
  /** Means nothing: it keeps the compiler from leaving out reads that nobody looks at. */
  #read = 0;

  /**
   * @param capacityBits logarithm of the number of places to begin with
   * @param bits of a fingerprint
   * @param isNumbered whether a number goes with each fingerprint, four bytes a place more
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

  /** The number of the fingerprint that {@link add} was last asked for. */
  get number(): number {
    return this.#numbers ? (this.#numbers[this.#place] ?? 0) : 0;
  }

  set number(number: number) {
    if (this.#numbers) this.#numbers[this.#place] = number;
  }

  /** Makes room for some fingerprints more. */
  reserve(count: number): void {
    while ((this.#size + count) * 10 > (this.#mask + 1) * 7) {
      const old = this.#cells;
      const wide = this.#wide;
      const numbers = this.#numbers;
      this.#cells = new Int32Array(old.length * 2);
      this.#mask = this.#cells.length / 2 - 1;
      this.#size = 0;
      if (wide) this.#wide = new Int32Array(wide.length * 2);
      if (numbers) this.#numbers = new Int32Array(numbers.length * 2);
      for (let at = 0; at < old.length; at += 2) {
        const first = old[at] ?? 0;
        const second = old[at + 1] ?? 0;
        if ((first | second) === 0) continue;
        this.add(first, second, wide?.[at], wide?.[at + 1]);
        if (numbers) this.number = numbers[at >> 1] ?? 0;
      }
    }
  }

  /** Reads the places of many fingerprints, so that the waits for memory overlap. */
  touch(first: Int32Array, count: number): void {
    const cells = this.#cells;
    const mask = this.#mask;
    let read = 0;
    for (let i = 0; i < count; i++) read ^= cells[((first[i] ?? 0) & mask) << 1] ?? 0;
    this.#read ^= read;
  }

  /** Adds a fingerprint, for which there must be room; false when it was there. Of 64 bits, the last two words are 0. */
  add(first: number, second: number, third = 0, fourth = 0): boolean {
    const cells = this.#cells;
    const wide = this.#wide;
    const mask = this.#mask;
    // Two zeros mark a free place.
    const other = (first | second) === 0 ? 1 : second;
    let place = first & mask;
    for (;;) {
      const at = place << 1;
      const a = cells[at] ?? 0;
      const b = cells[at + 1] ?? 0;
      if (a === first && b === other && (!wide || (wide[at] === third && wide[at + 1] === fourth))) {
        this.#place = place;
        return false;
      }
      if ((a | b) === 0) {
        cells[at] = first;
        cells[at + 1] = other;
        if (wide) {
          wide[at] = third;
          wide[at + 1] = fourth;
        }
        this.#size++;
        this.#place = place;
        return true;
      }
      place = (place + 1) & mask;
    }
  }
}
