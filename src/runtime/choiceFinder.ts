import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex } from './actors.js';
import type { Changes } from './changes.js';
import { asChoice, CHOICES_PER_KIND, type Choice, ChoiceKind, packChoice } from './choice.js';
import { type ContentId, Fact, ROW_BITS, Trait } from './contents.js';
import type { Hosts } from './hosts.js';
import { Ints, intAt } from './ints.js';
import { type ActorSlot, type Layout, Slot } from './layout.js';
import type { StateReader } from './probes.js';
import type { Recorder } from './recorder.js';
import type { Tables } from './tables.js';
import type { TimerMode } from './timers.js';

/** What can happen next in a state. */
export interface Enabled {
  /** In canonical order: by actor, and of one actor the message, then timers, threads, offers. */
  readonly choices: readonly Choice[];
  /** No message, timer, thread or expected offer can step (architecture 4.1). */
  readonly quiescent: boolean;
}

/**
 * Finds what can happen next in the state that a stepper has turned to.
 *
 * Messages: every running actor with mail, or that has not started. Timers by mode: `ordered`, those of the earliest deadline
 * in the world, one of each actor (the one armed first); `urgent`, the same and only when there is no message to take; `free`,
 * all. Offers: those of the active states that have a budget left and would be taken.
 *
 * A look at an actor that has neither timers nor threads nor offers reads three integers.
 */
export class ChoiceFinder {
  /** The choices that {@link find} has found, in canonical order. */
  readonly choices = new Ints();
  /** Whether a message, a timer, a thread or an expected offer is among them. */
  owed = false;
  /** Whether a message or a thread is among them: time then stands still in mode `urgent`. */
  #canStep = false;
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #changes: Changes;
  readonly #recorder: Recorder;
  readonly #hosts: Hosts;
  readonly #reader: StateReader;
  readonly #mode: TimerMode;

  constructor(
    tables: Tables,
    layout: Layout,
    changes: Changes,
    recorder: Recorder,
    hosts: Hosts,
    reader: StateReader,
    mode: TimerMode,
  ) {
    this.#tables = tables;
    this.#layout = layout;
    this.#changes = changes;
    this.#recorder = recorder;
    this.#hosts = hosts;
    this.#reader = reader;
    this.#mode = mode;
  }

  /** Fills {@link choices} anew. */
  find(): void {
    const armed = this.#tables.timers.size > 0;
    const urgent = this.#mode === 'urgent';
    this.#collect(armed && !urgent);
    if (armed && urgent && !this.#canStep) this.#collect(true);
  }

  /** What {@link find} finds, as an object of its own. */
  enabled(): Enabled {
    this.find();
    const { choices } = this;
    return {
      choices: Array.from({ length: choices.length }, (_, i) => asChoice(choices.at(i))),
      quiescent: !this.owed,
    };
  }

  #collect(withTimers: boolean): void {
    const { choices } = this;
    const { cells, offset, width } = this.#changes;
    const order = this.#tables.actors.order;
    const slots = this.#layout.firstSlots(order);
    const rows = this.#tables.contents.rows.cells;
    const earliest = withTimers && this.#mode !== 'free' ? this.#earliestDeadline() : 0;
    choices.length = 0;
    this.owed = false;
    this.#canStep = false;
    for (let i = 0; i < order.length; i++) {
      const slot = slots[i] ?? 0;
      if (slot >= width) continue;
      const actor = order[i] ?? 0;
      const snapshot = cells[offset + slot] ?? 0;
      const traits = rows[(snapshot << ROW_BITS) + Fact.traits] ?? 0;
      if ((traits & Trait.running) === 0) continue;
      if ((traits & Trait.unstarted) !== 0 || (cells[offset + slot + 1] ?? 0) !== 0) {
        choices.push(packChoice(actor, ChoiceKind.message, 0));
        this.#canStep = true;
      }
      if (withTimers) this.#addTimers(actor, earliest);
      if ((traits & (Trait.hosted | Trait.offers)) !== 0) this.#addOwn(actor, snapshot);
    }
    if (this.#canStep) this.owed = true;
  }

  /** Adds what an actor's host or its offers make possible. */
  #addOwn(actor: ActorIndex, snapshot: ContentId): void {
    this.#addThreads(actor, snapshot);
    this.#addOffers(actor, snapshot);
  }

  #addTimers(actor: ActorIndex, earliest: number): void {
    const set = this.#content(Slot.timers, actor);
    if (set === 0) return;
    const timers = this.#tables.timers.timers(set);
    const ready = this.#mode === 'free' ? timers.length : timers[0]?.remaining === earliest ? 1 : 0;
    for (let i = 0; i < ready; i++)
      this.choices.push(packChoice(actor, ChoiceKind.timer, this.#checked(i, actor)));
    if (ready > 0) this.owed = true;
  }

  #addThreads(actor: ActorIndex, snapshot: ContentId): void {
    const record = this.#tables.snapshots.get(snapshot);
    if (record.status !== 'active') return;
    for (const thread of this.#hosts.of(record)?.choices(this.#reader) ?? []) {
      this.choices.push(packChoice(actor, ChoiceKind.thread, thread));
      this.#canStep = true;
    }
  }

  #addOffers(actor: ActorIndex, snapshot: ContentId): void {
    const { offers } = this.#tables.snapshots.get(snapshot);
    const budget = this.#content(Slot.budget, actor);
    for (const [i, offer] of offers.entries()) {
      if (this.#tables.budgets.left(budget, offer) <= 0) continue;
      if (!this.#recorder.wouldTake(snapshot, offer.message, this.#reader)) continue;
      this.choices.push(packChoice(actor, ChoiceKind.offer, this.#checked(i, actor)));
      if (offer.expected) this.owed = true;
    }
  }

  #earliestDeadline(): number {
    const order = this.#tables.actors.order;
    let earliest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < order.length; i++) {
      const set = this.#content(Slot.timers, intAt(order, i));
      if (set !== 0) earliest = Math.min(earliest, this.#tables.timers.earliest(set));
    }
    return earliest;
  }

  #content(kind: ActorSlot, actor: ActorIndex): ContentId {
    const slot = this.#layout.find(kind, actor);
    return slot === -1 ? 0 : this.#changes.before(slot);
  }

  #checked(index: number, actor: ActorIndex): number {
    if (index < CHOICES_PER_KIND) return index;
    throw new UsageError(
      `actor '${this.#tables.actors.place(actor).address}' has more than ${CHOICES_PER_KIND} timers armed or offers declared at once`,
      'cancel timers that are not needed any more',
    );
  }
}
