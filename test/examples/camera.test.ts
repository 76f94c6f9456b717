import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testPatternFrame } from '../../src/stream/frames/testPattern.js';
import { bentCamera, type CameraRun, format, playCamera } from './cameraRun.js';

const FIFO_DEPTH = 2;
const DMA_MS = 1;
const PERIOD_MS = 40;

function patternHash(numbers: readonly number[]): string {
  const hash = createHash('sha256');
  for (const number of numbers) hash.update(testPatternFrame(format, number));
  return hash.digest('hex');
}

/**
 * Which frames arrive, by arithmetic alone: a frame is captured every 40 ms into a FIFO of two; a transfer takes the head as soon
 * as a buffer is there, and lasts a millisecond; then the client has it, and gives the buffer back after its delay.
 *
 * @returns `undefined` when two things that matter to each other fall into one millisecond, where the schedule decides
 */
function expectedFrames(frames: number, buffers: number, delayMs: number): readonly number[] | undefined {
  const freeAt: number[] = Array(buffers).fill(0);
  const fifo: number[] = [];
  const arrived: number[] = [];
  let engineFreeAt = 0;
  const drainUntil = (nowMs: number): boolean => {
    for (;;) {
      freeAt.sort((a, b) => a - b);
      const next = fifo[0];
      const buffer = freeAt[0];
      if (next === undefined || buffer === undefined) return true;
      const start = Math.max(buffer, engineFreeAt, (next + 1) * PERIOD_MS);
      if (start === nowMs && (next + 1) * PERIOD_MS !== nowMs) return false;
      if (start > nowMs) return true;
      fifo.shift();
      arrived.push(next);
      engineFreeAt = start + DMA_MS;
      freeAt[0] = engineFreeAt + delayMs;
    }
  };
  for (let frame = 0; frame < frames; frame++) {
    const now = (frame + 1) * PERIOD_MS;
    if (!drainUntil(now)) return undefined;
    if (freeAt.includes(now) || engineFreeAt === now) return undefined;
    if (fifo.length < FIFO_DEPTH) fifo.push(frame);
    if (!drainUntil(now)) return undefined;
  }
  return drainUntil(Number.POSITIVE_INFINITY) ? arrived : undefined;
}

describe('the camera scenario', () => {
  it('delivers every frame bit for bit and in order with the default client', () => {
    const { stream, delivered, run } = playCamera();
    expect(stream).toMatchObject({
      framesCaptured: 30,
      framesDelivered: 30,
      framesDropped: 0,
      faultCount: 0,
    });
    expect(delivered).toEqual([...Array(30).keys()]);
    expect(stream.sha256).toBe(patternHash(delivered));
    expect(run.end).toBe('quiescent');
  });

  it('loses with one buffer and a client of 500 ms exactly the frames that find no room', () => {
    const { stream, delivered } = playCamera({ buffers: 1, clientDelayMs: 500 });
    // 0 goes to memory; 1 and 2 wait; every 501 ms one leaves the FIFO, and the next frame takes its place.
    expect(delivered).toEqual([0, 1, 2, 13, 26]);
    expect(stream).toMatchObject({
      framesCaptured: 30,
      framesDelivered: 5,
      framesDropped: 25,
      faultCount: 0,
    });
    expect(stream.sha256).toBe(patternHash(delivered));
  });

  it('loses what arithmetic says, whatever buffers and delay', () => {
    let lossy = 0;
    fc.assert(
      fc.property(
        fc.record({
          frames: fc.integer({ min: 0, max: 30 }),
          buffers: fc.integer({ min: 1, max: 4 }),
          clientDelayMs: fc.integer({ min: 0, max: 700 }),
          seed: fc.nat(1000),
        }),
        ({ frames, buffers, clientDelayMs, seed }) => {
          const expected = expectedFrames(frames, buffers, clientDelayMs);
          fc.pre(expected !== undefined);
          const { delivered, stream } = playCamera({ frames, buffers, clientDelayMs, seed });
          expect(delivered).toEqual(expected);
          expect(stream.framesCaptured).toBe(stream.framesDelivered + stream.framesDropped);
          expect(stream.faultCount).toBe(0);
          if (stream.framesDropped > 0) lossy++;
        },
      ),
      { numRuns: 30 },
    );
    expect(lossy).toBeGreaterThan(10);
  }, 60_000);

  it('has another timeline for another seed, the same frames, and the same device in the end', () => {
    const runs = [1, 2, 3, 4, 5, 6].map((seed) => playCamera({ seed }));
    const timelines = new Set(runs.map(({ steps }) => steps.map(({ choice }) => choice).join(' ')));
    const frames = new Set(runs.map(({ stream }) => stream.sha256));
    const devices = new Set(runs.map(({ run }) => JSON.stringify(endOfDevice(run))));
    expect(timelines.size).toBeGreaterThan(1);
    expect([frames.size, devices.size]).toEqual([1, 1]);
  });

  it('is the same to the byte for the same seed', () => {
    const [first, second] = [playCamera({ seed: 9 }), playCamera({ seed: 9 })];
    expect(JSON.stringify(first.steps)).toBe(JSON.stringify(second.steps));
    expect(first.stream).toEqual(second.stream);
  });
});

