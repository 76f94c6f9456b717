import type { LogicSource } from 'interlace';
import {
  CONTROL_INTERRUPT_ENABLE,
  CONTROL_RUN,
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  READ_REGISTER_ULONG,
  STATUS_FRAME_DONE,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
  WRITE_REGISTER_BUFFER_ULONG,
  WRITE_REGISTER_ULONG,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { cleanup, close, openFilter, openPin } from './eventRequests.js';
import { emitted, type Play, play, schedules, unhandled } from './play.js';
import { remembered } from './remembered.js';
import type { Request } from './scriptedRequester.js';
import { stubDescriptor } from './stubMinidriver.js';

interface Mode {
  readonly off?: boolean;
  readonly interrupts?: boolean;
  readonly processors?: number;
  /** Calls that a receive routine makes after it has completed its SRB. Default 0. */
  readonly lingers?: number;
}

/** A minidriver that counts its reads with a call between the read and the write of the counter, and says where it is. */
const counting = remembered(make);

function make({ off = false, interrupts = true, processors, lingers = 0 }: Mode): LogicSource {
  interface Extension {
    count: number;
  }
  const say = (text: string) => StreamClassDebugPrint('DebugLevelTrace', text);
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    if (srb.Command === 'SRB_INITIALIZE_DEVICE' && srb.CommandData.ConfigInfo)
      srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
    const { NumberOfStreams, StreamInfo } = stubDescriptor(1);
    if (srb.Command === 'SRB_GET_STREAM_INFO') srb.CommandData.StreamBuffer = { NumberOfStreams, StreamInfo };
    if (srb.Command === 'SRB_OPEN_STREAM' && srb.StreamObject) {
      srb.StreamObject.ReceiveDataPacket = ReceiveDataPacket;
      yield* WRITE_REGISTER_BUFFER_ULONG('DMA_DESCRIPTORS', [0x1000, 4]);
      yield* WRITE_REGISTER_ULONG('CONTROL', CONTROL_RUN | CONTROL_INTERRUPT_ENABLE);
    }
    if (srb.Command === 'SRB_CLOSE_STREAM') yield* say('close');
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }
  function* ReceiveDataPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as Extension;
    const { count } = extension;
    yield* say('receive');
    extension.count = count + 1;
    srb.Status = 'STATUS_SUCCESS';
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
    for (let i = 0; i < lingers; i++) yield* say('lingers');
    yield* say('received');
  }
  function* HwInterrupt() {
    yield* say('isr in');
    if (((yield* READ_REGISTER_ULONG('STATUS')) & STATUS_FRAME_DONE) === 0) return false;
    yield* WRITE_REGISTER_ULONG('STATUS', STATUS_FRAME_DONE);
    yield* say('isr out');
    return true;
  }
  return defineMinidriver(
    {
      name: 'counting',
      registration: {
        HwReceivePacket,
        ...(interrupts ? { HwInterrupt } : {}),
        DeviceExtension: { count: 0 },
        TurnOffSynchronization: off,
      },
      routines: { ReceiveDataPacket },
    },
    processors,
  );
}

const StreamHeader = {
  Address: 64,
  Data: 2 ** 24,
  FrameExtent: 9,
  DataUsed: 0,
  PresentationTime: 0,
  OptionsFlags: [],
};
const read: Request = { type: 'IOCTL_KS_READ_STREAM', FileObject: 'pin:0', StreamHeader };
const bursts = [[openFilter], [openPin()], [read, read, read], [cleanup('pin:0')], [close('pin:0')]];
const seeds = Array.from({ length: 24 }, (_, seed) => seed);
/** The plays of a mode under all seeds. */
const plays = remembered((mode: Mode): readonly Play[] => seeds.map((seed) => playOf(mode, seed)));

function playOf(mode: Mode, seed: number): Play {
  const p = play({ seed, timers: 'ordered', minidriver: counting(mode), bursts, hardware: { frames: 1 } });
  expect(unhandled(p)).toEqual([]);
  expect(p.run.world.snapshot('client')?.context.answers).toEqual(Array(7).fill('STATUS_SUCCESS'));
  return p;
}
const said = (p: Play): unknown[] => emitted(p, 'DebugPrint').map(({ message }) => message);
const counts = (mode: Mode): Set<unknown> =>
  new Set(
    plays(mode).map((p) => {
      const { HwDeviceExtension } = p.run.world.snapshot('minidriver')?.context ?? {};
      return HwDeviceExtension.count;
    }),
  );
