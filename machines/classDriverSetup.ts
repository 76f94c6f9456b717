import {
  type AddDeviceComplete,
  type CallMinidriver,
  completionOf,
  type DriverEntry,
  type IoCompleteRequest,
  irpOwner,
  isSoundDescriptor,
  type NTSTATUS,
  ntSuccess,
  type SrbCommand,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, setup, stateIn } from 'xstate';
import { areAll, inDeliveryOrder } from './abortedRequests.js';
import {
  type ClassDriverContext,
  type ClassDriverEvent,
  type ClassDriverInput,
  descriptorIn,
  descriptorSizeIn,
  deviceResultIn,
  type OwnCommand,
  ownSrb,
  tablesIn,
} from './deviceRequests.js';
import { eventQueue } from './eventQueue.js';
import { pin } from './pin.js';
import { streamTimer } from './streamTimer.js';

/** What the class driver can do and ask: the words of the chart in `classDriver.ts`. */
export const classDriverSetup = setup({
  types: {
    context: {} as ClassDriverContext,
    input: {} as ClassDriverInput | undefined,
    events: {} as ClassDriverEvent,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  actors: { pin, eventQueue, streamTimer },
  actions: {
    turnOffSynchronization: sendTo(({ system }) => system.get('synchronizer'), {
      type: 'TurnOffSynchronization',
    }),
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
    rememberTables: assign(({ context, event }) => tablesIn(descriptorIn(context, event))),
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
    /** Each is completed as by itself; no SRB on its way to the minidriver: the queue is ready (D-060, INV-010). */
    endAborted: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'StreamClassAbortOutstandingRequests');
      const type = 'StreamClassDeviceNotification';
      for (const srb of inDeliveryOrder(event.srbs, context.delivered)) {
        enqueue.raise({ type, notification: 'DeviceRequestComplete', srb });
      }
      if (areAll(context.delivered, event.srbs))
        enqueue.raise({ type, notification: 'ReadyForNextDeviceRequest' });
    }),
    forgetSrb: assign({
      delivered: ({ context, event }) => {
        const id = deviceResultIn(context, event)?.id;
        return context.delivered.filter((srb) => srb.id !== id);
      },
    }),
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
    deviceSrbWaits: ({ context }) => context.deviceQueue.length > 0,
    isStarted: stateIn({ present: { pnp: 'started' } }),
    isRemovePending: stateIn({ present: { pnp: 'removePending' } }),
  },
});
