import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, defineSystem, eventually, exhaustive, replay } from '../../src/index.js';
import { World } from '../../src/runtime/world.js';
import type { WorldView } from '../../src/runtime/worldView.js';
import { anyProgram, anyScheduling, asLogic } from '../routine/smallProgram.js';
import { abstractStates, worldSummary } from '../runtime/abstractStates.js';
import { draws, generate, type Mode } from '../runtime/abstractSystem.js';
import { translate } from '../runtime/translation.js';
import { type Good, graphOf, hasFairLoop } from './fairLassos.js';

const SYSTEMS = 70;
const LIMIT = 60;
const PROCESSES_MAX = 8;
const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;

describe.each<Mode>(['ordered', 'urgent', 'free'])('eventually, timers: %s', (mode) => {
  it.each(['states', 'steps'])(
    'says of %s what a search over states and the processes excused so far says',
    async (of) => {
      const differ: string[] = [];
      const ends = { holds: 0, quiescent: 0, loops: 0, unfair: 0 };
      for (let seed = 1, compared = 0; compared < SYSTEMS; seed++) {
        const abstract = generate(draws(seed), mode, true);
        const states = abstractStates(abstract, LIMIT);
        if (!states || states.length < 6) continue;
        const draw = draws(seed + 1_000_000);
        const drawn = new Set(states.filter(() => draw() < 0.12).map(({ summary }) => summary));
        // Every other system must go round: its ends are good.
        const mayEnd = seed % 2 === 0;
        const stepper = of === 'steps' ? abstract.names[0] : undefined;
        const good: Good = {
          state: (view) => (!stepper && drawn.has(worldSummary(view))) || (!mayEnd && view.quiescent),
          stepper,
        };
        const system = translate(abstract);
        const graph = graphOf(new World(system), good);
        if (!graph) continue;
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

        const isGood = (view: WorldView): boolean =>
          good.state(view) || (stepper !== undefined && view.lastStep?.actor === stepper);
        const properties = [eventually('good', isGood)];
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
        if (again.findings[0]?.afterSteps !== violation.steps.length)
          differ.push(`seed ${seed}: not replayed`);
      }
      expect(differ).toEqual([]);
      for (const [end, count] of Object.entries(ends)) expect([end, count > 0]).toEqual([end, true]);
    },
  );
});

const PROGRAMS = Number(process.env['INTERLACE_SYSTEMS'] ?? 60);
const PROGRAM_STATES_MAX = 120;

it('eventually, of threads, says what a search over states and the processes excused so far says', async () => {
  const { seed = 1 } = fc.readConfigureGlobal();
  const met = { holds: 0, quiescent: 0, loops: 0, unfair: 0 };
  const property = fc.asyncProperty(
    anyProgram,
    anyScheduling,
    fc.integer(),
    async (program, scheduling, drawn) => {
      const logic = asLogic(program, 'ignore', scheduling);
      const system = defineSystem({ name: 'program', actors: { program: { logic } } });
      const draw = draws(drawn);
      const [x, y] = [draw() < 0.5 ? 0 : 1, draw() < 0.5 ? 0 : 1];
      // Where threads only go round, the ends are good.
      const mayEnd = draw() < 0.3;
      const holds = (view: WorldView): boolean => {
        const { memory } = view.snapshot('program')?.context ?? {};
        return (memory?.x === x && memory?.y === y) !== mayEnd || (!mayEnd && view.quiescent);
      };
      const world = new World(system);
      // What threads have read is in no view.
      const textOf = ({ state }: { state: { fingerprint: readonly number[] } }): string =>
        state.fingerprint.join();
      const graph = graphOf(world, { state: holds }, textOf, PROGRAM_STATES_MAX);
      if (!graph) return;
      const everybody = [
        ...new Set([...graph.values()].flatMap(({ edges }) => edges.flatMap(({ process }) => process ?? []))),
      ];
      const bad = [...graph].flatMap(([text, { isGood }]) => (isGood ? [] : [text]));
      const ends = [...graph.values()].some(({ isGood, isQuiescent }) => !isGood && isQuiescent);
      const expected = ends
        ? 'quiescent'
        : bad.some((text) => hasFairLoop(graph, text, everybody))
          ? 'loops'
          : 'holds';
      met[expected]++;
      if (expected === 'holds' && bad.some((text) => hasFairLoop(graph, text, []))) met.unfair++;
      for (const reduction of [false, true]) {
        const { violations, verdict } = await check(system, {
          builtIn: SILENT,
          properties: [eventually('good', holds)],
          strategy: exhaustive({ reduction }),
        });
        const isEnd = violations[0]?.loopAt === undefined;
        expect(verdict === 'holds' ? 'holds' : isEnd ? 'quiescent' : 'loops').toBe(expected);
      }
    },
  );
  await fc.assert(property, { numRuns: PROGRAMS, seed });
  for (const [end, count] of Object.entries(met)) expect([end, count > 0]).toEqual([end, true]);
});
