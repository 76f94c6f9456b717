import fc from 'fast-check';
import { expect, it } from 'vitest';
import { defineSystem } from '../../src/index.js';
import { type Swaps, swapSteps } from '../runtime/swaps.js';
import { anyProgram, asLogic } from './smallProgram.js';

it('footprints of threads tell which of their steps can be swapped', () => {
  const swaps: Swaps = { independent: 0, dependent: 0, wrong: [] };
  fc.assert(
    fc.property(anyProgram, fc.constantFrom('violation' as const, 'ignore' as const), (program, races) => {
      const logic = asLogic(program, races);
      swapSteps(defineSystem({ name: 'program', actors: { program: { logic } } }), 80, swaps);
      expect(swaps.wrong.slice(0, 3)).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(swaps.independent).toBeGreaterThan(1000);
  expect(swaps.dependent).toBeGreaterThan(1000);
});
