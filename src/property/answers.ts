import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex } from '../runtime/actors.js';
import type { ContentId } from '../runtime/contents.js';
import { Ints } from '../runtime/ints.js';
import { Slot } from '../runtime/layout.js';
import { PairMap } from '../runtime/pairMap.js';
import type { StateReader } from '../runtime/probes.js';
import { NO_STEP } from '../runtime/stepLabels.js';
import type { World } from '../runtime/world.js';
import { WorldView } from '../runtime/worldView.js';
import type { Predicate } from './property.js';
import type { Watch, Watcher } from './watched.js';

const UNKNOWN = -1;
const NO = 0;
const YES = 1;
/** The answer depends on more than slots: ask every time. */
const ASK = 2;
/** Stands among slots for the step that led to the state. */
const LAST_STEP = -1;
/** Nodes are numbered from here on. */
const FIRST_NODE = 3;

/**
 * The answers of one predicate, remembered by what it read (architecture 4.2): a tree of slots and their contents. A state that
 * agrees with an earlier one in those slots has its answer, at the cost of a look-up for each slot.
 */
export class Answers implements Watcher {
  /** Hears what is read, in a search that leaves states out. */
  watch: Watch | undefined;
  readonly #world: World;
  readonly #name: string;
  readonly #predicate: Predicate;
  /** Whether the predicate has ever asked for the step that led to a state: it is then no question about states. */
  readsLastStep = false;
  #root = UNKNOWN;
  #slots = new Ints();
  #branches = new PairMap();
  /** How many slots there were when the tree was begun: a predicate may have looked at an actor that had none yet. */
  #width = 0;

  constructor(world: World, name: string, predicate: Predicate) {
    this.#world = world;
    this.#name = name;
    this.#predicate = predicate;
  }

  /**
   * The answer in the state that the world's stepper has turned to.
   *
   * @param lastStep the number of the step that led there
   * @throws what the predicate throws; UsageError when it depends on anything but the world
   */
  holds(lastStep: number = NO_STEP): boolean {
    const node = this.#recall(lastStep);
    return node === NO || node === YES ? node === YES : this.#ask(node === UNKNOWN, lastStep);
  }

  /** Whether the answer in the state that the stepper has turned to is remembered, and is this one. The predicate is not asked. */
  isKnownToBe(answer: boolean): boolean {
    return this.#recall(NO_STEP) === (answer ? YES : NO);
  }

  #recall(lastStep: number): number {
    const { stepper, layout } = this.#world;
    if (this.#width !== layout.width) this.#forget();
    let node = this.#root;
    while (node >= FIRST_NODE) {
      const slot = this.#slots.at(node - FIRST_NODE);
      node = this.#branches.get(node, slot === LAST_STEP ? lastStep : stepper.valueAt(slot));
    }
    return node;
  }

  isIndifferent(slot: number, before: ContentId, after: ContentId): boolean {
    const node = this.#root;
    if (node < FIRST_NODE || this.#slots.at(node - FIRST_NODE) !== slot) return false;
    const answer = this.#branches.get(node, before);
    return (answer === NO || answer === YES) && answer === this.#branches.get(node, after);
  }

  #forget(): void {
    this.#width = this.#world.layout.width;
    this.#root = UNKNOWN;
    this.#slots = new Ints();
    this.#branches = new PairMap();
  }

  #ask(isNew: boolean, lastStep: number): boolean {
    const { finder } = this.#world;
    const { holds, slots, lead, asksForOffers, asksForRest } = this.#evaluate(
      lastStep,
      () => finder.enabled().quiescent,
    );
    // What is read behind a question of more than slots hangs on its answer too.
    const answer = asksForOffers || asksForRest ? ASK : holds ? YES : NO;
    if (isNew) this.#remember(slots.slice(0, lead), lastStep, answer);
    if (!this.watch) return holds;
    const { watched, sought } = this.watch;
    if (asksForOffers) watched.isBlind = true;
    if (finder.owed || !asksForRest) for (const slot of slots) watched.add(slot, this);
    else if (watched.asksTwice) {
      const other = this.#evaluate(lastStep, () => false);
      for (const slot of other.slots) watched.add(slot, this);
      if (other.holds === sought && holds !== sought) watched.isBlind = true;
    }
    return holds;
  }

  #evaluate(lastStep: number, isQuiescent: () => boolean) {
    const { finder, stepper, labels } = this.#world;
    const reader = new RecordingReader(stepper, this.#world);
    let lead: number | undefined;
    let asksForOffers = false;
    let asksForRest = false;
    const view = new WorldView(this.#world, {
      reader,
      enabled: () => {
        lead ??= reader.slots.length;
        asksForOffers = true;
        return finder.enabled();
      },
      isQuiescent: () => {
        lead ??= reader.slots.length;
        asksForRest = true;
        return isQuiescent();
      },
      lastStep: () => {
        this.readsLastStep = true;
        reader.note(LAST_STEP);
        return labels.step(lastStep);
      },
    });
    const holds = Boolean(this.#predicate(view));
    return { holds, slots: reader.slots, lead, asksForOffers, asksForRest };
  }

  #remember(slots: readonly number[], lastStep: number, answer: number): void {
    const { stepper } = this.#world;
    let node = this.#root;
    let hang = (value: number): void => {
      this.#root = value;
    };
    for (const slot of slots) {
      if (node === UNKNOWN) {
        node = FIRST_NODE + this.#slots.push(slot);
        hang(node);
      }
      if (node < FIRST_NODE || this.#slots.at(node - FIRST_NODE) !== slot) this.#refuse();
      const at = node;
      const content = slot === LAST_STEP ? lastStep : stepper.valueAt(slot);
      node = this.#branches.get(at, content);
      hang = (value) => this.#branches.set(at, content, value);
    }
    if (node !== UNKNOWN) this.#refuse();
    hang(answer);
  }

  #refuse(): never {
    throw new UsageError(
      `the property '${this.#name}' looked at different things in states that it could not tell apart`,
      'let it depend on nothing but the world that it is given',
    );
  }
}

/** Reads the present state and notes the slots, each once, in order. */
class RecordingReader implements StateReader {
  readonly #seen = new Set<number>();
  readonly #reader: StateReader;
  readonly #world: World;

  constructor(reader: StateReader, world: World) {
    this.#reader = reader;
    this.#world = world;
  }

  get slots(): readonly number[] {
    return [...this.#seen];
  }

  note(slot: number): void {
    this.#seen.add(slot);
  }

  valueAt(slot: number): ContentId {
    this.#seen.add(slot);
    return this.#reader.valueAt(slot);
  }

  snapshotAt(actor: ActorIndex): ContentId {
    const slot = this.#world.layout.find(Slot.snapshot, actor);
    return slot === -1 ? 0 : this.valueAt(slot);
  }

  isMentioned(actor: ActorIndex): boolean {
    for (let slot = 0; slot < this.#world.layout.width; slot++) this.#seen.add(slot);
    return this.#reader.isMentioned(actor);
  }
}
