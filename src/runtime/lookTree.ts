import type { ContentId } from './contents.js';
import { intAt } from './ints.js';
import type { SlotReads } from './slotReads.js';

/**
 * A place in the tree of what is looked at: a run of slots that hold these contents in all that lies behind it, and then either a
 * leaf, or a slot by whose content they differ.
 */
interface Look<Leaf> {
  slots: Int32Array;
  contents: Int32Array;
  next: { readonly leaf: Leaf } | Branch<Leaf>;
}

interface Branch<Leaf> {
  readonly slot: number;
  readonly by: Map<ContentId, Look<Leaf>>;
}

/** A state as the tree reads it: `width` contents from `offset` on, and nothing behind them. */
export interface Cells {
  readonly cells: Int32Array;
  readonly offset: number;
  readonly width: number;
}

/**
 * What is a function of the slots that are looked at, remembered by them: one tree for each key. The order of looks is itself a
 * function of what was seen so far; so two walks of one key look at the same slots up to the first one whose content differs. Runs
 * of slots in which they agree are kept as such (a radix tree, as in Morrison's PATRICIA, JACM 1968).
 */
export class LookTree<Leaf> {
  readonly #first = new Map<number, Look<Leaf>>();
  #count = 0;

  /** How many leaves were added. */
  get count(): number {
    return this.#count;
  }

  find(key: number, { cells, offset, width }: Cells): Leaf | undefined {
    let look = this.#first.get(key);
    while (look) {
      const { slots, contents, next } = look;
      for (let i = 0; i < slots.length; i++) {
        const slot = intAt(slots, i);
        const content = slot < width ? intAt(cells, offset + slot) : 0;
        if (content !== intAt(contents, i)) return undefined;
      }
      if ('leaf' in next) return next.leaf;
      const { slot } = next;
      look = next.by.get(slot < width ? intAt(cells, offset + slot) : 0);
    }
    return undefined;
  }

  /** Remembers what was not found. */
  add(key: number, { slots: looked }: SlotReads, { cells, offset, width }: Cells, leaf: Leaf): void {
    const slots = Int32Array.from(looked);
    const contents = slots.map((slot) => (slot < width ? intAt(cells, offset + slot) : 0));
    const look: Look<Leaf> = { slots, contents, next: { leaf } };
    const first = this.#first.get(key);
    if (first) insert(first, look);
    else this.#first.set(key, look);
    this.#count++;
  }

  clear(): void {
    this.#first.clear();
    this.#count = 0;
  }
}

/**
 * Puts what was not found into a tree. What was met for the first time may have looked at more slots than one of its kind will
 * again; where two therefore do not look at the same slot next, the new one takes the place of the old.
 */
function insert<Leaf>(root: Look<Leaf>, added: Look<Leaf>): void {
  let look = root;
  let rest = added;
  for (;;) {
    const { slots, contents, next } = look;
    const same = commonRun(look, rest);
    const slot = rest.slots[same];
    const content = rest.contents[same];
    const isBranch = same === slots.length && 'by' in next && next.slot === slot;
    const isFork = same < slots.length && slots[same] === slot;
    if (slot === undefined || content === undefined || !(isBranch || isFork)) {
      Object.assign(look, rest);
      return;
    }
    const behind = behindFirst(rest, same + 1);
    if (isFork) {
      const old = behindFirst(look, same + 1);
      look.slots = slots.subarray(0, same);
      look.contents = contents.subarray(0, same);
      look.next = {
        slot,
        by: new Map([
          [intAt(contents, same), old],
          [content, behind],
        ]),
      };
      return;
    }
    if (!('by' in next)) return;
    const further = next.by.get(content);
    if (!further) {
      next.by.set(content, behind);
      return;
    }
    look = further;
    rest = behind;
  }
}

/** How many looks two runs have in common. */
function commonRun<Leaf>(one: Look<Leaf>, other: Look<Leaf>): number {
  let same = 0;
  while (
    same < one.slots.length &&
    one.slots[same] === other.slots[same] &&
    one.contents[same] === other.contents[same]
  )
    same++;
  return same;
}

function behindFirst<Leaf>({ slots, contents, next }: Look<Leaf>, count: number): Look<Leaf> {
  return { slots: slots.subarray(count), contents: contents.subarray(count), next };
}
