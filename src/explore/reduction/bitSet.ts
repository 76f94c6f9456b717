import { grown } from '../../runtime/ints.js';

/** A set of small non-negative integers. */
export class BitSet {
  #words: Int32Array<ArrayBuffer>;

  /** @param words how many times 32 numbers there is room for at first */
  constructor(words = 1) {
    this.#words = new Int32Array(words);
  }

  has(number: number): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  /** @returns whether the number is new */
  add(number: number): boolean {
    if (this.has(number)) return false;
    this.#reserve((number >>> 5) + 1);
    this.#words[number >>> 5] = (this.#words[number >>> 5] ?? 0) | (1 << (number & 31));
    return true;
  }

  /** Adds all that another one has. */
  addAll(other: BitSet): void {
    const others = other.#words;
    this.#reserve(others.length);
    const words = this.#words;
    for (let i = 0; i < others.length; i++) words[i] = (words[i] ?? 0) | (others[i] ?? 0);
  }

  meets(other: BitSet): boolean {
    const words = this.#words;
    const others = other.#words;
    const length = Math.min(words.length, others.length);
    for (let i = 0; i < length; i++) if (((words[i] ?? 0) & (others[i] ?? 0)) !== 0) return true;
    return false;
  }

  /** Whether another one has all that this one has. */
  isWithin(other: BitSet): boolean {
    const others = other.#words;
    return this.#words.every((word, i) => (word & ~(others[i] ?? 0)) === 0);
  }

  clear(): void {
    this.#words.fill(0);
  }

  #reserve(count: number): void {
    if (count <= this.#words.length) return;
    this.#words = grown(this.#words, count);
  }
}
