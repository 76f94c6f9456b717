import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publishedCounts } from '../../examples/publishedCounts.js';
import { cameraScenario } from '../../examples/scenarios/camera.js';
import { classDriver, type StreamScenario } from '../../machines/index.js';
import { bundled } from '../../src/cli/catalog.js';
import type { LogicSource } from '../../src/index.js';
import { interlace } from '../cli/commandLine.js';
import { everyState } from '../explore/everyState.js';
import { bentCamera } from './cameraRun.js';

let outDir: string;
beforeEach(() => {
  outDir = mkdtempSync(join(tmpdir(), 'interlace-camera-'));
});
afterEach(() => rmSync(outDir, { recursive: true }));

const short = { frames: 2, frameRate: { num: 25, den: 1 }, frameBytes: 4608, buffers: 1, clientDelayMs: 0 };

const checkCamera = (catalog = bundled) =>
  interlace(['check', 'camera', '--no-reduction', '--json', '--out-dir', outDir], { catalog });

it('the stack of the camera is sound in every schedule, and every part of it has its say', async () => {
  const { code, out } = await checkCamera();
  const { verdict, exhausted, statistics, witnesses, coverage } = JSON.parse(out);
  expect([code, verdict, exhausted]).toEqual([0, 'holds', true]);
  expect(statistics.states).toBe(publishedCounts['camera']?.states);
  expect(
    Object.entries(witnesses).filter(([, witness]) => !(witness as { reached: boolean }).reached),
  ).toEqual([]);
  const rows = Object.entries(coverage) as [
    string,
    { states: { entered: string[] }; events: { handled: string[] } },
  ][];
  const acting = rows.filter(
    ([, { states, events }]) => states.entered.length > 1 && events.handled.length > 0,
  );
  const children = ['classDriver/eventQueue', 'classDriver/pin'];
  const topLevel = [...cameraScenario.system(short).actors.keys()];
  expect(acting.map(([name]) => name)).toEqual(expect.arrayContaining([...topLevel, ...children]));
}, 300_000);

it.each([
  ['cancel', 'client', ['cancelling', 'dead']],
  ['timeout', 'hardware', ['engine.hanging']],
  ['formats', 'client', ['up.agreeingOnFormat']],
])(
  'the trouble of the scenario %s comes in its check too, and ends well in every schedule',
  async (name, actor, states) => {
    const { code, out } = await interlace(['check', name, '--no-reduction', '--json', '--out-dir', outDir], {
      catalog: bundled,
    });
    const { verdict, exhausted, statistics, coverage } = JSON.parse(out);
    expect([code, verdict, exhausted]).toEqual([0, 'holds', true]);
    expect(statistics.states).toBe(publishedCounts[name]?.states);
    expect(coverage[actor].states.entered).toEqual(expect.arrayContaining(states));
  },
  300_000,
);

it('a camera that completes a read twice is found, by a shortest run', async () => {
  const completes = "yield* StreamClassStreamNotification('StreamRequestComplete', stream, done);";
  const scenario = await bentCamera(completes, `${completes}\n    ${completes}`);
  const { code, out } = await checkCamera({ ...bundled, scenarios: [scenario] });
  const [violation] = JSON.parse(out).violations;
  expect(code).toBe(1);
  expect(violation).toMatchObject({ property: 'no failures', shortest: true });
  expect(violation.message).toContain('does not own (A-062)');
});

describe('each property of the camera is violated', () => {
  const found = async ({ system, properties = [] }: StreamScenario, driver: LogicSource = classDriver) => {
    const sound = system(short);
    const actors = new Map(sound.actors).set('classDriver', { logic: driver, input: { timeoutTicks: 4 } });
    const { violations } = await everyState({ ...sound, timers: 'ordered', actors }, { properties });
    return violations.map(({ property, shortest }) => [property.slice(0, 7), shortest]);
  };

  it('by none when all is well', async () => {
    expect(await found(cameraScenario)).toEqual([]);
  });

  it('by a camera that does not stop its engine (INV-043)', async () => {
    const bent = await bentCamera('yield* reset(extension);\n      yield* returnAll', 'yield* returnAll');
    expect(await found(bent)).toEqual([['INV-043', true]]);
  });

  it('by a class driver that leaves the interrupt connected (INV-055)', async () => {
    const bent = classDriver.provide({ actions: { disconnectInterrupt: () => {} } });
    expect(await found(cameraScenario, bent)).toEqual([['INV-055', true]]);
  });

  it('by a camera that enables its interrupt when it goes (INV-064)', async () => {
    const reset = "'SRB_UNINITIALIZE_DEVICE':\n        yield* reset(extension);";
    const bent = await bentCamera(reset, `${reset}\n        yield* WRITE_REGISTER_ULONG('CONTROL', 2);`);
    expect(await found(bent)).toEqual([['INV-064', true]]);
  });
});
