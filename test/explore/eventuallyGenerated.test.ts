import { describe, expect, it } from 'vitest';
import { check, eventually, replay } from '../../src/index.js';
import type { State } from '../../src/runtime/state.js';
import { World } from '../../src/runtime/world.js';
import type { WorldView } from '../../src/runtime/worldView.js';
import { choiceNames } from '../../src/trace/schedule.js';
import { abstractStates, worldSummary } from '../runtime/abstractStates.js';
import { draws, generate, type Mode } from '../runtime/abstractSystem.js';
import { translate } from '../runtime/translation.js';
import { type Successor, successors, worldText } from '../runtime/worldText.js';

const SYSTEMS = 70;
const LIMIT = 60;
const PROCESSES_MAX = 8;
const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;

interface Node {
  readonly depth: number;
  readonly isGood: boolean;
  readonly isQuiescent: boolean;
  readonly edges: { readonly to: string; readonly process: string | undefined }[];
}

/** The graph of the states that are reached through states without `good`, and whose step each edge is, told from views alone. */
function graphOf(world: World, holds: (view: WorldView) => boolean): Map<string, Node> {
  const textOf = ({ state, ledger }: Successor): string => worldText(world.view(state), ledger);
  const graph = new Map<string, Node>();
  const queue: (Successor & { depth: number })[] = [{ state: world.initial, ledger: {}, depth: 0 }];
  for (const place of queue) {
    const { state, depth } = place;
    const text = textOf(place);
    if (graph.has(text)) continue;
    const view = world.view(state);
    const isGood = holds(view);
    const node: Node = { depth, isGood, isQuiescent: view.quiescent, edges: [] };
    graph.set(text, node);
    if (isGood) continue;
    const { choices } = world.enabled(state);
    const names = choiceNames(world, state, choices);
    successors(world, place).forEach((next, i) => {
      node.edges.push({ to: textOf(next), process: processOf(names[i] ?? '', world, state) });
      queue.push({ ...next, depth: depth + 1 });
    });
  }
  return graph;
}

/** Who steps, by the name of the choice: a timer by what can be seen of it, an offer only if it is expected. */
function processOf(name: string, world: World, state: State): string | undefined {
  const [actor = '', timer] = name.split('!');
  if (name.includes('?')) return undefined;
  if (timer === undefined) return name;
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
function hasFairLoop(graph: ReadonlyMap<string, Node>, start: string, everybody: readonly string[]): boolean {
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

describe.each<Mode>(['ordered', 'urgent', 'free'])('eventually, timers: %s', (mode) => {
  it('says what a search over states and the processes excused so far says', async () => {
    const differ: string[] = [];
    const ends = { holds: 0, quiescent: 0, loops: 0, unfair: 0 };
    for (let seed = 1, compared = 0; compared < SYSTEMS; seed++) {
      const abstract = generate(draws(seed), mode, true);
      const states = abstractStates(abstract, LIMIT);
      if (!states || states.length < 6) continue;
      const draw = draws(seed + 1_000_000);
      const good = new Set(states.filter(() => draw() < 0.12).map(({ summary }) => summary));
      // Every other system must go round: its ends are good.
      const mayEnd = seed % 2 === 0;
      const holds = (view: WorldView): boolean => good.has(worldSummary(view)) || (!mayEnd && view.quiescent);
      const system = translate(abstract);
      const graph = graphOf(new World(system), holds);
      const steppers = [...graph.values()].flatMap(({ edges }) =>
        edges.flatMap(({ process }) => process ?? []),
      );
      const everybody = [...new Set(steppers)];
      if (everybody.length > PROCESSES_MAX) continue;
      const bad = [...graph].flatMap(([text, { isGood }]) => (isGood ? [] : [text]));
      const cycles = bad.some((text) => hasFairLoop(graph, text, []));
      if (!mayEnd && !cycles) continue;
      compared++;

      const quiescent = [...graph.values()].filter((node) => !node.isGood && node.isQuiescent);
      const shortest = Math.min(...quiescent.map(({ depth }) => depth));
      const loops = bad.some((text) => hasFairLoop(graph, text, everybody));
      const expected = quiescent.length > 0 ? 'quiescent' : loops ? 'loops' : 'holds';
      ends[expected]++;
      if (expected === 'holds' && cycles) ends.unfair++;

      const properties = [eventually('good', holds)];
      const { violations, verdict } = await check(system, { builtIn: SILENT, properties });
      const [violation] = violations;
      const found = verdict === 'holds' ? 'holds' : violation?.loopAt === undefined ? 'quiescent' : 'loops';
      if (found !== expected) differ.push(`seed ${seed}: ${expected} expected, ${found} found`);
      if (found === 'quiescent' && violation?.steps.length !== shortest)
        differ.push(`seed ${seed}: ${shortest} steps expected, ${violation?.steps.length} found`);
      if (!violation) continue;
      const { loopAt, schedule } = violation;
      const again = replay(system, schedule, {
        builtIn: SILENT,
        properties,
        ...(loopAt === undefined ? {} : { loopAt }),
      });
      if (again.findings[0]?.afterSteps !== violation.steps.length) differ.push(`seed ${seed}: not replayed`);
    }
    expect(differ).toEqual([]);
    for (const [end, count] of Object.entries(ends)) expect([end, count > 0]).toEqual([end, true]);
  });
});
