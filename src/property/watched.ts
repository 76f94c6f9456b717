import type { ContentId } from '../runtime/contents.js';
import type { Change } from './losses.js';

/** One property, as far as it watches. */
export interface Watcher {
  /**
   * Whether it cannot lose the answer that is sought when a snapshot changes, whatever the other slots hold; as far as it is known by
   * now what they may hold.
   */
  isHarmless(slot: number, before: ContentId, after: ContentId): boolean;
  /** The changes that were called harmless and are not, now that more was seen. */
  verify(): readonly Change[];
}

const NO_PATTERNS: readonly number[] = [];

/** Who hears what a property reads, and which answer is sought for. */
export interface Watch {
  readonly watched: Watched;
  readonly sought: boolean;
}

/**
 * The slots that the properties of a check have read, for a search that leaves states out: it must not hide that one of them
 * changes (architecture 4.5, visibility). They are learned while properties are asked, so a search may have hidden changes of a
 * slot of which nobody knew then.
 */
export class Watched {
  /** Who watches a slot. */
  readonly #watchers: Watcher[][] = [];
  readonly #all = new Set<Watcher>();
  /** The patterns of events that are looked for in a mailbox. */
  readonly #patterns: number[][] = [];
  #isPassedOver = new Uint8Array(64);
  /** Whether changes were hidden of a slot that is watched. */
  missed = false;
  /** Whether some property looks at things of which nobody can tell when they change. */
  isBlind = false;
  /** Whether a quiescent state is also asked as if it were not: it may stand for one that is not, and was left out. */
  readonly asksTwice: boolean;

  constructor(asksTwice = true) {
    this.asksTwice = asksTwice;
  }

  /** A property has read a slot. */
  add(slot: number, watcher: Watcher): void {
    let watchers = this.#watchers[slot];
    if (!watchers) {
      watchers = [];
      this.#watchers[slot] = watchers;
    }
    if (watchers.includes(watcher)) return;
    watchers.push(watcher);
    this.#all.add(watcher);
    if (this.#isPassedOver[slot] === 1) this.missed = true;
  }

  /** A property has looked in a mailbox for events that match a pattern. */
  addMail(slot: number, pattern: number): void {
    let patterns = this.#patterns[slot];
    if (!patterns) {
      patterns = [];
      this.#patterns[slot] = patterns;
    }
    if (patterns.includes(pattern)) return;
    patterns.push(pattern);
    if (this.#isPassedOver[slot] === 1) this.missed = true;
  }

  /** The patterns of events that properties look for in a mailbox. */
  patternsOf(slot: number): readonly number[] {
    return this.#patterns[slot] ?? NO_PATTERNS;
  }

  has(slot: number): boolean {
    return this.#watchers[slot] !== undefined;
  }

  /** Whether no property can lose the answer that is sought when a snapshot changes, as far as is known. */
  isHarmless(slot: number, before: ContentId, after: ContentId): boolean {
    return this.#watchers[slot]?.every((watcher) => watcher.isHarmless(slot, before, after)) ?? true;
  }

  /** The changes that were called harmless and are not, now that more was seen. */
  verify(): readonly Change[] {
    return [...this.#all].flatMap((watcher) => watcher.verify());
  }

  /** States were left out in which this slot and perhaps others had not changed yet. */
  passOver(slot: number): void {
    if (this.#isPassedOver[slot] !== 1) this.#isPassedOver = marked(this.#isPassedOver, slot);
  }

  /** Nothing has been left out yet. */
  startOver(): void {
    this.missed = false;
    this.#isPassedOver.fill(0);
  }
}

function marked(marks: Uint8Array<ArrayBuffer>, slot: number): Uint8Array<ArrayBuffer> {
  let larger = marks;
  if (slot >= marks.length) {
    larger = new Uint8Array(Math.max(slot + 1, marks.length * 2));
    larger.set(marks);
  }
  larger[slot] = 1;
  return larger;
}
