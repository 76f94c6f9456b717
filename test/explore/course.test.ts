import { defineSystem, type SimulateOptions, type System, simulate, type TraceStep } from 'interlace';
import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { cameraScenario } from '../../examples/scenarios/camera.js';
import { playerScenario } from '../../examples/scenarios/player.js';
import pingPong from '../../examples/systems/pingPong.js';
import { tableSizesAt } from './cameraRun.js';

const clip = { frameRate: { num: 30_000, den: 1001 }, frameBytes: 6000, buffers: 3, clientDelayMs: 7 };
const camera = cameraScenario.system({ ...clip, frames: 10 });
const player = playerScenario.system({ ...clip, frames: 3 });

/** Counts for ever, with periods of 1, 2 and 3 ms. */
const counting = setup({
  types: { context: {} as { count: number } },
  actions: { count: assign({ count: ({ context }) => context.count + 1 }) },
  delays: { period: ({ context }) => 1 + (context.count % 3) },
}).createMachine({
  id: 'counting',
  context: { count: 0 },
  initial: 'on',
  states: { on: { after: { period: { target: 'on', reenter: true, actions: 'count' } } } },
});
const counters = defineSystem({
  name: 'counters',
  timers: 'ordered',
  actors: { a: { logic: counting }, b: { logic: counting } },
});

function told(system: System, options: SimulateOptions) {
  const steps: TraceStep[] = [];
  const { world, ...run } = simulate(system, { ...options, onStep: (step) => steps.push(step) });
  const contexts = world.addresses().map((address) => world.snapshot(address)?.context);
  return { run, steps: steps.map(({ before: _b, after: _a, ...step }) => step), contexts };
}

describe('a long run', () => {
  it.each([1, 2, 3])('goes the same way however often its world forgets (seed %d)', (seed) => {
    for (const [system, maxSteps] of [
      [camera, 10_000],
      [player, 10_000],
      [counters, 200],
      [pingPong, 500],
    ] as const) {
      const remembering = told(system, { seed, maxSteps, contentsMax: 1e9 });
      for (const contentsMax of [1, 300]) {
        expect(told(system, { seed, maxSteps, contentsMax })).toEqual(remembering);
      }
    }
  });

  it('knows no more at 600 frames than at 200', () => {
    const [at200, at600] = tableSizesAt([200, 600], 1000);
    expect(at600).toEqual({
      contents: expect.toSatisfy((n: number) => n < 1200),
      messages: expect.toSatisfy((n: number) => n < 1.2 * (at200?.messages ?? 0)),
      values: expect.toSatisfy((n: number) => n < 1.2 * (at200?.values ?? 0)),
      memo: expect.toSatisfy((n: number) => n < 1.2 * (at200?.memo ?? 0)),
      places: at200?.places,
    });
  });

  it('knows ever more when it never forgets, so that the check above can fail', () => {
    const [at100, at300] = tableSizesAt([100, 300], 1e9);
    for (const table of ['contents', 'messages', 'values', 'memo'] as const) {
      expect(at300?.[table]).toBeGreaterThan(2 * (at100?.[table] ?? 0));
    }
  });
});
