import type { ActorIndex, ActorPlace } from './actors.js';
import type { Changes } from './changes.js';
import { Fact, Trait } from './contents.js';
import type { Footprint } from './footprint.js';
import { type ActorSlot, type Layout, Slot } from './layout.js';
import { isRunning, type SnapshotRecord } from './snapshots.js';
import type { Tables } from './tables.js';

/** Tells the parent of an actor that has ended. */
export type Tell = (child: ActorIndex, parent: ActorIndex, message: number) => void;

/** How actors leave a world within a step (architecture 4.1, ends). */
export class Ends {
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #changes: Changes;
  readonly #tell: Tell;
  /** Hears what is touched, if somebody wants to know. */
  footprint: Footprint | undefined;

  constructor(tables: Tables, layout: Layout, changes: Changes, tell: Tell) {
    this.#tables = tables;
    this.#layout = layout;
    this.#changes = changes;
    this.#tell = tell;
  }

  /** An actor is done or has failed: its mailbox, timers and children go, and its parent is told. Nobody keeps an unlisted child. */
  end(record: SnapshotRecord): void {
    const { place } = record;
    this.#noteEnd(record);
    this.#clear(Slot.mailbox, place);
    this.#clear(Slot.timers, place);
    for (const child of place.children) this.vanish(child);
    if (!place.parent) return;
    const parent = this.#snapshotAt(place.parent);
    this.#tell(place.index, place.parent.index, this.#tables.endMessage(record));
    if (parent !== 0 && !this.#tables.snapshots.get(parent).children.includes(place.index))
      this.vanish(place);
  }

  /** An actor and all below it are gone. */
  vanish(place: ActorPlace): void {
    const snapshot = this.#snapshotAt(place);
    if (snapshot === 0) return;
    if (this.footprint) this.#noteVanishing(this.#tables.snapshots.get(snapshot), this.footprint);
    for (const child of place.children) this.vanish(child);
    this.#clear(Slot.snapshot, place);
    for (const slot of this.#layout.hostedSlots(place.index)) this.#changes.set(slot, 0);
    this.#clear(Slot.mailbox, place);
    this.#clear(Slot.timers, place);
  }

  /** Children that have ended vanish when their parent no longer lists them. */
  forgetChildren(was: SnapshotRecord, is: SnapshotRecord): void {
    if (was.children === is.children) return;
    for (const index of was.children) {
      if (is.children.includes(index)) continue;
      const child = this.#tables.actors.place(index);
      this.footprint?.looksWhetherRuns(child);
      const snapshot = this.#snapshotAt(child);
      const running = this.#tables.contents.fact(snapshot, Fact.traits) & Trait.running;
      if (snapshot !== 0 && !running) this.vanish(child);
    }
  }

  #noteEnd({ place, systemId }: SnapshotRecord): void {
    if (!this.footprint) return;
    this.footprint.changesLife(place, systemId);
    this.#noteTimers(place, this.footprint);
  }

  #noteVanishing({ place, systemId, status }: SnapshotRecord, footprint: Footprint): void {
    footprint.changesLife(place, systemId);
    if (place.family !== undefined) footprint.mentions(place.family);
    if (isRunning(status)) footprint.stops = true;
    this.#noteTimers(place, footprint);
  }

  /** Taking armed timers away is cancelling. */
  #noteTimers({ index }: ActorPlace, footprint: Footprint): void {
    const slot = this.#layout.find(Slot.timers, index);
    if (slot !== -1 && this.#changes.valueAt(slot) !== 0) footprint.cancelsTimer(index);
  }

  #snapshotAt({ index }: ActorPlace): number {
    const slot = this.#layout.find(Slot.snapshot, index);
    return slot === -1 ? 0 : this.#changes.valueAt(slot);
  }

  #clear(kind: ActorSlot, place: ActorPlace): void {
    const slot = this.#layout.find(kind, place.index);
    if (slot !== -1) this.#changes.set(slot, 0);
  }
}
