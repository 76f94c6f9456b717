import type { ActorIndex } from './actors.js';
import { PairMap } from './pairMap.js';
import { Texts } from './texts.js';

/** The kinds of cells that a step may touch (architecture 4.5, footprints). */
export const CellKind = {
  /** the snapshot of an actor */
  snapshot: 0,
  /** the head of its mailbox */
  head: 1,
  /** the end of its mailbox, where messages are appended */
  tail: 2,
  /** its armed timers */
  timers: 3,
  /** what is left of its offers */
  budget: 4,
  /** who goes by a name */
  name: 5,
  /** where a name that can be given again is still mentioned */
  mention: 6,
  /** virtual time */
  clock: 7,
  /** a part of what a host holds: a cell of memory, a lock, a thread */
  hosted: 8,
} as const;
export type CellKind = (typeof CellKind)[keyof typeof CellKind];

/** Kinds of which an actor has one. */
export type ActorCell =
  | typeof CellKind.snapshot
  | typeof CellKind.head
  | typeof CellKind.tail
  | typeof CellKind.timers
  | typeof CellKind.budget;

/** The number of a cell in {@link Cells}. */
export type CellId = number;

/** All cells that steps have touched, by number from 0 on. */
export class Cells {
  readonly #numbers = new PairMap();
  readonly #texts = new Texts();

  /** How many cells there are. */
  get size(): number {
    return this.#numbers.size;
  }

  ofActor(kind: ActorCell, actor: ActorIndex): CellId {
    return this.#cell(kind, actor);
  }

  get clock(): CellId {
    return this.#cell(CellKind.clock, 0);
  }

  /** The cell of a name: a system id, or the family of addresses of a child. */
  name(name: string): CellId {
    return this.#cell(CellKind.name, this.#texts.intern(name));
  }

  mention(family: string): CellId {
    return this.#cell(CellKind.mention, this.#texts.intern(family));
  }

  /** A cell of a host, by a name that is unique among the cells of the actor. */
  hosted(actor: ActorIndex, name: string): CellId {
    return this.#cell(CellKind.hosted, this.#texts.intern(`${actor} ${name}`));
  }

  #cell(kind: CellKind, index: number): CellId {
    let cell = this.#numbers.get(kind, index);
    if (cell === -1) {
      cell = this.size;
      this.#numbers.set(kind, index, cell);
    }
    return cell;
  }
}
