import type { Operation } from 'interlace';
import {
  type HW_STREAM_REQUEST_BLOCK,
  READ_REGISTER_ULONG,
  STATUS_FRAME_DONE,
  StreamClassCallAtNewPriority,
  StreamClassScheduleTimer,
  StreamClassStreamNotification,
  type StreamPriority,
  WRITE_REGISTER_BUFFER_ULONG,
  WRITE_REGISTER_ULONG,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { complete, failure, type Plain, plainMinidriver, said, say, type Work } from './plainMinidriver.js';
import { type Play, play, type Setting, unhandled } from './play.js';
import { opened, read } from './requests.js';

const seeds = Array.from({ length: 20 }, (_, seed): Setting => ({ seed, timers: 'ordered' }));
const RUNNING = 3;

function* Routine() {
  yield* say('routine in');
  for (let i = 0; i < 8; i++) yield* say('routine');
  yield* say('routine out');
}

/** An interrupt routine that takes its time when the interrupt is its device's. */
function* HwInterrupt() {
  if (((yield* READ_REGISTER_ULONG('STATUS')) & STATUS_FRAME_DONE) === 0) return false;
  yield* say('isr in');
  yield* WRITE_REGISTER_ULONG('STATUS', STATUS_FRAME_DONE);
  yield* say('isr out');
  return true;
}

/** Modes of the rule book (0.4, option `sync`). */
const modes: Readonly<Record<string, Plain>> = {
  'on-isr': { HwInterrupt },
  'on-noisr': {},
  'off-isr': { off: true, HwInterrupt },
  'off-noisr': { off: true },
};

/** A minidriver that schedules a routine with the first read, and whose device interrupts about then. */
function scheduling(priority: StreamPriority, mode: Plain): Plain {
  return {
    ...mode,
    routines: { Routine },
    on: {
      *SRB_READ_DATA(srb) {
        const extension = srb.HwDeviceExtension as { isScheduled?: boolean };
        const isFirst = !extension.isScheduled;
        extension.isScheduled = true;
        if (isFirst && mode.HwInterrupt) {
          yield* WRITE_REGISTER_BUFFER_ULONG('DMA_DESCRIPTORS', [0x1000, 4]);
          yield* WRITE_REGISTER_ULONG('CONTROL', RUNNING);
        }
        if (isFirst)
          yield* StreamClassCallAtNewPriority(
            srb.StreamObject,
            srb.HwDeviceExtension,
            priority,
            Routine,
            null,
          );
        yield* say('read in');
        yield* say('read out');
      },
    },
  };
}

/** Who comes in between, while somebody is inside. */
function overlaps(plays: readonly Play[], who: string): Set<string> {
  const others = plays.flatMap((p) => {
    const all = said(p).map(String);
    const end = all.indexOf(`${who} out`);
    return end === -1 ? [] : all.slice(all.indexOf(`${who} in`), end);
  });
  return new Set(others.map((text) => text.split(' ')[0] ?? '').filter((other) => other !== who));
}

const reads = [...opened, [read(), read(), read()]];

function plays(priority: StreamPriority, mode: Plain): readonly Play[] {
  const minidriver = plainMinidriver(scheduling(priority, mode));
  return seeds.map((schedule) => {
    const p = play({ bursts: reads, hardware: { frames: 1, dmaMs: 0 }, ...schedule, minidriver });
    expect(failure(p)).toBe('undefined');
    expect(unhandled(p)).toEqual([]);
    expect(said(p).filter((text) => text === 'routine out')).toHaveLength(1);
    expect(p.run.world.snapshot('client')?.context.answers).toEqual(Array(5).fill('STATUS_SUCCESS'));
    return p;
  });
}

/** What comes in between the beginning and the end of a routine, with as many processors as anybody wants. */
const together: Readonly<Record<string, Readonly<Record<'High' | 'Dispatch' | 'Low', readonly string[]>>>> = {
  'on-isr': { High: [], Dispatch: ['isr', 'read'], Low: ['isr', 'read'] },
  'on-noisr': { High: [], Dispatch: [], Low: ['read'] },
  'off-isr': { High: ['read'], Dispatch: ['isr', 'read'], Low: ['isr', 'read'] },
  'off-noisr': { High: ['read'], Dispatch: ['read'], Low: ['read'] },
};

describe('a priority routine', () => {
  for (const [name, expected] of Object.entries(together)) {
    for (const priority of ['High', 'Dispatch', 'Low'] as const) {
      it(`of ${priority}, in mode ${name}, may run beside ${expected[priority].join(' and ') || 'nobody'} (tables D.2, D.3, D-008 to D-010)`, () => {
        const seen = overlaps(plays(priority, modes[name] ?? {}), 'routine');
        expect([...seen].sort()).toEqual(expected[priority]);
      });
    }
  }

  it('of Low is preempted by whatever comes, on one processor too; of Dispatch by the interrupt routine alone (D-009, D-010, table D.3)', () => {
    const one: Plain = { HwInterrupt, processors: 1 };
    expect([...overlaps(plays('Low', one), 'routine')].sort()).toEqual(['isr', 'read']);
    expect([...overlaps(plays('Dispatch', one), 'routine')].sort()).toEqual(['isr']);
  });

  it('of the device is not that of the stream, and there is one of each (D-063, INV-014)', () => {
    const schedule = (stream: boolean[]): Work =>
      function* (srb) {
        for (const isOfStream of stream) {
          const object = isOfStream ? srb.StreamObject : null;
          yield* StreamClassCallAtNewPriority(object, srb.HwDeviceExtension, 'High', Routine, null);
        }
      };
    const run = (stream: boolean[]) =>
      play({
        bursts: reads.slice(0, 2),
        minidriver: plainMinidriver({ routines: { Routine }, on: { SRB_OPEN_STREAM: schedule(stream) } }),
      });
    expect(failure(run([true, false]))).toBe('undefined');
    expect(failure(run([true, true]))).toContain('INV-014');
    expect(failure(run([false, false]))).toContain('INV-014');
  });

  it('may schedule itself again: the slot is free when it is entered (D-063)', () => {
    interface Rounds {
      readonly srb: HW_STREAM_REQUEST_BLOCK;
      readonly priority: StreamPriority;
      left: number;
    }
    function* Again(rounds: Rounds) {
      yield* say('again');
      const { StreamObject, HwDeviceExtension } = rounds.srb;
      if (--rounds.left > 0)
        yield* StreamClassCallAtNewPriority(StreamObject, HwDeviceExtension, rounds.priority, Again, rounds);
      else yield* complete(rounds.srb);
    }
    const each = Object.values(modes).flatMap((mode) => [
      { mode, priority: 'High' as const },
      { mode, priority: 'Dispatch' as const },
    ]);
    for (const { mode, priority } of each) {
      const minidriver = plainMinidriver({
        ...mode,
        routines: { Again },
        on: {
          *SRB_OPEN_STREAM(srb) {
            const rounds = { srb, priority, left: 3 };
            const { StreamObject, HwDeviceExtension } = srb;
            yield* StreamClassCallAtNewPriority(StreamObject, HwDeviceExtension, priority, Again, rounds);
            return 'keeps';
          },
        },
      });
      const p = play({ bursts: [...opened, [read()]], minidriver });
      expect(failure(p)).toBe('undefined');
      expect(said(p)).toEqual(['again', 'again', 'again']);
      expect(p.run.world.snapshot('client')?.context.answers).toEqual(Array(3).fill('STATUS_SUCCESS'));
    }
  });

  it('that is still to come when its stream is closed, or the device is uninitialized, fails the minidriver (INV-052, INV-059)', () => {
    const late: Work = function* (srb) {
      yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'High', Routine, null);
    };
    const run = (on: NonNullable<Plain['on']>) =>
      failure(play({ minidriver: plainMinidriver({ routines: { Routine }, on }) }));
    expect(run({ SRB_CLOSE_STREAM: late })).toContain(
      'the priority routine of pin:0 is still to come (D-069, INV-052)',
    );
    expect(run({ SRB_UNINITIALIZE_DEVICE: late })).toContain('INV-059');
    expect(run({ SRB_OPEN_STREAM: late })).toBe('undefined');
  });
});

