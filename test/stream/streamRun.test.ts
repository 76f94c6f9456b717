import { createHash } from 'node:crypto';
import { throttleTime } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { bytesPerFrame, type FrameFormat, frameFormat } from '../../src/stream/frames/frameFormat.js';
import type { FrameSource } from '../../src/stream/frames/frameSource.js';
import { testPattern, testPatternFrame } from '../../src/stream/frames/testPattern.js';
import { openY4m } from '../../src/stream/frames/y4mReader.js';
import { openY4mWriter } from '../../src/stream/frames/y4mWriter.js';
import {
  runStreams,
  type StreamRun,
  type StreamRunOptions,
  streamRunSteps,
} from '../../src/stream/streamRun.js';
import { ascii, MemorySink, memorySource, sha256 } from './frames/memoryBytes.js';
import { type StubFaults, stubCamera } from './stubCamera.js';

const small = frameFormat({ width: 64, height: 48 });

interface Play extends Partial<Omit<StreamRunOptions, 'system'>> {
  readonly format?: FrameFormat;
  readonly frames?: number;
  readonly buffers?: number;
  readonly clientDelayMs?: number;
  readonly faults?: StubFaults;
}

function optionsOf(play: Play): StreamRunOptions {
  const { format = small, frames = 30, buffers = 3, clientDelayMs = 0, faults, ...rest } = play;
  const frameBytes = bytesPerFrame(format);
  return {
    system: stubCamera({ frames, frameRate: format.frameRate, frameBytes, buffers, clientDelayMs }, faults),
    source: testPattern(format, frames),
    hasher: sha256(),
    ...rest,
  };
}

function play(options: Play = {}): StreamRun {
  return runStreams(optionsOf(options));
}

/** The one stream of a run. */
function streamOf(run: StreamRun) {
  const [stream] = run.streams;
  if (!stream) throw new Error('expected a stream');
  return stream;
}

function patternHash(numbers: readonly number[]): string {
  const hash = createHash('sha256');
  for (const number of numbers) hash.update(testPatternFrame(small, number));
  return hash.digest('hex');
}

const count = (n: number): number[] => [...Array(n).keys()];

