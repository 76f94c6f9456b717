import {
  type EventQueueName,
  type FileObject,
  type HW_STREAM_DESCRIPTOR,
  streamEventQueue,
} from 'interlace/streaming';
import {
  type ClassDriverContext,
  type ClassDriverEvent,
  deviceResultIn,
  operationOf,
} from './deviceRequests.js';
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

/** The queue of the stream whose SRB_OPEN_STREAM the event completes: the routine is in its stream object. */
export function streamEvents(context: ClassDriverContext, event: ClassDriverEvent): EventQueueInput {
  const { FileObject: StreamObject, StreamNumber } = operationOf(context).stream;
  const result = deviceResultIn(context, event);
  const routine = result?.Command === 'SRB_OPEN_STREAM' ? result.HwEventRoutine : null;
  const { StreamEventsArray = [], NumStreamEventArrayEntries = 0 } = context.streams[StreamNumber] ?? {};
  return {
    name: streamEventQueue(StreamObject),
    StreamObject,
    sets: StreamEventsArray.slice(0, NumStreamEventArrayEntries),
    routine: routine ?? undefined,
  };
}
