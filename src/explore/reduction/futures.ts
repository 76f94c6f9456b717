import { present } from '../../kernel/invariant.js';
import type { CellId } from '../../runtime/cells.js';
import type { KnownStep } from './knownStep.js';

/** What a process was seen to do in one local state, for one reason. */
export interface Move {
  /** For each cell that it touches the {@link Touch}es. */
  readonly touches: Map<CellId, number>;
  readonly successors: Set<LocalState>;
  /** The steps that it takes, told apart by what they touch. */
  readonly steps: KnownStep[];
}

/** A move leads to another local state. */
interface Edge {
  readonly reason: number;
  readonly to: LocalState;
}

/** What is known of a process in one local state. */
export interface LocalState {
  readonly number: number;
  /** By reason: see `LearnedTable`. */
  readonly moves: Map<number, Move>;
  /** The successors of all moves. */
  readonly edges: Edge[];
}

/** How a cell is touched; both may be. */
export const Touch = { reads: 1, writes: 2 } as const;

/** What may be touched from each local state on, by the number of the state: two bits for each cell. */
export type Futures = readonly (Int32Array | undefined)[];

const CELLS_PER_WORD = 16;

/** Whether a cell may be touched in one of the given ways from a local state on. Of a state that is not known yet: yes. */
export function mayTouch(futures: Futures, number: number, cell: CellId, ways: number): boolean {
  const future = futures[number];
  if (!future) return true;
  const word = future[Math.floor(cell / CELLS_PER_WORD)] ?? 0;
  return ((word >>> (2 * (cell % CELLS_PER_WORD))) & ways) !== 0;
}

/**
 * What is touched in each local state or in any that can be reached from it. States that reach each other have one future
 * (Tarjan, Depth-first search and linear graph algorithms, 1972; without recursion, for chains are long).
 *
 * @param cellCount how many cells there are
 * @param isPossible whether moves for a reason count
 */
export function futuresOf(
  states: readonly LocalState[],
  cellCount: number,
  isPossible: (reason: number) => boolean,
): Futures {
  const words = Math.ceil(cellCount / CELLS_PER_WORD);
  const futures: (Int32Array | undefined)[] = states.map(() => undefined);
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
      const future = new Int32Array(words);
      for (const state of component) include(future, state, futures, isPossible);
      for (const state of component) futures[state.number] = future;
    }
  }
  return futures;
}

/** Adds what is touched in a state, and from its successors on; those of its own component have no future yet. */
function include(
  future: Int32Array,
  { moves, edges }: LocalState,
  futures: Futures,
  isPossible: (reason: number) => boolean,
): void {
  const add = (word: number, bits: number): void => {
    future[word] = present(future[word], 'every cell has a place') | bits;
  };
  for (const [reason, { touches }] of moves) {
    if (!isPossible(reason)) continue;
    for (const [cell, ways] of touches)
      add(Math.floor(cell / CELLS_PER_WORD), ways << (2 * (cell % CELLS_PER_WORD)));
  }
  for (const { reason, to } of edges) {
    const behind = isPossible(reason) ? futures[to.number] : undefined;
    if (behind) for (let word = 0; word < behind.length; word++) add(word, behind[word] ?? 0);
  }
}
