import { invariant } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import { Changes } from './changes.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from './choice.js';
import { type ContentId, Trait } from './contents.js';
import { Ends } from './ends.js';
import type { Footprint } from './footprint.js';
import type { Host, HostEnd, HostState } from './host.js';
import type { Hosts } from './hosts.js';
import { type ActorSlot, type Layout, Slot } from './layout.js';
import { type EntryId, Op, START } from './memo.js';
import { Mentions } from './mentions.js';
import type { MessageId } from './messages.js';
import type { Monitors } from './monitors.js';
import type { StateReader } from './probes.js';
import { QuickSteps } from './quickSteps.js';
import { NO_RECIPE, Recipes } from './recipes.js';
import { RecipeWriter } from './recipeWriter.js';
import type { Recorder } from './recorder.js';
import type { RememberedSteps } from './rememberedSteps.js';
import { isRunning, type SnapshotRecord } from './snapshots.js';
import { NO_STEP, type StepLabels } from './stepLabels.js';
import type { StepListener } from './stepListener.js';
import type { Successors } from './successors.js';
import type { System } from './system.js';
import type { Tables } from './tables.js';

/** A run that XState was needed for. Whatever is wrong with it is wrong each time, so it is enough to look once. */
export interface FirstRun {
  readonly actor: ActorIndex;
  readonly message: MessageId;
  readonly before: ContentId;
  readonly entry: EntryId;
}

/** In a snapshot with one of these more can happen than that its actor takes a message. */
const SPECIAL = Trait.hosted | Trait.offers;

const RUN_LIMIT = 10_000;

/**
 * The one step function (architecture 4.1): simulation, search and replay all take their steps here.
 *
 * Walk through: {@link Stepper.begin} lays an empty overlay over a state vector; {@link Stepper.take} performs one choice on it.
 * A message, a timer or an offer ends in {@link Stepper.#run}: find the memo entry (or let the recorder compute it), give the
 * actor its next snapshot, apply the entry's operations, let what ended end. Children that were spawned start behind it, in
 * spawn order. Afterwards {@link changes} has the slots that differ, and what that does to the fingerprint.
 */
export class Stepper implements StateReader {
  listener: StepListener | undefined;
  /** Whether every step gets a {@link label}; else those get one that somebody listens to or a monitor watches. */
  labelsAll = false;
  /** The number of the step that was taken last, see {@link StepLabels}. */
  label = NO_STEP;
  #footprint: Footprint | undefined;
  readonly changes: Changes;
  /** Remembers steps that are taken in the general way, if somebody wants that. */
  remembered: RememberedSteps | undefined;
  /** Whether a logic threw in this step. */
  threw = false;
  /** What this step made the memo learn: runs that were never met before. */
  readonly firstRuns: FirstRun[] = [];
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #recorder: Recorder;
  readonly #hosts: Hosts;
  readonly #ends: Ends;
  readonly #quick: QuickSteps;
  readonly #recipeWriter: RecipeWriter;
  readonly #mentions: Mentions;
  readonly #starts: ActorIndex[] = [];
  readonly #labels: StepLabels;
  readonly #monitors: Monitors;
  readonly #special: number;
  #hears: StepListener | undefined;

