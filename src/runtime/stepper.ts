import type { ActorIndex } from './actors.js';
import { Changes } from './changes.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from './choice.js';
import { type ContentId, Trait } from './contents.js';
import type { Footprint } from './footprint.js';
import { type FirstRun, GeneralStep } from './generalStep.js';
import type { Hosts } from './hosts.js';
import { type ActorSlot, type Layout, Slot } from './layout.js';
import type { Monitors } from './monitors.js';
import type { StateReader } from './probes.js';
import { QuickSteps } from './quickSteps.js';
import { NO_RECIPE, Recipes } from './recipes.js';
import { RecipeWriter } from './recipeWriter.js';
import type { Recorder } from './recorder.js';
import type { RememberedSteps } from './rememberedSteps.js';
import type { SnapshotRecord } from './snapshots.js';
import { NO_STEP, type StepLabels } from './stepLabels.js';
import type { StepListener } from './stepListener.js';
import type { Successors } from './successors.js';
import type { System } from './system.js';
import type { Tables } from './tables.js';

/** In a snapshot with one of these more can happen than that its actor takes a message. */
const SPECIAL = Trait.hosted | Trait.offers;

/**
 * The one step function (architecture 4.1): simulation, search and replay all take their steps here.
 *
 * Walk through: {@link Stepper.begin} lays an empty overlay over a state vector; {@link Stepper.take} performs one choice on it, by
 * a recipe, or as it is remembered, or in the general way ({@link GeneralStep}). Afterwards {@link changes} has the slots that
 * differ, and what that does to the fingerprint. Steps that somebody wants to see go the general way and get a label.
 */
export class Stepper implements StateReader {
  listener: StepListener | undefined;
  /** Whether every step gets a {@link label}; else those get one that somebody listens to or a monitor watches. */
  labelsAll = false;
  /** The number of the step that was taken last, see {@link StepLabels}. */
  label = NO_STEP;
  readonly changes: Changes;
  /** Remembers steps that are taken in the general way, if somebody wants that. */
  remembered: RememberedSteps | undefined;
  /** Whether the last step was taken in the general way. */
  tookInGeneral = false;
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #hosts: Hosts;
  readonly #general: GeneralStep;
  readonly #quick: QuickSteps;
  readonly #labels: StepLabels;
  readonly #monitors: Monitors;
  readonly #special: number;

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
    this.#hosts = hosts;
    this.changes = new Changes(tables.contents);
    const recipes = new Recipes(tables.contents);
    this.#quick = new QuickSteps(tables, layout, this.changes, recipes);
    const recipeWriter = new RecipeWriter(tables, layout, this.changes, recipes);
    this.#general = new GeneralStep(tables, layout, this.changes, recorder, hosts, recipeWriter);
  }

  /** Notes what steps touch that are taken in the general way, if somebody wants to know. */
  get footprint(): Footprint | undefined {
    return this.#general.footprint;
  }

  set footprint(footprint: Footprint | undefined) {
    this.#general.footprint = footprint;
  }

  /** Whether a logic threw in this step. */
  get threw(): boolean {
    return this.#general.threw;
  }

  /** What this step made the memo learn: runs that were never met before. */
  get firstRuns(): readonly FirstRun[] {
    return this.#general.firstRuns;
  }

  /** The recipe that does what the last step did, or -1 if there is none: see `Recipes`. */
  recipe = NO_RECIPE;

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
    this.#general.forget();
    if (this.remembered) this.remembered.last = undefined;
    const isSeen = this.#isSeen(choice);
    const isMessage = choiceKind(choice) === ChoiceKind.message;
    if (isMessage && !isSeen && this.#quick.take(choiceActor(choice))) {
      this.label = NO_STEP;
      this.recipe = this.#quick.taken;
      this.tookInGeneral = false;
    } else if (this.remembered && !isSeen) this.#takeRemembered(choice, this.remembered);
    else this.#takeInGeneral(choice, isSeen);
  }

  /** {@link take}, without the short cut for what most steps are: what is touched is noted. */
  takeInGeneral(choice: Choice): void {
    this.changes.open();
    this.#takeInGeneral(choice, this.#isSeen(choice));
  }

  #takeRemembered(choice: Choice, remembered: RememberedSteps): void {
    if (remembered.take(choice, this.#version)) {
      this.label = NO_STEP;
      this.recipe = NO_RECIPE;
      this.tookInGeneral = false;
      return;
    }
    remembered.listen();
    let isFit = false;
    try {
      this.#takeInGeneral(choice, false);
      isFit = this.recipe === NO_RECIPE && !this.threw && this.firstRuns.length === 0;
    } finally {
      remembered.learn(choice, isFit);
    }
  }

  /** Is another one whenever a slot or a name is new: only then can a step look at what it did not look at before. */
  get #version(): number {
    return this.#layout.width + this.#tables.actors.version;
  }

  #takeInGeneral(choice: Choice, isSeen: boolean): void {
    this.tookInGeneral = true;
    this.changes.open();
    this.label = NO_STEP;
    if (isSeen) this.#note(choice);
    this.#general.take(choice);
    this.recipe = this.#general.recipe;
    if (isSeen) this.#label(choiceActor(choice));
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
    this.#general.hears = this.#labels;
  }

  #label(actor: ActorIndex): void {
    this.#general.hears = undefined;
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
    this.#general.start(actor);
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
    return this.#general.valueAt(slot);
  }

  snapshotAt(actor: ActorIndex): ContentId {
    return this.#general.snapshotAt(actor);
  }

  /** What an actor's slot holds now. */
  contentOf(kind: ActorSlot, actor: ActorIndex): ContentId {
    return this.#general.contentOf(kind, actor);
  }

  isMentioned(actor: ActorIndex): boolean {
    return this.#general.isMentioned(actor);
  }
}
