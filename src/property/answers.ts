import { UsageError } from '../kernel/usageError.js';
import type { ActorIndex } from '../runtime/actors.js';
import type { ContentId } from '../runtime/contents.js';
import { Ints } from '../runtime/ints.js';
import { Slot } from '../runtime/layout.js';
import { PairMap } from '../runtime/pairMap.js';
import type { StateReader } from '../runtime/probes.js';
import type { World } from '../runtime/world.js';
import { WorldView } from '../runtime/worldView.js';
import type { Predicate } from './property.js';

const UNKNOWN = -1;
const NO = 0;
const YES = 1;
/** The answer depends on more than slots: ask every time. */
const ASK = 2;
/** Nodes are numbered from here on. */
const FIRST_NODE = 3;

/**
 * The answers of one predicate, remembered by what it read (architecture 4.2): a tree of slots and their contents. A state that
 * agrees with an earlier one in those slots has its answer, at the cost of a look-up for each slot.
 */
export class Answers {
  readonly #world: World;
  readonly #name: string;
  readonly #predicate: Predicate;
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
   * @throws what the predicate throws; UsageError when it depends on anything but the world
   */
  holds(): boolean {
    const { stepper, layout } = this.#world;
    if (this.#width !== layout.width) this.#forget();
    let node = this.#root;
    while (node >= FIRST_NODE) {
      node = this.#branches.get(node, stepper.valueAt(this.#slots.at(node - FIRST_NODE)));
    }
    return node === NO || node === YES ? node === YES : this.#ask(node === UNKNOWN);
  }

  #forget(): void {
    this.#width = this.#world.layout.width;
    this.#root = UNKNOWN;
    this.#slots = new Ints();
    this.#branches = new PairMap();
  }

  #ask(isNew: boolean): boolean {
    const { finder, stepper } = this.#world;
    const reader = new RecordingReader(stepper, this.#world);
    let asksForMore = false;
    const view = new WorldView(this.#world, {
      reader,
      enabled: () => {
        asksForMore = true;
        return finder.enabled();
      },
    });
    const holds = Boolean(this.#predicate(view));
    if (isNew) this.#remember(reader.slots, asksForMore ? ASK : holds ? YES : NO);
    return holds;
  }

  #remember(slots: readonly number[], answer: number): void {
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
      const content = stepper.valueAt(slot);
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
