import type { LogicSource } from 'interlace';
import {
  defaultDataFormat,
  defineMinidriver,
  type HW_EVENT_DESCRIPTOR,
  type HW_STREAM_REQUEST_BLOCK,
  type KSEVENT_ENTRY,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
  StreamClassDeviceNotification,
  StreamClassGetNextEvent,
  StreamClassStreamNotification,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { camera } from '../../examples/minidrivers/camera.js';
import { CAMERA_EVENT_FRAMES_CAPTURED, CAMERA_EVENTSET } from '../../examples/minidrivers/cameraEvents.js';
import { disable, enable, eventCalls, openFilter, openPin, queued, signalled } from './eventRequests.js';
import { emitted, type Play, play, schedules, unhandled } from './play.js';

const range = (({ VideoInfoHeader: _, ...rest }) => rest)(defaultDataFormat);
const eventOf = (Frames: number) => ({
  Set: CAMERA_EVENTSET,
  Id: CAMERA_EVENT_FRAMES_CAPTURED,
  Parameters: { Frames },
});
const film = (Frames: number, setting = {}): Play =>
  play({ ...setting, minidriver: camera(range), script: { event: eventOf(Frames) } });

describe('the camera', () => {
  it('tells its client of every n-th frame, n being a parameter that it keeps behind the entry (E-022, E-050, E-052)', () => {
    for (const [every, count] of [
      [1, 6],
      [2, 3],
      [4, 1],
      [7, 0],
    ] as const) {
      expect(signalled(film(every)), `every ${every}`).toHaveLength(count);
    }
  });

  it('is told of the disable, whatever the schedule, and nobody is told afterwards (E-032, E-034, INV-083)', () => {
    for (const schedule of schedules) {
      const p = film(1, schedule);
      expect(p.run.end).toBe('quiescent');
      expect(unhandled(p)).toEqual([]);
      expect(eventCalls(p)).toEqual(['+events:pin:0.event0', '-events:pin:0.event0']);
      const sent = p.steps.flatMap((step) => step.sent);
      const disabled = sent.findIndex(({ event }) => event.type === 'IOCTL_KS_DISABLE_EVENT');
      const answered = sent.findIndex(
        ({ to, event }, i) => i > disabled && to === 'client' && event.type === 'IoCompleteRequest',
      );
      expect(sent.slice(answered).filter(({ event }) => event.type === 'EventSignalled')).toEqual([]);
      expect(sent.filter(({ dropped }) => dropped)).toEqual([]);
      if (schedule.timers === 'urgent') expect(signalled(p)).toHaveLength(6);
    }
  });

  it('refuses an event that would never come; its client goes home (E-023, INV-082)', () => {
    const p = film(0);
    expect(p.run.end).toBe('quiescent');
    expect(emitted(p, 'DebugPrint')).toHaveLength(1);
    expect(p.run.world.snapshot('client')?.status).toBe('done');
    expect(eventCalls(p)).toEqual(['+events:pin:0.event0']);
  });

  it('inserts in the step in which StrMiniEvent returns: synchronized, no signal can come in between (E-024)', () => {
    for (const schedule of schedules) {
      const [returning, ...more] = film(1, schedule).steps.filter(({ actor, sent }) =>
        sent.some(
          ({ event }) => actor === 'minidriver' && Reflect.get(event, 'callback') === 'HwEventRoutine',
        ),
      );
      expect(more).toHaveLength(1);
      expect(returning?.sent.map(({ from }) => from)).toContain('classDriver/events:pin:0');
    }
  });
});

/** A minidriver whose stream has events, and which does something with the entry when a read comes. */
function careless(
  onRead: (
    kept: { entry: KSEVENT_ENTRY; descriptor: HW_EVENT_DESCRIPTOR },
    srb: HW_STREAM_REQUEST_BLOCK,
  ) => Generator,
  TurnOffSynchronization = false,
): LogicSource {
  interface Extension {
    entry: KSEVENT_ENTRY;
    descriptor: HW_EVENT_DESCRIPTOR;
  }
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    if (srb.Command === 'SRB_INITIALIZE_DEVICE' && srb.CommandData.ConfigInfo)
      srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
    if (srb.Command === 'SRB_GET_STREAM_INFO') {
      srb.CommandData.StreamBuffer = {
        NumberOfStreams: 1,
        StreamInfo: [
          {
            NumberOfPossibleInstances: 1,
            DataFlow: 'KSPIN_DATAFLOW_OUT',
            NumberOfFormatArrayEntries: 1,
            StreamFormatsArray: [{ ...range }],
            NumStreamEventArrayEntries: 1,
            StreamEventsArray: [
              {
                Set: 'VENDOR_EVENTSETID',
                EventsCount: 1,
                EventItem: [{ EventId: 1, DataInput: 16, ExtraEntryData: 0 }],
              },
            ],
          },
        ],
      };
    }
    if (srb.Command === 'SRB_OPEN_STREAM' && srb.StreamObject) {
      srb.StreamObject.ReceiveDataPacket = ReceiveDataPacket;
      srb.StreamObject.HwEventRoutine = HwEventRoutine;
    }
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }
  function* HwEventRoutine(descriptor: HW_EVENT_DESCRIPTOR) {
    const extension = descriptor.DeviceExtension as Extension;
    extension.entry = descriptor.EventEntry;
    extension.descriptor = descriptor;
    yield* StreamClassDebugPrint('DebugLevelInfo', `${descriptor.EventEntry.EventItem.EventId}`);
    return 'STATUS_SUCCESS' as const;
  }
  function* ReceiveDataPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_SUCCESS';
    yield* onRead(srb.HwDeviceExtension as Extension, srb) as Generator<never>;
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }
  return defineMinidriver({
    name: 'careless',
    registration: {
      HwReceivePacket,
      DeviceExtension: { entry: null, descriptor: null },
      TurnOffSynchronization,
    },
    routines: { ReceiveDataPacket, HwEventRoutine },
  });
}