/** What the device looks like from outside, names of schedules aside. */
function endOfDevice({ world }: CameraRun['run']): unknown {
  return ['pnpManager', 'classDriver', 'synchronizer', 'hardware', 'minidriver'].map((address) => {
    const snapshot = world.snapshot(address);
    return [address, snapshot?.value, snapshot?.context];
  });
}

describe('the bytes go through the stack', () => {
  const program = "yield* WRITE_REGISTER_BUFFER_ULONG('DMA_DESCRIPTORS', descriptors);";
  const bendings: [string, string, string][] = [
    ['a wrong length', program, program.replace('descriptors)', 'descriptors.with(-1, 8))')],
    [
      'a wrong address',
      program,
      program.replace('descriptors)', 'descriptors.with(1, (descriptors[1] ?? 0) + 4096))'),
    ],
    ['a wrong address for the time', program, program.replace('descriptors)', 'descriptors.with(0, 8))')],
    [
      'elements in the wrong order',
      'srb.ScatterGatherBuffer.flatMap(',
      'srb.ScatterGatherBuffer.toReversed().flatMap(',
    ],
  ];
  it.each(bendings)('a driver that programs %s delivers damaged frames', async (_what, before, after) => {
    const { stream } = playCamera({ scenario: await bentCamera(before, after), frames: 5 });
    expect(stream.faultCount).toBeGreaterThan(0);
    expect(stream.sha256).not.toBe(patternHash([0, 1, 2, 3, 4]));
  });

  it('a driver without its interrupt routine streams nothing', async () => {
    const scenario = await bentCamera('registration: {\n      HwInterrupt,', 'registration: {');
    const { stream } = playCamera({ scenario, frames: 5 });
    expect(stream.framesDelivered).toBe(0);
    expect(stream.framesCaptured).toBe(5);
  });
});

describe('the trace of the camera scenario', () => {
  const { steps } = playCamera({ frames: 5 });
  const sent = steps.flatMap((step) => step.sent);

  it('finds every actor of the stack as sender and as receiver', () => {
    const actors = ['pnpManager', 'classDriver', 'classDriver/pin:0', 'synchronizer', 'minidriver', 'client'];
    for (const actor of actors) {
      expect(sent.some(({ from }) => from === actor)).toBe(true);
      expect(sent.some(({ to }) => to === actor)).toBe(true);
    }
    expect(sent.some(({ from }) => from === 'hardware')).toBe(true);
  });

  it('carries every IRP and SRB between two different actors', () => {
    expect(sent.length).toBeGreaterThan(100);
    expect(sent.filter(({ from, to }) => from === to)).toEqual([]);
    expect(sent.filter(({ dropped }) => dropped)).toEqual([]);
  });

  it('completes every SRB exactly once, and every IRP exactly once', () => {
    const outstanding = new Map<string, number>();
    const count = (key: string, by: number): void => {
      outstanding.set(key, (outstanding.get(key) ?? 0) + by);
      expect([0, 1]).toContain(outstanding.get(key));
    };
    let completed = 0;
    for (const { to, event } of sent) {
      const srb = 'srb' in event ? (event['srb'] as { id: string }).id : undefined;
      if (srb !== undefined && to === 'minidriver') count(`srb ${srb}`, 1);
      if (srb !== undefined && event.type.endsWith('Notification')) {
        count(`srb ${srb}`, -1);
        completed++;
      }
      const irp = 'irp' in event ? String(event['irp']) : undefined;
      if (irp !== undefined && to === 'classDriver' && /^(IRP|IOCTL)_/.test(event.type))
        count(`irp ${irp}`, 1);
      if (event.type === 'IoCompleteRequest') count(`irp ${irp}`, -1);
    }
    expect([...outstanding.values()].every((n) => n === 0)).toBe(true);
    expect(completed).toBeGreaterThan(15);
  });
});
