import { simulate, type TraceStep } from 'interlace';
import { describe, expect, it } from 'vitest';
import { exampleScenarios } from '../../examples/index.js';
import { numberedEmissions } from './frameNumbers.js';

const options = {
  frames: 30,
  frameRate: { num: 25, den: 1 },
  frameBytes: 6000,
  buffers: 3,
  clientDelayMs: 0,
};

/** Plays a scenario; the numbers of the frames that arrive. */
function framesOf(name: string, seed: number): number[] {
  const scenario = exampleScenarios.find((entry) => entry.name === name);
  if (!scenario) throw new Error(`there is no scenario ${name}`);
  const steps: TraceStep[] = [];
  const { end, world } = simulate(scenario.system(options), { seed, onStep: (step) => steps.push(step) });
  expect(end).toBe('quiescent');
  expect(world.snapshot('pnpManager')?.value).toBe('removed');
  expect(world.snapshot('minidriver')?.status).toBe('active');
  const delivered = numberedEmissions(steps).filter(({ type }) => type === 'FrameDelivered');
  return delivered.map(({ frame }) => Number(frame));
}

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('the scenarios of everyday trouble, for every seed tried', () => {
  const cases: [string, number[]][] = [
    ['camera', upTo(0, 29)],
    // Ten frames each; what it opened again shows the sensor's next ones.
    ['cancel', upTo(0, 19)],
    // The tenth frame was complete at 400 ms.
    ['unplug', upTo(0, 9)],
    // The sensor goes on where it was.
    ['power-cycle', upTo(0, 29)],
    ['rebalance', upTo(0, 29)],
    ['properties', upTo(0, 29)],
    ['formats', upTo(0, 14).map((n) => 2 * n)],
    // The sixth frame hangs at 240 ms; the first tick comes at 1000 ms, and frame 24 is complete just before or just after it.
    ['timeout', [...upTo(0, 4), ...upTo(25, 29)]],
  ];
  for (const [name, frames] of cases) {
    it(`${name} delivers the frames that can arrive`, () => {
      for (const seed of [1, 2, 3]) {
        const arrived = framesOf(name, seed).filter((frame) => name !== 'timeout' || frame !== 24);
        expect(arrived, `seed ${seed}`).toEqual(frames);
      }
    });
  }
});