  constructor(
    tables: Tables,
    layout: Layout,
    recorder: Recorder,
    hosts: Hosts,
    labels: StepLabels,
    monitors: Monitors,
    start: System['start'],
  ) {
    this.#special = start === 'any' ? SPECIAL | Trait.unstarted : SPECIAL;
    this.#labels = labels;
    this.#monitors = monitors;
    this.#tables = tables;
    this.#layout = layout;
    this.#recorder = recorder;
    this.#hosts = hosts;
    this.changes = new Changes(tables.contents);
    const recipes = new Recipes(tables.contents);
    this.#quick = new QuickSteps(tables, layout, this.changes, recipes);
    this.#recipeWriter = new RecipeWriter(tables, layout, this.changes, recipes);
    this.#mentions = new Mentions(tables, layout, this.changes);
    this.#ends = new Ends(tables, layout, this.changes, (child, parent, message) =>
      this.#append(child, parent, message),
    );
  }

  /** Notes what steps touch that are taken in the general way, if somebody wants to know. */
  get footprint(): Footprint | undefined {
    return this.#footprint;
  }

  set footprint(footprint: Footprint | undefined) {
    this.#footprint = footprint;
    this.#ends.footprint = footprint;
    this.#hosts.footprint = footprint;
  }

  /** Whether the last step was taken in the general way. */
  tookInGeneral = false;

  /** The recipe by which the last step was taken, or -1 if it was taken in the general way: see `Recipes`. */
  get recipe(): number {
    return this.#quick.taken;
  }

  /** How many slots a state has that this stepper has come to; earlier ones may have had fewer. */
  get width(): number {
    return this.#layout.width;
  }

  /** Turns to the state in `cells[offset … offset + width)`, and forgets what was changed in others. */
  begin(cells: Int32Array, offset: number, width: number): void {
    this.changes.forget();
    this.changes.turnTo(cells, offset, width);
  }

  /** Performs one choice that is enabled in the state; what a choice taken before has changed no longer counts. */
  take(choice: Choice): void {
    this.changes.open();
    this.threw = false;
    if (this.firstRuns.length > 0) this.firstRuns.length = 0;
    const isMessage = choiceKind(choice) === ChoiceKind.message;
    if (isMessage && !this.#isSeen(choice) && this.#quick.take(choiceActor(choice))) {
      this.label = NO_STEP;
      this.tookInGeneral = false;
      if (this.remembered) this.remembered.last = undefined;
      return;
    }
    if (this.remembered && !this.#isSeen(choice)) this.#takeRemembered(choice, this.remembered);
    else this.takeInGeneral(choice);
  }

  #takeRemembered(choice: Choice, remembered: RememberedSteps): void {
    if (remembered.take(choice, this.#version)) {
      this.label = NO_STEP;
      this.#quick.taken = NO_RECIPE;
      this.tookInGeneral = false;
      return;
    }
    remembered.listen();
    try {
      this.takeInGeneral(choice);
    } finally {
      remembered.learn(choice, this.#version, !this.threw && this.firstRuns.length === 0);
    }
  }

  /** Is another one whenever a slot or a name is new: only then can a step look at what it did not look at before. */
  get #version(): number {
    return this.#layout.width + this.#tables.actors.version;
  }

  /** {@link take}, without the short cut for what most steps are: what is touched is noted. */
  takeInGeneral(choice: Choice): void {
    this.tookInGeneral = true;
    this.changes.open();
    this.label = NO_STEP;
    this.#quick.taken = NO_RECIPE;
    this.#footprint?.begin();
    this.#starts.length = 0;
    const isSeen = this.#isSeen(choice);
    if (isSeen) this.#note(choice);
    const actor = choiceActor(choice);
    const kind = choiceKind(choice);
    if (kind === ChoiceKind.message) this.#takeMessage(actor);
    else if (kind === ChoiceKind.timer) this.#fire(actor, choiceIndex(choice));
    else if (kind === ChoiceKind.thread) this.#runThread(actor, choiceIndex(choice));
    else this.#takeOffer(actor, choiceIndex(choice));
    this.#startChildren();
    if (this.#footprint) this.#mentions.noteChanges(this.#footprint);
    if (isSeen) this.#label(actor);
  }

  #isSeen(choice: Choice): boolean {
    if (this.listener || this.labelsAll) return true;
    return this.#monitors.any && this.#monitors.want(choice, this);
  }

  #note(choice: Choice): void {
    const before = this.snapshotAt(choiceActor(choice));
    const isThread = choiceKind(choice) === ChoiceKind.thread;
    const host = isThread ? this.#hosts.of(this.#tables.snapshots.get(before)) : undefined;
    this.#labels.begin(choice, host?.choiceText(choiceIndex(choice), this) ?? '', before, this.listener);
    this.#hears = this.#labels;
  }

  #label(actor: ActorIndex): void {
    this.#hears = undefined;
    this.label = this.#labels.end(this.snapshotAt(actor));
    this.#monitors.see(this.label, this.changes);
  }

  /**
   * Performs all choices that are enabled in the state, each in the state itself, if each is a message step that the tables know.
   * Afterwards the state is as it was turned to.
   *
   * @param into gets where they lead, in canonical order; there must be room for as many as there are actors
   * @param first the state's fingerprint
   * @param asleep whose steps may be left out, see {@link QuickSteps.takeAll}
   * @returns false when nothing has happened, and {@link take} is to perform them one by one
   */
  takeAll(into: Successors, first: number, second: number, asleep = 0, touched = 0): boolean {
    if (this.listener || this.labelsAll || this.#monitors.any || this.#isArmed()) return false;
    const { order } = this.#tables.actors;
    const slots = this.#layout.firstSlots(order);
    const special = this.#special & this.#tables.snapshots.traits;
    if (!this.#quick.takeAll(order, slots, special, into, first, second, asleep, touched)) return false;
    this.changes.open();
    return true;
  }

  /** Whether a timer is armed in the state. */
  #isArmed(): boolean {
    const slots = this.#layout.timers;
    for (let i = 0; i < slots.length; i++) if (this.changes.before(slots.at(i)) !== 0) return true;
    return false;
  }

  /** Lets an actor that exists and has not run yet start, and then the children that it spawns. */
  start(actor: ActorIndex): void {
    this.#run(actor, START);
    this.#startChildren();
  }

  /** Puts an actor that has not run yet into the world. */
  place(record: SnapshotRecord): void {
    this.changes.set(this.#layout.slot(Slot.snapshot, record.place.index), record.id);
  }

  /** Puts a content into a slot: a state comes over from another world. */
  put(slot: number, content: ContentId): void {
    this.changes.set(slot, content);
  }

  /** Where an actor's content of a kind goes. */
  slotOf(kind: ActorSlot, actor: ActorIndex): number {
    return this.#layout.slot(kind, actor);
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
    if (entry !== undefined) this.#recipeWriter.learn(before, message, entry);
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
      this.#hears?.elapsed(delay);
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
    this.#hears?.ran(actor, message, before, after, entry);
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
    this.#hears?.ran(actor, message, before, this.snapshotAt(actor), undefined);
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
      emit: (event) => this.#hears?.emitted(actor, this.#tables.internEvent(event, what).id),
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
        this.#hears?.emitted(actor, a);
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
    this.#hears?.sent(from, to, message, !open);
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

  #place(actor: ActorIndex): ActorPlace {
    return this.#tables.actors.place(actor);
  }
}
