/**
 * Content hashes: four 32-bit lanes over a text, each with multipliers and a start value of its own.
 *
 * Walk through: {@link ContentHash.text} and {@link ContentHash.number} feed the lanes; {@link ContentHash.words} closes them
 * into four words. Words 0 and 1 are the two halves of a 64-bit fingerprint; words 2 and 3 join them for 128 bits. Each word
 * is folded from *two* lanes, that is from 64 bits of content hash, with other constants for each word: two contents that
 * collide in one word are no likelier than chance to collide in another (architecture 4.2, "honesty about hashing").
 *
 * The words depend on the text alone, so they are equal in every process and on every machine.
 */
export type HashWords = readonly [number, number, number, number];

const START = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344] as const;
const MULTIPLIERS = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;

/** Spreads every input bit over the word (the 32-bit finaliser of MurmurHash3, Appleby 2011). */
function finalise(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2ae35);
  return (x ^ (x >>> 16)) | 0;
}

/** An unfinished hash: feed it, then read {@link words}. Feeding is linear in the input, without allocation. */
export class ContentHash {
  #a: number = START[0];
  #b: number = START[1];
  #c: number = START[2];
  #d: number = START[3];

  /** Feeds a text and its length, so that `'ab', 'c'` and `'a', 'bc'` differ. */
  text(text: string): this {
    for (let i = 0; i < text.length; i++) this.#feed(text.charCodeAt(i));
    this.#feed(~text.length);
    return this;
  }

  /** Feeds a 32-bit integer. */
  number(value: number): this {
    this.#feed(value);
    return this;
  }

  /** The four words of what was fed so far; none of them is 0 by design of the callers' tables, only by chance. */
  words(): HashWords {
    const a = this.#a;
    const b = this.#b;
    const c = this.#c;
    const d = this.#d;
    return [
      finalise(a ^ finalise(b + 0x6a09e667)),
      finalise(c ^ finalise(d + 0x3c6ef372)),
      finalise(b ^ finalise(c + 0x510e527f)),
      finalise(d ^ finalise(a + 0x1f83d9ab)),
    ];
  }

  #feed(value: number): void {
    let a = Math.imul(this.#a ^ value, MULTIPLIERS[0]);
    let b = Math.imul(this.#b ^ (value + 0x165667b1), MULTIPLIERS[1]);
    let c = Math.imul(this.#c + value, MULTIPLIERS[2]);
    let d = Math.imul(this.#d + (value ^ 0x5bd1e995), MULTIPLIERS[3]);
    a ^= a >>> 15;
    b ^= b >>> 13;
    c ^= c >>> 16;
    d ^= d >>> 14;
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = d;
  }
}
