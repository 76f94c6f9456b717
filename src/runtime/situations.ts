import type { Changes } from './changes.js';
import { type ContentId, type Contents, Fact } from './contents.js';
import { NO_RECIPE, Recipe, type Recipes } from './recipes.js';

/** Where the parts of a situation lie in its row, behind the snapshot and the mailbox. */
export const Situation = {
  /** the recipe by which the mailbox's first message was taken last */
  recipe: 2,
  /** the mailbox without that message */
  rest: 3,
  /** the actor's snapshot after the step */
  next: 4,
  /** what both do to the two words of the fingerprint */
  first: 5,
  second: 6,
  /** the recipe's {@link Recipe.touches} */
  touches: 7,
} as const;

/**
 * Sleep sets (Godefroid 1996, chapter 5), as bits by the index of actors. When a state is met first by a step of `b`, the steps of
 * those that could step before `b` in canonical order are asleep there. Of such an `a` that has nothing to do with `b`, the step
 * leads to where `a` and then `b` lead. Breadth first, the state behind `a` is looked at earlier, because it was met earlier: so
 * that step has met its state before, and leaving it out changes nothing, not even the order in which states are met.
 *
 * Two steps by recipes have nothing to do with each other if neither reads more of others than whether they run, which no recipe
 * changes, if they send to no common mailbox, and if `b` does not send to `a`, which had mail before.
 */
export const Asleep = {
  /** Actors from this index on never sleep. */
  actors: 31,
  /** Is in what any step has touched, and in what a step touches that reads the contents of snapshots. */
  reads: 1 << 31,
} as const;

/** The length of a row, as a shift: half a cache line. */
const LENGTH_BITS = 3;
/** The logarithm of how many there are: together 256 KB, a part of the second of the processor's caches. */
const PLACES_BITS = 13;

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const PLACE_SHIFT = 32 - PLACES_BITS;

/**
 * What taking the first message does in the pairs of a snapshot and a mailbox that were met last: as much of a step as two
 * contents decide, in one place. A pair has one place, and drives out whatever was there.
 */
export class Situations {
  readonly rows = new Int32Array(1 << (PLACES_BITS + LENGTH_BITS));
  readonly #contents: Contents;
  readonly #recipes: Recipes;

  constructor(contents: Contents, recipes: Recipes) {
    this.#contents = contents;
    this.#recipes = recipes;
  }

  /** Where in {@link rows} a pair's row begins, if it is there: the row begins with the pair. */
  place(snapshot: ContentId, mailbox: ContentId): number {
    const hash = Math.imul(snapshot, 0x9e3779b1) + Math.imul(mailbox, 0x85ebca6b);
    return (hash >>> PLACE_SHIFT) << LENGTH_BITS;
  }

  /** Writes the row of a pair; false when the tables do not say what taking the message does. */
  learn(at: number, snapshot: ContentId, mailbox: ContentId, changes: Changes): boolean {
    const contents = this.#contents;
    const rest = contents.fact(mailbox, Fact.rest);
    const recipe = this.#recipes.find(snapshot, contents.fact(mailbox, Fact.head), changes);
    if (recipe === NO_RECIPE || rest === -1) return false;
    const { rows } = this;
    const recipes = this.#recipes.rows;
    rows[at] = snapshot;
    rows[at + 1] = mailbox;
    rows[at + Situation.recipe] = recipe;
    rows[at + Situation.rest] = rest;
    rows[at + Situation.next] = recipes.at(recipe + Recipe.next);
    rows[at + Situation.first] = recipes.at(recipe + Recipe.first) ^ contents.wordChange(mailbox, rest, 0);
    rows[at + Situation.second] = recipes.at(recipe + Recipe.second) ^ contents.wordChange(mailbox, rest, 1);
    rows[at + Situation.touches] = recipes.at(recipe + Recipe.touches);
    return true;
  }
}
