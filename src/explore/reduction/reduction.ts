import { present } from '../../kernel/invariant.js';
import type { Watched } from '../../property/watched.js';
import type { ActorIndex } from '../../runtime/actors.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from '../../runtime/choice.js';
import { Fact, Trait } from '../../runtime/contents.js';
import { Footprint } from '../../runtime/footprint.js';
import type { Host, Waiting } from '../../runtime/host.js';
import { intAt } from '../../runtime/ints.js';
import { Slot } from '../../runtime/layout.js';
import { NO_RECIPE } from '../../runtime/recipes.js';
import { type RememberedStep, RememberedSteps } from '../../runtime/rememberedSteps.js';
import type { World } from '../../runtime/world.js';
import { AloneSteps } from './aloneSteps.js';
import { Independence, type Present } from './independence.js';
import type { KnownStep } from './knownStep.js';
import { LearnedTable } from './learnedTable.js';
import { OWN_ACCORD, type Process, type Reason } from './reasons.js';
import { Visibility } from './visibility.js';

/** The conditions under which a step may be taken alone, and what is done when one was wrong; a test leaves one out to show what it is for. */
export type Condition =
  | 'C0 offers'
  | 'C0 timers'
  | 'C0 arms'
  | 'C0 stops'
  | 'C1'
  | 'C1 looks'
  | 'C1 waits'
  | 'C2'
  | 'C3'
  | 'starting over'
  | 'reopening';

/** What is known of a step wherever it is taken. */
interface Known {
  readonly step: KnownStep;
  /** Whether it does nothing by which somebody else's steps would be lost (C0). */
  readonly isHarmless: boolean;
}

const NONE: ReadonlySet<string> = new Set();

/** The table is brought up to date after so many steps, and then each time that there were so many times as many. */
const FIRST_UPDATE = 16;
const UPDATE_GROWTH = 1.25;

/** A search that has come to fewer states starts over when it has relied upon what is not so. */
const STARTS_OVER_BELOW = 1 << 14;

/**
 * Says which step of a state can be taken before all others, so that these need not be tried there: an *ample set* of one step
 * (Peled, All from one, one for all, CAV 1993; the conditions' names are from Clarke, Grumberg, Peled, Model Checking, chapter 10).
 * What every process may still touch is learned, never declared (architecture 4.5).
 *
 * The next message step of one actor, or the next segment of one thread, is ample if
 *
 * - C0: its actor has no armed timer (`urgent`: never mind, time stands still as long as it can step) and its state declares no
 *   offer, so that it is all that the actor can do; in `ordered` it arms no timer; and it stops no running actor, whose steps would
 *   be lost before anybody has seen what they touch;
 * - C1: nothing that another process may touch from its present local state on conflicts with it (see below);
 * - C2: it hides nothing from a property (see {@link Visibility}), and no monitor waits for it;
 * - C3: it leads to a state with a higher number. Numbers are given in the order in which states are met, hence a cycle has a
 *   state from which every step is taken, and no step is put off for ever. The search sees to that.
 *
 * C1. Let e be the step of process p, and let a run without p begin in the same state. Its steps up to the first one that
 * conflicts with e can be taken behind e as well, and are then the same steps in the same local situations. So the reduced search
 * meets them, or others in their place that differ in the order of independent steps, and {@link LearnedTable} has what they
 * touch: under the local state in which each was taken, with the way of its process from its present local state to there, and
 * with the reason of each move on that way. (Whatever changes a local state is such a move, also when another process does it.)
 * As p does not step in that run, only moves count that some other process was seen to bring about, or whose message waits
 * already. And a process that has to get a message first, to come to a move that conflicts, gets it in that run: so the message waits
 * in some mailbox, or somebody was seen to send it in a local state that he comes to from his present one without p. A look
 * at the guards of an offer, and what a thread waits at, count as touched. If the table learns something later that an earlier
 * decision contradicts, the search starts over, or takes all steps from the states where it was made; the table is kept. It only
 * grows, so this ends. An actor that has ended, and a thread that has finished, has no way on and is nobody's obstacle.
 *
 * Walk through: {@link lookAt} is told of a state, {@link tookAmple} of each step taken from it, and says whether the step is ample. At
 * the end {@link verify} names the states where too little was taken.
 */
export class Reduction {
  readonly #world: World;
  readonly #watched: Watched;
  readonly #without: { has(condition: Condition): boolean };
  readonly #table = new LearnedTable();
  readonly #independence: Independence;
  readonly #footprint: Footprint;
  /** What is known of the steps that recipes take, by the place of the recipe. */
  readonly #ofRecipes: (Known | undefined)[] = [];
  readonly #ofRemembered = new WeakMap<RememberedStep, Known>();
  readonly #visibility: Visibility;
  readonly #alone = new AloneSteps();
  /** The step that can be taken alone, as was found out last. */
  #ample = 0;
  /** How many slots were looked through for processes. */
  #width = 0;
  /** Steps since the search began, and when the table is brought up to date again. */
  #steps = 0;
  #updateAt = FIRST_UPDATE;

