import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FairLoop, fairLoop } from '../../src/explore/fairLoop.js';
import { NOBODY } from '../../src/explore/processes.js';
import { StateGraph } from '../../src/explore/stateGraph.js';
import { runToEnd } from '../../src/kernel/runToEnd.js';

interface Edge {
  readonly to: number;
  readonly process: number;
}
type Graph = readonly (readonly Edge[])[];

const PROCESSES = 3;
const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 7 }).chain((states) =>
  fc.array(
    fc.array(
      // A state that had no turn, one beyond the last, may be led to as well.
      fc.record({ to: fc.nat(states), process: fc.integer({ min: NOBODY, max: PROCESSES - 1 }) }),
      { maxLength: 3 },
    ),
    { minLength: states, maxLength: states },
  ),
);

/** Each choice is the number of its edge. */
function built(graph: Graph): StateGraph {
  const built = new StateGraph();
  let choice = 0;
  for (const edges of graph) {
    built.next();
    for (const { to, process } of edges) built.add(to, process, choice++);
  }
  return built;
}

const ALL = (1 << PROCESSES) - 1;

function disabledAt(graph: Graph, state: number): number {
  const enabled = (graph[state] ?? []).reduce(
    (sum, { process }) => (process < 0 ? sum : sum | (1 << process)),
    0,
  );
  return ALL & ~enabled;
}

/** How long the shortest fair loop through a state is: a search over states × the processes excused so far. */
function shortestLoop(graph: Graph, start: number): number | undefined {
  const queue: [number, number, number][] = [[start, disabledAt(graph, start), 0]];
  const known = new Set(queue.map(([state, excused]) => `${state},${excused}`));
  for (const [state, excused, steps] of queue) {
    for (const { to, process } of graph[state] ?? []) {
      if (to >= graph.length) continue;
      const now = excused | disabledAt(graph, to) | (process < 0 ? 0 : 1 << process);
      if (to === start && now === ALL) return steps + 1;
      if (known.has(`${to},${now}`)) continue;
      known.add(`${to},${now}`);
      queue.push([to, now, steps + 1]);
    }
  }
  return undefined;
}

/** It is a way from its entry back to it, and everybody steps in it or is disabled somewhere. */
function mustBeFair(graph: Graph, { entry, choices }: FairLoop): void {
  const edges = graph.flatMap((list, from) => list.map((edge) => ({ ...edge, from })));
  let state = entry;
  let excused = 0;
  for (const choice of choices) {
    const edge = edges[choice];
    expect(edge?.from).toBe(state);
    excused |= disabledAt(graph, state) | (edge && edge.process >= 0 ? 1 << edge.process : 0);
    state = edge?.to ?? -1;
  }
  expect([choices.length > 0, state, excused]).toEqual([true, entry, ALL]);
}

/** What is found when nobody else gets a turn. */
function loopIn(graph: Graph, processes: number, pairsMax?: number): FairLoop | undefined {
  return runToEnd(fairLoop(built(graph), processes, pairsMax));
}

describe('fairLoop', () => {
  it('finds a loop exactly where a search over states and the processes excused so far finds one, and as short a one; with little to spend a longer one', () => {
    const found = { loop: 0, none: 0, longer: 0 };
    fc.assert(
      fc.property(graphs, (graph) => {
        const loop = loopIn(graph, PROCESSES);
        const entry = graph.findIndex((_, state) => shortestLoop(graph, state) !== undefined);
        expect(loop?.entry ?? -1).toBe(entry);
        found[loop ? 'loop' : 'none']++;
        if (!loop) return;
        expect(loop.choices.length).toBe(shortestLoop(graph, entry));
        mustBeFair(graph, loop);
        const short = loopIn(graph, PROCESSES, 0);
        if (short) mustBeFair(graph, short);
        expect(short?.entry).toBe(entry);
        expect(short?.choices.length).toBeGreaterThanOrEqual(loop.choices.length);
        if (short && short.choices.length > loop.choices.length) found.longer++;
      }),
      { numRuns: 5_000 },
    );
    expect(found.loop).toBeGreaterThan(500);
    expect(found.none).toBeGreaterThan(500);
    expect(found.longer).toBeGreaterThan(50);
  });

  it('goes round the shortest way where that is fair', () => {
    const graph: Graph = [
      [
        { to: 1, process: 0 },
        { to: 0, process: 1 },
      ],
      [{ to: 0, process: 1 }],
    ];
    // Round the first state alone the process 0 would be owed a step.
    expect(loopIn(graph, 2)).toEqual({ entry: 0, choices: [0, 2] });
    expect(loopIn([[{ to: 0, process: 0 }], ...graph], 2)).toEqual({ entry: 0, choices: [0] });
  });

  it('needs no stack for a long way', () => {
    const states = 200_000;
    const graph = Array.from({ length: states }, (_, i) => [{ to: (i + 1) % states, process: 0 }]);
    const loop = loopIn(graph, 1);
    expect([loop?.entry, loop?.choices.length]).toEqual([0, states]);
  });

  it.each([
    // Tarjan comes to each state twice, 16,384 to a turn; whether it is fair takes 1,024 states, the shortest loop 4,096 pairs.
    ['the shortest one', undefined, 24 + 1 + 195 + 49],
    ['a short one', 0, 24 + 1 + 195 + 195],
  ])('gives the word now and then: %s', (_, pairsMax, turns) => {
    const states = 200_000;
    const graph = Array.from({ length: states }, (_, i) => [{ to: (i + 1) % states, process: 0 }]);
    const steps = fairLoop(built(graph), 1, pairsMax);
    let taken = 0;
    while (!steps.next().done) taken++;
    expect(taken).toBe(turns);
  });
});
