import { createHash } from 'node:crypto';
import type { TraceStep } from 'interlace';
import { soundBlocks } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import type { PlayerVariant } from '../../examples/minidrivers/player.js';
import type { FrameSource } from '../../src/stream/frames/frameSource.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import { unhandled } from './play.js';
import { format, type PlayerRun, playPlayer } from './playerRun.js';

const seeds = [1, 2, 3, 4, 5];

function hashOf(source: FrameSource): string {
  const hash = createHash('sha256');
  for (let frame = source.next(); frame; frame = source.next()) hash.update(frame.data);
  return hash.digest('hex');
}

const field = (event: object, name: string): unknown => Reflect.get(event, name);

/** The SRBs of a command as they are delivered, and as they come back. */
function srbs({ taken }: PlayerRun, Command: string) {
  const sent = taken.flatMap((step) => step.sent.map((message) => ({ ...message, atMs: step.atMs })));
  const find = (type: string) =>
    sent
      .filter(({ event }) => event.type === type)
      .map(({ event, atMs }) => ({ srb: Object(field(event, 'srb')), atMs }))
      .filter(({ srb }) => srb.Command === Command);
  return {
    delivered: find('CallMinidriver'),
    completed: find('StreamClassStreamNotification'),
    irps: sent.filter(({ event }) => event.type === 'IoCompleteRequest').map(({ event }) => event),
  };
}

function emissions({ taken }: PlayerRun, type: string, stream: string) {
  return taken.flatMap(({ emitted, atMs }) =>
    emitted
      .filter((event) => event.type === type && field(event, 'stream') === stream)
      .map((event) => ({ atMs, sample: Number(field(event, 'sample')) })),
  );
}

describe('the player', () => {
  it.each(seeds)(
    'presents both streams bit for bit and to their ends, with 1 to 4 buffers (seed %d)',
    (seed) => {
      for (const buffers of [1, 2, 4]) {
        const run = playPlayer({ seed, buffers, frames: 9 });
        expect(run.end).toBe('quiescent');
        expect(unhandled({ run: { ...run, schedule: '' }, steps: run.taken })).toEqual([]);
        expect(run.streams).toMatchObject([
          {
            name: 'video',
            framesCaptured: 9,
            framesDelivered: 9,
            faults: [],
            sha256: hashOf(testPattern(format, 9)),
          },
          {
            name: 'audio',
            framesCaptured: 9,
            framesDelivered: 9,
            faults: [],
            sha256: hashOf(soundBlocks(format.frameRate, 9)),
          },
        ]);
        expect(run.irps.failed + run.irps.cancelled).toBe(0);
      }
    },
  );

  it('presents a sample per frame period, none missing, when the client is quick (F-011)', () => {
    const run = playPlayer();
    for (const stream of ['video', 'audio']) {
      const times = emissions(run, 'SamplePresented', stream).map(({ atMs }) => atMs);
      expect(times).toEqual(times.map((_, i) => 40 * (i + 1)));
      expect(emissions(run, 'SampleMissing', stream)).toEqual([]);
    }
  });

  it('presents all the same, late, when the client is slow: the device underruns and goes on (F-015)', () => {
    const run = playPlayer({ buffers: 1, clientDelayMs: 90, frames: 5 });
    expect(run.streams[0]).toMatchObject({ framesDelivered: 5, faultCount: 0 });
    // A buffer is fetched in 1 ms and written again 90 ms later: frame n is there at 91·n + 1.
    const times = emissions(run, 'SamplePresented', 'video').map(({ atMs }) => atMs);
    expect(times).toEqual([0, 1, 2, 3, 4].map((n) => 40 * Math.ceil((91 * n + 1) / 40)));
    expect(emissions(run, 'SampleMissing', 'video')).toHaveLength(5);
  });

  it('plays both streams soundly when timers may fire before messages are taken', () => {
    for (const seed of [1, 2, 3]) {
      const run = playPlayer({ seed, timers: 'ordered', frames: 4 });
      expect(unhandled({ run: { ...run, schedule: '' }, steps: run.taken })).toEqual([]);
      expect(run.streams.map(({ faults }) => faults)).toEqual([[], []]);
      expect(run.end).toBe('quiescent');
    }
  });

  it('ends a clip without frames, and one with fewer frames than buffers', () => {
    for (const frames of [0, 1, 2]) {
      const run = playPlayer({ frames, buffers: 4 });
      expect(run.end).toBe('quiescent');
      expect(run.streams).toMatchObject([{ framesDelivered: frames }, { framesDelivered: frames }]);
    }
  });

  it.each<[string, PlayerVariant, RegExp]>([
    [
      'address',
      { program: (list) => list.with(0, (list[0] ?? 0) + 4) },
      /frame 0 was presented damaged: byte/,
    ],
    [
      'order',
      { program: (list) => [...list.slice(2, 4), ...list.slice(0, 2), ...list.slice(4)] },
      /damaged: byte 0/,
    ],
    [
      'length',
      { program: (list) => list.with(1, (list[1] ?? 0) - 1) },
      /was presented with \d+ bytes, it has/,
    ],
    [
      'list that is too short',
      { program: (list) => list.slice(0, -2) },
      /was presented with \d+ bytes, it has/,
    ],
    ['buffer that is given back before the DMA has ended', { completesTooEarly: true }, /presented damaged/],
  ])('shows a wrong DMA %s as wrong bytes (F-008, F-003)', (_, variant, fault) => {
    const run = playPlayer({ variant, buffers: 2 });
    expect(run.streams[0]?.faultCount).toBeGreaterThan(0);
    expect(run.streams[0]?.faults[0]).toMatch(fault);
    expect(run.streams[0]?.sha256).not.toBe(hashOf(testPattern(format, 12)));
  });
});

