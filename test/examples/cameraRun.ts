import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cameraScenario, cameraScenarioOf } from '../../examples/scenarios/camera.js';
import type { KSDATAFORMAT, Minidriver, StreamScenario } from '../../machines/index.js';
import { bytesPerFrame, type FrameFormat, frameFormat } from '../../src/stream/frames/frameFormat.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import type { StreamResult } from '../../src/stream/lane.js';
import { type StreamRun, streamRunSteps } from '../../src/stream/streamRun.js';
import type { TraceStep } from '../../src/trace/step.js';
import { sha256 } from '../stream/frames/memoryBytes.js';

/** Two pages and a half: a frame has several elements of scatter/gather, the last of them short. */
export const format: FrameFormat = frameFormat({ width: 80, height: 96 });

export interface CameraPlay {
  readonly scenario?: StreamScenario;
  readonly frames?: number;
  readonly buffers?: number;
  readonly clientDelayMs?: number;
  readonly seed?: number;
}

export interface CameraRun {
  readonly run: StreamRun;
  readonly stream: StreamResult;
  readonly steps: readonly TraceStep[];
  /** Numbers of the delivered frames, in order of delivery. */
  readonly delivered: readonly number[];
}

/** Plays the camera scenario with frames of a test pattern. */
export function playCamera(play: CameraPlay = {}): CameraRun {
  const { scenario = cameraScenario, frames = 30, buffers = 4, clientDelayMs = 0, seed = 1 } = play;
  const steps: TraceStep[] = [];
  const delivered: number[] = [];
  const generator = streamRunSteps({
    system: scenario.system({
      frames,
      frameRate: format.frameRate,
      frameBytes: bytesPerFrame(format),
      buffers,
      clientDelayMs,
    }),
    source: testPattern(format, frames),
    hasher: sha256(),
    seed,
    watch: ({ delivered$ }) => delivered$.subscribe(({ number }) => delivered.push(number)),
  });
  for (;;) {
    const next = generator.next();
    if (!next.done) {
      steps.push(next.value);
      continue;
    }
    const [stream] = next.value.streams;
    if (!stream) throw new Error('the camera has a stream');
    return { run: next.value, stream, steps, delivered };
  }
}

const root = resolve(import.meta.dirname, '../..');

/**
 * The scenario with a minidriver whose source differs from the camera's in one place.
 *
 * @throws Error when the place is not there exactly once
 */
export async function bentCamera(before: string, after: string): Promise<StreamScenario> {
  mkdirSync(join(root, '.interlace'), { recursive: true });
  const folder = mkdtempSync(join(root, '.interlace/bent-'));
  try {
    const source = readFileSync(join(root, 'examples/minidrivers/camera.ts'), 'utf8');
    if (source.split(before).length !== 2) throw new Error(`the camera has '${before}' not exactly once`);
    const file = join(folder, 'camera.ts');
    writeFileSync(file, source.replace(before, after));
    for (const name of ['cameraEvents.ts', 'cameraProperties.ts', 'cameraFormats.ts', 'dataFormats.ts'])
      copyFileSync(join(root, 'examples/minidrivers', name), join(folder, name));
    const module: { camera(sensor: KSDATAFORMAT): Minidriver } = await import(file);
    return cameraScenarioOf(module.camera);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
