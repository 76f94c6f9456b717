import { defineSystem, type SimulateOptions, type System, simulator, type TraceStep } from 'interlace';
import { describe, expect, it } from 'vitest';
import { assign, setup } from 'xstate';
import { cameraScenario } from '../../examples/scenarios/camera.js';
import { playerScenario } from '../../examples/scenarios/player.js';
import { unplugScenario } from '../../examples/scenarios/unplug.js';
import pingPong from '../../examples/systems/pingPong.js';
import { Course } from '../../src/explore/course.js';
import { tableSizesAt } from './cameraRun.js';

const clip = { frameRate: { num: 30_000, den: 1001 }, frameBytes: 6000, buffers: 3, clientDelayMs: 7 };
const camera = cameraScenario.system({ ...clip, frames: 10 });
const unplug = unplugScenario.system({ ...clip, frames: 3 });
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

function told(system: System, options: SimulateOptions, play = simulator(system)) {
  const steps: TraceStep[] = [];
  const { world, ...run } = play({ ...options, onStep: (step) => steps.push(step) });
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

  it('is the same in a world in which others were played', () => {
    for (const [system, maxSteps] of [
      [camera, 10_000],
      [player, 200],
      [counters, 50],
      [pingPong, 100],
      [unplug, 10_000],
    ] as const) {
      for (const contentsMax of [300, 1e9]) {
        const play = simulator(system);
        for (const seed of [1, 2, 3, 4, 2]) {
          const options = { seed, maxSteps, contentsMax };
          expect(told(system, options, play)).toEqual(told(system, options));
        }
      }
    }
  });

  it('comes back to where it was, but for the scene, which counts every eighth frame', () => {
    const [at200, at600] = tableSizesAt([200, 600, 700], 1e9);
    const asks = 400 / 8;
    expect(at600).toEqual({
      contents: (at200?.contents ?? 0) + asks,
      messages: at200?.messages,
      values: (at200?.values ?? 0) + asks,
      memo: (at200?.memo ?? 0) + asks,
      places: at200?.places,
    });
  });

  it('of who counts all the time knows ever more, unless its world forgets', () => {
    const largest = (contentsMax: number): number => {
      const course = new Course(counters, contentsMax);
      let most = 0;
      for (let step = 0; step < 600; step++) {
        course.take(course.choices(), 0);
        most = Math.max(most, course.world.tables.contents.size);
      }
      return most;
    };
    expect(largest(50)).toBeLessThan(60);
    expect(largest(1e9)).toBeGreaterThan(600);
  });
});
