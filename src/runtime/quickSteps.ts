import type { ActorIndex } from './actors.js';
import type { Changes } from './changes.js';
import { ChoiceKind, packChoice } from './choice.js';
import { type ContentId, type Contents, Fact, ROW_BITS, Trait } from './contents.js';
import { intAt } from './ints.js';
import { type Layout, Slot } from './layout.js';
import { Appended } from './mailboxes.js';
import { type EntryId, type Memo, Op } from './memo.js';
import type { MessageId } from './messages.js';
import type { PairRows } from './pairRows.js';
import { NO_RECIPE, Recipe, Recipes, SEND, Send, Want } from './recipes.js';
import type { Snapshots } from './snapshots.js';
import { Successors } from './successors.js';
import type { Tables } from './tables.js';

/**
 * The stepper's step for what most steps are: an actor takes a message, goes on living with the same children, and does nothing
 * but send. The first such step in a local situation is taken in the general way, which defines what a step does, and leaves a
 * recipe; where its conditions hold again, the step is a few look-ups in flat tables, without an allocation.
 *
 * Walk through: {@link QuickSteps.take} finds a recipe and applies it; whatever is not in the tables yet is left to the general
 * way before anything has happened. {@link QuickSteps.learn} writes a recipe: what the entry has read and who takes what it
 * sends become {@link QuickSteps.#conditions}, and what it sends becomes {@link QuickSteps.#sends}.
 */
export class QuickSteps {
  readonly #contents: Contents;
  readonly #memo: Memo;
  readonly #snapshots: Snapshots;
  readonly #appended: PairRows;
  readonly #layout: Layout;
  readonly #changes: Changes;
  readonly #recipes: Recipes;
  /** The recipe by which the last step was taken. */
  taken = NO_RECIPE;
  // What take() gives to takeAll().
  readonly #one = new Successors(1);
  readonly #actor = new Int32Array(1);
  readonly #slot = new Int32Array(1);

  constructor(tables: Tables, layout: Layout, changes: Changes) {
    this.#contents = tables.contents;
    this.#memo = tables.memo;
    this.#snapshots = tables.snapshots;
    this.#appended = tables.mailboxes.appended;
    this.#layout = layout;
    this.#changes = changes;
    this.#recipes = new Recipes(tables.contents);
  }

