import { present } from '../../kernel/invariant.js';
import { runToEnd } from '../../kernel/runToEnd.js';
import type { CellId } from '../../runtime/cells.js';
import { intAt } from '../../runtime/ints.js';
import { componentsOf } from '../components.js';
import { Digraph } from '../digraph.js';
import { BitSet } from './bitSet.js';
import type { KnownStep } from './knownStep.js';
import type { Reason } from './reasons.js';

/** What is touched, and which messages are sent. */
interface Deeds {
  /** Two bits for each cell: see {@link touch}. */
  readonly touches: BitSet;
  /** The reasons that the messages are to those who get them. */
  readonly sends: BitSet;
}

/** What a process was seen to do in one local state, for one reason. */
export interface Move extends Deeds {
  readonly successors: Set<LocalState>;
  /** The steps that it takes, told apart by what they touch. */
  readonly steps: KnownStep[];
}

/** A move leads to another local state. */
interface Edge {
  readonly reason: Reason;
  readonly to: LocalState;
}

/** What is known of a process in one local state. */
export interface LocalState {
  readonly number: number;
  /** In which generation something was last learned of it. */
  grown: number;
  /** By reason. */
  readonly moves: Map<Reason, Move>;
  /** The successors of all moves. */
  readonly edges: Edge[];
}

/** How a cell is touched; both may be. */
export const Touch = { reads: 0, writes: 1 } as const;
export type Touch = (typeof Touch)[keyof typeof Touch];

/** The bit of a cell that is touched in a way. */
export function touch(cell: CellId, way: Touch): number {
  return 2 * cell + way;
}

/** Whether a cell is touched in a way that conflicts with a step. */
export function conflictsWith(touches: BitSet, { reads, writes }: KnownStep): boolean {
  for (const cell of writes)
    if (touches.has(touch(cell, Touch.writes)) || touches.has(touch(cell, Touch.reads))) return true;
  for (const cell of reads) if (touches.has(touch(cell, Touch.writes))) return true;
  return false;
}

/**
 * What may be done from each local state on while one process does not step: what is done in it, or in any that can be reached from
 * it. States that reach each other have one future. What is known only grows; where it has not grown in any state that can be reached,
 * the future stays the same.
 */
export class Futures {
  /** When all this was worked out. */
  generation = 0;
  /** By the number of the state; nothing of a state that was not known yet. */
  readonly #deeds: (Deeds | undefined)[] = [];
  /** By the number of the state: since when its future, and all that leads to it, is as it is. */
  #since = new Int32Array(0);
  /** By reason, whether moves for it count. */
  #possible: readonly boolean[] = [];
  readonly #moves = new Digraph();

  /** What may be done from a state on; `undefined` of a state that was not known yet. */
  of(state: number): Deeds | undefined {
    return this.#deeds[state];
  }

  /** In which generation the future of a state, or what leads to it, changed last. */
  since(state: number): number {
    return this.#since[state] ?? this.generation;
  }

  /**
   * Works out what may be done.
   *
   * @param are by reason, whether moves for it count: once they do they always will
   * @param generation a later one than before
   */
  update(states: readonly LocalState[], are: readonly boolean[], generation: number): void {
    const before = this.generation;
    const were = this.#possible;
    const areNew = are.map((is, reason) => is !== (were[reason] ?? false));
    const isAnyNew = areNew.includes(true);
    const since = new Int32Array(states.length);
    since.set(this.#since);
    this.generation = generation;
    this.#possible = are;
    this.#since = since;
    while (this.#deeds.length < states.length) this.#deeds.push(undefined);
    const stateAt = (number: number): LocalState => present(states[number], 'a local state has a number');
    const hasChanged = ({ grown, moves, edges }: LocalState): boolean => {
      if (grown >= before) return true;
      for (const { reason, to } of edges) if (are[reason] && since[to.number] === generation) return true;
      return isAnyNew && [...moves.keys()].some((reason) => areNew[reason]);
    };
    const { members, begins } = runToEnd(componentsOf(this.#possibleMoves(states)));
    for (let component = 0; component + 1 < begins.length; component++) {
      const end = intAt(begins, component + 1);
      let isSame = true;
      for (let at = intAt(begins, component); at < end && isSame; at++)
        isSame = !hasChanged(stateAt(intAt(members, at)));
      if (isSame) continue;
      const future = { touches: new BitSet(), sends: new BitSet() };
      for (let at = intAt(begins, component); at < end; at++) {
        const number = intAt(members, at);
        this.#addFuture(future, stateAt(number));
        this.#deeds[number] = future;
        since[number] = generation;
      }
    }
  }

  #possibleMoves(states: readonly LocalState[]): Digraph {
    const graph = this.#moves;
    graph.clear();
    for (const { edges } of states) {
      graph.next();
      for (const { reason, to } of edges) if (this.#possible[reason]) graph.add(to.number);
    }
    return graph;
  }

  /** Adds what is done in a state, and from its successors on, as far as that is known. */
  #addFuture(future: Deeds, { moves }: LocalState): void {
    const add = ({ touches, sends }: Deeds): void => {
      future.touches.addAll(touches);
      future.sends.addAll(sends);
    };
    for (const [reason, move] of moves) {
      if (!this.#possible[reason]) continue;
      add(move);
      for (const { number } of move.successors) {
        const later = this.#deeds[number];
        if (later) add(later);
      }
    }
  }
}
