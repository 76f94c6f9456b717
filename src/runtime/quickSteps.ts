import type { ActorIndex } from './actors.js';
import type { Changes } from './changes.js';
import { ChoiceKind, packChoice } from './choice.js';
import { type Contents, Fact, ROW_BITS, type Trait } from './contents.js';
import type { Layout } from './layout.js';
import { Appended } from './mailboxes.js';
import type { PairRows } from './pairRows.js';
import { NO_RECIPE, Recipe, type Recipes, SEND, Send } from './recipes.js';
import { Asleep, Situation, Situations } from './situations.js';
import { SUCCESSOR_BITS, Successor, Successors } from './successors.js';
import type { Tables } from './tables.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const CONTENT_BITS = ROW_BITS;
const { traits: TRAITS } = Fact;
const NONE = NO_RECIPE;
const { sends: SENDS, end: END } = Recipe;
const SEND_LENGTH = SEND;
const { slot: SLOT, empty: EMPTY, message: MESSAGE, back: BACK } = Send;
const { content: CONTENT, first: APPENDED_FIRST, second: APPENDED_SECOND } = Appended;
const { recipe: RECIPE, rest: REST, next: NEXT, touches: TOUCHES } = Situation;
const { first: FIRST_CHANGE, second: SECOND_CHANGE } = Situation;
const ROW = SUCCESSOR_BITS;
const { first: FIRST, second: SECOND, choice: CHOICE, parent: PARENT } = Successor;
const { asleep: ASLEEP, touched: TOUCHED } = Successor;
const { changesStart: CHANGES_START, changesEnd: CHANGES_END } = Successor;
const { actors: AWAKE, reads: READS } = Asleep;

/**
 * The stepper's step for what most steps are: an actor takes a message, goes on living with the same children, and does nothing
 * but send. The first such step in a local situation is taken in the general way, which defines what a step does, and leaves a
 * recipe; where its conditions hold again, the step is a few look-ups in flat tables, without an allocation.
 *
 * Walk through: {@link QuickSteps.takeAll} finds what an actor's snapshot and mailbox say ({@link Situations}), with the recipe, and
 * applies it; whatever is not in the tables yet is left to the general way before anything has happened. `RecipeWriter` writes
 * recipes.
 */
export class QuickSteps {
  readonly #contents: Contents;
  readonly #appended: PairRows;
  readonly #layout: Layout;
  readonly #changes: Changes;
  readonly #recipes: Recipes;
  readonly #situations: Situations;
  /** The recipe by which the last step was taken. */
  taken = NO_RECIPE;
  // What take() gives to takeAll().
  readonly #one = new Successors(1);
  readonly #actor = new Int32Array(1);
  readonly #slot = new Int32Array(1);

  constructor(tables: Tables, layout: Layout, changes: Changes, recipes: Recipes) {
    this.#contents = tables.contents;
    this.#appended = tables.mailboxes.appended;
    this.#layout = layout;
    this.#changes = changes;
    this.#recipes = recipes;
    this.#situations = new Situations(tables.contents, recipes);
  }

