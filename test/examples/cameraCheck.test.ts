import { expect, it } from 'vitest';
import { bundled } from '../../src/cli/catalog.js';
import { interlace } from '../cli/commandLine.js';
import { bentCamera } from './cameraRun.js';

const check = (catalog = bundled) => interlace(['check', 'camera', '--json'], { catalog });

it('the stack of the camera is sound in every schedule', async () => {
  const { code, out } = await check();
  const { verdict, exhausted, statistics } = JSON.parse(out);
  expect([code, verdict, exhausted]).toEqual([0, 'holds', true]);
  expect(statistics.states).toBeGreaterThan(10_000);
});

it('a camera that completes a read twice is found, by a shortest run', async () => {
  const completes = "yield* StreamClassStreamNotification('StreamRequestComplete', stream, done);";
  const scenario = await bentCamera(completes, `${completes}\n    ${completes}`);
  const { code, out } = await check({ ...bundled, scenarios: [scenario] });
  const [violation] = JSON.parse(out).violations;
  expect(code).toBe(1);
  expect(violation).toMatchObject({ property: 'no failures', shortest: true });
  expect(violation.message).toContain('does not own (A-062)');
});
