import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, exhaustive, never, replay } from '../../src/index.js';
import { runToEnd } from '../../src/kernel/runToEnd.js';
import { minimised, switches } from '../../src/trace/minimise.js';
import { abstractStates, worldSummary } from '../runtime/abstractStates.js';
import { draws, generate } from '../runtime/abstractSystem.js';
import { translate } from '../runtime/translation.js';

/** Makes a run short without giving anybody a turn. */
function shortest(
  schedule: readonly string[],
  shows: (schedule: readonly string[]) => readonly string[] | undefined,
): readonly string[] {
  return runToEnd(
    minimised(schedule, function* (candidate) {
      yield;
      return shows(candidate);
    }),
  );
}

/** Shows it when all of `needed` are there, in this order. */
function needs(needed: readonly string[]) {
  return (schedule: readonly string[]): readonly string[] | undefined => {
    let met = 0;
    for (const [i, choice] of schedule.entries()) {
      if (choice === needed[met]) met++;
      if (met === needed.length) return schedule.slice(0, i + 1);
    }
    return undefined;
  };
}

describe('minimised', () => {
  it('leaves out whatever is not needed', () => {
    const choice = fc.constantFrom('a', 'b', 'c!t', 'd?E');
    fc.assert(
      fc.property(
        fc.array(choice, { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        (schedule, from, step) => {
          const needed = schedule.filter((_, i) => (i + from) % (1 + (step % 7)) === 0);
          const shows = needs(needed.length > 0 ? needed : schedule.slice(0, 1));
          const short = shortest(schedule, shows);
          expect(short).toEqual(needed.length > 0 ? needed : schedule.slice(0, 1));
          expect(shortest(short, shows)).toEqual(short);
        },
      ),
    );
  });

  it('then lets an actor go on as long as it can', () => {
    const anyOrder = (schedule: readonly string[]) =>
      schedule.length >= 6 ? schedule.slice(0, 6) : undefined;
    const mixed = ['a', 'b?X', 'a!t', 'b', 'a#2', 'b@r'];
    const short = shortest(mixed, anyOrder);
    expect([switches(mixed), switches(short)]).toEqual([5, 1]);
    expect([...short].sort()).toEqual([...mixed].sort());
  });

  it('keeps a run that it cannot shorten, and one that it may not try', () => {
    expect(shortest(['a', 'b'], needs(['a', 'b']))).toEqual(['a', 'b']);
    expect(shortest(['a', 'b'], () => undefined)).toEqual(['a', 'b']);
  });
});

describe('a counterexample that was found depth first', () => {
  it('is minimised: it violates the same, no choice can be left out, and it is the same each time', async () => {
    const builtIn = { failures: false, unhandled: false, deadlock: false, mailbox: false } as const;
    let excess = 0;
    let compared = 0;
    for (let seed = 1; compared < 20; seed++) {
      const abstract = generate(draws(seed), 'ordered', true);
      const states = abstractStates(abstract, 200);
      if (!states || states.length < 40) continue;
      compared++;
      const target = states[Math.floor(draws(seed)() * states.length)]?.summary;
      const properties = [never('target', (world) => worldSummary(world) === target)];
      const system = translate(abstract);
      const found = await check(system, { builtIn, properties, strategy: exhaustive({ order: 'dfs' }) });
      const again = await check(system, { builtIn, properties, strategy: exhaustive({ order: 'dfs' }) });
      const shortest = await check(system, { builtIn, properties });
      const schedule = found.violations[0]?.schedule ?? '';
      expect(again.violations[0]?.schedule).toBe(schedule);
      const names = schedule.split(' ').filter((name) => name !== '');
      const shows = (run: readonly string[]): boolean =>
        replay(system, run.join(' '), { builtIn, properties }).findings.some(
          ({ afterSteps }) => afterSteps === run.length,
        );
      expect(shows(names)).toBe(true);
      for (let i = 0; i < names.length; i++) expect(shows(names.filter((_, k) => k !== i))).toBe(false);
      excess += names.length - (shortest.violations[0]?.steps.length ?? 0);
    }
    // Shortest is more than nothing can be left out; it is seldom longer.
    expect(excess).toBeLessThan(10);
  });
});
