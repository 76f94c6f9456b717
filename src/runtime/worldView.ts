import type { AnyMachineSnapshot, EventObject } from 'xstate';
import type { ActorIndex, ActorPlace } from './actors.js';
import { ChoiceKind, choiceActor, choiceIndex, choiceKind } from './choice.js';
import type { Enabled } from './choiceFinder.js';
import type { Hosts } from './hosts.js';
import { type ActorSlot, type Layout, Slot } from './layout.js';
import type { MailList, MailPattern } from './mailPatterns.js';
import type { MessageId } from './messages.js';
import type { StateReader } from './probes.js';
import { isMachineSnapshot, isSnapshotOfMachineShape } from './snapshotShape.js';
import type { SeenStep } from './stepLabels.js';
import type { Tables } from './tables.js';
import type { NamesAskedFor } from './unknownNames.js';

/** A timer as properties and people see it. */
export interface TimerView {
  readonly event: EventObject;
  /** The address that gets the event. */
  readonly to: string;
  /** Milliseconds until it may fire; `undefined` in mode `free`. */
  readonly remaining: number | undefined;
  readonly id: string | undefined;
}

/** An offer that the environment may take now. */
export interface OfferView {
  readonly event: EventObject;
  /** How often it may still be taken; `Infinity` without a budget. */
  readonly left: number;
}

/** The parts of a world that looking at it needs. */
export interface Viewed {
  readonly tables: Tables;
  readonly layout: Layout;
  readonly hosts: Hosts;
}

/** The state that is looked at. */
export interface ViewedState {
  /** Reads the contents of its slots. Is asked anew for each look. */
  readonly reader: StateReader;
  /** Hears which slot is looked at for events that match a pattern, and finds them; without it the slot is read as a whole. */
  readonly findMail?: (slot: number, pattern: number) => MailList;
  /** Notes what is asked for in vain. */
  readonly names?: NamesAskedFor;
  /** What can happen next in it. */
  enabled(): Enabled;
  /** The step that led to it, where that is known. */
  readonly lastStep?: () => SeenStep | undefined;
  /** Whether nothing can step that need not be waited for: see {@link Enabled.quiescent}. */
  isQuiescent(): boolean;
}

/** A state of the world, read only. Everything in it is frozen. */
export class WorldView {
  readonly #world: Viewed;
  readonly #state: ViewedState;

  constructor(world: Viewed, state: ViewedState) {
    this.#world = world;
    this.#state = state;
  }

  /** The addresses of all actors that exist, sorted. */
  addresses(): string[] {
    this.#state.names?.noteEverybody();
    const { places } = this.#world.tables.actors;
    return places
      .filter(({ index }) => this.#content(Slot.snapshot, index) !== 0)
      .map(({ address }) => address)
      .sort();
  }

  /**
   * The XState snapshot at an address: of an ended actor the last one, `undefined` when nobody is there or it has not started. An
   * outcome names the addresses that were asked for and that no actor ever had, and the states and tags that the snapshot was asked
   * for and its machine does not have.
   */
  snapshot(address: string): AnyMachineSnapshot | undefined {
    const place = this.#place(address);
    const content = place ? this.#content(Slot.snapshot, place.index) : 0;
    if (content === 0) return undefined;
    const record = this.#world.tables.snapshots.get(content);
    const host = record.status === 'unstarted' ? undefined : this.#world.hosts.of(record);
    const snapshot = host
      ? Object.freeze({ ...record.snapshot, context: host.context(this.#state.reader) })
      : record.snapshot;
    if (!snapshot || !isSnapshotOfMachineShape(snapshot)) return undefined;
    return isMachineSnapshot(snapshot)
      ? (this.#state.names?.listening(address, snapshot) ?? snapshot)
      : snapshot;
  }

  /**
   * The events in an actor's mailbox, head first.
   *
   * @param like only those that have these members, e.g. `{ type: 'CANCEL' }`. A property that asks for no more than it needs lets a
   *   reduced search leave out more states
   */
  mailbox(address: string, like?: MailPattern): readonly EventObject[] {
    const place = this.#place(address);
    if (!place) return [];
    const { mailboxes, messages } = this.#world.tables;
    const found = like
      ? this.#mailLike(place.index, like)
      : mailboxes.messages(this.#content(Slot.mailbox, place.index));
    return found.map((id) => messages.get(id).event);
  }

  /** The armed timers of an actor, the next to fire first. */
  timers(address: string): readonly TimerView[] {
    const place = this.#place(address);
    if (!place) return [];
    const { timers, messages, actors } = this.#world.tables;
    return timers.timers(this.#content(Slot.timers, place.index)).map(({ spec, remaining }) => ({
      event: messages.get(spec.message).event,
      to: actors.place(spec.to).address,
      remaining,
      id: spec.id,
    }));
  }

  /** What the environment may do to an actor now. */
  offers(address: string): readonly OfferView[] {
    const place = this.#place(address);
    if (!place) return [];
    const { snapshots, budgets } = this.#world.tables;
    const budget = this.#content(Slot.budget, place.index);
    return this.#state
      .enabled()
      .choices.filter((c) => choiceKind(c) === ChoiceKind.offer && choiceActor(c) === place.index)
      .flatMap((c) => snapshots.get(this.#content(Slot.snapshot, place.index)).offers[choiceIndex(c)] ?? [])
      .map((offer) => ({ event: offer.event, left: budgets.left(budget, offer) }));
  }

  /** No message, timer, thread or expected offer can step. */
  get quiescent(): boolean {
    return this.#state.isQuiescent();
  }

  /**
   * The step that led here, in a property; `undefined` in the initial state, and elsewhere. A property that reads it is asked
   * after every step, not once per state, and switches every reduction off.
   */
  get lastStep(): SeenStep | undefined {
    const step = this.#state.lastStep?.();
    return step && (this.#state.names?.listeningStep(step) ?? step);
  }

  #mailLike(actor: ActorIndex, like: MailPattern): readonly MessageId[] {
    const { mailPatterns } = this.#world.tables;
    const slot = this.#world.layout.find(Slot.mailbox, actor);
    if (slot === -1) return [];
    const { findMail, reader } = this.#state;
    const pattern = mailPatterns.intern(like);
    return mailPatterns.messages(
      findMail ? findMail(slot, pattern) : mailPatterns.find(pattern, reader.valueAt(slot)),
    );
  }

  #place(address: string): ActorPlace | undefined {
    const place = this.#world.tables.actors.find(address);
    if (!place) this.#state.names?.noteAddress(address);
    return place;
  }

  #content(kind: ActorSlot, index: number): number {
    const slot = this.#world.layout.find(kind, index);
    return slot === -1 ? 0 : this.#state.reader.valueAt(slot);
  }
}
