import { type BufferEmission, type KSSCATTER_GATHER, scatterGather } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { type Play, play, realCamera, schedules, unhandled } from './play.js';
import { playPlayer } from './playerRun.js';
import { cancel, opened, read, setState } from './requests.js';
import type { StubInput } from './stubMinidriver.js';

type Steps = Play['steps'];

/** A page of a locked buffer, as a range of physical addresses. */
const rangesOf = ({ address, bytes }: BufferEmission) => scatterGather(address, bytes);
const covers = (
  ranges: readonly KSSCATTER_GATHER[],
  { PhysicalAddress, Length }: KSSCATTER_GATHER,
): boolean =>
  ranges.some(
    (range) =>
      range.PhysicalAddress <= PhysicalAddress &&
      PhysicalAddress + Length <= range.PhysicalAddress + range.Length,
  );

/**
 * Follows the locks through a run.
 *
 * @returns the locks of each request, how many DMA transfers there were, and what was wrong: a transfer outside of locked
 *   memory, an unlock without a lock, a completion of a buffer that stays locked
 */
function locksIn(steps: Steps) {
  const locked = new Map<string, BufferEmission>();
  const history: BufferEmission[] = [];
  const errors: string[] = [];
  let transfers = 0;
  for (const { actor, emitted, sent } of steps) {
    for (const emission of emitted) {
      if (emission.type === 'BuffersLocked' || emission.type === 'BuffersUnlocked') {
        const lock = { ...emission } as unknown as BufferEmission;
        history.push(lock);
        if (emission.type === 'BuffersLocked') {
          if (locked.has(lock.irp)) errors.push(`${lock.irp} locked twice`);
          locked.set(lock.irp, lock);
        } else if (!locked.delete(lock.irp)) errors.push(`${lock.irp} unlocked twice`);
      }
      if (emission.type === 'DmaTransfer') {
        transfers++;
        const memory = [...locked.values()].flatMap(rangesOf);
        const elements: readonly KSSCATTER_GATHER[] = Reflect.get(emission, 'elements');
        if (!elements.every((element) => covers(memory, element)))
          errors.push('DMA into memory that is not locked');
      }
    }
    for (const { event } of sent) {
      const isOver = event.type === 'IoCompleteRequest' && actor.startsWith('classDriver/pin:');
      if (isOver && locked.has(Reflect.get(event, 'irp'))) errors.push('completed while locked');
    }
  }
  return { history, errors, transfers, left: [...locked.keys()] };
}

const flushes = (history: readonly BufferEmission[]) =>
  [...new Set(history.map(({ type, flushes: what }) => `${type} ${what.join(' ')}`.trim()))].sort();

describe('the buffers of data requests', () => {
  it('are locked while the minidriver owns the request, whatever happens, and then no more (F-002, INV-098)', () => {
    for (const schedule of schedules) {
      for (const minidriver of [{}, { minidriver: realCamera }]) {
        const p = play({ ...schedule, ...minidriver });
        expect(unhandled(p)).toEqual([]);
        const { errors, transfers, left, history } = locksIn(p.steps);
        expect(errors).toEqual([]);
        expect(left).toEqual([]);
        if (schedule.timers === 'urgent') expect(transfers).toBe(6);
        expect(history.length).toBeGreaterThan(0);
      }
      const bursts = [...opened, [setState('KSSTATE_PAUSE')], [read(), read(), cancel('client.irp0')]];
      const cancelled = locksIn(play({ ...schedule, bursts, minidriver: realCamera }).steps);
      expect(cancelled.errors).toEqual([]);
      // The one that nobody has cancelled waits for RUN.
      expect(cancelled.left).toHaveLength(1);
    }
  });

  it('are unlocked when a delivery is withdrawn that waited for the lock (D-031, F-002)', () => {
    const together = [setState('KSSTATE_PAUSE'), read(), cancel('client.irp1')];
    const plays = Array.from({ length: 12 }, (_, seed) =>
      play({ bursts: [...opened, [setState('KSSTATE_ACQUIRE')], together], seed }),
    );
    const isWithdrawn = ({ steps }: Play): boolean =>
      steps.some(({ sent }) => sent.some(({ event }) => event.type === 'DeliveryWithdrawn'));
    expect(plays.some(isWithdrawn)).toBe(true);
    for (const { steps } of plays) expect(locksIn(steps)).toMatchObject({ errors: [], left: [] });
  });

  it('are flushed before and after DMA, and after PIO that reads (F-004, F-006)', () => {
    const of = (access: StubInput['access'], busMaster = true) =>
      flushes(locksIn(play({ stub: { access: access ?? {}, busMaster } }).steps).history);
    expect(of({ Dma: true })).toEqual([
      'BuffersLocked KeFlushIoBuffers',
      'BuffersUnlocked FlushAdapterBuffers',
    ]);
    expect(of({ Dma: true, Pio: true })).toEqual([
      'BuffersLocked KeFlushIoBuffers',
      'BuffersUnlocked FlushAdapterBuffers KeFlushIoBuffers',
    ]);
    expect(of({ Dma: false, Pio: true })).toEqual(['BuffersLocked', 'BuffersUnlocked KeFlushIoBuffers']);
    expect(of({ Dma: false, Pio: false })).toEqual(['BuffersLocked', 'BuffersUnlocked']);
  });

  it('of writes are flushed for DMA too (F-006)', () => {
    const { history, errors } = locksIn(playPlayer({ seed: 1, frames: 3 }).taken);
    expect(errors).toEqual([]);
    expect(flushes(history)).toEqual([
      'BuffersLocked KeFlushIoBuffers',
      'BuffersUnlocked FlushAdapterBuffers',
    ]);
  });
});

describe('the adapter object', () => {
  const initialize = (p: Play): unknown => {
    const calls = p.steps.flatMap(({ sent }) => sent.filter(({ to }) => to === 'minidriver'));
    const srbs = calls.map(({ event }) => Reflect.get(event, 'srb')).filter((srb) => srb !== undefined);
    return srbs[0];
  };

  it('is allocated for a bus master, before SRB_INITIALIZE_DEVICE (B-016, A-085, C-020)', () => {
    const camera = initialize(play({ bursts: opened, minidriver: realCamera }));
    expect(camera).toMatchObject({
      Command: 'SRB_INITIALIZE_DEVICE',
      CommandData: { DmaAdapterObject: 'DMA_ADAPTER' },
    });
    expect(initialize(play({ bursts: opened, stub: { busMaster: false } }))).toMatchObject({
      CommandData: { DmaAdapterObject: null },
    });
  });

  it('is what scatter/gather lists are made with: without it, or without DMA, there are none (F-004, F-005)', () => {
    const lists = (stub: StubInput) =>
      play({ bursts: [...opened, [read()]], stub }).steps.flatMap(({ sent }) =>
        sent
          .filter(({ event }) => event.type === 'ReceiveDataPacket')
          .map(({ event }) => Reflect.get(event, 'srb').ScatterGatherBuffer.length),
      );
    expect(lists({})).toEqual([3]);
    expect(lists({ busMaster: false })).toEqual([0]);
    expect(lists({ access: { Dma: false } })).toEqual([0]);
  });
});
