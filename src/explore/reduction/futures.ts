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
  /** By reason. */
  readonly moves: Map<Reason, Move>;
  /** The successors of all moves. */
  readonly edges: Edge[];
}

/** What may be done from each local state on, by the number of the state; nothing of a state that is not known yet. */
export type Futures = readonly (Deeds | undefined)[];

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
 * What is done in each local state or in any that can be reached from it. States that reach each other have one future
 * (Tarjan, Depth-first search and linear graph algorithms, 1972; without recursion, for chains are long).
 *
 * @param isPossible whether moves for a reason count
 */
export function futuresOf(states: readonly LocalState[], isPossible: (reason: Reason) => boolean): Futures {
  const futures: (Deeds | undefined)[] = states.map(() => undefined);
  const index = new Int32Array(states.length).fill(-1);
  const low = new Int32Array(states.length);
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
        if (!isPossible(edge.reason)) continue;
        const to = edge.to.number;
        if (index[to] === -1) enter(edge.to);
        else if (!futures[to]) low[number] = Math.min(low[number] ?? 0, index[to] ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1)?.state.number;
      if (above !== undefined) low[above] = Math.min(low[above] ?? 0, low[number] ?? 0);
      if (low[number] !== index[number]) continue;
      const component = open.splice(open.lastIndexOf(top.state));
      const future = { touches: new BitSet(), sends: new BitSet() };
      for (const state of component) include(future, state, futures, isPossible);
      for (const state of component) futures[state.number] = future;
    }
  }
  return futures;
}

/** Adds what is done in a state, and from its successors on; those of its own component have no future yet. */
function include(
  future: Deeds,
  { moves }: LocalState,
  futures: Futures,
  isPossible: (reason: Reason) => boolean,
): void {
  const add = ({ touches, sends }: Deeds): void => {
    future.touches.addAll(touches);
    future.sends.addAll(sends);
  };
  for (const [reason, move] of moves) {
    if (!isPossible(reason)) continue;
    add(move);
    for (const { number } of move.successors) {
      const known = futures[number];
      if (known) add(known);
    }
  }
}
