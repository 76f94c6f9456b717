import { present } from '../../kernel/invariant.js';
import type { CellId } from '../../runtime/cells.js';
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
 * it. States that reach each other have one future (Tarjan, Depth-first search and linear graph algorithms, 1972; without recursion,
 * for chains are long). What is known only grows; where it has not grown in any state that can be reached, the future stays the same.
 */
export class Futures {
  /** When all this was worked out. */
  generation = 0;
  /** By the number of the state; nothing of a state that was not known yet. */
  #deeds: (Deeds | undefined)[] = [];
  /** By the number of the state: since when its future, and all that leads to it, is as it is. */
  #since = new Int32Array(0);
  /** By reason, whether moves for it count. */
  #possible: readonly boolean[] = [];

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
    const known = this.#deeds;
    const since = new Int32Array(states.length);
    since.set(this.#since);
    this.generation = generation;
    this.#possible = are;
    this.#since = since;
    this.#deeds = states.map(() => undefined);
    const hasChanged = ({ grown, moves, edges }: LocalState): boolean =>
      grown >= before ||
      (isAnyNew && [...moves.keys()].some((reason) => areNew[reason])) ||
      edges.some(({ reason, to }) => are[reason] && since[to.number] === generation);
    this.#visitComponents(states, (component) => {
      const old = known[present(component[0], 'a component has states').number];
      const isSame = old !== undefined && !component.some(hasChanged);
      const future = isSame ? old : this.#futureOf(component);
      for (const { number } of component) {
        this.#deeds[number] = future;
        if (!isSame) since[number] = generation;
      }
    });
  }

  /** Visits states that reach each other, those first that the others lead to. */
  #visitComponents(states: readonly LocalState[], visit: (component: readonly LocalState[]) => void): void {
    const possible = this.#possible;
    const index = new Int32Array(states.length).fill(-1);
    const low = new Int32Array(states.length);
    const isDone = new Uint8Array(states.length);
    const open: LocalState[] = [];
    let next = 0;
    for (const root of states) {
      if (index[root.number] !== -1) continue;
      const path: { readonly state: LocalState; edge: number }[] = [];
      const enter = (state: LocalState): void => {
        index[state.number] = next;
        low[state.number] = next++;
        open.push(state);
        path.push({ state, edge: 0 });
      };
      enter(root);
      for (let top = path.at(-1); top; top = path.at(-1)) {
        const { number, edges } = top.state;
        const edge = edges[top.edge++];
        if (edge) {
          if (!possible[edge.reason]) continue;
          const to = edge.to.number;
          if (index[to] === -1) enter(edge.to);
          else if (isDone[to] === 0) low[number] = Math.min(low[number] ?? 0, index[to] ?? 0);
          continue;
        }
        path.pop();
        const above = path.at(-1)?.state.number;
        if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[number] ?? 0);
        if (low[number] !== index[number]) continue;
        const component = open.splice(open.lastIndexOf(top.state));
        visit(component);
        for (const state of component) isDone[state.number] = 1;
      }
    }
  }

  /** What is done in some states that reach each other, and from their successors on. */
  #futureOf(component: readonly LocalState[]): Deeds {
    const touches = new BitSet();
    const sends = new BitSet();
    const add = (deeds: Deeds): void => {
      touches.addAll(deeds.touches);
      sends.addAll(deeds.sends);
    };
    for (const { moves } of component) {
      for (const [reason, move] of moves) {
        if (!this.#possible[reason]) continue;
        add(move);
        for (const { number } of move.successors) {
          const later = this.#deeds[number];
          if (later) add(later);
        }
      }
    }
    return { touches, sends };
  }
}
