import {
  type HW_EVENT_DESCRIPTOR,
  type HW_STREAM_OBJECT,
  type KSEVENT_ENTRY,
  type KSEVENT_SET,
  StreamClassDebugPrint,
  StreamClassGetNextEvent,
  StreamClassStreamNotification,
} from 'interlace/stream-class';

/** The vendor's events: a client is told of every n-th captured frame, n being the parameter `Frames` behind KSEVENTDATA. */
export const CAMERA_EVENTSET = 'CAMERA_EVENTSETID';
export const CAMERA_EVENT_FRAMES_CAPTURED = 1;
const KSEVENTDATA_SIZE = 16;
const ULONG_SIZE = 4;

/** What the camera keeps behind the entry of such an event. */
interface FramesCaptured {
  frames: number;
  countdown: number;
}

/** StreamEventsArray. */
export const streamEvents: readonly KSEVENT_SET[] = [
  {
    Set: CAMERA_EVENTSET,
    EventsCount: 1,
    EventItem: [
      {
        EventId: CAMERA_EVENT_FRAMES_CAPTURED,
        DataInput: KSEVENTDATA_SIZE + ULONG_SIZE,
        ExtraEntryData: 2 * ULONG_SIZE,
      },
    ],
  },
];

/** Asked whether an event may be enabled, the camera keeps its parameters: they are gone when it returns. */
export function* HwEventRoutine({ Enable, EventEntry, EventData }: HW_EVENT_DESCRIPTOR) {
  const frames = EventData.Parameters?.['Frames'] ?? 0;
  if (Enable && frames < 1) {
    yield* StreamClassDebugPrint('DebugLevelError', `an event every ${frames} frames was refused`);
    return 'STATUS_INVALID_PARAMETER' as const;
  }
  if (Enable) Object.assign(framesCaptured(EventEntry), { frames, countdown: frames });
  return 'STATUS_SUCCESS' as const;
}

function framesCaptured({ ExtraEntryData }: KSEVENT_ENTRY) {
  return ExtraEntryData as FramesCaptured;
}

/** A frame has been captured: signals the events whose count is up. */
export function* tellOfFrame(extension: object, stream: HW_STREAM_OBJECT) {
  const next = (current: KSEVENT_ENTRY | null) =>
    StreamClassGetNextEvent(extension, stream, CAMERA_EVENTSET, CAMERA_EVENT_FRAMES_CAPTURED, current);
  for (let entry = yield* next(null); entry; entry = yield* next(entry)) {
    const data = framesCaptured(entry);
    data.countdown -= 1;
    if (data.countdown > 0) continue;
    data.countdown = data.frames;
    yield* StreamClassStreamNotification('SignalStreamEvent', stream, entry);
  }
}