  constructor(world: World, watched: Watched, without: { has(condition: Condition): boolean } = NONE) {
    this.#world = world;
    this.#watched = watched;
    this.#visibility = new Visibility(world, watched);
    this.#without = without;
    this.#footprint = new Footprint(world.tables.cells, world.system.timers);
    world.stepper.footprint = this.#footprint;
    world.stepper.remembered = new RememberedSteps(world.stepper.changes);
    const { layout, stepper, tables } = world;
    const now: Present = {
      localState: (process) => stepper.changes.before(process),
      mail: (process) => (layout.kindOf(process) === Slot.snapshot ? stepper.changes.before(process + 1) : 0),
      reasons: (mail) => {
        const actor = tables.mailboxes.owner(mail);
        return tables.mailboxes.messages(mail).map((message) => this.#table.reasons.message(actor, message));
      },
    };
    this.#independence = new Independence(this.#table, now);
    if (!without.has('C1 looks')) {
      world.onLook = ({ place, id }, reads) => {
        this.#footprint.begin();
        for (const { probe } of reads) this.#footprint.asks(probe);
        this.#table.learn(world.layout.first(place.index), id, OWN_ACCORD, this.#footprint.reads, []);
      };
    }
  }

  /** Notes that from a state only the step is taken of which {@link tookAmple} was told last. */
  takesAlone(state: number): void {
    this.#alone.take(state, this.#ample);
  }

  /** Notes that from a state all steps are taken. */
  takesAll(state: number): void {
    this.#alone.takeAll(state);
  }

  /** From how many states one step was taken alone. */
  get aloneCount(): number {
    return this.#alone.count;
  }

  /** Whether something was relied upon that is not so, as far as that was seen by now. */
  get isRefuted(): boolean {
    return this.#independence.refuted.size > 0 || this.#watched.missed;
  }

  /**
   * Whether a search that has come to so many states starts over when something {@link isRefuted}. Later it is cheaper to go back
   * to the states that are concerned.
   */
  startsOver(states: number): boolean {
    return this.#watched.missed || (states < STARTS_OVER_BELOW && !this.#without.has('starting over'));
  }

  /**
   * Sees whether all that was relied upon is so, after everything that was learned.
   *
   * @param count how many states the search has come to
   * @returns the states whose step must not stay alone; none if the search {@link startsOver}
   */
  verify(count: number): readonly number[] {
    this.#independence.update();
    for (const step of this.#visibility.refutedSteps()) this.#independence.refute(step);
    const { refuted } = this.#independence;
    if (refuted.size === 0 || this.startsOver(count) || this.#without.has('reopening')) return [];
    const states = this.#alone.statesOf(refuted);
    refuted.clear();
    return states;
  }

  /** Nothing is relied upon any more; what was learned stays. */
  startOver(): void {
    this.#independence.update();
    this.#independence.startOver();
    this.#watched.startOver();
    this.#alone.clear();
    this.#steps = 0;
    this.#updateAt = FIRST_UPDATE;
  }

  /** Steps of this world are no longer listened to. */
  end(): void {
    this.#world.stepper.footprint = undefined;
    this.#world.stepper.remembered = undefined;
    this.#world.onLook = undefined;
  }

  /** Looks at the state to which the stepper has turned, and learns what threads wait at there. */
  lookAt(): void {
    this.#meetProcesses();
    this.#independence.turn();
    const { hosts, tables, stepper } = this.#world;
    if (!hosts.any || this.#without.has('C1 waits')) return;
    for (const { index } of tables.actors.places) {
      const content = stepper.snapshotAt(index);
      if (content === 0 || (tables.contents.fact(content, Fact.traits) & Trait.hosted) === 0) continue;
      const record = tables.snapshots.get(content);
      if (record.status !== 'active') continue;
      hosts.of(record)?.waits(stepper, this.#learnWaiting);
    }
  }

  readonly #learnWaiting = (process: Process, { reads, writes }: Waiting): void => {
    this.#table.learn(process, this.#world.stepper.valueAt(process), OWN_ACCORD, reads, writes);
  };

  /** Learns what the step touched that the stepper has just taken. */
  took(choice: Choice): void {
    this.#learned(choice);
  }

  /** {@link took}, and says whether the step, if it {@link isHopeful}, can be taken before all others. */
  tookAmple(choice: Choice): boolean {
    const { step, isHarmless } = this.#learned(choice);
    return (
      isHarmless && (this.#without.has('C2') || this.#visibility.isInvisible()) && this.#isIndependent(step)
    );
  }

  /** C3: whether a step that is taken alone leads forward, so that no step is put off round a cycle. */
  goesForward(from: number, to: number): boolean {
    return to > from || this.#without.has('C3');
  }

  /** C0, as far as it is about the state: whether the step of a choice may be ample. */
  isHopeful(choice: Choice): boolean {
    const { tables, layout, system, stepper } = this.#world;
    const actor = choiceActor(choice);
    const kind = choiceKind(choice);
    if (kind === ChoiceKind.thread) return true;
    if (kind !== ChoiceKind.message) return false;
    const { changes } = stepper;
    const traits = tables.contents.fact(changes.before(layout.first(actor)), Fact.traits);
    if ((traits & Trait.offers) !== 0 && !this.#without.has('C0 offers')) return false;
    if (system.timers === 'urgent' || this.#without.has('C0 timers')) return true;
    const slot = layout.find(Slot.timers, actor);
    return slot === -1 || changes.before(slot) === 0;
  }

  /** C0, as far as it is about the step that was just taken in the general way. */
  #isHarmless(): boolean {
    const { arms, stops } = this.#footprint;
    if (arms && this.#world.system.timers === 'ordered' && !this.#without.has('C0 arms')) return false;
    return !stops || this.#without.has('C0 stops');
  }

  /** C1 */
  #isIndependent(step: KnownStep): boolean {
    if (!this.#without.has('C1')) {
      if (!this.#independence.isIndependent(step)) return false;
      this.#independence.rely(step);
    }
    this.#ample = step.number;
    this.#visibility.passOver(step);
    return true;
  }

  /** All actors and threads that there may be are processes. */
  #meetProcesses(): void {
    const { layout } = this.#world;
    for (; this.#width < layout.width; this.#width++) {
      const kind = layout.kindOf(this.#width);
      if (kind === Slot.snapshot || kind === Slot.thread) this.#independence.add(this.#width);
    }
  }

  /** Learns from a step that was taken in the general way. */
  #learn(choice: Choice): void {
    const { stepper, layout, system } = this.#world;
    const { changes } = stepper;
    const { reads, writes, sent, fires } = this.#footprint;
    const process = this.#processOf(choice);
    const reason = this.#reasonOf(choice);
    const content = changes.before(process);
    // Nobody's time has come as long as a step can be taken before all others.
    if (!fires || system.timers !== 'urgent') this.#table.learn(process, content, reason, reads, writes);
    for (const { to, message } of sent) this.#table.sends(process, content, reason, to, message);
    const deed = this.#table.reasons.deed(process, reason);
    for (let at = changes.start; at < changes.end; at += 2) {
      const slot = intAt(changes.log, at);
      const kind = layout.kindOf(slot);
      if (kind === Slot.snapshot || kind === Slot.thread)
        this.#table.leadsTo(
          slot,
          changes.before(slot),
          intAt(changes.log, at + 1),
          slot === process ? reason : deed,
        );
    }
  }

  /** Learns what there is to learn of the step that was just taken, and brings the table up to date now and then. */
  #learned(choice: Choice): Known {
    this.#meetProcesses();
    const known = this.#knowingly(choice);
    if (++this.#steps >= this.#updateAt) {
      this.#independence.update();
      this.#updateAt = Math.ceil(this.#steps * UPDATE_GROWTH);
    }
    return known;
  }

  /** What is known of the step that was just taken; learns it first if need be. */
  #knowingly(choice: Choice): Known {
    const { stepper } = this.#world;
    const { recipe } = stepper;
    const remembered = stepper.remembered?.last;
    let known =
      recipe === NO_RECIPE ? remembered && this.#ofRemembered.get(remembered) : this.#ofRecipes[recipe];
    if (known) return known;
    // Taken in the general way, it tells what it touches.
    if (!stepper.tookInGeneral) stepper.takeInGeneral(choice);
    this.#learn(choice);
    known = { step: this.#stepOf(choice), isHarmless: this.#isHarmless() };
    if (recipe !== NO_RECIPE) this.#ofRecipes[recipe] = known;
    else if (remembered) this.#ofRemembered.set(remembered, known);
    return known;
  }

  /** The step that was just taken in the general way. */
  #stepOf(choice: Choice): KnownStep {
    const process = this.#processOf(choice);
    const content = this.#world.stepper.changes.before(process);
    const { reads, writes } = this.#footprint;
    return this.#table.step(process, content, this.#reasonOf(choice), reads, writes);
  }

  #processOf(choice: Choice): Process {
    const actor = choiceActor(choice);
    if (choiceKind(choice) === ChoiceKind.thread) return this.#hostOf(actor).processOf(choiceIndex(choice));
    return this.#world.layout.first(actor);
  }

  /** Why the actor or thread of a choice steps. */
  #reasonOf(choice: Choice): Reason {
    if (choiceKind(choice) !== ChoiceKind.message) return OWN_ACCORD;
    const { layout, stepper, tables } = this.#world;
    const actor = choiceActor(choice);
    const snapshot = stepper.changes.before(layout.first(actor));
    if ((tables.contents.fact(snapshot, Fact.traits) & Trait.unstarted) !== 0) return OWN_ACCORD;
    const mailbox = stepper.changes.before(layout.first(actor) + 1);
    return this.#table.reasons.message(actor, tables.mailboxes.head(mailbox));
  }

  /** Who runs an actor that is hosted. */
  #hostOf(actor: ActorIndex): Host {
    const { tables, hosts, stepper, layout } = this.#world;
    const content = stepper.changes.before(layout.first(actor));
    return present(hosts.of(tables.snapshots.get(content)), 'the actor has a host');
  }
}
