import { afterEach, describe, expect, it, vi } from 'vitest';
import { type AnyActorLogic, setup, stopChild } from 'xstate';
import { requestsSystem } from '../../bench/model.js';
import { threads, write } from '../../src/index.js';
import { Footprint } from '../../src/runtime/footprint.js';
import { abstractStates } from './abstractStates.js';
import { draws, generate, type Mode } from './abstractSystem.js';
import { born, idle, noting, offering } from './machines.js';
import { systemOf } from './play.js';
import { type Swaps, swapSteps } from './swaps.js';
import { translate } from './translation.js';

/** May stop a child whose threads go on. */
const parent = setup({
  actors: {
    program: threads({
      memory: { x: 0 },
      threads: {
        a: function* (memory) {
          yield* write(memory, 'x', 1);
        },
      },
    }) as unknown as AnyActorLogic,
  },
}).createMachine({
  invoke: { src: 'program', id: 'child' },
  initial: 'there',
  states: { there: { meta: { offers: ['STOP'] }, on: { STOP: { actions: stopChild('child') } } } },
});

/** Has a child that comes and goes; its name depends on whether the friend still mentions the one before. */
const mother = offering(
  { STOP: { actions: stopChild('child') }, SPAWN: { actions: born(idle, { id: 'child' }) } },
  { entry: born(idle, { id: 'child' }) },
);
const friend = offering({
  MEET: {
    actions: noting.assign({
      friend: ({ self }) => self.system.get('mother')?.getSnapshot().children.child ?? null,
    }),
  },
  FORGET: { actions: noting.assign({ friend: null }) },
});

const SYSTEMS = Number(process.env['INTERLACE_SYSTEMS'] ?? 100);
const MODES: readonly Mode[] = ['ordered', 'urgent', 'free'];

/** Swaps steps of random systems until something is wrong or there were enough of them. */
function swapped(mode: Mode, systems: number): Swaps {
  const swaps: Swaps = { independent: 0, dependent: 0, wrong: [] };
  for (let seed = 1, compared = 0; compared < systems && swaps.wrong.length === 0; seed++) {
    const system = generate(draws(seed), mode, true);
    if ((abstractStates(system, 250)?.length ?? 0) < 8) continue;
    compared++;
    swapSteps(translate(system), 40, swaps);
  }
  return swaps;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('footprints', () => {
  it.each(MODES)('of random systems tell which steps can be swapped, timers: %s', (mode) => {
    const { wrong, independent, dependent } = swapped(mode, SYSTEMS);
    expect(wrong).toEqual([]);
    expect(independent).toBeGreaterThan(SYSTEMS);
    expect(dependent).toBeGreaterThan(SYSTEMS);
  });

  it('of the system that the engine is measured with', () => {
    const swaps: Swaps = { independent: 0, dependent: 0, wrong: [] };
    swapSteps(requestsSystem(3, 1), 1618, swaps);
    expect(swaps).toEqual({ independent: 4842, dependent: 153, wrong: [] });
  });

  it.each([
    { row: 'looksWhetherRuns', system: systemOf({ parent }) },
    { row: 'mentions', system: systemOf({ mother, friend }) },
  ] as const)('of a listed system need their row: $row', ({ row, system }) => {
    const sound: Swaps = { independent: 0, dependent: 0, wrong: [] };
    swapSteps(system, 40, sound);
    expect(sound.wrong).toEqual([]);
    vi.spyOn(Footprint.prototype, row).mockImplementation(() => {});
    const bent: Swaps = { independent: 0, dependent: 0, wrong: [] };
    swapSteps(system, 40, bent);
    expect(bent.wrong).not.toEqual([]);
  });

  // Not among them: takesHead and takesOffer, for whoever takes one also runs the actor (see footprintRows.test.ts).
  it.each(['runs', 'appendsTo', 'looksAt', 'looksUp', 'changesLife', 'cancelsTimer', 'firesTimer'] as const)(
    'need their row: %s',
    (row) => {
      vi.spyOn(Footprint.prototype, row).mockImplementation(() => {});
      expect(MODES.some((mode) => swapped(mode, 400).wrong.length > 0)).toBe(true);
    },
  );
});