function readAfter(minidriver: LogicSource, ...requests: ReturnType<typeof enable>[]): Play {
  const StreamHeader = {
    Address: 64,
    Data: 2 ** 24,
    FrameExtent: 9,
    DataUsed: 0,
    PresentationTime: 0,
    OptionsFlags: [],
  };
  const read = { type: 'IOCTL_KS_READ_STREAM', FileObject: 'pin:0', StreamHeader } as const;
  const bursts = [openFilter, openPin(), ...requests, read].map((request) => [request]);
  return play({ minidriver, bursts });
}

/** What the minidriver failed with. */
const failure = ({ run }: Play): string => String(run.world.snapshot('minidriver')?.error);

describe('a minidriver', () => {
  const once = enable({ Flags: 'KSEVENT_TYPE_ONESHOT' });
  const signal = function* ({ entry }: { entry: KSEVENT_ENTRY }, { StreamObject }: HW_STREAM_REQUEST_BLOCK) {
    if (StreamObject) yield* StreamClassStreamNotification('SignalStreamEvent', StreamObject, entry);
  };

  it('that signals an entry that is disabled, or a one-shot twice, fails (E-033, E-054, INV-081)', () => {
    expect(failure(readAfter(careless(signal), enable()))).toBe('undefined');
    expect(failure(readAfter(careless(signal), enable(), disable()))).toContain('INV-081');
    const twice = careless(function* (kept, srb) {
      yield* signal(kept, srb);
      yield* signal(kept, srb);
    });
    expect(failure(readAfter(twice, enable()))).toBe('undefined');
    expect(failure(readAfter(twice, once))).toContain('INV-081');
  });

  it('that does not let the class driver synchronize finds an enabled event in the queue later (E-024, J25)', () => {
    const returning = (p: Play) =>
      p.steps.find(({ sent }) =>
        sent.some(
          ({ from, event }) =>
            from === 'minidriver' &&
            event.type === 'CallbackReturned' &&
            Reflect.get(event, 'callback') === 'HwEventRoutine',
        ),
      );
    const senders = (off: boolean) =>
      returning(readAfter(careless(signal, off), enable()))?.sent.map(
        ({ from, event }) => `${from} ${event.type}`,
      );
    expect(senders(false)).toContain('classDriver/events:pin:0 IoCompleteRequest');
    expect(senders(true)).toContain('minidriver EventRoutineReturned');
    expect(queued(readAfter(careless(signal, true), enable()))).toEqual([0x100]);
  });

  it('that deletes an entry finds the queue empty when the call returns (E-057)', () => {
    const found: unknown[] = [];
    const deletes = careless(function* ({ entry }, { StreamObject }) {
      if (!StreamObject) return;
      yield* StreamClassStreamNotification('DeleteStreamEvent', StreamObject, entry);
      found.push(yield* StreamClassGetNextEvent({}, StreamObject, null, -1, null));
    });
    const p = readAfter(deletes, enable());
    expect(new Set(found)).toEqual(new Set([null]));
    expect(queued(p)).toEqual([]);
  });

  it('that signals an event of a stream as one of the device fails (E-013, INV-089)', () => {
    const wrong = careless(function* ({ entry }) {
      yield* StreamClassDeviceNotification('SignalDeviceEvent', {}, entry);
    });
    expect(failure(readAfter(wrong, enable()))).toContain('INV-089');
  });

  it('that walks on from an entry that has been freed fails (E-051, INV-087)', () => {
    const walks = careless(function* ({ entry }, srb) {
      yield* signal({ entry }, srb);
      yield* StreamClassGetNextEvent({}, srb.StreamObject, null, -1, entry);
    });
    expect(failure(readAfter(walks, enable()))).toBe('undefined');
    expect(failure(readAfter(walks, once))).toContain('INV-081');
  });

  it('finds nothing in a descriptor when StrMiniEvent has returned, only the entry is there (E-022, A-115)', () => {
    const seen: unknown[] = [];
    const looks = careless(function* ({ entry, descriptor }) {
      seen.push(descriptor.EventData, entry.EventItem.EventId);
      yield* StreamClassDebugPrint('DebugLevelInfo', 'looked');
    });
    readAfter(looks, enable());
    expect(seen.slice(0, 2)).toEqual([undefined, 1]);
  });
});
