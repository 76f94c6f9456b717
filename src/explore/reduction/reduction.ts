import { present } from '../../kernel/invariant.js';
import type { Watched } from '../../property/watched.js';
import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from '../../runtime/choice.js';
import { Fact, Trait } from '../../runtime/contents.js';
import { Footprint } from '../../runtime/footprint.js';
import { intAt } from '../../runtime/ints.js';
import { Slot } from '../../runtime/layout.js';
import { NO_RECIPE } from '../../runtime/recipes.js';
import { NO_STEP } from '../../runtime/stepLabels.js';
import type { World } from '../../runtime/world.js';
import type { KnownStep } from './knownStep.js';
import { LearnedTable, OWN_ACCORD, type Present, type Process, type Reason } from './learnedTable.js';

/** The conditions under which a step may be taken alone; a test leaves one out to show what it is for. */
export type Condition =
  | 'C0 offers'
  | 'C0 timers'
  | 'C0 arms'
  | 'C0 stops'
  | 'C1'
  | 'C1 looks'
  | 'C1 waits'
  | 'C2'
  | 'C3';

const NONE: ReadonlySet<string> = new Set();

/** The table is brought up to date after so many steps, and then each time that there were so many times as many. */
const FIRST_UPDATE = 16;
const UPDATE_GROWTH = 1.25;

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
 * - C2: it changes no slot that a property reads ({@link Watched}), so that every change of these is seen in every order; but a
 *   snapshot may change if every property that reads it is decided by it alone, and as before; and no monitor waits for it;
 * - C3: it leads to a state with a higher number. Numbers are given in the order in which states are met, hence a cycle has a
 *   state from which every step is taken, and no step is put off for ever. The search sees to that.
 *
 * C1. Let e be the step of process p, and let a run without p begin in the same state. Its steps up to the first one that
 * conflicts with e can be taken behind e as well, and are then the same steps in the same local situations. So the reduced search
 * meets them, or others in their place that differ in the order of independent steps, and {@link LearnedTable} has what they
 * touch: under the local state in which each was taken, with the way of its process from its present local state to there, and
 * with the reason of each move on that way. (Whatever changes a local state is such a move, also when another process does it.)
 * As p does not step in that run, only moves count that some other process was seen to bring about, or whose message waits
 * already. A look at the guards of an offer, and what a thread waits at, count as touched. If the table learns something
 * later that an earlier decision contradicts, the search starts over, and keeps the table. It only grows, so this ends. An actor
 * that has ended, and a thread that has finished, has no way on and is nobody's obstacle.
 *
 * Walk through: {@link lookAt} is told of a state, {@link took} of each step taken from it, and says whether the step is ample.
 */
export class Reduction {
  readonly #world: World;
  readonly #watched: Watched;
  readonly #without: { has(condition: Condition): boolean };
  readonly #table = new LearnedTable();
  readonly #footprint: Footprint;
  /** What is known of the steps that recipes take, by the place of the recipe. */
  readonly #known: (KnownStep | undefined)[] = [];
  readonly #now: Present;
  /** How many slots were looked through for processes. */
  #width = 0;
  /** Steps since the search began, and when the table is brought up to date again. */
  #steps = 0;
  #updateAt = FIRST_UPDATE;

  constructor(world: World, watched: Watched, without: { has(condition: Condition): boolean } = NONE) {
    this.#world = world;
    this.#watched = watched;
    this.#without = without;
    this.#footprint = new Footprint(world.tables.cells, world.system.timers);
    world.stepper.footprint = this.#footprint;
    const { layout, stepper, tables } = world;
    this.#now = {
      localState: (process) => stepper.changes.before(process),
      mail: (process) => (layout.kindOf(process) === Slot.snapshot ? stepper.changes.before(process + 1) : 0),
      reasons: (mail) => {
        const actor = tables.mailboxes.owner(mail);
        return tables.mailboxes.messages(mail).map((message) => this.#table.message(actor, message));
      },
    };
    if (!without.has('C1 looks')) {
      world.onLook = ({ place, id }, reads) => {
        this.#footprint.begin();
        for (const { probe } of reads) this.#footprint.asks(probe);
        this.#table.learn(world.layout.first(place.index), id, OWN_ACCORD, this.#footprint.reads, []);
      };
    }
  }

