import { intAt } from '../runtime/ints.js';
import type { StateGraph } from './stateGraph.js';

/** The strongly connected components of a graph. */
export interface Components {
  /** Of each state the number of its component. */
  readonly of: Int32Array;
  /** All states, component by component. */
  readonly members: Int32Array;
  /** Where in {@link members} a component begins; one more than there are components. */
  readonly begins: Int32Array;
}

/**
 * Finds strongly connected components (Tarjan 1972), without recursion. States that had no turn are not part of the graph, and
 * steps that lead to them are none.
 *
 * Walk through: `path` is the way from the root of the search to the state that is looked at, with the next step of each in
 * `cursors`. A state gets its `order` when it is met and its `low` from what can be reached from it; when nothing earlier than
 * itself can, all that lies above it on the `open` stack is its component.
 */
export function componentsOf(graph: StateGraph): Components {
  const { size } = graph;
  const { targets } = graph.edges;
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
  let opened = 0;
  let closed = 0;
  for (let root = 0; root < size; root++) {
    if (intAt(orders, root) !== 0) continue;
    let depth = 0;
    let state = root;
    for (;;) {
      if (intAt(orders, state) === 0) {
        orders[state] = lows[state] = ++met;
        open[opened++] = state;
        cursors[state] = graph.begin(state);
      }
      let next = -1;
      const end = graph.end(state);
      for (let at = intAt(cursors, state); at < end; at++) {
        const target = intAt(targets, at);
        if (target >= size || intAt(of, target) !== -1) continue;
        if (intAt(orders, target) === 0) {
          // The step is looked at again when its target is through: then `low` is known.
          cursors[state] = at;
          next = target;
          break;
        }
        lows[state] = Math.min(intAt(lows, state), intAt(lows, target));
      }
      if (next !== -1) {
        path[depth++] = state;
        state = next;
        continue;
      }
      if (intAt(lows, state) === intAt(orders, state)) {
        let member: number;
        do {
          member = intAt(open, --opened);
          of[member] = begins.length - 1;
          members[closed++] = member;
        } while (member !== state);
        begins.push(closed);
      }
      if (depth === 0) break;
      state = intAt(path, --depth);
    }
  }
  return { of, members, begins: Int32Array.from(begins) };
}
