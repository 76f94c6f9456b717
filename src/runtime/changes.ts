import { type ContentId, type Contents, ROW_BITS } from './contents.js';
import { grown } from './ints.js';
import type { SlotReads } from './slotReads.js';

/**
 * What steps change in a state, without touching it: a log of (slot, content) pairs that a search can keep for a whole batch of
 * steps, and the change of the fingerprint.
 *
 * {@link Changes.turnTo} names the state, {@link Changes.open} begins a step on it, {@link Changes.set} changes a slot for the
 * rest of the step. Where a slot's pair lies in the log is kept per slot and never cleared: a place counts only if it lies
 * within the present step and the pair there names the slot (the sparse set of Briggs and Torczon 1993).
 */
export class Changes {
  /** The pairs of all steps since {@link forget}; those of the present step lie in `[start, end)`. What lies behind means nothing. */
  log = new Int32Array(1 << 12);
  start = 0;
  end = 0;
  /** How the first word of the fingerprint changes with the step: exclusive-or it in. */
  first = 0;
  /** The same for the second word. */
  second = 0;
  /** The state before the step: `width` integers from `offset` on. */
  cells: Int32Array = new Int32Array(0);
  offset = 0;
  width = 0;
  /** Per slot, where in the log its pair of this step is, if it has one. Who writes into the log calls {@link index}. */
  #places = new Int32Array(64);
  /** Is told of every slot whose content before the step is asked for, while somebody wants to know. */
  reads: SlotReads | undefined;
  readonly #contents: Contents;

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  /** Lets the log begin anew. */
  forget(): void {
    this.end = 0;
  }

  /** Turns to the state in `cells[offset … offset + width)`, and opens a step. */
  turnTo(cells: Int32Array, offset: number, width: number): void {
    this.cells = cells;
    this.offset = offset;
    this.width = width;
    this.open();
  }

  /** Begins a step: the state is again as it was turned to, and the log goes on. */
  open(): void {
    this.start = this.end;
    this.first = 0;
    this.second = 0;
  }

  /** Makes room in the log for `pairs` changes more in the present step, all of slots below `slots`. */
  reserve(pairs: number, slots: number): void {
    if (this.end + pairs * 2 > this.log.length) this.log = grown(this.log, this.end + pairs * 2);
    if (slots > this.#places.length) this.#places = grown(this.#places, slots);
  }

  /** Lets the slots be found that were changed by writing into the log. */
  index(): void {
    for (let at = this.start; at < this.end; at += 2) this.#places[this.log[at] ?? 0] = at;
  }

  /** The content of a slot before the step. */
  before(slot: number): ContentId {
    this.reads?.note(slot);
    return slot < this.width ? (this.cells[this.offset + slot] ?? 0) : 0;
  }

  /** The content of a slot now. */
  valueAt(slot: number): ContentId {
    const at = this.#find(slot);
    return at === -1 ? this.before(slot) : (this.log[at + 1] ?? 0);
  }

  set(slot: number, content: ContentId): void {
    const at = this.#find(slot);
    const old = at === -1 ? this.before(slot) : (this.log[at + 1] ?? 0);
    if (old === content) return;
    if (at === -1) this.#add(slot, content);
    else this.log[at + 1] = content;
    const rows = this.#contents.rows.cells;
    this.first ^= (rows[old << ROW_BITS] ?? 0) ^ (rows[content << ROW_BITS] ?? 0);
    this.second ^= (rows[(old << ROW_BITS) + 1] ?? 0) ^ (rows[(content << ROW_BITS) + 1] ?? 0);
  }

  /** Writes what the step changed into a copy of the state, which has room for all slots. */
  writeInto(cells: Int32Array): void {
    for (let at = this.start; at < this.end; at += 2) cells[this.log[at] ?? 0] = this.log[at + 1] ?? 0;
  }

  /** Word `index` of the fingerprint of the state before the step; a look at each slot. */
  wordBefore(index: 0 | 1 | 2 | 3): number {
    let word = 0;
    for (let slot = 0; slot < this.width; slot++) word ^= this.#contents.word(this.before(slot), index);
    return word;
  }

  /** How word `index` of the fingerprint changes with the step; {@link first} and {@link second} are the words 0 and 1. */
  word(index: 0 | 1 | 2 | 3): number {
    let change = 0;
    for (let at = this.start; at < this.end; at += 2) {
      const before = this.before(this.log[at] ?? 0);
      change ^= this.#contents.wordChange(before, this.log[at + 1] ?? 0, index);
    }
    return change;
  }

  /** Where in the log a slot's pair of this step is, or -1. */
  #find(slot: number): number {
    if (slot >= this.#places.length) return -1;
    const at = this.#places[slot] ?? 0;
    return at >= this.start && at < this.end && (this.log[at] ?? 0) === slot ? at : -1;
  }

  #add(slot: number, content: ContentId): void {
    this.reserve(1, slot + 1);
    this.#places[slot] = this.end;
    this.log[this.end++] = slot;
    this.log[this.end++] = content;
  }
}