describe('a Low routine', () => {
  /** Completes its SRB, from the level that it runs at. */
  function* Finish(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* complete(srb);
  }
  function* GoBack(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'LowToHigh', Finish, srb);
  }
  function* Stay(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'Low', Finish, srb);
  }
  function* Notify(srb: HW_STREAM_REQUEST_BLOCK) {
    if (srb.StreamObject)
      yield* StreamClassStreamNotification('ReadyForNextStreamDataRequest', srb.StreamObject);
  }
  function* Arm(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* StreamClassScheduleTimer(srb.StreamObject, srb.HwDeviceExtension, 1, Finish, srb);
  }
  const routines = { Finish, GoBack, Stay, Notify, Arm };
  /** What becomes of a minidriver that hands its reads to a Low routine. */
  const handing = (
    routine: (srb: HW_STREAM_REQUEST_BLOCK) => Generator<Operation, void, unknown>,
    mode: Plain = {},
  ) => {
    const on: NonNullable<Plain['on']> = {
      *SRB_READ_DATA(srb) {
        yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'Low', routine, srb);
        return 'keeps';
      },
    };
    const p = play({ bursts: [...opened, [read()]], minidriver: plainMinidriver({ ...mode, routines, on }) });
    return { failure: failure(p), answers: p.run.world.snapshot('client')?.context.answers.slice(2) };
  };

  it('may not call the class driver in mode ON, but goes back to High for that (D-064, D-065, INV-103)', () => {
    for (const mode of [{}, { HwInterrupt }]) {
      for (const routine of [Finish, Notify, Arm]) {
        expect(handing(routine, mode).failure).toMatch(
          /LowPriorityRoutine \(D-065, D-066, INV-103\).*LowToHigh/,
        );
      }
      expect(handing(Stay, mode).failure).toContain('may go to High only (D-066, INV-103)');
      expect(handing(GoBack, mode)).toEqual({ failure: 'undefined', answers: ['STATUS_SUCCESS'] });
    }
  });

  it('lets SRB_INITIALIZE_DEVICE wait for it: interrupts come meanwhile, the next SRB does not (C-021, C-023, C-024)', () => {
    function* Initialize(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* say('low in');
      for (let i = 0; i < 8; i++) yield* say('low');
      yield* say('low out');
      yield* StreamClassCallAtNewPriority(null, srb.HwDeviceExtension, 'LowToHigh', Complete, srb);
    }
    function* Complete(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* say('completes');
      yield* complete(srb);
    }
    const on: NonNullable<Plain['on']> = {
      *SRB_INITIALIZE_DEVICE(srb) {
        yield* WRITE_REGISTER_BUFFER_ULONG('DMA_DESCRIPTORS', [0x1000, 4]);
        yield* WRITE_REGISTER_ULONG('CONTROL', RUNNING);
        yield* StreamClassCallAtNewPriority(null, srb.HwDeviceExtension, 'Low', Initialize, srb);
        return 'keeps';
      },
      *SRB_GET_STREAM_INFO() {
        yield* say('next');
      },
    };
    const interrupted = seeds.filter((schedule) => {
      const minidriver = plainMinidriver({ HwInterrupt, on, routines: { Initialize, Complete } });
      const p = play({ ...schedule, bursts: opened, hardware: { frames: 1, dmaMs: 0 }, minidriver });
      expect(failure(p)).toBe('undefined');
      expect(p.run.world.snapshot('client')?.context.answers).toEqual(Array(2).fill('STATUS_SUCCESS'));
      const all = said(p);
      const isr = all.indexOf('isr in');
      expect(all.filter((text) => text === 'completes' || text === 'next')).toEqual(['completes', 'next']);
      return all.indexOf('low in') < isr && isr < all.indexOf('low out');
    });
    expect(interrupted.length).toBeGreaterThan(0);
  });

  it('may call it in mode OFF (D-066)', () => {
    for (const routine of [Finish, GoBack, Stay, Arm]) {
      expect(handing(routine, { off: true })).toEqual({ failure: 'undefined', answers: ['STATUS_SUCCESS'] });
    }
  });
});