  /** Lets an actor that has mail take its first message; false when nothing has happened because the tables do not say how. */
  take(actor: ActorIndex): boolean {
    const changes = this.#changes;
    const one = this.#one;
    one.count = 0;
    this.#actor[0] = actor;
    this.#slot[0] = this.#layout.first(actor);
    if (!this.takeAll(this.#actor, this.#slot, 0, one, 0, 0) || one.count === 0) return false;
    changes.first = intAt(one.first, 0);
    changes.second = intAt(one.second, 0);
    return true;
  }

  /**
   * Lets each of some actors that has mail take its first message, each in the state that was turned to, and adds where that
   * leads to `into`, for which there must be room.
   *
   * @param slots the slots of the actors' snapshots
   * @param special {@link Trait}s of snapshots that need the general way
   * @param first the state's fingerprint
   * @returns false when nothing has happened because the tables do not say how
   */
  takeAll(
    actors: Int32Array,
    slots: Int32Array,
    special: number,
    into: Successors,
    first: number,
    second: number,
  ): boolean {
    const changes = this.#changes;
    const { cells, offset, width, start } = changes;
    const facts = this.#contents.rows.cells;
    const rows = this.#recipes.rows.cells;
    const appended = this.#appended;
    const layoutWidth = this.#layout.width;
    const recipes = this.#recipes;
    let { log, places } = changes;
    const {
      first: firsts,
      second: seconds,
      choice: choices,
      parent: parents,
      changesStart,
      changesEnd,
    } = into;
    let count = into.count;
    let end = start;
    let taken = NO_RECIPE;
    for (let i = 0; i < actors.length; i++) {
      const slot = slots[i] ?? 0;
      if (slot >= width) continue;
      const before = cells[offset + slot] ?? 0;
      const mailbox = cells[offset + slot + 1] ?? 0;
      if (special !== 0 && ((facts[(before << ROW_BITS) + Fact.traits] ?? 0) & special) !== 0) return false;
      if (mailbox === 0) continue;

      const mail = mailbox << ROW_BITS;
      const rest = facts[mail + Fact.rest] ?? 0;
      const recipe = recipes.find(before, facts[mail + Fact.head] ?? 0, changes);
      if (recipe === NO_RECIPE || rest === -1) return false;
      const left = rest << ROW_BITS;
      const next = rows[recipe + Recipe.next] ?? 0;
      const sendsEnd = rows[recipe + Recipe.end] ?? 0;
      let newFirst = first ^ (rows[recipe + Recipe.first] ?? 0) ^ (facts[mail] ?? 0) ^ (facts[left] ?? 0);
      let newSecond =
        second ^ (rows[recipe + Recipe.second] ?? 0) ^ (facts[mail + 1] ?? 0) ^ (facts[left + 1] ?? 0);
      if (end + (sendsEnd - recipe) * 2 > log.length || layoutWidth > places.length) {
        changes.end = end;
        changes.reserve(sendsEnd - recipe, layoutWidth);
        changes.end = start;
        ({ log, places } = changes);
      }
      changesStart[count] = end;
      log[end] = slot + 1;
      log[end + 1] = rest;
      places[slot + 1] = end;
      end += 2;
      if (next !== before) {
        log[end] = slot;
        log[end + 1] = next;
        places[slot] = end;
        end += 2;
      }
      for (let send = rows[recipe + Recipe.sends] ?? 0; send < sendsEnd; send += SEND) {
        const to = rows[send + Send.slot] ?? 0;
        const again = (rows[send + Send.again] ?? 0) !== 0;
        const place = again ? (places[to] ?? 0) : end;
        const old = again ? (log[place + 1] ?? 0) : to < width ? (cells[offset + to] ?? 0) : 0;
        const row = appended.find(
          old === 0 ? (rows[send + Send.empty] ?? 0) : old,
          rows[send + Send.message] ?? 0,
        );
        if (row === -1) return false;
        newFirst ^= appended.cells[row + Appended.first] ?? 0;
        newSecond ^= appended.cells[row + Appended.second] ?? 0;
        log[place] = to;
        log[place + 1] = appended.cells[row + Appended.content] ?? 0;
        places[to] = place;
        if (!again) end += 2;
      }
      taken = recipe;
      firsts[count] = newFirst;
      seconds[count] = newSecond;
      choices[count] = packChoice(actors[i] ?? 0, ChoiceKind.message, 0);
      parents[count] = offset;
      changesEnd[count] = end;
      count++;
    }
    into.count = count;
    this.taken = taken;
    changes.end = end;
    return true;
  }

  /**
   * Remembers the step that was just taken in the general way, if it is one for this table.
   *
   * @param before the snapshot in which the actor took the message
   * @param entry the memo entry that was played
   */
  learn(before: ContentId, message: MessageId, entry: EntryId): void {
    if (!this.#isQuick(before, entry)) return;
    if (this.#recipes.find(before, message, this.#changes) !== NO_RECIPE) return;
    const conditions = this.#conditions(before, entry);
    if (conditions)
      this.#recipes.add(before, message, this.#memo.next(entry), conditions, this.#sends(before, entry));
  }

  /** Whether the actor goes on living with the same children and does nothing but send. */
  #isQuick(before: ContentId, entry: EntryId): boolean {
    const next = this.#memo.next(entry);
    if ((this.#contents.fact(next, Fact.traits) & Trait.running) === 0) return false;
    const { ops } = this.#memo;
    for (let at = this.#memo.opsStart(entry); at < this.#memo.opsEnd(entry); at += 3) {
      if (ops.at(at) !== Op.send && ops.at(at) !== Op.emit) return false;
    }
    const { children } = this.#snapshots.get(next);
    return this.#snapshots.get(before).children.every((child) => children.includes(child));
  }

  /** What the step relied upon, by slot; `undefined` when it asked for more than snapshots. */
  #conditions(before: ContentId, entry: EntryId): Map<number, number> | undefined {
    const wants = new Map<number, number>();
    for (const { probe, answer } of this.#memo.reads(entry)) {
      const { glance } = probe;
      if (!glance || (glance.kind === 'holder' && answer !== glance.actor + 1)) return undefined;
      const slot = this.#layout.slot(Slot.snapshot, glance.actor);
      if (glance.kind === 'content') wants.set(slot, answer);
      else if (!wants.has(slot)) wants.set(slot, Want.running);
    }
    const self = this.#layout.slot(Slot.snapshot, this.#snapshots.get(before).place.index);
    for (const { to } of this.#sent(entry)) {
      const slot = this.#layout.slot(Slot.snapshot, to);
      if (slot !== self && !wants.has(slot))
        wants.set(slot, this.#takesMail(slot) ? Want.running : Want.notRunning);
    }
    return wants;
  }

  /** What the step appends to mailboxes, as {@link Recipes} keeps it. */
  #sends(before: ContentId, entry: EntryId): number[] {
    const changed = new Set([this.#snapshots.get(before).place.index]);
    return [...this.#sent(entry)].flatMap(({ to, message }) => {
      const slot = this.#layout.slot(Slot.snapshot, to);
      const again = changed.has(to);
      if (!again && !this.#takesMail(slot)) return [];
      changed.add(to);
      return [slot + 1, -2 - to, message, again ? 1 : 0];
    });
  }

  *#sent(entry: EntryId): Generator<{ readonly to: ActorIndex; readonly message: MessageId }> {
    const { ops } = this.#memo;
    for (let at = this.#memo.opsStart(entry); at < this.#memo.opsEnd(entry); at += 3) {
      if (ops.at(at) === Op.send) yield { to: ops.at(at + 1), message: ops.at(at + 2) };
    }
  }

  #takesMail(slot: number): boolean {
    return (this.#contents.fact(this.#changes.before(slot), Fact.traits) & Trait.running) !== 0;
  }
}
