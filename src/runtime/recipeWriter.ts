import type { ActorIndex } from './actors.js';
import type { Changes } from './changes.js';
import { type ContentId, type Contents, Fact, Trait } from './contents.js';
import { type Layout, Slot } from './layout.js';
import { type EntryId, type Memo, Op } from './memo.js';
import type { MessageId } from './messages.js';
import { NO_RECIPE, type Recipes, Want } from './recipes.js';
import type { Snapshots } from './snapshots.js';
import type { Tables } from './tables.js';

/**
 * Writes {@link Recipes}: what the entry has read and who takes what it sends become {@link RecipeWriter.#conditions}, and what it
 * sends becomes {@link RecipeWriter.#sends}.
 */
export class RecipeWriter {
  readonly #contents: Contents;
  readonly #memo: Memo;
  readonly #snapshots: Snapshots;
  readonly #layout: Layout;
  readonly #changes: Changes;
  readonly #recipes: Recipes;

  /** @param changes the steps that are taken in the general way */
  constructor(tables: Tables, layout: Layout, changes: Changes, recipes: Recipes) {
    this.#contents = tables.contents;
    this.#memo = tables.memo;
    this.#snapshots = tables.snapshots;
    this.#layout = layout;
    this.#changes = changes;
    this.#recipes = recipes;
  }

  /**
   * Remembers the step that was just taken in the general way, if it is one for a recipe.
   *
   * @param before the snapshot in which the actor took the message
   * @param entry the memo entry that was played
   * @returns the recipe that does the same, or {@link NO_RECIPE}
   */
  learn(before: ContentId, message: MessageId, entry: EntryId): number {
    if (!this.#isQuick(before, entry)) return NO_RECIPE;
    const known = this.#recipes.find(before, message, this.#changes);
    if (known !== NO_RECIPE) return known;
    const conditions = this.#conditions(before, entry);
    if (!conditions) return NO_RECIPE;
    return this.#recipes.add(before, message, this.#memo.next(entry), conditions, this.#sends(before, entry));
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
    const self = this.#layout.slot(Slot.snapshot, this.#snapshots.get(before).place.index);
    const changed = this.#memo.next(entry) === before ? [self + 1] : [self + 1, self];
    return [...this.#sent(entry)].flatMap(({ to, message }) => {
      const slot = this.#layout.slot(Slot.snapshot, to);
      const place = changed.indexOf(slot + 1);
      if (place === -1 && !this.#takesMail(slot)) return [];
      const back = place === -1 ? 0 : 2 * (changed.length - place);
      if (place === -1) changed.push(slot + 1);
      return [slot + 1, -2 - to, message, back];
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