describe('runStreams', () => {
  it('delivers every frame, and the digest is that of the source', () => {
    const run = play();
    expect(run.end).toBe('quiescent');
    expect(streamOf(run)).toEqual({
      name: 'capture',
      framesCaptured: 30,
      framesDelivered: 30,
      framesDropped: 0,
      sha256: patternHash(count(30)),
      gaps: [],
      faults: [],
      faultCount: 0,
    });
  });

  it('counts requests by how they ended', () => {
    expect(play({ buffers: 5 }).irps).toEqual({ completed: 30, failed: 0, cancelled: 5 });
  });

  it('gives back a clip byte for byte, header and frame parameters included', () => {
    const clip = ascii(
      'YUV4MPEG2 W3 H1 F30000:1001 Ib A1:1 C444 XKEPT=1\nFRAME Ip\n012345678FRAME\nabcdefghiFRAME Xq\n---------',
    );
    const source = openY4m(memorySource(clip), 'clip.y4m');
    const file = new MemorySink();
    const sinks = [openY4mWriter(file, source.header)];
    const run = play({ format: source.format, frames: 3, source, sinks });
    expect(streamOf(run).framesDelivered).toBe(3);
    expect(file.ending).toBe('closed');
    expect(file.bytes).toEqual(clip);
  });

  it('loses with one buffer and a slow client just the frames for which no room was, and says which', () => {
    // 25 frames a second. The buffer is free 500 ms after a completed read, when 2 frames wait in the FIFO since then:
    // frame 0 goes through at once, 1 and 2 fill the FIFO, 1 leaves at 502 ms and makes room for 13 (520 ms), and so on.
    const run = play({ buffers: 1, clientDelayMs: 500 });
    const stream = streamOf(run);
    expect(stream.gaps).toEqual([
      { firstMissing: 3, count: 10 },
      { firstMissing: 14, count: 12 },
      { firstMissing: 27, count: 3 },
    ]);
    expect(stream).toMatchObject({ framesCaptured: 30, framesDelivered: 5, framesDropped: 25, faults: [] });
    expect(stream.sha256).toBe(patternHash([0, 1, 2, 13, 26]));
    expect(streamOf(play({ buffers: 1, clientDelayMs: 250 })).framesDelivered).toBeGreaterThan(5);
    expect(streamOf(play({ buffers: 2, clientDelayMs: 500 })).framesDelivered).toBeGreaterThan(5);
  });

  it('says what was dropped while it is, and everything adds up', () => {
    const seen = { captured: [] as number[], dropped: [] as number[], delivered: [] as number[] };
    play({
      buffers: 1,
      clientDelayMs: 500,
      watch: ({ captured$, dropped$, delivered$ }) => {
        captured$.subscribe((frame) => seen.captured.push(frame.number));
        dropped$.subscribe((number) => seen.dropped.push(number));
        delivered$.subscribe((frame) => seen.delivered.push(frame.number));
      },
    });
    expect(seen.captured).toEqual(count(30));
    expect(seen.delivered).toEqual([0, 1, 2, 13, 26]);
    expect([...seen.dropped, ...seen.delivered].sort((a, b) => a - b)).toEqual(count(30));
  });

  it.each<[string, StubFaults, string]>([
    [
      'a length too short',
      { program: (all) => all.map((e, i) => (i === 1 ? { ...e, Length: e.Length - 1 } : e)) },
      'frame 0 arrived damaged: byte 4607 is 0, the source has',
    ],
    [
      'an element missing',
      { program: (all) => all.slice(0, -1) },
      'frame 0 arrived damaged: byte 4096 is 0, the source has',
    ],
    [
      'an address one page off',
      { program: (all) => all.map((e) => ({ ...e, PhysicalAddress: e.PhysicalAddress + 4096 })) },
      'frame 0 arrived damaged: byte ',
    ],
    ['elements in another order', { program: (all) => [...all].reverse() }, 'frame 0 arrived damaged: byte '],
    [
      'a wrong length in the answer',
      { dataUsed: (frame, right) => (frame === 0 ? right - 1 : right) },
      'frame 0 arrived with 4607 bytes, it has 4608',
    ],
    [
      'the time stamp of the frame before',
      { timeStamp: (frame, right) => (frame === 4 ? right - 400_000 : right) },
      'the frame with the time stamp 1200000 (number 3) arrived twice',
    ],
    [
      'the time stamp of a frame long ago',
      { timeStamp: (frame, right) => (frame === 4 ? 0 : right) },
      'the frame with the time stamp 0 (number 0) arrived after frame 3',
    ],
    [
      'the time stamp of a frame to come',
      { timeStamp: (frame, right) => (frame === 4 ? 40_000_000 : right) },
      'the frame with the time stamp 40000000 (number 100) arrived before it was captured',
    ],
  ])('finds out a driver with %s, and throws its output away', (_, faults, message) => {
    const file = new MemorySink();
    const stream = streamOf(play({ faults, sinks: [openY4mWriter(file, small)] }));
    expect(stream.faults[0]).toContain(message);
    expect(stream.sha256).not.toBe(patternHash(count(30)));
    expect(stream.faultCount).toBeGreaterThan(0);
    expect(stream.framesCaptured).toBe(stream.framesDelivered + stream.framesDropped);
    expect(file.ending).toBe('discarded');
  });

  it('takes the time stamps of a driver that adds up rounded periods', () => {
    const format = frameFormat({ width: 2, height: 2, frameRate: { num: 30_000, den: 1001 } });
    const timeStamp = (frame: number) => frame * 333_666;
    expect(streamOf(play({ format, frames: 200, faults: { timeStamp } }))).toMatchObject({
      framesDelivered: 200,
      faults: [],
    });
  });

  it('is the same run for the same seed, and another schedule with the same frames for another', () => {
    const trace = (seed: number): string => {
      const steps = streamRunSteps(optionsOf({ seed }));
      const lines: string[] = [];
      for (let next = steps.next(); ; next = steps.next()) {
        if (next.done) return JSON.stringify([lines, next.value.streams, next.value.irps]);
        lines.push(`${next.value.atMs} ${next.value.choice}`);
      }
    };
    expect(trace(5)).toBe(trace(5));
    const seeds = [1, 2, 3, 4, 5, 6];
    expect(new Set(seeds.map(trace)).size).toBeGreaterThan(1);
    const digests = seeds.map((seed) => streamOf(play({ seed })).sha256);
    expect(new Set(digests)).toEqual(new Set([patternHash(count(30))]));
  });

  it('plays a clip without frames', () => {
    expect(streamOf(play({ frames: 0 }))).toMatchObject({
      framesCaptured: 0,
      sha256: createHash('sha256').digest('hex'),
    });
  });

  it('books what is on its way when the steps run out as dropped, and keeps the output', () => {
    const file = new MemorySink();
    const run = play({ maxSteps: 40, sinks: [openY4mWriter(file, small)] });
    const stream = streamOf(run);
    expect(run).toMatchObject({ end: 'steps', steps: 40 });
    expect(stream.framesDelivered).toBeGreaterThan(0);
    expect(stream.framesCaptured).toBe(stream.framesDelivered + stream.framesDropped);
    expect(file.ending).toBe('closed');
  });

  it('stops between two steps when it is told to, with what it has, and throws the output away', () => {
    const controller = new AbortController();
    const file = new MemorySink();
    const steps = streamRunSteps(
      optionsOf({ signal: controller.signal, sinks: [openY4mWriter(file, small)] }),
    );
    for (let taken = 0; taken < 60; taken++) expect(steps.next().done).toBe(false);
    controller.abort();
    const last = steps.next();
    if (!last.done) throw new Error('expected the end');
    const stream = streamOf(last.value);
    expect(last.value).toMatchObject({ end: 'abort', steps: 60 });
    expect(stream.sha256).toBe(patternHash(count(stream.framesDelivered)));
    expect(file.ending).toBe('discarded');
  });

  it('throws the output away when it is left in the middle', () => {
    const file = new MemorySink();
    const steps = streamRunSteps(optionsOf({ sinks: [openY4mWriter(file, small)] }));
    for (let taken = 0; taken < 60; taken++) steps.next();
    steps.return({} as never);
    expect(file.ending).toBe('discarded');
  });

  it('passes on what the source throws in the middle, and throws the output away', () => {
    const file = new MemorySink();
    const sinks = [openY4mWriter(file, small)];
    const pattern = testPattern(small, 30);
    let taken = 0;
    const source: FrameSource = {
      ...pattern,
      readInto: (target) => {
        if (taken++ === 10) throw new Error('the disk is gone');
        return pattern.readInto(target);
      },
    };
    expect(() => play({ source, sinks })).toThrow('the disk is gone');
    expect(file.ending).toBe('discarded');
  });

  it('passes on what a sink throws, also when it is closed', () => {
    const failing = (when: 'write' | 'close') => ({
      write() {
        if (when === 'write') throw new Error('no space');
      },
      close() {
        throw new Error('no space at the end');
      },
      discard() {},
    });
    expect(() => play({ sinks: [failing('write')] })).toThrow(/^no space$/);
    expect(() => play({ sinks: [failing('close')] })).toThrow('no space at the end');
  });

  it('refuses hardware that captures more than there is', () => {
    expect(() => play({ source: testPattern(small, 29) })).toThrow(
      'the hardware captured frame 29, and the source has only 29',
    );
  });

  it('has a clock by which operators are as deterministic as the run', () => {
    const seen = (): string[] => {
      const log: string[] = [];
      play({
        watch: ({ clock, delivered$ }) =>
          delivered$
            .pipe(throttleTime(500, clock))
            .subscribe((frame) => log.push(`${clock.now()} ms: ${frame.number}`)),
      });
      return log;
    };
    expect(seen()).toEqual(['2 ms: 0', '522 ms: 13', '1042 ms: 26']);
    expect(seen()).toEqual(seen());
  });

  it('tells the time at which things happen', () => {
    const times: number[] = [];
    play({ watch: ({ clock, captured$ }) => captured$.subscribe(() => times.push(clock.now())) });
    expect(times).toEqual(count(30).map((n) => 40 * n));
  });

  it('takes no memory per frame beside the world', () => {
    const targets = new Set<Uint8Array>();
    const pattern = testPattern(small, 2000);
    const source: FrameSource = {
      ...pattern,
      readInto: (target) => {
        targets.add(target);
        return pattern.readInto(target);
      },
    };
    const read = new Set<Uint8Array>();
    const run = play({
      frames: 2000,
      source,
      watch: ({ delivered$ }) => delivered$.subscribe((frame) => read.add(frame.data)),
    });
    expect(streamOf(run).framesDelivered).toBe(2000);
    expect(targets.size).toBeLessThanOrEqual(4);
    expect(read.size).toBe(1);
  });
});
