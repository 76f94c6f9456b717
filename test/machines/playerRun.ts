import type { TimerMode, TraceStep } from 'interlace';
import { type StreamOptions, soundBlocks } from 'interlace/stream-class';
import type { PlayerVariant } from '../../examples/minidrivers/player.js';
import { playerSystemWith } from '../../examples/scenarios/player.js';
import { bytesPerFrame, frameFormat } from '../../src/stream/frames/frameFormat.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import { type StreamRun, streamRunSteps } from '../../src/stream/streamRun.js';
import { sha256 } from '../stream/frames/memoryBytes.js';

/** Frames of more than two pages, which fill no page. */
export const format = frameFormat({ width: 96, height: 64 });

export interface PlayerRun extends StreamRun {
  readonly taken: readonly TraceStep[];
}

/** Plays the test pattern and its sound through the player's stack. */
export function playPlayer(
  change: Partial<StreamOptions> & {
    readonly seed?: number;
    readonly timers?: TimerMode;
    readonly variant?: PlayerVariant;
  } = {},
): PlayerRun {
  const { seed = 1, timers = 'urgent', variant, ...options } = change;
  const stream: StreamOptions = {
    ...{ frames: 12, frameRate: format.frameRate, frameBytes: bytesPerFrame(format) },
    ...{ buffers: 3, clientDelayMs: 0, ...options },
  };
  const { frames, frameRate } = stream;
  const steps = streamRunSteps({
    system: { ...playerSystemWith(stream, variant), timers },
    source: testPattern(format, frames),
    hasher: sha256(),
    sound: { source: soundBlocks(frameRate, frames), hasher: sha256() },
    seed,
  });
  const taken: TraceStep[] = [];
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done) return { ...next.value, taken };
    taken.push(next.value);
  }
}
