import { invariant } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from './choice.js';
import type { ContentId } from './contents.js';
import type { Host, HostEnd, HostState } from './host.js';
import type { Hosts } from './hosts.js';
import { Ints } from './ints.js';
import { type ActorSlot, type Layout, Slot } from './layout.js';
import { type EntryId, Op, START } from './memo.js';
import type { MessageId } from './messages.js';
import type { StateReader } from './probes.js';
import type { Recorder } from './recorder.js';
import { isRunning, type SnapshotRecord } from './snapshots.js';
import type { Tables } from './tables.js';

/** Hears what happens inside a step; a search needs no listener, a trace does. */
export interface StepListener {
  /** An actor took an event (or started, with `START`); `entry` is the memo entry, if XState runs the actor. */
  ran(
    actor: ActorIndex,
    message: MessageId,
    before: ContentId,
    after: ContentId,
    entry: EntryId | undefined,
  ): void;
  sent(from: ActorIndex, to: ActorIndex, message: MessageId, dropped: boolean): void;
  emitted(from: ActorIndex, message: MessageId): void;
  /** Virtual time moved on, in milliseconds. */
  elapsed(delay: number): void;
}

const RUN_LIMIT = 10_000;

/**
 * The one step function (architecture 4.1): simulation, search and replay all take their steps here.
 *
 * Walk through: {@link Stepper.begin} lays an empty overlay over a state vector; {@link Stepper.take} performs one choice on it.
 * A message, a timer or an offer ends in {@link Stepper.#run}: find the memo entry (or let the recorder compute it), give the
 * actor its next snapshot, apply the entry's operations, let what ended end. Children that were spawned start behind it, in
 * spawn order. Afterwards {@link changes} lists the slots that differ, and {@link words} what that does to the fingerprint.
 */
export class Stepper implements StateReader {
  listener: StepListener | undefined;
  /** Slots that the step has changed; their values are in {@link valueAt}. */
  readonly changes = new Ints();
  /** Whether a logic threw in this step. */
  threw = false;
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #recorder: Recorder;
  readonly #hosts: Hosts;
  readonly #starts: ActorIndex[] = [];
  #cells: Int32Array = new Int32Array(0);
  #offset = 0;
  #width = 0;
  #overlay = new Int32Array(64);
  #stamps = new Int32Array(64);
  #stamp = 0;

  constructor(tables: Tables, layout: Layout, recorder: Recorder, hosts: Hosts) {
    this.#tables = tables;
    this.#layout = layout;
    this.#recorder = recorder;
    this.#hosts = hosts;
  }

  /** Turns to the state in `cells[offset … offset + width)`. */
  begin(cells: Int32Array, offset: number, width: number): void {
    this.#cells = cells;
    this.#offset = offset;
    this.#width = width;
    this.#stamp++;
    this.changes.length = 0;
    this.threw = false;
  }

  /** Performs one choice that is enabled in the state. */
  take(choice: Choice): void {
    const actor = choiceActor(choice);
    const kind = choiceKind(choice);
    if (kind === ChoiceKind.message) this.#takeMessage(actor);
    else if (kind === ChoiceKind.timer) this.#fire(actor, choiceIndex(choice));
    else if (kind === ChoiceKind.thread) this.#runThread(actor, choiceIndex(choice));
    else this.#takeOffer(actor, choiceIndex(choice));
    this.#startChildren();
  }

  /** Lets an actor that exists and has not run yet start, and then the children that it spawns. */
  start(actor: ActorIndex): void {
    this.#run(actor, START);
    this.#startChildren();
  }

  /** Puts an actor that has not run yet into the world. */
  place(record: SnapshotRecord): void {
    this.#set(this.#layout.slot(Slot.snapshot, record.place.index), record.id);
  }

  /** Puts a content into a slot: a state comes over from another world. */
  put(slot: number, content: ContentId): void {
    this.#set(slot, content);
  }

  /** Where an actor's content of a kind goes. */
  slotOf(kind: ActorSlot, actor: ActorIndex): number {
    return this.#layout.slot(kind, actor);
  }

