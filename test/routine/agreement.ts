import fc from 'fast-check';
import { expect } from 'vitest';
import { exploreAll, type ProgramView } from './exploreAll.js';
import { exploreNaively } from './naiveThreads.js';
import { anyProgram, asLogic, racyProgram, type SmallProgram } from './smallProgram.js';

/** The routine host and the naive interpreter explore the same programs. Returns how often what was met. */
export function compareGraphs(runs: number): Record<string, number> {
  const met = { deadlocks: 0, failures: 0, allocations: 0, restarts: 0, states: 0 };
  fc.assert(
    fc.property(anyProgram, fc.constantFrom('violation' as const, 'ignore' as const), (program, races) => {
      const naive = exploreNaively(program, races === 'ignore' ? 'segments' : 'split');
      const ours = exploreAll(asLogic(program, races));
      expect({
        ends: [...new Set(ours.last.map((end) => endText(program, end)))].sort(),
        states: ours.states,
      }).toEqual({
        ends: naive.ends,
        states: naive.states,
      });
      met.states += ours.states;
      met.deadlocks += Number(ours.last.some(({ status }) => status === 'active'));
      met.failures += Number(ours.last.some(({ status }) => status === 'error'));
      met.allocations += Number(
        ours.last.some(({ context }) => /"[pq]":\{/.test(JSON.stringify(context.memory))),
      );
      met.restarts += Number(program.threads.some(({ restarts }) => restarts));
    }),
    { numRuns: runs },
  );
  return met;
}

/** A race is found exactly if two conflicting accesses are next to each other when every access is a step. */
export function compareRaces(runs: number): { racy: number; clean: number } {
  const met = { racy: 0, clean: 0 };
  fc.assert(
    fc.property(racyProgram, (program) => {
      const { racy } = exploreNaively(program, 'accesses');
      expect(exploreAll(asLogic(program, 'violation')).races.length > 0).toBe(racy);
      if (racy) met.racy++;
      else met.clean++;
    }),
    { numRuns: runs },
  );
  return met;
}

interface Memory {
  readonly p: object | null;
  readonly q: object | null;
}

function endText(program: SmallProgram, { status, context }: ProgramView): string {
  const { memory, threads, locks } = context;
  const { p, q } = memory as Memory;
  const waiting = program.threads.map((_, i) => `t${i}` in threads);
  const owner = (lock: string): number | null => (locks[lock] ? Number(locks[lock]?.slice(1)) : null);
  return JSON.stringify({
    memory,
    same: p !== null && p === q,
    locks: { l: owner('l'), m: owner('m') },
    waiting,
    failed: status === 'error',
  });
}
