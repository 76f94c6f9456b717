import { Ints, intAt } from '../runtime/ints.js';
import { PairMap } from '../runtime/pairMap.js';
import { NOBODY } from './processes.js';
import type { StateGraph } from './stateGraph.js';

/** As many processes as an integer has bits; the sign is left alone. */
const PROCESSES_MAX = 31;

/** Pairs between two turns of the caller's. */
const TURN = 4096;

/**
 * Finds the shortest weakly fair loop through a state: breadth first over pairs of a state and who is owed a step still, which is
 * whoever was enabled in all states since the entry and has not stepped. A loop is fair exactly if it comes back owing nothing. Gives
 * the word now and then.
 *
 * @param of the component of each state; the loop stays in that of its entry
 * @param pairsMax after so many pairs it gives up
 * @returns its edges; `undefined` when it gave up, or more processes are enabled in the entry than an integer has bits
 */
export function* shortestFairLoop(
  graph: StateGraph,
  of: Int32Array,
  entry: number,
  pairsMax: number,
): Generator<void, readonly number[] | undefined, void> {
  const { targets, processes } = graph.edges;
  const bits = bitsOf(graph, entry);
  if (bits.size > PROCESSES_MAX) return undefined;
  const enabledIn = (state: number): number => {
    let enabled = 0;
    for (let edge = graph.begin(state); edge < graph.end(state); edge++)
      enabled |= bits.get(intAt(processes, edge)) ?? 0;
    return enabled;
  };
  const numbers = new PairMap();
  const [states, owed, cameFrom, cameBy] = [new Ints(), new Ints(), new Ints(), new Ints()];
  const add = (state: number, owing: number, from: number, edge: number): void => {
    if (numbers.get(state, owing) !== -1) return;
    numbers.set(state, owing, states.push(state));
    owed.push(owing);
    cameFrom.push(from);
    cameBy.push(edge);
  };
  add(entry, enabledIn(entry), -1, -1);
  for (let pair = 0; pair < states.length && states.length <= pairsMax; pair++) {
    if (pair % TURN === 0) yield;
    const state = states.at(pair);
    for (let edge = graph.begin(state); edge < graph.end(state); edge++) {
      const target = intAt(targets, edge);
      if (target >= of.length || of[target] !== of[entry]) continue;
      const owing = owed.at(pair) & ~(bits.get(intAt(processes, edge)) ?? 0) & enabledIn(target);
      if (target === entry && owing === 0) return wayTo(pair, edge, cameFrom, cameBy);
      add(target, owing, pair, edge);
    }
  }
  return undefined;
}

/** A bit for each process that is enabled in a state. */
function bitsOf(graph: StateGraph, state: number): ReadonlyMap<number, number> {
  const bits = new Map<number, number>();
  for (let edge = graph.begin(state); edge < graph.end(state); edge++) {
    const process = intAt(graph.edges.processes, edge);
    if (process !== NOBODY && !bits.has(process)) bits.set(process, 1 << bits.size);
  }
  return bits;
}

function wayTo(pair: number, last: number, cameFrom: Ints, cameBy: Ints): readonly number[] {
  const way = [last];
  for (let at = pair; at > 0; at = cameFrom.at(at)) way.push(cameBy.at(at));
  return way.reverse();
}
