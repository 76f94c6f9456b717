import { throttleTime } from 'rxjs';
import { UsageError } from '../kernel/usageError.js';
import { bytesPerFrame } from '../stream/frames/frameFormat.js';
import type { FrameSink } from '../stream/frames/frameSink.js';
import { countY4mFrames, openY4m, type Y4mReader } from '../stream/frames/y4mReader.js';
import { openY4mWriter } from '../stream/frames/y4mWriter.js';
import type { StreamResult } from '../stream/lane.js';
import { type FrameStreams, type StreamRun, streamRunSteps } from '../stream/streamRun.js';
import type { StreamOptions, StreamScenario } from '../stream/streamScenario.js';
import { bundledClip } from './catalog.js';
import { type Edge, ExitCode, printJson } from './edge.js';
import { isSameFile, openFileSink, openFileSource } from './fileBytes.js';
import { exitCodeOf, failuresIn, play, summaryLines, timeline } from './play.js';
import type { RunOptions } from './runOptions.js';
import { sha256 } from './sha256.js';

/** So many reads outstanding lose no frame when the client is quick. */
const buffersDefault = 4;

/**
 * A scenario with frames: looks the clip over, plays it through the system, and writes what arrives.
 *
 * The output takes its name only when the exit code is 0; otherwise nothing is left of it, and what was there before stays.
 */
export async function runScenario(
  scenario: StreamScenario,
  options: RunOptions,
  edge: Edge,
): Promise<number> {
  const { terminal } = edge;
  const file = options.frames ?? bundledClip();
  const name = options.frames ?? 'the bundled clip';
  if (options.out !== undefined && isSameFile(file, options.out)) {
    throw new UsageError(`${options.out} is ${name} itself`, 'give --out another name');
  }
  const frames = countFrames(file, name);
  const bytes = openFileSource(file);
  try {
    const clip = openY4m(bytes, name);
    const streamOptions: StreamOptions = {
      frames,
      frameRate: clip.format.frameRate,
      frameBytes: bytesPerFrame(clip.format),
      buffers: options.buffers ?? buffersDefault,
      clientDelayMs: options.clientDelay ?? 0,
    };
    const system = scenario.system(streamOptions);
    const sound = scenario.sound?.(streamOptions);
    const lines = timeline(terminal, options.timeline === true);
    const { seed, maxSteps } = options;
    const run = await play(
      streamRunSteps({
        ...{ system, seed, source: clip, hasher: sha256(), sinks: sinksFor(options.out, clip) },
        ...(maxSteps === undefined ? {} : { maxSteps }),
        ...(sound === undefined ? {} : { sound: { source: sound, hasher: sha256() } }),
        signal: edge.signal,
        watch: (streams) => showProgress(streams, frames, edge, () => options.json === true || lines.isCut),
      }),
      (step) => options.json || lines.show(step),
      () => !terminal.isClosed || options.out !== undefined,
    );
    clearProgress(edge);
    if (!run) return ExitCode.done;
    const failures = failuresIn(system, run.world);
    const code = exitCodeOf(run.end, failures.length === 0 && isSound(run), edge);
    if (options.json) {
      const { world: _, ...document } = run;
      printJson(terminal, { scenario: scenario.name, ...document, failures });
    } else {
      lines.end();
      terminal.out(`\n${[...summaryLines(run, failures), '', ...report(run, options, code)].join('\n')}\n`);
    }
    return code;
  } finally {
    bytes.close();
  }
}

function countFrames(file: string, name: string): number {
  const bytes = openFileSource(file);
  try {
    return countY4mFrames(bytes, name);
  } finally {
    bytes.close();
  }
}

function sinksFor(out: string | undefined, clip: Y4mReader): FrameSink[] {
  return out === undefined ? [] : [openY4mWriter(openFileSink(out), clip.header)];
}

function isSound({ streams }: StreamRun): boolean {
  return streams.every(({ faultCount }) => faultCount === 0);
}

/** One line on a terminal, at most once in a second of virtual time. */
function showProgress(
  { clock, delivered$ }: FrameStreams,
  frames: number,
  { terminal }: Edge,
  isOn: () => boolean,
): void {
  if (!terminal.showsProgress) return;
  delivered$.pipe(throttleTime(1000, clock)).subscribe(({ number }) => {
    if (isOn()) terminal.err(`\rframe ${number + 1} of ${frames}`);
  });
}

function clearProgress({ terminal }: Edge): void {
  if (terminal.showsProgress) terminal.err('\r\u001b[K');
}

/** What people want to know of the frames. */
function report(run: StreamRun, { out }: RunOptions, code: number): string[] {
  const { completed, failed, cancelled } = run.irps;
  return [
    ...run.streams.flatMap((stream) => [
      ...(run.streams.length > 1 ? [`stream    ${stream.name}`] : []),
      ...streamLines(stream),
    ]),
    `requests  ${completed} completed, ${failed} failed, ${cancelled} cancelled`,
    ...(run.events.enabled > 0
      ? [`events    ${run.events.enabled} enabled, ${run.events.signalled} signalled`]
      : []),
    ...(out === undefined ? [] : [outputLine(out, run, code)]),
  ];
}

function streamLines(stream: StreamResult): string[] {
  const { framesCaptured, framesDelivered, framesDropped, sha256, gaps, faults, faultCount } = stream;
  const lost = gaps.map(({ firstMissing, count }) =>
    count === 1 ? `${firstMissing}` : `${firstMissing}-${firstMissing + count - 1}`,
  );
  const more = faultCount - faults.length;
  return [
    `frames    ${framesCaptured} captured, ${framesDelivered} delivered, ${framesDropped} dropped`,
    ...(lost.length === 0 ? [] : [`dropped   ${lost.join(', ')}`]),
    ...(faultCount === 0 && framesDelivered > 0
      ? ['          every frame that was not dropped arrived bit for bit and in order']
      : []),
    ...faults.map((fault) => `violated  ${fault}`),
    ...(more > 0 ? [`          and ${more} more`] : []),
    `sha256    ${sha256}`,
  ];
}

/** The first stream is the one that is written. */
function outputLine(out: string, run: StreamRun, code: number): string {
  const count = run.streams[0]?.framesDelivered ?? 0;
  return code === ExitCode.done ? `written   ${out}, ${count} frames` : `not written: ${out}`;
}
