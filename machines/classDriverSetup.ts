import {
  type AddDeviceComplete,
  type CallMinidriver,
  completionOf,
  type DriverEntry,
  type FileObject,
  formatMatches,
  freeSlot,
  type IoCompleteRequest,
  irpOwner,
  isSoundDescriptor,
  type NTSTATUS,
  ntSuccess,
  type PinMessage,
  type SrbCommand,
  type StreamOpened,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, setup, stateIn } from 'xstate';
import {
  type ClassDriverContext,
  type ClassDriverEvent,
  type ClassDriverInput,
  descriptorIn,
  descriptorSizeIn,
  deviceResultIn,
  newStream,
  type OwnCommand,
  operationOf,
  ownSrb,
  streamSrbHeader,
} from './deviceRequests.js';
import { pin } from './pin.js';

/** What the class driver can do and ask: the words of the chart in `classDriver.ts`. */
export const classDriverSetup = setup({
  types: {
    context: {} as ClassDriverContext,
    input: {} as ClassDriverInput | undefined,
    events: {} as ClassDriverEvent,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  actors: { pin },
  actions: {
    callDriverEntry: sendTo(
      ({ system }) => system.get('minidriver'),
      (): DriverEntry => ({ type: 'DriverEntry' }),
    ),
    register: assign({
      registration: ({ event }) => {
        assertEvent(event, 'StreamClassRegisterMinidriver');
        return event.data;
      },
    }),
    answerAddDevice: sendTo(
      ({ system }) => system.get('pnpManager'),
      (_, { Status }: { Status: NTSTATUS }): AddDeviceComplete => ({ type: 'AddDeviceComplete', Status }),
    ),
    passOnEntryFailure: sendTo(
      ({ system }) => system.get('pnpManager'),
      ({ event }): AddDeviceComplete => {
        assertEvent(event, 'CallbackReturned');
        return { type: 'AddDeviceComplete', Status: event.result ?? 'STATUS_UNSUCCESSFUL' };
      },
    ),
    connectInterrupt: enqueueActions(({ context, enqueue }) => {
      if (!context.registration?.HwInterrupt) return;
      enqueue.sendTo(({ system }) => system.get('synchronizer'), { type: 'IoConnectInterrupt' });
    }),
    disconnectInterrupt: enqueueActions(({ context, enqueue }) => {
      if (!context.registration?.HwInterrupt) return;
      enqueue.sendTo(({ system }) => system.get('synchronizer'), { type: 'IoDisconnectInterrupt' });
    }),
    rememberPnpIrp: assign({
      pnpIrp: ({ event }) => {
        assertEvent(event, [
          'IRP_MN_START_DEVICE',
          'IRP_MN_STOP_DEVICE',
          'IRP_MN_REMOVE_DEVICE',
          'IRP_MN_SURPRISE_REMOVAL',
        ]);
        return event.irp;
      },
    }),
    answerPnpIrp: enqueueActions(({ context: { pnpIrp, startFailure }, enqueue }) => {
      if (!pnpIrp) return;
      const answer = completionOf(pnpIrp, startFailure ?? 'STATUS_SUCCESS');
      enqueue.sendTo(({ system }) => system.get(irpOwner(pnpIrp)), answer);
      enqueue.assign({ pnpIrp: undefined, startFailure: undefined });
    }),
    answer: sendTo(
      ({ system, event }) => system.get('irp' in event ? irpOwner(event.irp) : ''),
      ({ event }, { Status }: { Status: NTSTATUS }): IoCompleteRequest => {
        if (!('irp' in event)) throw new Error(`${event.type} is no IRP`);
        return completionOf(event.irp, Status);
      },
    ),
    request: enqueueActions(({ context, self, enqueue }, { Command }: { Command: OwnCommand }) => {
      enqueue.raise({ type: 'DeviceRequest', srb: ownSrb(context, self.id, Command) });
    }),
    rememberDescriptorSize: assign({
      streamDescriptorSize: ({ context, event }) => descriptorSizeIn(context, event),
    }),
    rememberStreams: assign({
      streams: ({ context, event }) => descriptorIn(context, event)?.StreamInfo ?? [],
    }),
    rememberFailure: assign({
      startFailure: ({ context, event }) => {
        const status = deviceResultIn(context, event)?.Status;
        return status === undefined || ntSuccess(status) ? 'STATUS_UNSUCCESSFUL' : status;
      },
    }),
    queueDeviceSrb: assign({
      deviceQueue: ({ context, event }) => {
        assertEvent(event, 'DeviceRequest');
        return [...context.deviceQueue, event.srb];
      },
    }),
    deliverNextDeviceSrb: enqueueActions(({ context, enqueue }) => {
      const [srb, ...deviceQueue] = context.deviceQueue;
      if (!srb) return;
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'HwReceivePacket', srb };
      enqueue.assign({ deviceQueue, delivered: [...context.delivered, srb] });
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
    forgetSrb: assign({
      delivered: ({ context, event }) => {
        const id = deviceResultIn(context, event)?.id;
        return context.delivered.filter((srb) => srb.id !== id);
      },
    }),
    holdFileRequest: assign({
      fileRequests: ({ context, event }) => {
        assertEvent(event, ['IRP_MJ_CREATE', 'IRP_MJ_CLOSE', 'StreamDrained']);
        return [...context.fileRequests, event];
      },
    }),
    takeNextFileRequest: enqueueActions(({ context, enqueue }) => {
      const [next, ...fileRequests] = context.fileRequests;
      if (!next) return;
      enqueue.assign({ fileRequests });
      enqueue.raise(next);
    }),
    openFilter: enqueueActions(({ context: { filters }, event, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CREATE');
      const { irp } = event;
      const FileObject: FileObject = `filter:${freeSlot(filters, 'filter:')}`;
      enqueue.assign({ filters: [...filters, FileObject] });
      const answer: IoCompleteRequest = { ...completionOf(irp, 'STATUS_SUCCESS'), FileObject };
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), answer);
    }),
    closeFilter: enqueueActions(({ context: { filters }, event, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CLOSE');
      const { irp, FileObject } = event;
      enqueue.assign({ filters: filters.filter((filter) => filter !== FileObject) });
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_SUCCESS'));
    }),
    openStream: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CREATE');
      const info = event.object === 'pin' ? context.streams[event.PinId] : undefined;
      if (event.object !== 'pin' || !info) return;
      const stream = newStream(context, event);
      const { FileObject, StreamNumber } = stream;
      const { timeoutTicks } = context;
      const input = { FileObject, StreamNumber, DataFlow: info.DataFlow, timeoutTicks };
      enqueue.spawnChild('pin', { id: FileObject, systemId: FileObject, input });
      enqueue.assign({ pins: [...context.pins, stream], fileOperation: { irp: event.irp, stream } });
      const header = streamSrbHeader(context, event.irp, stream);
      const CommandData = { OpenFormat: event.DataFormat };
      enqueue.raise({ type: 'DeviceRequest', srb: { ...header, Command: 'SRB_OPEN_STREAM', CommandData } });
    }),
    tellPin: sendTo(
      ({ system, context }) => system.get(operationOf(context).stream.FileObject),
      (): StreamOpened => ({ type: 'StreamOpened' }),
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
    /** Ends the stream object, after a close and after an open that failed (C-040). */
    endStream: enqueueActions(({ context, enqueue }) => {
      const { stream } = operationOf(context);
      enqueue.stopChild(stream.FileObject);
      enqueue.assign({
        fileOperation: undefined,
        pins: context.pins.filter(({ FileObject }) => FileObject !== stream.FileObject),
      });
    }),
    forward: sendTo(
      ({ system, event }) => system.get('FileObject' in event ? event.FileObject : ''),
      ({ event }): PinMessage => {
        assertEvent(event, [
          'IRP_MJ_CLEANUP',
          'IRP_MJ_CLOSE',
          'IOCTL_KS_PROPERTY',
          'IOCTL_KS_READ_STREAM',
          'IoCancelIrp',
        ]);
        return event;
      },
    ),
  },
  guards: {
    entryFailed: ({ event }) =>
      event.type === 'CallbackReturned' && !ntSuccess(event.result ?? 'STATUS_UNSUCCESSFUL'),
    isRegistered: ({ context }) => context.registration !== undefined,
    turnsOffSynchronization: ({ context }) => context.registration?.TurnOffSynchronization === true,
    completes: ({ context, event }, Command: SrbCommand) =>
      deviceResultIn(context, event)?.Command === Command,
    completesAny: ({ context, event }) => deviceResultIn(context, event) !== undefined,
    succeeds: ({ context, event }) => {
      const status = deviceResultIn(context, event)?.Status;
      return status !== undefined && ntSuccess(status);
    },
    tellsDescriptorSize: ({ context, event }) => descriptorSizeIn(context, event) > 0,
    describesStreams: ({ context, event }) => {
      const descriptor = descriptorIn(context, event);
      return descriptor !== undefined && isSoundDescriptor(descriptor);
    },
    saysReady: ({ context, event }) =>
      event.type === 'StreamClassDeviceNotification' &&
      (event.notification === 'ReadyForNextDeviceRequest' ||
        (event.notification === 'CompleteRequestAndMarkQueueReady' &&
          deviceResultIn(context, event) !== undefined)),
    saysReadyOnly: ({ event }) =>
      event.type === 'StreamClassDeviceNotification' && event.notification === 'ReadyForNextDeviceRequest',
    deviceSrbWaits: ({ context }) => context.deviceQueue.length > 0,
    isStarted: stateIn({ present: { pnp: 'started' } }),
    isRemovePending: stateIn({ present: { pnp: 'removePending' } }),
    nothingIsOpen: ({ context: { filters, pins, fileRequests } }) =>
      filters.length + pins.length + fileRequests.length === 0,
    opensFilter: ({ event }) => event.type === 'IRP_MJ_CREATE' && event.object === 'filter',
    filterIsOpen: ({ context, event }) =>
      'FilterObject' in event && context.filters.includes(event.FilterObject),
    pinIdExists: ({ context, event }) => 'PinId' in event && context.streams[event.PinId] !== undefined,
    formatMatches: ({ context, event }) =>
      'PinId' in event &&
      (context.streams[event.PinId]?.StreamFormatsArray.some((r) => formatMatches(r, event.DataFormat)) ??
        false),
    instancesAreExhausted: ({ context: { pins, streams }, event }) => {
      if (!('PinId' in event)) return false;
      const count = pins.filter(({ StreamNumber }) => StreamNumber === event.PinId).length;
      return count >= (streams[event.PinId]?.NumberOfPossibleInstances ?? 0);
    },
    isForPin: ({ context, event }) =>
      'FileObject' in event && context.pins.some(({ FileObject }) => FileObject === event.FileObject),
    isForFilter: ({ context, event }) => 'FileObject' in event && context.filters.includes(event.FileObject),
    isForEmptyFilter: ({ context, event }) =>
      'FileObject' in event &&
      context.filters.includes(event.FileObject) &&
      context.pins.every(({ FilterObject }) => FilterObject !== event.FileObject),
  },
});
