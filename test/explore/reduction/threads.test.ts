import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defineSystem } from '../../../src/index.js';
import { anyProgram, asLogic } from '../../routine/smallProgram.js';
import { draws } from '../../runtime/abstractSystem.js';
import { differences, wholeOf } from './agreement.js';
import { memoryAtoms } from './atoms.js';

const RUNS = Number(process.env['INTERLACE_SYSTEMS'] ?? 250);

it('a reduced search of threads agrees with the whole one', () => {
  let all = 0;
  let kept = 0;
  fc.assert(
    fc.property(
      anyProgram,
      fc.constantFrom('violation' as const, 'ignore' as const),
      fc.integer(),
      (program, races, seed) => {
        const system = defineSystem({
          name: 'program',
          actors: { program: { logic: asLogic(program, races) } },
        });
        const whole = wholeOf(system, memoryAtoms('program', ['x', 'y', 'z']), 3000);
        if (!whole) return;
        for (const order of ['bfs', 'dfs'] as const) {
          const { wrong, states } = differences(whole, order, draws(seed), new Set());
          expect(wrong).toEqual([]);
          all += whole.states.length;
          kept += states;
        }
      },
    ),
    { numRuns: RUNS },
  );
  expect(kept / all).toBeLessThan(0.8);
});
