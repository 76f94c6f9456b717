import {
  defaultDataFormat,
  type EnableEvent,
  type FileObject,
  type KSEVENT_SET,
} from 'interlace/stream-class';
import type { Play } from './play.js';
import type { Request } from './scriptedRequester.js';
import { stubDescriptor } from './stubMinidriver.js';

const VENDOR_SET: KSEVENT_SET = {
  Set: 'VENDOR_EVENTSETID',
  EventsCount: 2,
  EventItem: [
    { EventId: 1, DataInput: 16, ExtraEntryData: 0 },
    { EventId: 2, DataInput: 20, ExtraEntryData: 8 },
  ],
};

/** A stub whose device and whose one stream declare events 1 and 2 of one set; 2 wants 4 bytes of parameters. */
export const eventfulStub = (instances = 1) => {
  const descriptor = stubDescriptor(instances);
  return {
    instances,
    events: 'STATUS_SUCCESS' as const,
    descriptor: {
      ...descriptor,
      NumDevEventArrayEntries: 1,
      DeviceEventsArray: [VENDOR_SET],
      DeviceEventRoutine: 'DeviceEventRoutine',
      StreamInfo: descriptor.StreamInfo.map((info) => ({
        ...info,
        NumStreamEventArrayEntries: 1,
        StreamEventsArray: [VENDOR_SET],
      })),
    },
  };
};

export const openFilter: Request = { type: 'IRP_MJ_CREATE', object: 'filter' };
export const openPin = (FilterObject: FileObject = 'filter:0'): Request => ({
  type: 'IRP_MJ_CREATE',
  object: 'pin',
  FilterObject,
  PinId: 0,
  DataFormat: defaultDataFormat,
});
export const cleanup = (FileObject: FileObject): Request => ({ type: 'IRP_MJ_CLEANUP', FileObject });
export const close = (FileObject: FileObject): Request => ({ type: 'IRP_MJ_CLOSE', FileObject });

/** A sound enable of event 1 of pin:0, whose KSEVENTDATA lies at 0x100. */
export const enable = (change: Partial<EnableEvent> = {}): Request => ({
  type: 'IOCTL_KS_ENABLE_EVENT',
  FileObject: 'pin:0',
  InputLength: 24,
  Set: 'VENDOR_EVENTSETID',
  Id: 1,
  Flags: 'KSEVENT_TYPE_ENABLE',
  OutputLength: 16,
  EventData: 0x100,
  Data: { NotificationType: 'KSEVENTF_EVENT_HANDLE', EventHandle: 'event:0' },
  ...change,
});

export const disable = (EventData = 0x100, FileObject: FileObject = 'pin:0'): Request => ({
  type: 'IOCTL_KS_DISABLE_EVENT',
  FileObject,
  InputLength: EventData === 0 ? 0 : 16,
  EventData,
});

/** The calls of StrMiniEvent: `+` and the entry for an enable, `-` for a disable. */
export function eventCalls({ steps }: Play): string[] {
  return steps.flatMap(({ sent }) =>
    sent
      .filter(({ event }) => event.type === 'HwEventRoutine')
      .map(({ event }) => {
        const { Enable, entry } = Reflect.get(event, 'event');
        return `${Enable ? '+' : '-'}${entry}`;
      }),
  );
}

/** Addresses of the KSEVENTDATA of all signals, in order. */
export function signalled({ steps }: Play): number[] {
  return steps.flatMap(({ sent }) =>
    sent
      .filter(({ event }) => event.type === 'EventSignalled')
      .map(({ event }) => Number(Reflect.get(event, 'EventData'))),
  );
}

/** The KSEVENTDATA addresses in an event queue at the end. */
export function queued({ run }: Play, queue = 'events:pin:0'): number[] {
  const { entries } = run.world.snapshot(`classDriver/${queue}`)?.context ?? { entries: [] };
  return entries.map((entry: { EventData: number }) => entry.EventData);
}
