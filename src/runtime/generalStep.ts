import { invariant } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import type { Changes } from './changes.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from './choice.js';
import type { ContentId } from './contents.js';
import { Ends } from './ends.js';
import type { Footprint } from './footprint.js';
import type { Host, HostEnd, HostState } from './host.js';
import type { Hosts } from './hosts.js';
import { type ActorSlot, type Layout, Slot } from './layout.js';
import { type EntryId, Op, START } from './memo.js';
import { Mentions } from './mentions.js';
import type { MessageId } from './messages.js';
import type { StateReader } from './probes.js';
import { NO_RECIPE } from './recipes.js';
import type { RecipeWriter } from './recipeWriter.js';
import type { Recorder } from './recorder.js';
import { isRunning } from './snapshots.js';
import type { StepListener } from './stepListener.js';
import type { Tables } from './tables.js';

/** A run that XState was needed for. Whatever is wrong with it is wrong each time, so it is enough to look once. */
export interface FirstRun {
  readonly actor: ActorIndex;
  readonly message: MessageId;
  readonly before: ContentId;
  readonly entry: EntryId;
}

const RUN_LIMIT = 10_000;
/** An address that has grown so long in one step is that of an actor that spawns a copy of itself. */
const ADDRESS_LIMIT = 2_000;

/**
 * What a step is (architecture 4.1): all that the {@link Stepper} knows besides are short cuts to the same.
 *
 * Walk through: a message, a timer or an offer ends in {@link GeneralStep.#run}: find the memo entry (or let the recorder compute
 * it), give the actor its next snapshot, apply the entry's operations, let what ended end. Children that were spawned start behind
 * it, in spawn order.
 */
export class GeneralStep implements StateReader {
  /** Hears what happens in the step. */
  hears: StepListener | undefined;
  /** Whether a logic threw in this step. */
  threw = false;
  /** What this step made the memo learn: runs that were never met before. */
  readonly firstRuns: FirstRun[] = [];
  /** The recipe that does what this step did, if there is one: see `Recipes`. */
  recipe = NO_RECIPE;
  readonly changes: Changes;
  #footprint: Footprint | undefined;
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #recorder: Recorder;
  readonly #hosts: Hosts;
  readonly #ends: Ends;
  readonly #recipeWriter: RecipeWriter;
  readonly #mentions: Mentions;
  readonly #starts: ActorIndex[] = [];

