import { describe, expect, it } from 'vitest';
import { check, exhaustive, never, replay } from '../../src/index.js';
import { abstractStates, worldSummary } from '../runtime/abstractStates.js';
import { draws, generate, type Mode } from '../runtime/abstractSystem.js';
import { translate } from '../runtime/translation.js';

const SYSTEMS = 170;
const LIMIT = 250;
const breadthFirst = exhaustive({ reduction: false });
const depthFirst = exhaustive({ order: 'dfs', reduction: false });
const SILENT = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;

/** For generated systems: an interpreter of the semantics that shares no code with the search says what it must find. */
describe.each<Mode>(['ordered', 'urgent', 'free'])('check, timers: %s', (mode) => {
  it('counts what an independent enumeration counts, and finds shortest runs; depth first it counts the same, and finds runs', async () => {
    const differ: string[] = [];
    let violated = 0;
    let failed = 0;
    let compared = 0;
    for (let seed = 1; compared < SYSTEMS; seed++) {
      const system = generate(draws(seed), mode, true);
      const states = abstractStates(system, LIMIT);
      if (!states || states.length < 8) continue;
      compared++;
      const complain = (what: string, expected: unknown, actual: unknown): void => {
        if (expected !== actual) differ.push(`seed ${seed}, ${what}: ${expected} expected, ${actual} found`);
      };
      const whole = await check(translate(system), { builtIn: SILENT, strategy: breadthFirst });
      complain('verdict', 'holds', whole.verdict);
      complain('states', states.length, whole.statistics.states);
      complain('depth', Math.max(...states.map(({ depth }) => depth)), whole.statistics.depthMax);
      const transitions = states.reduce((sum, { steps }) => sum + steps, 0);
      complain('transitions', transitions, whole.statistics.transitions);
      const deep = await check(translate(system), { builtIn: SILENT, strategy: depthFirst });
      complain('verdict, depth first', 'holds', deep.verdict);
      complain('states, depth first', states.length, deep.statistics.states);
      complain('transitions, depth first', transitions, deep.statistics.transitions);

      const target = states[Math.floor(draws(seed)() * states.length)];
      if (!target) continue;
      const hit = ({ summary }: { summary: string }): boolean => summary === target.summary;
      const property = never('target', (world) => worldSummary(world) === target.summary);
      const aimed = await check(translate(system), { builtIn: SILENT, properties: [property] });
      const depth = Math.min(...states.filter(hit).map((state) => state.depth));
      complain('steps to the target', depth, aimed.violations[0]?.steps.length);
      if (aimed.verdict === 'violated') violated++;
      const deepAimed = await check(translate(system), {
        builtIn: SILENT,
        properties: [property],
        strategy: depthFirst,
      });
      const [shown] = deepAimed.violations;
      const again = replay(translate(system), shown?.schedule ?? '', {
        builtIn: SILENT,
        properties: [property],
      });
      complain(
        'where a run to the target, depth first, hits it',
        shown?.steps.length,
        again.findings[0]?.afterSteps,
      );
      complain('that run is called shortest', false, shown?.shortest);

      const fails = states.filter(({ world }) =>
        system.names.some((name) => world.actors[name]?.status === 'error'),
      );
      if (fails.some((state) => state.depth === 0)) continue;
      const failing = await check(translate(system), { builtIn: { ...SILENT, failures: true } });
      const first = fails.length === 0 ? undefined : Math.min(...fails.map((state) => state.depth));
      const [violation] = failing.violations;
      if (violation === undefined || violation.message.includes("' failed: "))
        complain('steps to a failure', first, violation?.steps.length);
      if (first !== undefined) failed++;
    }
    expect(differ).toEqual([]);
    expect(violated).toBe(SYSTEMS);
    expect(failed).toBeGreaterThan(10);
  });
});