describe('SRB_WRITE_DATA', () => {
  it('carries the bytes of its header in pieces of physical memory that add up to them (F-001, F-008)', () => {
    for (const seed of seeds) {
      const { delivered } = srbs(playPlayer({ seed }), 'SRB_WRITE_DATA');
      expect(delivered).toHaveLength(26);
      for (const { srb } of delivered) {
        const sum = srb.ScatterGatherBuffer.reduce(
          (total: number, e: { Length: number }) => total + e.Length,
          0,
        );
        expect(srb.NumberOfBytesToTransfer).toBe(srb.DataBufferArray[0].DataUsed);
        expect(sum).toBe(srb.NumberOfBytesToTransfer);
        expect([srb.Flags, srb.NumberOfBuffers]).toEqual([3, 1]);
      }
      expect(Math.max(...delivered.map(({ srb }) => srb.ScatterGatherBuffer.length))).toBe(3);
    }
  });

  it('gives its header back as it was, with as many bytes as Information as were written (F-009, INV-097)', () => {
    const run = playPlayer();
    const { irps } = srbs(run, 'SRB_WRITE_DATA');
    const written = irps.filter((event) => field(event, 'StreamHeader') !== undefined);
    expect(written).toHaveLength(26);
    for (const event of written) {
      expect(field(event, 'Information')).toBe(Object(field(event, 'StreamHeader')).DataUsed);
    }
    const headers = srbs(run, 'SRB_WRITE_DATA').delivered.map(({ srb }) => srb.DataBufferArray[0]);
    for (const event of written) expect(headers).toContainEqual(field(event, 'StreamHeader'));
  });

  it('is completed in the order of delivery, stream by stream (F-017)', () => {
    for (const seed of seeds) {
      const run = playPlayer({ seed, buffers: 4 });
      const { delivered, completed } = srbs(run, 'SRB_WRITE_DATA');
      for (const pin of ['pin:0', 'pin:1']) {
        const ids = delivered.filter(({ srb }) => srb.StreamObject === pin).map(({ srb }) => srb.id);
        const ofPin = completedFor(run, pin);
        expect(ofPin).toEqual(ids);
      }
      expect(completed).toHaveLength(delivered.length);
    }
  });

  it('with ENDOFSTREAM is completed when the last sample has been presented, not before', () => {
    for (const seed of seeds) {
      for (const clientDelayMs of [0, 70]) {
        const run = playPlayer({ seed, clientDelayMs, buffers: 2 });
        const { delivered } = srbs(run, 'SRB_WRITE_DATA');
        for (const [number, stream] of ['video', 'audio'].entries()) {
          const end = delivered.find(
            ({ srb }) =>
              srb.StreamObject === `pin:${number}` &&
              srb.DataBufferArray[0].OptionsFlags.includes('ENDOFSTREAM'),
          );
          const last = emissions(run, 'SamplePresented', stream).at(-1);
          expect(last?.sample).toBe(11);
          expect(completionTime(run, end?.srb.id, `pin:${number}`)).toBe(last?.atMs);
        }
      }
    }
  });

  it('moves data only while its stream is in RUN (C-054)', () => {
    for (const seed of seeds) {
      const run = playPlayer({ seed });
      const running = new Set<string>();
      const streams: Record<string, string> = { video: 'pin:0', audio: 'pin:1' };
      for (const { sent, emitted } of run.taken) {
        for (const { event } of sent) {
          const srb = Object(field(event, 'srb'));
          if (event.type !== 'CallMinidriver' || srb.Command !== 'SRB_SET_STREAM_STATE') continue;
          if (srb.CommandData.StreamState === 'KSSTATE_RUN') running.add(srb.StreamObject);
          else running.delete(srb.StreamObject);
        }
        for (const event of emitted) {
          if (event.type === 'FrameWritten' || event.type.startsWith('Buffers')) continue;
          expect(running).toContain(streams[String(field(event, 'stream'))]);
        }
      }
    }
  });
});

/** Ids of the data SRBs that a pin's actor was told are complete, in order. */
function completedFor({ taken }: PlayerRun, pin: string): unknown[] {
  return completions(taken, pin).map(({ id }) => id);
}

function completionTime({ taken }: PlayerRun, id: unknown, pin: string): number | undefined {
  return completions(taken, pin).findLast((completion) => completion.id === id)?.atMs;
}

function completions(taken: readonly TraceStep[], pin: string) {
  return taken.flatMap(({ sent, atMs }) =>
    sent
      .filter(({ event, to }) => event.type === 'StreamClassStreamNotification' && to.endsWith(pin))
      .map(({ event }) => ({ ...Object(field(event, 'srb')), atMs }))
      .filter(({ Command }) => Command === 'SRB_WRITE_DATA'),
  );
}
