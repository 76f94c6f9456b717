import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cameraScenario } from '../examples/scenarios/camera.js';
import { openFileSink, openFileSource } from '../src/cli/fileBytes.js';
import { sha256 } from '../src/cli/sha256.js';
import { bytesPerFrame, frameFormat } from '../src/stream/frames/frameFormat.js';
import { pourFrames } from '../src/stream/frames/frameSink.js';
import { frames } from '../src/stream/frames/frameSource.js';
import { testPattern } from '../src/stream/frames/testPattern.js';
import { openY4m } from '../src/stream/frames/y4mReader.js';
import { openY4mWriter } from '../src/stream/frames/y4mWriter.js';
import { streamRunSteps } from '../src/stream/streamRun.js';
import { barePipe } from './barePipe.js';
import { Memory } from './memory.js';

const format = frameFormat({ width: 320, height: 240 });
const HEADER = 'YUV4MPEG2 W320 H240 F25:1 Ip A1:1 C420jpeg';

/** One way of the frames from file to file. */
interface Passage {
  readonly frames: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
  readonly sha256: string;
}

export interface FramesMeasurement {
  readonly frames: number;
  readonly stack: Passage & {
    readonly megabytes: readonly number[];
    readonly heapMegabytes: readonly number[];
  };
  readonly pipe: Passage;
  /** Of the frame rates: what is left of the bare pipe's when the frames go through the stack. */
  readonly ratio: number;
}

/**
 * 320×240 frames from a file to a file, through the camera's whole stack and through a bare RxJS pipe that reads, copies,
 * hashes and writes the same ones; both in this process, one after the other. The memory of the process is looked at ten times
 * while the stack runs.
 */
export function benchFrames(count: number): FramesMeasurement {
  const folder = mkdtempSync(join(tmpdir(), 'interlace-bench-'));
  const clip = join(folder, 'in.y4m');
  try {
    pourFrames(frames(testPattern(format, count)), openY4mWriter(openFileSink(clip), HEADER));
    // The file is read once before, so that neither passage finds it colder than the other.
    const warmUp = openFileSource(clip);
    const piece = new Uint8Array(1 << 20);
    while (warmUp.read(piece) > 0);
    warmUp.close();
    const stack = throughStack(clip, join(folder, 'stack.y4m'), count);
    const pipe = timed(count, () => barePipe(clip, join(folder, 'pipe.y4m')));
    if (stack.sha256 !== pipe.sha256 || statSync(clip).size !== statSync(join(folder, 'stack.y4m')).size) {
      throw new Error('the two passages did not deliver the same frames');
    }
    const ratio = Number((stack.framesPerSecond / pipe.framesPerSecond).toFixed(3));
    return { frames: count, stack, pipe, ratio };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function throughStack(clip: string, out: string, count: number): FramesMeasurement['stack'] {
  const memory = new Memory(Math.max(1, Math.floor(count / 10)));
  const passage = timed(count, () => {
    const bytes = openFileSource(clip);
    const source = openY4m(bytes, clip);
    const system = cameraScenario.system({
      ...{ frames: count, frameRate: format.frameRate, frameBytes: bytesPerFrame(format) },
      ...{ buffers: 4, clientDelayMs: 0 },
    });
    const sinks = [openY4mWriter(openFileSink(out), source.header)];
    const steps = streamRunSteps({
      ...{ system, source, hasher: sha256(), sinks },
      watch: ({ delivered$ }) => delivered$.subscribe(() => memory.tick()),
    });
    let next = steps.next();
    while (!next.done) next = steps.next();
    bytes.close();
    return next.value.streams[0]?.sha256 ?? '';
  });
  return { ...passage, ...memory.samples };
}

function timed(count: number, pass: () => string): Passage {
  const start = performance.now();
  const digest = pass();
  const seconds = (performance.now() - start) / 1000;
  return {
    frames: count,
    seconds: Number(seconds.toFixed(2)),
    framesPerSecond: Math.round(count / seconds),
    sha256: digest,
  };
}
