import { invariant } from '../kernel/invariant.js';
import { asChoice, type Choice } from '../runtime/choice.js';
import { intAt } from '../runtime/ints.js';
import { type Components, componentsOf } from './components.js';
import { NOBODY } from './processes.js';
import { shortestFairLoop } from './shortestFairLoop.js';
import type { StateGraph } from './stateGraph.js';

/** About 40 bytes each. */
const PAIRS_MAX = 1_000_000;

/** States, or components, that are looked at between two turns of the caller's. */
const TURN = 1024;

/** A loop that a run may go round for ever without owing anybody a step. */
export interface FairLoop {
  /** The state in which it begins and ends; of all states of all fair components the one with the smallest number. */
  readonly entry: number;
  readonly choices: readonly Choice[];
}

/** One step of a way: the state that it leaves, and its place among the edges. */
interface Leg {
  readonly state: number;
  readonly edge: number;
}

/**
 * Finds a loop that is weakly fair: every process steps in it or is disabled somewhere in it (architecture 4.6).
 *
 * Walk through: a component {@link isFair} if no process is enabled in all of its states without stepping between them; if it
 * is not, nor is any loop in it. Of a fair one the smallest state is the entry, because the way there is shortest, and the
 * {@link shortestFairLoop} through it is taken. Where that would take too long, {@link shortLoop} walks, as long as somebody is
 * owed a step, on to the nearest place where a debt ends, and back. All of them give the word now and then.
 *
 * @param processes how many there are
 * @param pairsMax how many pairs of a state and what is owed are looked at for the shortest loop
 */
export function* fairLoop(
  graph: StateGraph,
  processes: number,
  pairsMax = PAIRS_MAX,
): Generator<void, FairLoop | undefined, void> {
  const components = yield* componentsOf(graph.steps);
  let entry = -1;
  for (let component = 0; component < components.begins.length - 1; component++) {
    if (component % TURN === 0) yield;
    const first = smallest(components, component);
    if (entry !== -1 && first > entry) continue;
    if (yield* isFair(graph, components, component, processes)) entry = first;
  }
  if (entry === -1) return undefined;
  const loop =
    (yield* shortestFairLoop(graph, components.of, entry, pairsMax)) ??
    (yield* shortLoop(entry, graph, components.of));
  return { entry, choices: loop.map((edge) => asChoice(intAt(graph.edges.choices, edge))) };
}

function smallest({ members, begins }: Components, component: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = intAt(begins, component); i < intAt(begins, component + 1); i++)
    least = Math.min(least, intAt(members, i));
  return least;
}

/** Whether a component has a loop, and every process that is enabled in all of its states steps within it. */
function* isFair(
  graph: StateGraph,
  components: Components,
  component: number,
  processes: number,
): Generator<void, boolean, void> {
  const { of, members, begins } = components;
  const { targets, processes: steppers } = graph.edges;
  const from = intAt(begins, component);
  const to = intAt(begins, component + 1);
  if (to - from === 1 && !hasLoop(graph, intAt(members, from))) return false;
  const enabledIn = new Int32Array(processes);
  const seenIn = new Int32Array(processes).fill(-1);
  const steps = new Uint8Array(processes);
  for (let i = from; i < to; i++) {
    if ((i - from + 1) % TURN === 0) yield;
    const state = intAt(members, i);
    for (let at = graph.begin(state); at < graph.end(state); at++) {
      const process = intAt(steppers, at);
      if (process === NOBODY) continue;
      if (isIn(of, intAt(targets, at), component)) steps[process] = 1;
      if (intAt(seenIn, process) === state) continue;
      seenIn[process] = state;
      enabledIn[process] = intAt(enabledIn, process) + 1;
    }
  }
  return enabledIn.every((count, process) => count < to - from || steps[process] === 1);
}

function hasLoop(graph: StateGraph, state: number): boolean {
  const { targets } = graph.edges;
  return targets.subarray(graph.begin(state), graph.end(state)).includes(state);
}

function isIn(of: Int32Array, state: number, component: number): boolean {
  return state < of.length && intAt(of, state) === component;
}

function* shortLoop(
  entry: number,
  graph: StateGraph,
  of: Int32Array,
): Generator<void, readonly number[], void> {
  const { targets, processes } = graph.edges;
  const enabledAt = (state: number): ReadonlySet<number> => {
    const enabled = new Set(processes.subarray(graph.begin(state), graph.end(state)));
    enabled.delete(NOBODY);
    return enabled;
  };
  /** Who is owed a step still: who was enabled all along and has not stepped. */
  const owedAfter = (owed: ReadonlySet<number>, legs: readonly Leg[]): ReadonlySet<number> => {
    const left = new Set(owed);
    for (const { edge } of legs) {
      left.delete(intAt(processes, edge));
      const enabled = enabledAt(intAt(targets, edge));
      for (const process of left) if (!enabled.has(process)) left.delete(process);
    }
    return left;
  };
  const isBack = ({ edge }: Leg): boolean => intAt(targets, edge) === entry;
  // Ways may be longer than a call has arguments.
  const loop: Leg[][] = [];
  let state = entry;
  for (let owed = enabledAt(entry); owed.size > 0; ) {
    const legs = yield* nearest(graph, of, state, (leg) => owedAfter(owed, [leg]).size < owed.size);
    loop.push(legs);
    owed = owedAfter(owed, legs);
    for (const { edge } of legs) state = intAt(targets, edge);
  }
  if (state !== entry || loop.length === 0) loop.push(yield* nearest(graph, of, state, isBack));
  return loop.flat().map(({ edge }) => edge);
}

/** The shortest way from a state, within its component, whose last step is such. */
function* nearest(
  graph: StateGraph,
  of: Int32Array,
  start: number,
  isLast: (leg: Leg) => boolean,
): Generator<void, Leg[], void> {
  const { targets } = graph.edges;
  const component = intAt(of, start);
  const cameBy = new Map<number, Leg | undefined>([[start, undefined]]);
  let looked = 0;
  for (const state of cameBy.keys()) {
    if (++looked % TURN === 0) yield;
    for (let edge = graph.begin(state); edge < graph.end(state); edge++) {
      const target = intAt(targets, edge);
      if (!isIn(of, target, component)) continue;
      const leg = { state, edge };
      if (isLast(leg)) return wayTo(leg, cameBy);
      if (!cameBy.has(target)) cameBy.set(target, leg);
    }
  }
  invariant(false, 'a fair component has a way to each of its states, and an end of each debt');
}

function wayTo(last: Leg, cameBy: ReadonlyMap<number, Leg | undefined>): Leg[] {
  const way = [last];
  for (let leg = cameBy.get(last.state); leg; leg = cameBy.get(leg.state)) way.push(leg);
  return way.reverse();
}