  /** Whether the search has to start over: it has relied upon what is not so, as far as that was seen by now. */
  get isRefuted(): boolean {
    return this.#table.isRefuted || this.#watched.missed;
  }

  /** Sees whether all that was relied upon is so, after everything that was learned. */
  verify(): void {
    this.#table.update();
  }

  /** Nothing is relied upon any more; what was learned stays. */
  startOver(): void {
    this.#table.update();
    this.#table.startOver();
    this.#watched.startOver();
    this.#steps = 0;
    this.#updateAt = FIRST_UPDATE;
  }

  /** Steps of this world are no longer listened to. */
  end(): void {
    this.#world.stepper.footprint = undefined;
    this.#world.onLook = undefined;
  }

  /** Learns what threads wait at in the state to which the stepper has turned. */
  lookAt(): void {
    const { hosts, tables, stepper } = this.#world;
    if (!hosts.any || this.#without.has('C1 waits')) return;
    for (const { index } of tables.actors.places) {
      const content = stepper.snapshotAt(index);
      if (content === 0 || (tables.contents.fact(content, Fact.traits) & Trait.hosted) === 0) continue;
      const record = tables.snapshots.get(content);
      if (record.status !== 'active') continue;
      hosts.of(record)?.waits?.(stepper, (process, { reads, writes }) => {
        this.#table.learn(process, stepper.valueAt(process), OWN_ACCORD, reads, writes);
      });
    }
  }

  /** Learns what the step touched that the stepper has just taken, and says whether it can be taken before all others. */
  took(choice: Choice): boolean {
    const { recipe } = this.#world.stepper;
    this.#meetProcesses();
    let step: KnownStep | undefined;
    if (recipe === NO_RECIPE) this.#learn(choice);
    else step = this.#known[recipe] ?? this.#learnRecipe(choice);
    if (++this.#steps >= this.#updateAt) {
      this.#table.update();
      this.#updateAt = Math.ceil(this.#steps * UPDATE_GROWTH);
    }
    const isPossible = this.#isAlone(choice) && this.#isHarmless(!step) && this.#isInvisible();
    return isPossible && this.#isIndependent(step ?? this.#stepOf(choice));
  }

  /** C3: whether a step that is taken alone leads forward, so that no step is put off round a cycle. */
  goesForward(from: number, to: number): boolean {
    return to > from || this.#without.has('C3');
  }

  /** C0, as far as it is about the state. */
  #isAlone(choice: Choice): boolean {
    const { tables, layout, system, stepper } = this.#world;
    const actor = choiceActor(choice);
    const kind = choiceKind(choice);
    if (kind === ChoiceKind.thread) return this.#threadOf(choice) !== undefined;
    if (kind !== ChoiceKind.message) return false;
    const { changes } = stepper;
    const traits = tables.contents.fact(changes.before(layout.first(actor)), Fact.traits);
    if ((traits & Trait.hosted) !== 0) return false;
    if ((traits & Trait.offers) !== 0 && !this.#without.has('C0 offers')) return false;
    if (system.timers === 'urgent' || this.#without.has('C0 timers')) return true;
    const slot = layout.find(Slot.timers, actor);
    return slot === -1 || changes.before(slot) === 0;
  }

  /** C0, as far as it is about the step. A step that was taken by a recipe does nothing but send. */
  #isHarmless(isGeneral: boolean): boolean {
    if (!isGeneral) return true;
    const { arms, stops } = this.#footprint;
    if (arms && this.#world.system.timers === 'ordered' && !this.#without.has('C0 arms')) return false;
    return !stops || this.#without.has('C0 stops');
  }

  /** C2 */
  #isInvisible(): boolean {
    const { changes, label } = this.#world.stepper;
    if (!this.#without.has('C2')) {
      // A monitor waits for steps like this one.
      if (label !== NO_STEP) return false;
      for (let at = changes.start; at < changes.end; at += 2) {
        const slot = intAt(changes.log, at);
        if (!this.#watched.has(slot)) continue;
        const before = changes.before(slot);
        const after = intAt(changes.log, at + 1);
        if (before === after) continue;
        // No other process changes a snapshot and is independent of this step, so that the slot holds just these two.
        const isOwn = this.#world.layout.kindOf(slot) === Slot.snapshot;
        if (!isOwn || !this.#watched.isIndifferent(slot, before, after)) return false;
      }
    }
    return true;
  }

  /** C1 */
  #isIndependent(step: KnownStep): boolean {
    if (!this.#without.has('C1')) {
      if (!this.#table.isIndependent(step, this.#now)) return false;
      this.#table.rely(step, this.#now);
    }
    const { changes } = this.#world.stepper;
    for (let at = changes.start; at < changes.end; at += 2) this.#watched.passOver(intAt(changes.log, at));
    return true;
  }

  /** All actors and threads that there may be are processes. */
  #meetProcesses(): void {
    const { layout } = this.#world;
    for (; this.#width < layout.width; this.#width++) {
      const kind = layout.kindOf(this.#width);
      if (kind === Slot.snapshot || kind === Slot.thread) this.#table.add(this.#width);
    }
  }

  /** Learns from a step that was taken in the general way. */
  #learn(choice: Choice): void {
    const { stepper, layout, system } = this.#world;
    const { changes } = stepper;
    const { reads, writes, sent, fires } = this.#footprint;
    const process = this.#processOf(choice);
    const reason = this.#reasonOf(choice);
    // Nobody's time has come as long as a step can be taken before all others.
    if (!fires || system.timers !== 'urgent')
      this.#table.learn(process, changes.before(process), reason, reads, writes);
    for (const { to, message } of sent) this.#table.sends(process, to, message);
    const deed = this.#table.deedOf(process);
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

  /** Takes a step again in the general way, which tells what it touches: by a recipe it is always the same. */
  #learnRecipe(choice: Choice): KnownStep {
    const { stepper } = this.#world;
    const { recipe } = stepper;
    stepper.takeInGeneral(choice);
    this.#learn(choice);
    const step = this.#stepOf(choice);
    this.#known[recipe] = step;
    return step;
  }

  /** The step that was just taken in the general way. */
  #stepOf(choice: Choice): KnownStep {
    const process = this.#processOf(choice);
    const content = this.#world.stepper.changes.before(process);
    const { reads, writes } = this.#footprint;
    return this.#table.step(process, content, this.#reasonOf(choice), reads, writes);
  }

  #processOf(choice: Choice): Process {
    return this.#threadOf(choice) ?? this.#world.layout.first(choiceActor(choice));
  }

  /** Why the actor or thread of a choice steps. */
  #reasonOf(choice: Choice): Reason {
    if (choiceKind(choice) !== ChoiceKind.message) return OWN_ACCORD;
    const { layout, stepper, tables } = this.#world;
    const actor = choiceActor(choice);
    const snapshot = stepper.changes.before(layout.first(actor));
    if ((tables.contents.fact(snapshot, Fact.traits) & Trait.unstarted) !== 0) return OWN_ACCORD;
    const mailbox = stepper.changes.before(layout.first(actor) + 1);
    return this.#table.message(actor, tables.mailboxes.head(mailbox));
  }

  /** The slot of the thread that a choice steps; `undefined` when it steps no thread of its own. */
  #threadOf(choice: Choice): Process | undefined {
    if (choiceKind(choice) !== ChoiceKind.thread) return undefined;
    const { tables, hosts, stepper, layout } = this.#world;
    const content = stepper.changes.before(layout.first(choiceActor(choice)));
    const host = present(hosts.of(tables.snapshots.get(content)), 'an actor with threads has a host');
    return host.processOf?.(choiceIndex(choice));
  }
}
