import {
  completionOf,
  type EventQueueMessage,
  type FileObject,
  freeSlot,
  type IoCompleteRequest,
  irpOwner,
  type PinMessage,
  type StreamOpened,
  streamEventQueue,
  timerName,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, spawnChild, stopChild } from 'xstate';
import { classDriverSetup } from './classDriverSetup.js';
import { createdStream, isExhausted, isWellFormed, matchesStream } from './createRequests.js';
import {
  bufferAccess,
  descriptorIn,
  deviceResultIn,
  hasClock,
  newStream,
  operationOf,
  pinInput,
  streamSrbHeader,
} from './deviceRequests.js';
import { deviceEvents, eventQueueOf, streamEvents } from './eventQueues.js';

/** What the class driver can do and ask about the files that are open, and their events. */
export const classDriverFileSetup = classDriverSetup.extend({
  actions: {
    holdFileRequest: assign({
      fileRequests: ({ context, event }) => {
        assertEvent(event, [
          'IRP_MJ_CREATE',
          'IRP_MJ_CLOSE',
          'StreamDrained',
          'KsCreateClock',
          'KsCloseClock',
        ]);
        return [...context.fileRequests, event];
      },
    }),
    takeNextFileRequest: enqueueActions(({ context, enqueue }) => {
      const [next, ...fileRequests] = context.fileRequests;
      if (!next) return;
      enqueue.assign({ fileRequests });
      enqueue.raise(next);
    }),
    noteCleanup: assign({
      cleanedUp: ({ context: { cleanedUp }, event }) => {
        assertEvent(event, 'IRP_MJ_CLEANUP');
        return [...cleanedUp, event.FileObject];
      },
    }),
    openFilter: enqueueActions(({ context: { filters }, event, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CREATE');
      const { irp } = event;
      const FileObject: FileObject = `filter:${freeSlot(filters, 'filter:')}`;
      enqueue.assign({ filters: [...filters, FileObject] });
      const answer: IoCompleteRequest = { ...completionOf(irp, 'STATUS_SUCCESS'), FileObject };
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), answer);
    }),
    closeFilter: enqueueActions(({ context: { filters, cleanedUp }, event, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CLOSE');
      const { irp, FileObject } = event;
      enqueue.assign({
        filters: filters.filter((filter) => filter !== FileObject),
        cleanedUp: cleanedUp.filter((other) => other !== FileObject),
      });
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_SUCCESS'));
    }),
    holdFilterClose: assign({
      filterCloses: ({ context, event }) => {
        assertEvent(event, 'IRP_MJ_CLOSE');
        return [...context.filterCloses, event];
      },
    }),
    openStream: enqueueActions(({ context, event, system, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CREATE');
      const info = event.object === 'pin' ? context.streams[event.PinId] : undefined;
      if (event.object !== 'pin' || !info) return;
      const stream = newStream(context, event, (name) => system.get(name) !== undefined);
      const { FileObject } = stream;
      const input = pinInput(context, stream, info);
      enqueue.spawnChild('pin', { id: FileObject, systemId: FileObject, input });
      enqueue.assign({ pins: [...context.pins, stream], fileOperation: { irp: event.irp, stream } });
      const header = streamSrbHeader(context, event.irp, stream);
      const CommandData = { OpenFormat: event.DataFormat };
      enqueue.raise({ type: 'DeviceRequest', srb: { ...header, Command: 'SRB_OPEN_STREAM', CommandData } });
    }),
    tellPin: sendTo(
      ({ system, context }) => system.get(operationOf(context).stream.FileObject),
      ({ context, event }): StreamOpened => ({
        type: 'StreamOpened',
        access: bufferAccess(context, event),
        hasClock: hasClock(context, event),
      }),
    ),
    answerOpen: sendTo(
      ({ system, context }) => system.get(irpOwner(operationOf(context).irp)),
      ({ context }): IoCompleteRequest => {
        const { irp, stream } = operationOf(context);
        return { ...completionOf(irp, 'STATUS_SUCCESS'), FileObject: stream.FileObject };
      },
    ),
    endFileOperation: assign({ fileOperation: undefined }),
    closeStream: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'StreamDrained');
      const stream = context.pins.find(({ FileObject }) => FileObject === event.FileObject);
      if (!stream) return;
      enqueue.assign({ fileOperation: { irp: event.irp, stream } });
      const header = streamSrbHeader(context, event.irp, stream);
      enqueue.raise({ type: 'DeviceRequest', srb: { ...header, Command: 'SRB_CLOSE_STREAM' } });
    }),
    noteClock: assign({
      clocks: ({ context: { clocks }, event }) => {
        assertEvent(event, 'ClockOperationDone');
        const { FileObject, isMasterClock } = event;
        const others = clocks.filter((pin) => pin !== FileObject);
        return isMasterClock ? [...others, FileObject] : others;
      },
    }),
    answerOpenFailure: sendTo(
      ({ system, context }) => system.get(irpOwner(operationOf(context).irp)),
      ({ context, event }): IoCompleteRequest => {
        const Status = deviceResultIn(context, event)?.Status ?? 'STATUS_UNSUCCESSFUL';
        return completionOf(operationOf(context).irp, Status);
      },
    ),
    answerClose: sendTo(
      ({ system, context }) => system.get(irpOwner(operationOf(context).irp)),
      ({ context }): IoCompleteRequest => completionOf(operationOf(context).irp, 'STATUS_SUCCESS'),
    ),
    /**
     * Ends the stream object, after a close and after an open that failed (C-040). If it was the last of its filter, the close of
     * that can go on (C-032).
     */
    endStream: enqueueActions(({ context, enqueue }) => {
      const { stream } = operationOf(context);
      const pins = context.pins.filter(({ FileObject }) => FileObject !== stream.FileObject);
      const isLast = pins.every(({ FilterObject }) => FilterObject !== stream.FilterObject);
      const [close] = context.filterCloses.filter(
        ({ FileObject }) => isLast && FileObject === stream.FilterObject,
      );
      enqueue.stopChild(stream.FileObject);
      enqueue.stopChild(streamEventQueue(stream.FileObject));
      enqueue.stopChild(timerName(stream.FileObject));
      enqueue.assign({
        fileOperation: undefined,
        cleanedUp: context.cleanedUp.filter((other) => other !== stream.FileObject),
        pins,
        clocks: context.clocks.filter((pin) => pin !== stream.FileObject),
        filterCloses: context.filterCloses.filter((other) => other !== close),
      });
      if (close) enqueue.raise(close);
    }),
    forward: sendTo(
      ({ system, event }) => system.get('FileObject' in event ? event.FileObject : ''),
      ({ event }): PinMessage => {
        assertEvent(event, [
          'IRP_MJ_CLEANUP',
          'IRP_MJ_CLOSE',
          'IOCTL_KS_READ_STREAM',
          'IOCTL_KS_WRITE_STREAM',
          'KsCreateClock',
          'KsCloseClock',
          'IoCancelIrp',
        ]);
        return event;
      },
    ),
    /** When the tables are known (C-020). */
    openDeviceEventQueue: spawnChild('eventQueue', {
      id: 'events:device',
      systemId: 'events:device',
      input: ({ context, event }) => deviceEvents(descriptorIn(context, event)),
    }),
    closeDeviceEventQueue: stopChild('events:device'),
    /** With the queues of the stream (C-040): its tables are the descriptor's, its routine is in the stream object. */
    openEventQueue: enqueueActions(({ context, event, enqueue }) => {
      const input = streamEvents(context, event);
      enqueue.spawnChild('eventQueue', { id: input.name, systemId: input.name, input });
    }),
    /** When it is wanted for the first time (D-067). */
    makeTimer: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'StreamClassScheduleTimer');
      const name = timerName(event.StreamObject);
      enqueue.spawnChild('streamTimer', { id: name, systemId: name, input: { request: event } });
    }),
    forwardToEventQueue: sendTo(
      ({ system, context, event }) =>
        system.get('FileObject' in event ? eventQueueOf(context, event.FileObject) : ''),
      ({ event }): EventQueueMessage => {
        assertEvent(event, ['IRP_MJ_CLEANUP', 'IOCTL_KS_ENABLE_EVENT', 'IOCTL_KS_DISABLE_EVENT']);
        return event;
      },
    ),
  },
  guards: {
    nothingIsOpen: ({ context: { filters, pins, fileRequests } }) =>
      filters.length + pins.length + fileRequests.length === 0,
    opensFilter: ({ event }) => event.type === 'IRP_MJ_CREATE' && event.object === 'filter',
    filterIsOpen: ({ context, event }) =>
      'FilterObject' in event && context.filters.includes(event.FilterObject),
    pinIdExists: ({ context, event }) => createdStream(context, event) !== undefined,
    isWellFormed: ({ event }) => isWellFormed(event),
    matchesStream: ({ context, event }) => matchesStream(context, event),
    instancesAreExhausted: ({ context, event }) => isExhausted(context, event),
    isForPin: ({ context, event }) =>
      'FileObject' in event && context.pins.some(({ FileObject }) => FileObject === event.FileObject),
    isForOpenFile: ({ context: { filters, pins }, event }) =>
      'FileObject' in event &&
      [...filters, ...pins.map(({ FileObject }) => FileObject)].includes(event.FileObject),
    isCleanedUp: ({ context, event }) =>
      'FileObject' in event && context.cleanedUp.includes(event.FileObject),
    isForFilter: ({ context, event }) => 'FileObject' in event && context.filters.includes(event.FileObject),
    isForEmptyFilter: ({ context, event }) =>
      'FileObject' in event &&
      context.filters.includes(event.FileObject) &&
      context.pins.every(({ FilterObject }) => FilterObject !== event.FileObject),
  },
});