  constructor(
    tables: Tables,
    layout: Layout,
    changes: Changes,
    recorder: Recorder,
    hosts: Hosts,
    recipeWriter: RecipeWriter,
  ) {
    this.#tables = tables;
    this.#layout = layout;
    this.changes = changes;
    this.#recorder = recorder;
    this.#hosts = hosts;
    this.#recipeWriter = recipeWriter;
    this.#mentions = new Mentions(tables, layout, changes);
    this.#ends = new Ends(tables, layout, changes, (child, parent, message) =>
      this.#append(child, parent, message),
    );
  }

  /** Notes what steps touch, if somebody wants to know. */
  get footprint(): Footprint | undefined {
    return this.#footprint;
  }

  set footprint(footprint: Footprint | undefined) {
    this.#footprint = footprint;
    this.#ends.footprint = footprint;
    this.#hosts.footprint = footprint;
  }

  /** What was seen of earlier steps no longer counts. */
  forget(): void {
    this.threw = false;
    if (this.firstRuns.length > 0) this.firstRuns.length = 0;
  }

  /** Performs one choice that is enabled in the opened state. */
  take(choice: Choice): void {
    this.#footprint?.begin();
    this.#starts.length = 0;
    this.recipe = NO_RECIPE;
    const actor = choiceActor(choice);
    const kind = choiceKind(choice);
    if (kind === ChoiceKind.message) this.#takeMessage(actor);
    else if (kind === ChoiceKind.timer) this.#fire(actor, choiceIndex(choice));
    else if (kind === ChoiceKind.thread) this.#runThread(actor, choiceIndex(choice));
    else this.#takeOffer(actor, choiceIndex(choice));
    this.#startChildren();
    if (this.#footprint) this.#mentions.noteChanges(this.#footprint);
  }

  /** Lets an actor that exists and has not run yet start, and then the children that it spawns. */
  start(actor: ActorIndex): void {
    this.#run(actor, START);
    this.#startChildren();
  }

  /** The content of a slot now, changes of this step included. */
  valueAt(slot: number): ContentId {
    return this.changes.valueAt(slot);
  }

  snapshotAt(actor: ActorIndex): ContentId {
    return this.contentOf(Slot.snapshot, actor);
  }

  /** What an actor's slot holds now. */
  contentOf(kind: ActorSlot, actor: ActorIndex): ContentId {
    const slot = this.#layout.find(kind, actor);
    return slot === -1 ? 0 : this.changes.valueAt(slot);
  }

  isMentioned(actor: ActorIndex): boolean {
    return this.#mentions.include(actor);
  }

  #takeMessage(actor: ActorIndex): void {
    if (this.#tables.snapshots.get(this.snapshotAt(actor)).status === 'unstarted') {
      this.#run(actor, START);
      return;
    }
    const slot = this.#layout.slot(Slot.mailbox, actor);
    const mailbox = this.changes.valueAt(slot);
    const message = this.#tables.mailboxes.head(mailbox);
    const before = this.snapshotAt(actor);
    this.#footprint?.takesHead(actor);
    this.changes.set(slot, this.#tables.mailboxes.rest(mailbox));
    const entry = this.#run(actor, message);
    if (entry !== undefined) this.recipe = this.#recipeWriter.learn(before, message, entry);
  }

  #fire(actor: ActorIndex, index: number): void {
    const { timers, actors } = this.#tables;
    const slot = this.#layout.slot(Slot.timers, actor);
    const set = this.changes.valueAt(slot);
    const timer = timers.timers(set)[index];
    invariant(timer !== undefined, 'the timer that fires is armed');
    this.#footprint?.firesTimer(actor);
    this.changes.set(slot, timers.fired(set, index));
    const delay = timer.remaining ?? 0;
    if (delay > 0) {
      for (const { index: other } of actors.places) {
        const otherSlot = this.#layout.find(Slot.timers, other);
        if (otherSlot !== -1)
          this.changes.set(otherSlot, timers.elapse(this.changes.valueAt(otherSlot), delay));
      }
      this.hears?.elapsed(delay);
    }
    const { raised, message, to } = timer.spec;
    if (raised) this.#run(actor, message);
    else this.#append(actor, to, message);
  }

  #takeOffer(actor: ActorIndex, index: number): void {
    const offer = this.#tables.snapshots.get(this.snapshotAt(actor)).offers[index];
    invariant(offer !== undefined, 'the offer that is taken is declared');
    this.#footprint?.takesOffer(actor);
    if (offer.times !== undefined) {
      const slot = this.#layout.slot(Slot.budget, actor);
      this.changes.set(
        slot,
        this.#tables.budgets.spend(this.#place(actor), this.changes.valueAt(slot), offer),
      );
    }
    this.#run(actor, offer.message);
  }

  /** Lets an actor take an event; the memo entry, if XState runs the actor. */
  #run(actor: ActorIndex, message: MessageId): EntryId | undefined {
    const { memo, snapshots } = this.#tables;
    const slot = this.#layout.slot(Slot.snapshot, actor);
    const before = this.changes.valueAt(slot);
    const host = this.#hosts.any ? this.#hosts.of(snapshots.get(before)) : undefined;
    this.#footprint?.runs(actor);
    if (host) {
      this.#runHost(actor, host, message);
      return undefined;
    }
    let entry = memo.find(before, message, this);
    if (entry === -1) {
      entry = this.#recorder.compute(before, message, this);
      this.firstRuns.push({ actor, message, before, entry });
    }
    const after = memo.next(entry);
    this.changes.set(slot, after);
    this.hears?.ran(actor, message, before, after, entry);
    if (this.#footprint) for (const { probe } of memo.reads(entry)) this.#footprint.asks(probe);
    const end = memo.opsEnd(entry);
    for (let at = memo.opsStart(entry); at < end; at += 3) {
      this.#apply(actor, memo.ops.at(at), memo.ops.at(at + 1), memo.ops.at(at + 2));
    }
    if (before === after) return entry;
    if (memo.detail(entry).threw) this.threw = true;
    const was = snapshots.get(before);
    const is = snapshots.get(after);
    if (was.children.length > 0) this.#ends.forgetChildren(was, is);
    if (!isRunning(is.status)) this.#ends.end(is);
    return entry;
  }

  #runThread(actor: ActorIndex, thread: number): void {
    const host = this.#hosts.of(this.#tables.snapshots.get(this.snapshotAt(actor)));
    invariant(host !== undefined, 'an actor whose thread steps has a host');
    this.#footprint?.looksWhetherRuns(this.#place(actor));
    this.#settle(actor, host.take(thread, this.#hostState(actor)));
  }

  #runHost(actor: ActorIndex, host: Host, message: MessageId): void {
    const state = this.#hostState(actor);
    const before = this.snapshotAt(actor);
    const end = message === START ? host.begin(state) : this.#receive(before, host, message, state);
    this.#settle(actor, end);
    this.hears?.ran(actor, message, before, this.snapshotAt(actor), undefined);
  }

  #receive(before: ContentId, host: Host, message: MessageId, state: HostState): HostEnd {
    const { event } = this.#tables.messages.get(message);
    this.#tables.snapshots.get(before).logic.visits.handled.add(event.type);
    return host.receive?.(event, state);
  }

  #hostState(actor: ActorIndex): HostState {
    const what = `an event that actor '${this.#place(actor).address}' sent`;
    return {
      footprint: this.#footprint,
      valueAt: (slot) => this.changes.valueAt(slot),
      snapshotAt: (other) => this.snapshotAt(other),
      isMentioned: (other) => this.isMentioned(other),
      set: (slot, content) => this.changes.set(slot, content),
      send: (to, event) => this.#append(actor, to, this.#tables.internEvent(event, what).id),
      call: (to, event) => this.#run(to, this.#tables.internEvent(event, what).id),
      emit: (event) => this.hears?.emitted(actor, this.#tables.internEvent(event, what).id),
    };
  }

  /** How a hosted actor lives after its host has acted. */
  #settle(actor: ActorIndex, end: HostEnd): void {
    const slot = this.#layout.slot(Slot.snapshot, actor);
    const before = this.#tables.snapshots.get(this.changes.valueAt(slot));
    if (!end && before.status === 'active') return;
    const record = this.#hosts.record(before, end);
    this.changes.set(slot, record.id);
    if (end?.status === 'error') this.threw = true;
    if (end?.status === 'error' && this.#footprint) this.#footprint.stops = true;
    if (end) this.#ends.end(record);
  }

  #apply(actor: ActorIndex, op: number, a: number, b: number): void {
    switch (op) {
      case Op.send:
        return this.#append(actor, a, b);
      case Op.arm: {
        const slot = this.#layout.slot(Slot.timers, actor);
        this.#footprint?.armsTimer(actor);
        return this.changes.set(
          slot,
          this.#tables.timers.arm(this.#place(actor), this.changes.valueAt(slot), a),
        );
      }
      case Op.cancel: {
        const slot = this.#layout.find(Slot.timers, actor);
        if (slot === -1) return;
        const armed = this.changes.valueAt(slot);
        const left = this.#tables.timers.cancel(armed, this.#tables.texts.get(a));
        if (left !== armed) this.#footprint?.cancelsTimer(actor);
        return this.changes.set(slot, left);
      }
      case Op.spawn:
        this.changes.set(this.#layout.slot(Slot.snapshot, a), b);
        this.#footprint?.changesLife(this.#place(a), this.#tables.snapshots.get(b).systemId);
        this.#starts.push(a);
        return;
      case Op.stop:
        return this.#ends.vanish(this.#place(a));
      default:
        this.hears?.emitted(actor, a);
    }
  }

  #append(from: ActorIndex, to: ActorIndex, message: MessageId): void {
    const snapshot = this.snapshotAt(to);
    this.#footprint?.appendsTo(to, message);
    const open = snapshot !== 0 && isRunning(this.#tables.snapshots.get(snapshot).status);
    if (open) {
      const slot = this.#layout.slot(Slot.mailbox, to);
      this.changes.set(slot, this.#tables.mailboxes.append(to, this.changes.valueAt(slot), message));
    }
    this.hears?.sent(from, to, message, !open);
  }

  #startChildren(): void {
    let runs = 0;
    for (let child = this.#starts.shift(); child !== undefined; child = this.#starts.shift()) {
      const snapshot = this.snapshotAt(child);
      if (snapshot === 0 || this.#tables.snapshots.get(snapshot).status !== 'unstarted') continue;
      const { address } = this.#place(child);
      if (++runs > RUN_LIMIT || address.length > ADDRESS_LIMIT) {
        this.#starts.length = 0;
        const what =
          runs > RUN_LIMIT
            ? `more than ${RUN_LIMIT} actors, the last one`
            : 'actors below actors without an end, as it seems:';
        throw new UsageError(
          `one step spawned ${what} '${address.length > 100 ? `${address.slice(0, 99)}…` : address}'`,
          'an actor that spawns a copy of itself at its start never ends: spawn it on an event',
        );
      }
      this.#run(child, START);
    }
  }

  #place(actor: ActorIndex): ActorPlace {
    return this.#tables.actors.place(actor);
  }
}
