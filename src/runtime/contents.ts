import type { HashWords } from '../kernel/contentHash.js';
import { ContentHash } from '../kernel/contentHash.js';
import { Ints } from './ints.js';

/**
 * The identity of a slot's content: a small integer, different for different slots. 0 means that nothing is there (no such
 * actor, an empty mailbox, no timers, untouched budgets).
 */
export type ContentId = number;

/** What a slot of the state vector holds. */
export type SlotKind =
  | 'snapshot'
  | 'mailbox'
  | 'timers'
  | 'budget'
  | 'memory'
  | 'thread'
  | 'locks'
  | 'processors'
  | 'monitor';

/** The length of a content's row in {@link Contents.rows}, as a shift. */
export const ROW_BITS = 3;

/** What a row holds behind the four hash words. */
export const Fact = {
  /** of a snapshot: {@link Trait}s */
  traits: 4,
  /** of anything: its number in the table that knows it */
  number: 5,
  /** of a mailbox: its first message */
  head: 6,
  /** of a mailbox: what is left without its head, or -1 when nobody has asked yet */
  rest: 7,
} as const;

/** What a step must know of the snapshots that it meets. */
export const Trait = {
  /** messages can be sent to the actor and timers can fire for it */
  running: 1,
  /** it has not run yet */
  unstarted: 2,
  /** a host runs it, not XState */
  hosted: 4,
  /** its state declares offers */
  offers: 8,
  /** it lists children */
  children: 16,
} as const;

/**
 * The identities of all contents, and one row of integers for each: four hash words, and what the hot path asks of it.
 *
 * A content belongs to one slot, so its words already depend on the slot's key: the fingerprint of a state is the exclusive
 * or of its contents' words, and a step changes it by the words of the contents that it takes out and puts in (Zobrist 1970).
 * Nothing is mixed during the search. A row is half a cache line: whoever needs one of its integers mostly needs others.
 */
export class Contents {
  /** All rows, one after the other. The row of content 0 is all zeros. */
  readonly rows = new Ints(1 << 12);

  constructor() {
    this.add([0, 0, 0, 0], 0);
  }

  /** Number of identities, the 0 included. */
  get size(): number {
    return this.rows.length >> ROW_BITS;
  }

  /**
   * Makes a new identity for a content with these hash words.
   *
   * @param number the content's number in the table that knows it
   */
  add(words: HashWords, number = 0): ContentId {
    const id = this.size;
    for (const word of words) this.rows.push(word);
    this.rows.push(0);
    this.rows.push(number);
    this.rows.push(0);
    this.rows.push(0);
    return id;
  }

  /** One of the content's four hash words. */
  word(content: ContentId, index: 0 | 1 | 2 | 3): number {
    return this.rows.at((content << ROW_BITS) + index);
  }

  /** What it does to word `index` of the fingerprint when one content takes another's place. */
  wordChange(before: ContentId, after: ContentId, index: 0 | 1 | 2 | 3): number {
    return this.word(before, index) ^ this.word(after, index);
  }

  /** One of the content's {@link Fact}s. */
  fact(content: ContentId, fact: number): number {
    return this.rows.at((content << ROW_BITS) + fact);
  }

  setFact(content: ContentId, fact: number, value: number): void {
    this.rows.cells[(content << ROW_BITS) + fact] = value;
  }
}

/** Starts the hash of a content: fed with the slot's key, so that equal contents of different slots have other words. */
export function slotHash(kind: SlotKind, key: string): ContentHash {
  return new ContentHash().text(kind).text(key);
}
