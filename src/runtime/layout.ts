import type { ActorIndex } from './actors.js';
import type { SlotKind } from './contents.js';
import { Ints } from './ints.js';

/**
 * Kinds of slots that an actor may have, by number. `hosted` and `thread`: as many as its host asks for; `monitor`: no actor's at
 * all.
 */
export const Slot = {
  snapshot: 0,
  mailbox: 1,
  timers: 2,
  budget: 3,
  hosted: 4,
  monitor: 5,
  thread: 6,
} as const;
export type Slot = (typeof Slot)[keyof typeof Slot];

/** The kinds of which an actor has one. */
export type ActorSlot = Exclude<Slot, typeof Slot.hosted | typeof Slot.monitor | typeof Slot.thread>;

/** How many slots of its own an actor may have. */
const SLOTS_PER_ACTOR = 4;
const NONE = -1;

/**
 * Where in a state vector the slots of an actor are. Slots are dealt out when they are first written, so a vector may be
 * shorter than the layout is now: what it lacks is 0. An actor's mailbox lies right behind its snapshot, so that whoever looks
 * for mail finds both at one look.
 */
export class Layout {
  /** {@link SLOTS_PER_ACTOR} slots for each actor by index, in the order of {@link Slot}; -1 is none. */
  readonly slots = new Ints();
  /** The slots of timers, in no particular order. */
  readonly timers = new Ints();
  readonly #actorOf = new Ints();
  readonly #kindOf = new Ints();

  #firstSlots = new Int32Array(0);
  #firstSlotsWidth = 0;
  readonly #hosted = new Map<string, number>();
  readonly #hostedBy = new Map<ActorIndex, number[]>();

  /** Number of slots. */
  get width(): number {
    return this.#actorOf.length;
  }

  /** The slot of an actor, or -1 when none was ever written. */
  find(kind: ActorSlot, actor: ActorIndex): number {
    const at = actor * SLOTS_PER_ACTOR + kind;
    return at < this.slots.length ? this.slots.at(at) : NONE;
  }

  /** The first slot of an actor that has slots: its snapshot's; its mailbox's is the next. */
  first(actor: ActorIndex): number {
    return this.slots.at(actor * SLOTS_PER_ACTOR);
  }

  /** The first slots of all actors in an order that holds each once. */
  firstSlots(order: Int32Array): Int32Array {
    if (this.#firstSlots.length !== order.length || this.width !== this.#firstSlotsWidth) {
      this.#firstSlots = order.map((actor) => this.slot(Slot.snapshot, actor));
      this.#firstSlotsWidth = this.width;
    }
    return this.#firstSlots;
  }

  /** The slot of an actor, dealt out now if need be. */
  slot(kind: ActorSlot, actor: ActorIndex): number {
    const known = this.find(kind, actor);
    if (known !== NONE) return known;
    while (this.slots.length < (actor + 1) * SLOTS_PER_ACTOR) this.slots.push(NONE);
    this.#deal(actor, Slot.snapshot);
    this.#deal(actor, Slot.mailbox);
    if (kind === Slot.timers || kind === Slot.budget) this.#deal(actor, kind);
    return this.find(kind, actor);
  }

  /** A slot of an actor's host, by kind and key. */
  hostedSlot(actor: ActorIndex, kind: SlotKind, key: string): number {
    const name = `${actor} ${kind} ${key}`;
    let slot = this.#hosted.get(name);
    if (slot === undefined) {
      slot = this.#actorOf.push(actor);
      this.#kindOf.push(kind === 'thread' ? Slot.thread : Slot.hosted);
      this.#hosted.set(name, slot);
      this.#hostedBy.set(actor, [...this.hostedSlots(actor), slot]);
    }
    return slot;
  }

  /** Deals out a slot for a monitor. */
  addMonitor(): number {
    this.#kindOf.push(Slot.monitor);
    return this.#actorOf.push(NONE);
  }

  /** All slots that the hosts of an actor have ever asked for. */
  hostedSlots(actor: ActorIndex): readonly number[] {
    return this.#hostedBy.get(actor) ?? [];
  }

  #deal(actor: ActorIndex, kind: ActorSlot): void {
    if (this.find(kind, actor) !== NONE) return;
    this.slots.cells[actor * SLOTS_PER_ACTOR + kind] = this.#actorOf.push(actor);
    if (kind === Slot.timers) this.timers.push(this.width - 1);
    this.#kindOf.push(kind);
  }

  actorOf(slot: number): ActorIndex {
    return this.#actorOf.at(slot);
  }

  kindOf(slot: number): Slot {
    return this.#kindOf.at(slot) as Slot;
  }
}
