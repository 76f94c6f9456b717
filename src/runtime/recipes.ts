import type { Changes } from './changes.js';
import { type ContentId, type Contents, Fact, ROW_BITS, Trait } from './contents.js';
import { Ints } from './ints.js';
import type { MessageId } from './messages.js';
import { PairMap } from './pairMap.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const CONTENT_BITS = ROW_BITS;
const { traits: TRAITS } = Fact;
const { running: RUNNING } = Trait;

/** Where the parts of a recipe lie from its start on. */
export const Recipe = {
  /** the next recipe for the same event in the same snapshot, or {@link NO_RECIPE} */
  other: 0,
  /** how many there are from here on */
  count: 1,
  /** the actor's snapshot after the step */
  next: 2,
  /** what that does to the two words of the fingerprint */
  first: 3,
  second: 4,
  /** where the sends begin, which is where the conditions end */
  sends: 5,
  /** where the sends end */
  end: 6,
  /** to whom it sends, as bits by index; all of them if it reads the contents of snapshots: see `Asleep` */
  touches: 7,
  /** here the conditions begin */
  conditions: 8,
} as const;

/** A condition: the slot of somebody's snapshot, and what must be there, a content or a {@link Want}. */
const CONDITION = 2;

/** What a condition wants when it names no content: that the snapshot's actor takes mail, or that it does not. */
export const Want = { running: -1, notRunning: -2 } as const;

/** Where the parts of a send lie from its start on. */
export const Send = {
  /** the slot of the receiver's mailbox */
  slot: 0,
  /** stands for the receiver's mailbox when it is empty, see `Mailboxes.appended` */
  empty: 1,
  message: 2,
  /** how far back in the log of changes the step has changed that mailbox before, or 0 */
  back: 3,
} as const;
export const SEND = 4;

export const NO_RECIPE = -1;

/** At most this many recipes are kept for one event in one snapshot. */
const RECIPES_PER_EVENT = 8;

/**
 * How to take a message in a snapshot by look-ups alone. A recipe says: if these actors' snapshots are such, then the actor's
 * next snapshot is this one, and these messages are appended to these mailboxes. All recipes lie in one list of integers.
 */
export class Recipes {
  /** All recipes, one after the other. */
  readonly rows = new Ints(1024);
  /** No recipe changes more slots. */
  slotsMax = 0;
  readonly #contents: Contents;
  /** (snapshot, message) → the first recipe. */
  readonly #first = new PairMap();

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  /** The recipe for a message in a snapshot whose conditions hold before the present step. Costs a look-up and three reads per condition. */
  find(before: ContentId, message: MessageId, changes: Changes): number {
    let recipe = this.#first.get(before, message);
    while (recipe !== NO_RECIPE && !this.holds(recipe, changes)) recipe = this.rows.at(recipe + Recipe.other);
    return recipe;
  }

  /** Whether the conditions of a recipe hold before the present step. */
  holds(recipe: number, { cells, offset, width }: Changes): boolean {
    const rows = this.rows.cells;
    const facts = this.#contents.rows.cells;
    const end = rows[recipe + Recipe.sends] ?? 0;
    for (let at = recipe + Recipe.conditions; at < end; at += CONDITION) {
      const slot = rows[at] ?? 0;
      const want = rows[at + 1] ?? 0;
      const snapshot = slot < width ? (cells[offset + slot] ?? 0) : 0;
      if (snapshot === want) continue;
      const running = ((facts[(snapshot << CONTENT_BITS) + TRAITS] ?? 0) & RUNNING) !== 0;
      if (want !== (running ? Want.running : Want.notRunning)) return false;
    }
    return true;
  }

  /** Adds a recipe, unless there are enough for the same message in the same snapshot: then it is {@link NO_RECIPE}. */
  add(
    before: ContentId,
    message: MessageId,
    next: ContentId,
    conditions: ReadonlyMap<number, number>,
    sends: readonly number[],
  ): number {
    const other = this.#first.get(before, message);
    const count = other === NO_RECIPE ? 1 : this.rows.at(other + Recipe.count) + 1;
    if (count > RECIPES_PER_EVENT) return NO_RECIPE;
    this.slotsMax = Math.max(this.slotsMax, 2 + sends.length / SEND);
    const recipe = this.rows.length;
    const sendsAt = recipe + Recipe.conditions + conditions.size * CONDITION;
    const change = ([0, 1] as const).map((index) => this.#contents.wordChange(before, next, index));
    const touches = touchedBy([...conditions.values()], sends);
    const head = [other, count, next, ...change, sendsAt, sendsAt + sends.length, touches];
    for (const value of [...head, ...[...conditions].flat(), ...sends]) this.rows.push(value);
    this.#first.set(before, message, recipe);
    return recipe;
  }
}

function touchedBy(wants: readonly number[], sends: readonly number[]): number {
  if (wants.some((want) => want >= 0)) return -1;
  let touched = 0;
  // Shifts go by the lower five bits: actors far apart share a bit, and are taken for one.
  for (let at = 0; at < sends.length; at += SEND) touched |= 1 << (-2 - (sends[at + Send.empty] ?? 0));
  return touched;
}