  /** The content of a slot now, changes of this step included. */
  valueAt(slot: number): ContentId {
    if (slot < this.#stamps.length && this.#stamps[slot] === this.#stamp) return this.#overlay[slot] ?? 0;
    return this.#before(slot);
  }

  /** How word `index` of the fingerprint changes with the step: exclusive-or it in. */
  word(index: 0 | 1 | 2 | 3): number {
    const words = this.#tables.contents.words[index];
    let change = 0;
    for (let i = 0; i < this.changes.length; i++) {
      const slot = this.changes.at(i);
      change ^= words.at(this.#before(slot)) ^ words.at(this.valueAt(slot));
    }
    return change;
  }

  snapshotAt(actor: ActorIndex): ContentId {
    return this.contentOf(Slot.snapshot, actor);
  }

  /** What an actor's slot holds now. */
  contentOf(kind: ActorSlot, actor: ActorIndex): ContentId {
    const slot = this.#layout.find(kind, actor);
    return slot === -1 ? 0 : this.valueAt(slot);
  }

  isMentioned(actor: ActorIndex): boolean {
    for (let slot = 0; slot < this.#layout.width; slot++) {
      const before = this.#before(slot);
      const now = this.valueAt(slot);
      if (this.#mentions(slot, before, actor) || (now !== before && this.#mentions(slot, now, actor)))
        return true;
    }
    return false;
  }

  #mentions(slot: number, content: ContentId, actor: ActorIndex): boolean {
    if (content === 0) return false;
    switch (this.#layout.kindOf(slot)) {
      case Slot.snapshot:
        return (
          this.#layout.actorOf(slot) === actor || this.#tables.snapshots.get(content).mentions.includes(actor)
        );
      case Slot.mailbox:
        return this.#tables.mailboxes.mentions(content).includes(actor);
      case Slot.timers:
        return this.#tables.timers.mentions(content).includes(actor);
      case Slot.budget:
      case Slot.hosted:
        return false;
    }
  }

  #takeMessage(actor: ActorIndex): void {
    if (this.#tables.snapshots.get(this.snapshotAt(actor)).status === 'unstarted')
      return this.#run(actor, START);
    const slot = this.#layout.slot(Slot.mailbox, actor);
    const mailbox = this.valueAt(slot);
    this.#set(slot, this.#tables.mailboxes.rest(mailbox));
    this.#run(actor, this.#tables.mailboxes.head(mailbox));
  }

  #fire(actor: ActorIndex, index: number): void {
    const { timers, actors } = this.#tables;
    const slot = this.#layout.slot(Slot.timers, actor);
    const set = this.valueAt(slot);
    const timer = timers.timers(set)[index];
    invariant(timer !== undefined, 'the timer that fires is armed');
    this.#set(slot, timers.fired(set, index));
    const delay = timer.remaining ?? 0;
    if (delay > 0) {
      for (const { index: other } of actors.places) {
        const otherSlot = this.#layout.find(Slot.timers, other);
        if (otherSlot !== -1) this.#set(otherSlot, timers.elapse(this.valueAt(otherSlot), delay));
      }
      this.listener?.elapsed(delay);
    }
    const { raised, message, to } = timer.spec;
    if (raised) this.#run(actor, message);
    else this.#append(actor, to, message);
  }

  #takeOffer(actor: ActorIndex, index: number): void {
    const offer = this.#tables.snapshots.get(this.snapshotAt(actor)).offers[index];
    invariant(offer !== undefined, 'the offer that is taken is declared');
    if (offer.times !== undefined) {
      const slot = this.#layout.slot(Slot.budget, actor);
      this.#set(slot, this.#tables.budgets.spend(this.#place(actor), this.valueAt(slot), offer));
    }
    this.#run(actor, offer.message);
  }

