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
  | 'processors';

/**
 * The identities of all contents, and the four hash words of each.
 *
 * A content belongs to one slot, so its words already depend on the slot's key: the fingerprint of a state is the exclusive
 * or of its contents' words, and a step changes it by the words of the contents that it takes out and puts in (Zobrist 1970).
 * Nothing is mixed during the search.
 */
export class Contents {
  readonly words: readonly [Ints, Ints, Ints, Ints] = [new Ints(), new Ints(), new Ints(), new Ints()];

  constructor() {
    for (const word of this.words) word.push(0);
  }

  /** Number of identities, the 0 included. */
  get size(): number {
    return this.words[0].length;
  }

  /** Makes a new identity for a content with these hash words. */
  add(words: HashWords): ContentId {
    this.words.forEach((word, i) => {
      word.push(words[i] ?? 0);
    });
    return this.size - 1;
  }
}

/** Starts the hash of a content: fed with the slot's key, so that equal contents of different slots have other words. */
export function slotHash(kind: SlotKind, key: string): ContentHash {
  return new ContentHash().text(kind).text(key);
}
