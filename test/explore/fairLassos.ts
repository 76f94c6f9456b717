import type { State } from '../../src/runtime/state.js';
import type { World } from '../../src/runtime/world.js';
import type { WorldView } from '../../src/runtime/worldView.js';
import { choiceNames } from '../../src/trace/schedule.js';
import { type Successor, successors, worldText } from '../runtime/worldText.js';

/** A state as a run without what it must come to passes it. */
export interface Node {
  readonly depth: number;
  readonly isGood: boolean;
  readonly isQuiescent: boolean;
  readonly edges: { readonly to: string; readonly process: string | undefined }[];
}

/** What is to come: a state, or a step of somebody. */
export interface Good {
  state(view: WorldView): boolean;
  readonly stepper?: string | undefined;
}

/** Where good steps lead. */
const MET = 'met';
const MET_NODE: Node = { depth: 0, isGood: true, isQuiescent: false, edges: [] };

/**
 * The graph of the states that are reached without anything good, and whose step each edge is, told from views alone.
 *
 * @param textOf what tells states apart; `undefined` when there are more than `statesMax`
 */
export function graphOf(
  world: World,
  good: Good,
  textOf: (place: Successor) => string = ({ state, ledger }) => worldText(world.view(state), ledger),
  statesMax = Number.POSITIVE_INFINITY,
): Map<string, Node> | undefined {
  const graph = new Map<string, Node>();
  const queue: (Successor & { depth: number })[] = [{ state: world.initial, ledger: {}, depth: 0 }];
  for (const place of queue) {
    const { state, depth } = place;
    const text = textOf(place);
    if (graph.has(text)) continue;
    const view = world.view(state);
    const isGood = good.state(view);
    const node: Node = { depth, isGood, isQuiescent: view.quiescent, edges: [] };
    graph.set(text, node);
    if (graph.size > statesMax) return undefined;
    if (isGood) continue;
    const { choices } = world.enabled(state);
    const names = choiceNames(world, state, choices);
    successors(world, place).forEach((next, i) => {
      const name = names[i] ?? '';
      const [, actor] = /^\+?([^!?@]*)/.exec(name) ?? [];
      const isMet = actor === good.stepper;
      node.edges.push({ to: isMet ? MET : textOf(next), process: processOf(name, world, state) });
      if (isMet) graph.set(MET, MET_NODE);
      else queue.push({ ...next, depth: depth + 1 });
    });
  }
  return graph;
}

/** Who steps, by the name of the choice: a timer by what can be seen of it, an offer only if it is expected, a thread on any processor. */
function processOf(name: string, world: World, state: State): string | undefined {
  const [actor = '', timer] = name.split('!');
  if (name.includes('?')) return undefined;
  if (timer === undefined) return name.includes('@') ? name.split('#')[0] : name;
  const [id = '', k = '1'] = timer.split('#');
  const same = world
    .view(state)
    .timers(actor)
    .filter((t) => (t.id ?? t.event.type) === decodeURIComponent(id));
  const shown = same[world.system.timers === 'free' ? Number(k) - 1 : 0];
  const ref = shown && 'ref' in shown.event ? Object(shown.event.ref).sessionId : '';
  return `${actor}!${shown?.id} ${shown?.event.type} ${ref} ${shown?.to}`;
}

/** Searches states × the processes excused so far: is there a way back to `start` in which everybody stepped or was disabled? */
export function hasFairLoop(
  graph: ReadonlyMap<string, Node>,
  start: string,
  everybody: readonly string[],
): boolean {
  const excuse = (text: string, excused: number, stepped?: string): number =>
    everybody.reduce((sum, process, i) => {
      const isEnabled = graph.get(text)?.edges.some((edge) => edge.process === process);
      return isEnabled && process !== stepped ? sum : sum | (1 << i);
    }, excused);
  const all = (1 << everybody.length) - 1;
  const queue: [string, number][] = [[start, excuse(start, 0)]];
  const known = new Set(queue.map(String));
  for (const [text, excused] of queue) {
    for (const { to, process } of graph.get(text)?.edges ?? []) {
      if (graph.get(to)?.isGood) continue;
      const stepped = everybody.reduce((sum, name, i) => (name === process ? sum | (1 << i) : sum), excused);
      const next: [string, number] = [to, excuse(to, stepped)];
      if (to === start && next[1] === all) return true;
      if (known.has(String(next))) continue;
      known.add(String(next));
      queue.push(next);
    }
  }
  return false;
}