  #run(actor: ActorIndex, message: MessageId): void {
    const { memo, snapshots } = this.#tables;
    const slot = this.#layout.slot(Slot.snapshot, actor);
    const before = this.valueAt(slot);
    const host = this.#hosts.any ? this.#hosts.of(snapshots.get(before)) : undefined;
    if (host) return this.#runHost(actor, host, message);
    let entry = memo.find(before, message, this);
    if (entry === -1) entry = this.#recorder.compute(before, message, this);
    const after = memo.next(entry);
    this.#set(slot, after);
    this.listener?.ran(actor, message, before, after, entry);
    const end = memo.opsEnd(entry);
    for (let at = memo.opsStart(entry); at < end; at += 3) {
      this.#apply(actor, memo.ops.at(at), memo.ops.at(at + 1), memo.ops.at(at + 2));
    }
    if (before === after) return;
    if (memo.detail(entry).threw) this.threw = true;
    const was = snapshots.get(before);
    const is = snapshots.get(after);
    if (was.children.length > 0) this.#forgetChildren(was, is);
    if (!isRunning(is.status)) this.#end(is);
  }

  #runThread(actor: ActorIndex, thread: number): void {
    const host = this.#hosts.of(this.#tables.snapshots.get(this.snapshotAt(actor)));
    invariant(host !== undefined, 'an actor whose thread steps has a host');
    this.#settle(actor, host.take(thread, this.#hostState(actor)));
  }

  #runHost(actor: ActorIndex, host: Host, message: MessageId): void {
    const state = this.#hostState(actor);
    const before = this.snapshotAt(actor);
    const end =
      message === START ? host.begin(state) : host.receive?.(this.#tables.messages.get(message).event, state);
    this.#settle(actor, end);
    this.listener?.ran(actor, message, before, this.snapshotAt(actor), undefined);
  }

  #hostState(actor: ActorIndex): HostState {
    const what = `an event that actor '${this.#place(actor).address}' sent`;
    return {
      valueAt: (slot) => this.valueAt(slot),
      snapshotAt: (other) => this.snapshotAt(other),
      isMentioned: (other) => this.isMentioned(other),
      set: (slot, content) => this.#set(slot, content),
      send: (to, event) => this.#append(actor, to, this.#tables.internEvent(event, what).id),
      call: (to, event) => this.#run(to, this.#tables.internEvent(event, what).id),
      emit: (event) => this.listener?.emitted(actor, this.#tables.internEvent(event, what).id),
    };
  }

  /** How a hosted actor lives after its host has acted. */
  #settle(actor: ActorIndex, end: HostEnd): void {
    const slot = this.#layout.slot(Slot.snapshot, actor);
    const before = this.#tables.snapshots.get(this.valueAt(slot));
    if (!end && before.status === 'active') return;
    const record = this.#hosts.record(before, end);
    this.#set(slot, record.id);
    if (end?.status === 'error') this.threw = true;
    if (end) this.#end(record);
  }

  #apply(actor: ActorIndex, op: number, a: number, b: number): void {
    switch (op) {
      case Op.send:
        return this.#append(actor, a, b);
      case Op.arm: {
        const slot = this.#layout.slot(Slot.timers, actor);
        return this.#set(slot, this.#tables.timers.arm(this.#place(actor), this.valueAt(slot), a));
      }
      case Op.cancel: {
        const slot = this.#layout.find(Slot.timers, actor);
        if (slot !== -1)
          this.#set(slot, this.#tables.timers.cancel(this.valueAt(slot), this.#tables.texts.get(a)));
        return;
      }
      case Op.spawn:
        this.#set(this.#layout.slot(Slot.snapshot, a), b);
        this.#starts.push(a);
        return;
      case Op.stop:
        return this.#vanish(this.#place(a));
      default:
        this.listener?.emitted(actor, a);
    }
  }

  #append(from: ActorIndex, to: ActorIndex, message: MessageId): void {
    const snapshot = this.snapshotAt(to);
    const open = snapshot !== 0 && isRunning(this.#tables.snapshots.get(snapshot).status);
    if (open) {
      const slot = this.#layout.slot(Slot.mailbox, to);
      this.#set(slot, this.#tables.mailboxes.append(this.#place(to), this.valueAt(slot), message));
    }
    this.listener?.sent(from, to, message, !open);
  }

  #startChildren(): void {
    let runs = 0;
    for (let child = this.#starts.shift(); child !== undefined; child = this.#starts.shift()) {
      const snapshot = this.snapshotAt(child);
      if (snapshot === 0 || this.#tables.snapshots.get(snapshot).status !== 'unstarted') continue;
      if (++runs > RUN_LIMIT) {
        this.#starts.length = 0;
        throw new UsageError(
          `one step spawned more than ${RUN_LIMIT} actors, the last one '${this.#place(child).address}'`,
          'an actor that spawns a copy of itself at its start never ends: spawn it on an event',
        );
      }
      this.#run(child, START);
    }
  }

  /** Children that have ended vanish when their parent no longer lists them. */
  #forgetChildren(was: SnapshotRecord, is: SnapshotRecord): void {
    if (was.children === is.children) return;
    for (const child of was.children) {
      if (is.children.includes(child)) continue;
      const snapshot = this.snapshotAt(child);
      if (snapshot !== 0 && !isRunning(this.#tables.snapshots.get(snapshot).status))
        this.#vanish(this.#place(child));
    }
  }

  /** An actor is done or has failed: its mailbox, timers and children go, and its parent is told. Nobody keeps an unlisted child. */
  #end(record: SnapshotRecord): void {
    const { place } = record;
    this.#clear(Slot.mailbox, place);
    this.#clear(Slot.timers, place);
    for (const child of place.children) this.#vanish(child);
    if (!place.parent) return;
    const parent = this.snapshotAt(place.parent.index);
    this.#append(place.index, place.parent.index, this.#tables.endMessage(record));
    if (parent !== 0 && !this.#tables.snapshots.get(parent).children.includes(place.index))
      this.#vanish(place);
  }

  #vanish(place: ActorPlace): void {
    if (this.snapshotAt(place.index) === 0) return;
    for (const child of place.children) this.#vanish(child);
    this.#clear(Slot.snapshot, place);
    for (const slot of this.#layout.hostedSlots(place.index)) this.#set(slot, 0);
    this.#clear(Slot.mailbox, place);
    this.#clear(Slot.timers, place);
  }

  #clear(kind: ActorSlot, place: ActorPlace): void {
    const slot = this.#layout.find(kind, place.index);
    if (slot !== -1) this.#set(slot, 0);
  }

  #place(actor: ActorIndex): ActorPlace {
    return this.#tables.actors.place(actor);
  }

  #before(slot: number): ContentId {
    return slot < this.#width ? (this.#cells[this.#offset + slot] ?? 0) : 0;
  }

  #set(slot: number, content: ContentId): void {
    if (slot >= this.#stamps.length) this.#widen(slot);
    if (this.#stamps[slot] !== this.#stamp) {
      this.#stamps[slot] = this.#stamp;
      this.changes.push(slot);
    }
    this.#overlay[slot] = content;
  }

  #widen(slot: number): void {
    const size = Math.max(slot + 1, this.#stamps.length * 2);
    const stamps = new Int32Array(size);
    stamps.set(this.#stamps);
    const overlay = new Int32Array(size);
    overlay.set(this.#overlay);
    this.#stamps = stamps;
    this.#overlay = overlay;
  }
}
