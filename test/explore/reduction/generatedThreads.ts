import fc from 'fast-check';
import { expect } from 'vitest';
import { sendTo, setup } from 'xstate';
import { defineSystem } from '../../../src/index.js';
import { anyProgram, anyScheduling, asLogic } from '../../routine/smallProgram.js';
import { draws } from '../../runtime/abstractSystem.js';
import { differences, wholeOf } from './agreement.js';
import { actorAtoms, memoryAtoms } from './atoms.js';

/** An actor that lives on a timer and on messages while the threads run. */
const beside = setup({}).createMachine({
  initial: 'a',
  states: {
    a: {
      entry: sendTo(({ system }) => system.get('program'), { type: 'NOTE' }),
      after: { 1: 'b' },
    },
    b: { entry: sendTo(({ self }) => self, { type: 'GO' }), on: { GO: 'c' } },
    c: {},
  },
});

/** What was compared: programs with and without data races, and with fewer processors than threads. */
interface Compared {
  readonly racy: number;
  readonly clean: number;
  readonly scheduled: number;
  /** The share of the states that reduced searches kept. */
  readonly share: number;
}

/** Reduced searches of thread programs find what the whole ones find: ends, data races, and what properties ask for. */
export function compareThreads(runs: number, seed: number): Compared {
  let [racy, clean, scheduled, all, kept] = [0, 0, 0, 0, 0];
  fc.assert(
    fc.property(
      anyProgram,
      anyScheduling,
      fc.constantFrom('violation' as const, 'violation' as const, 'ignore' as const),
      fc.constantFrom('ordered' as const, 'urgent' as const, 'free' as const),
      fc.nat({ max: 3 }),
      fc.integer(),
      (program, scheduling, races, timers, company, drawn) => {
        const logic = asLogic(program, races, scheduling);
        const actors = { program: { logic }, ...(company === 0 ? { beside: { logic: beside } } : {}) };
        const atoms = [...memoryAtoms('program', ['x', 'y', 'z']), ...actorAtoms(['beside'])];
        const whole = wholeOf(defineSystem({ name: 'program', timers, actors }), atoms, 3000);
        if (!whole) return;
        if (whole.found.length > 0) racy++;
        else clean++;
        if (scheduling && scheduling.processors < program.threads.length) scheduled++;
        for (const order of ['bfs', 'dfs'] as const) {
          const { wrong, states } = differences(whole, order, draws(drawn), new Set());
          expect(wrong).toEqual([]);
          all += whole.states.length;
          kept += states;
        }
      },
    ),
    { numRuns: runs, seed },
  );
  return { racy, clean, scheduled, share: kept / all };
}