/** Whether a receive call does something while the interrupt routine is inside. */
const isTorn = (p: Play): boolean => {
  const all = said(p);
  return all.slice(all.indexOf('isr in') + 1, all.indexOf('isr out')).some((text) => text !== 'isr out');
};

describe('mode ON', () => {
  it('excludes receive calls and the interrupt routine from each other, so that no count is lost (D-002, D-003, D-007)', () => {
    for (const p of plays({})) {
      const all = said(p);
      expect(all.filter((text) => text === 'isr in').length).toBeLessThanOrEqual(1);
      expect(isTorn(p)).toBe(false);
    }
    expect(counts({})).toEqual(new Set([3]));
  });

  it('excludes receive calls from each other without an interrupt routine too, and never calls one (D-004)', () => {
    expect(counts({ interrupts: false })).toEqual(new Set([3]));
    for (const schedule of schedules) {
      const p = play({ ...schedule, stub: { interrupts: false } });
      const sent = p.steps.flatMap((step) => step.sent);
      expect(sent.filter(({ to, event }) => to === 'minidriver' && event.type === 'HwInterrupt')).toEqual([]);
      expect(p.run.end).toBe('quiescent');
    }
  });
});

describe('mode OFF', () => {
  it('lets many receive calls in at once: who does not lock loses counts (D-013)', () => {
    expect(counts({ off: true }).size).toBeGreaterThan(1);
    expect(counts({ off: true, processors: 1 }).size, 'threads preempt each other (D-072)').toBeGreaterThan(
      1,
    );
  });

  it('delivers every request at once, whether the minidriver says Ready or not (D-013, D-015)', () => {
    for (const schedule of schedules) {
      const reads = [[openFilter], [openPin()], [read, read, read]];
      const p = play({ ...schedule, bursts: reads, stub: { off: true, ready: 'after' } });
      const inside = p.steps.flatMap(({ actor, sent }) =>
        actor === 'classDriver/pin:0' ? sent.filter(({ event }) => event.type === 'CallMinidriver') : [],
      );
      expect(inside).toHaveLength(3);
    }
    const stub = { off: true, neverReadyForData: true } as const;
    const p = play({ stub });
    expect(emitted(p, 'FrameDelivered')).toHaveLength(6);
  });

  it('carries a whole life, under every schedule (C-020, D-018)', () => {
    for (const schedule of schedules) {
      const p = play({ ...schedule, stub: { off: true } });
      expect(unhandled(p)).toEqual([]);
      expect(p.run.end).toBe('quiescent');
      expect(p.run.world.snapshot('pnpManager')?.value).toBe('removed');
      if (schedule.timers === 'urgent') expect(emitted(p, 'FrameDelivered')).toHaveLength(6);
    }
  });

  it('sends SRB_CLOSE_STREAM only when every receive call of the stream has returned (C-040)', () => {
    for (const p of plays({ off: true, lingers: 20 })) {
      const all = said(p);
      expect(all.slice(0, all.indexOf('close')).filter((text) => text === 'received')).toHaveLength(3);
    }
  });

  it('lets nothing of a lower level run beside the interrupt routine on one processor, but on two (D-071, D-073)', () => {
    expect(plays({ off: true, processors: 1 }).some(isTorn)).toBe(false);
    expect(plays({ off: true, processors: 2 }).some(isTorn)).toBe(true);
  });

  it('interrupts a receive call in the middle on one processor (D-074)', () => {
    const isInterrupted = (p: Play): boolean => {
      const all = said(p);
      const [before, after] = [all.slice(0, all.indexOf('isr in')), all.slice(all.indexOf('isr out'))];
      return (
        all.includes('isr in') &&
        before.filter((text) => text === 'receive').length >
          before.filter((text) => text === 'received').length &&
        after.includes('received')
      );
    };
    // The frame is complete at some moment of a life; of twenty, one is in the middle of a read.
    const off = { off: true, processors: 1 };
    expect(Array.from({ length: 200 }).some((_, seed) => isInterrupted(playOf(off, seed)))).toBe(true);
    expect(plays({ processors: 1 }).some(isInterrupted)).toBe(false);
  });
});
