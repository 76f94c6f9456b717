import {
  type EventQueueName,
  type FileObject,
  type HW_STREAM_DESCRIPTOR,
  type HW_STREAM_INFORMATION,
  streamEventQueue,
} from 'interlace/streaming';
import { type ClassDriverContext, type ClassDriverEvent, deviceResultIn } from './deviceRequests.js';
import type { EventQueueInput } from './eventQueueSetup.js';

/** Where the class driver's event queues get their tables and routines from (E-002, E-003). */

/** The queue that a file object's requests are for: a filter's are about the device (E-001). */
export function eventQueueOf({ filters }: ClassDriverContext, file: FileObject): EventQueueName {
  return filters.includes(file) ? 'events:device' : streamEventQueue(file);
}

/** The device's queue, for what the minidriver says in its stream descriptor. */
export function deviceEvents(descriptor: HW_STREAM_DESCRIPTOR | undefined): EventQueueInput {
  const { DeviceEventsArray = [], NumDevEventArrayEntries = 0, DeviceEventRoutine } = descriptor ?? {};
  return {
    name: 'events:device',
    StreamObject: undefined,
    sets: DeviceEventsArray.slice(0, NumDevEventArrayEntries),
    routine: DeviceEventRoutine ?? undefined,
  };
}

/** The queue of a stream that has been opened. */
export function streamEvents(
  StreamObject: FileObject,
  info: HW_STREAM_INFORMATION | undefined,
  routine: string | undefined,
): EventQueueInput {
  const { StreamEventsArray = [], NumStreamEventArrayEntries = 0 } = info ?? {};
  const sets = StreamEventsArray.slice(0, NumStreamEventArrayEntries);
  return { name: streamEventQueue(StreamObject), StreamObject, sets, routine };
}

/** The event routine that the minidriver has put into the stream object, when the event completes its SRB_OPEN_STREAM. */
export function streamEventRoutineIn(
  context: ClassDriverContext,
  event: ClassDriverEvent,
): string | undefined {
  const result = deviceResultIn(context, event);
  return result?.Command === 'SRB_OPEN_STREAM' ? (result.HwEventRoutine ?? undefined) : undefined;
}
