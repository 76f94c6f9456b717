import { intAt } from '../runtime/ints.js';
import type { Digraph } from './digraph.js';

/** The strongly connected components of a graph. */
export interface Components {
  /** Of each vertex the number of its component. */
  readonly of: Int32Array;
  /** All vertices, component by component; those first that the others lead to. */
  readonly members: Int32Array;
  /** Where in {@link members} a component begins; one more than there are components. */
  readonly begins: Int32Array;
}

/** Looks at vertices between two turns of the caller's. */
const TURN = 1 << 14;

/**
 * Finds strongly connected components (Tarjan 1972), without recursion, for ways are long. Vertices that had no turn are not part of
 * the graph, and edges that lead to them are none.
 *
 * Walk through: `path` is the way from the root of the search to the vertex that is looked at, with the next edge of each in
 * `cursors`. A vertex gets its `order` when it is met and its `low` from what can be reached from it; when nothing earlier than
 * itself can, all that lies above it on the `open` stack is its component.
 *
 * Gives the word now and then.
 */
export function* componentsOf(graph: Digraph): Generator<void, Components, void> {
  const { size, targets } = graph;
  const of = new Int32Array(size).fill(-1);
  const members = new Int32Array(size);
  const begins: number[] = [0];
  /** From 1 on; 0 is not met yet. */
  const orders = new Int32Array(size);
  const lows = new Int32Array(size);
  const open = new Int32Array(size);
  const path = new Int32Array(size);
  const cursors = new Int32Array(size);
  let met = 0;
  let looked = 0;
  let opened = 0;
  let closed = 0;
  for (let root = 0; root < size; root++) {
    if (intAt(orders, root) !== 0) continue;
    let depth = 0;
    let vertex = root;
    for (;;) {
      if (++looked % TURN === 0) yield;
      if (intAt(orders, vertex) === 0) {
        orders[vertex] = lows[vertex] = ++met;
        open[opened++] = vertex;
        cursors[vertex] = graph.begin(vertex);
      }
      let next = -1;
      const end = graph.end(vertex);
      for (let at = intAt(cursors, vertex); at < end; at++) {
        const target = intAt(targets, at);
        if (target >= size || intAt(of, target) !== -1) continue;
        if (intAt(orders, target) === 0) {
          // The edge is looked at again when its target is through: then `low` is known.
          cursors[vertex] = at;
          next = target;
          break;
        }
        lows[vertex] = Math.min(intAt(lows, vertex), intAt(lows, target));
      }
      if (next !== -1) {
        path[depth++] = vertex;
        vertex = next;
        continue;
      }
      if (intAt(lows, vertex) === intAt(orders, vertex)) {
        let member: number;
        do {
          member = intAt(open, --opened);
          of[member] = begins.length - 1;
          members[closed++] = member;
        } while (member !== vertex);
        begins.push(closed);
      }
      if (depth === 0) break;
      vertex = intAt(path, --depth);
    }
  }
  return { of, members, begins: Int32Array.from(begins) };
}
