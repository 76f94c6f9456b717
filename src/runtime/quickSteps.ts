import type { ActorIndex } from './actors.js';
import type { Changes } from './changes.js';
import { type ContentId, type Contents, Fact, ROW_BITS, Trait } from './contents.js';
import { intAt } from './ints.js';
import { type Layout, Slot } from './layout.js';
import { type EntryId, type Memo, Op } from './memo.js';
import type { MessageId } from './messages.js';
import type { PairMap } from './pairMap.js';
import { NO_RECIPE, Recipe, Recipes, SEND, Send, Want } from './recipes.js';
import type { Snapshots } from './snapshots.js';
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
  readonly #appended: PairMap;
  readonly #layout: Layout;
  readonly #changes: Changes;
  readonly #recipes: Recipes;
  /** The recipe by which the last step was taken. */
  taken = NO_RECIPE;

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
    const { cells, offset, width } = changes;
    const facts = this.#contents.rows.cells;
    const slot = this.#layout.first(actor);
    const before = intAt(cells, offset + slot);
    const mailbox = intAt(cells, offset + slot + 1) << ROW_BITS;
    const rest = intAt(facts, mailbox + Fact.rest);
    const recipe = this.#recipes.find(before, intAt(facts, mailbox + Fact.head), changes);
    if (recipe === NO_RECIPE || rest === -1) return false;

    const rows = this.#recipes.rows.cells;
    const next = intAt(rows, recipe + Recipe.next);
    const sendsEnd = intAt(rows, recipe + Recipe.end);
    let first = intAt(rows, recipe + Recipe.first);
    let second = intAt(rows, recipe + Recipe.second);
    const empty = rest << ROW_BITS;
    first ^= intAt(facts, mailbox) ^ intAt(facts, empty);
    second ^= intAt(facts, mailbox + 1) ^ intAt(facts, empty + 1);
    changes.reserve(sendsEnd - recipe, this.#layout.width);
    const { log, places, start } = changes;
    log[start] = slot + 1;
    log[start + 1] = rest;
    places[slot + 1] = start;
    let end = start + 2;
    if (next !== before) {
      log[end] = slot;
      log[end + 1] = next;
      places[slot] = end;
      end += 2;
    }
    for (let send = intAt(rows, recipe + Recipe.sends); send < sendsEnd; send += SEND) {
      const to = intAt(rows, send + Send.slot);
      const again = intAt(rows, send + Send.again) !== 0;
      const place = again ? intAt(places, to) : end;
      const old = again ? intAt(log, place + 1) : to < width ? intAt(cells, offset + to) : 0;
      const key = old === 0 ? intAt(rows, send + Send.empty) : old;
      const content = this.#appended.get(key, intAt(rows, send + Send.message));
      if (content === -1) return false;
      first ^= intAt(facts, old << ROW_BITS) ^ intAt(facts, content << ROW_BITS);
      second ^= intAt(facts, (old << ROW_BITS) + 1) ^ intAt(facts, (content << ROW_BITS) + 1);
      log[place] = to;
      log[place + 1] = content;
      places[to] = place;
      if (!again) end += 2;
    }
    this.taken = recipe;
    changes.end = end;
    changes.first = first;
    changes.second = second;
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