  /** Lets an actor that has mail take its first message; false when nothing has happened because the tables do not say how. */
  take(actor: ActorIndex): boolean {
    const changes = this.#changes;
    const one = this.#one;
    one.count = 0;
    this.#actor[0] = actor;
    this.#slot[0] = this.#layout.first(actor);
    if (!this.takeAll(this.#actor, this.#slot, 0, one, 0, 0, 0, 0) || one.count === 0) return false;
    changes.first = one.at(0, Successor.first);
    changes.second = one.at(0, Successor.second);
    changes.index();
    return true;
  }

  /**
   * Lets each of some actors that has mail take its first message, each in the state that was turned to, and adds where that
   * leads to `into`, for which there must be room.
   *
   * @param slots the slots of the actors' snapshots
   * @param special {@link Trait}s of snapshots that need the general way
   * @param first the state's fingerprint
   * @param asleep whose steps are left out unless they meet what the step has `touched` that led to the state: see {@link Asleep}
   * @returns false when nothing has happened because the tables do not say how
   */
  takeAll(
    actors: Int32Array,
    slots: Int32Array,
    special: number,
    into: Successors,
    first: number,
    second: number,
    asleep: number,
    touched: number,
  ): boolean {
    const changes = this.#changes;
    const { cells, offset, width, start } = changes;
    const facts = this.#contents.rows.cells;
    const rows = this.#recipes.rows.cells;
    const appended = this.#appended;
    const recipes = this.#recipes;
    const situations = this.#situations;
    const known = situations.rows;
    changes.reserve(actors.length * recipes.slotsMax, this.#layout.width);
    const { log } = changes;
    const successors = into.rows;
    let count = into.count;
    let leftOut = 0;
    let end = start;
    let taken = NONE;
    let earlier = 0;
    for (let i = 0; i < actors.length; i++) {
      const slot = slots[i] ?? 0;
      if (slot >= width) continue;
      const before = cells[offset + slot] ?? 0;
      const mailbox = cells[offset + slot + 1] ?? 0;
      if (special !== 0 && ((facts[(before << CONTENT_BITS) + TRAITS] ?? 0) & special) !== 0) return false;
      if (mailbox === 0) continue;

      const at = situations.place(before, mailbox);
      const isKnown = known[at] === before && known[at + 1] === mailbox;
      if (!isKnown || !recipes.holds(known[at + RECIPE] ?? 0, changes)) {
        if (!situations.learn(at, before, mailbox, changes)) return false;
      }
      const touches = known[at + TOUCHES] ?? 0;
      const actor = actors[i] ?? 0;
      const bit = actor < AWAKE ? 1 << actor : 0;
      const lower = earlier;
      earlier |= bit;
      if ((asleep & bit) !== 0 && (touches & touched) === 0) {
        leftOut++;
        continue;
      }
      const recipe = known[at + RECIPE] ?? 0;
      const next = known[at + NEXT] ?? 0;
      const sendsEnd = rows[recipe + END] ?? 0;
      let newFirst = first ^ (known[at + FIRST_CHANGE] ?? 0);
      let newSecond = second ^ (known[at + SECOND_CHANGE] ?? 0);
      const began = end;
      log[end] = slot + 1;
      log[end + 1] = known[at + REST] ?? 0;
      end += 2;
      if (next !== before) {
        log[end] = slot;
        log[end + 1] = next;
        end += 2;
      }
      for (let send = rows[recipe + SENDS] ?? 0; send < sendsEnd; send += SEND_LENGTH) {
        const to = rows[send + SLOT] ?? 0;
        const back = rows[send + BACK] ?? 0;
        const old = back !== 0 ? (log[end - back + 1] ?? 0) : to < width ? (cells[offset + to] ?? 0) : 0;
        const row = appended.find(old === 0 ? (rows[send + EMPTY] ?? 0) : old, rows[send + MESSAGE] ?? 0);
        if (row === -1) return false;
        newFirst ^= appended.cells[row + APPENDED_FIRST] ?? 0;
        newSecond ^= appended.cells[row + APPENDED_SECOND] ?? 0;
        const pair = end - back;
        log[pair] = to;
        log[pair + 1] = appended.cells[row + CONTENT] ?? 0;
        if (back === 0) end += 2;
      }
      taken = recipe;
      const successor = count++ << ROW;
      successors[successor + FIRST] = newFirst;
      successors[successor + SECOND] = newSecond;
      successors[successor + ASLEEP] = lower & ~touches;
      successors[successor + TOUCHED] = touches | READS;
      successors[successor + CHOICE] = packChoice(actor, ChoiceKind.message, 0);
      successors[successor + PARENT] = offset;
      successors[successor + CHANGES_START] = began;
      successors[successor + CHANGES_END] = end;
    }
    into.count = count;
    into.leftOut += leftOut;
    this.taken = taken;
    changes.end = end;
    return true;
  }
}
