import {
  type CallMinidriver,
  completionOf,
  type DeviceRemoved,
  type DriverImageCall,
  type DriverUnload,
  type IoCompleteRequest,
  type IoStopTimer,
  irpOwner,
  type StreamGate,
} from 'interlace/streaming';
import { and, assertEvent, assign, enqueueActions, not, or, sendTo, stateIn } from 'xstate';
import { classDriverIoctlSetup } from './classDriverIoctlSetup.js';
import { type HeldRequest, operationOf, streamSrbHeader } from './deviceRequests.js';
import { ioctlTypes } from './ioctls.js';

/** What the class driver can do and ask when the device stops, sleeps or vanishes. */
export const classDriverLifeSetup = classDriverIoctlSetup.extend({
  actions: {
    rememberPowerIrp: assign({
      powerIrp: ({ event }) => {
        assertEvent(event, 'IRP_MN_SET_POWER');
        return event;
      },
    }),
    answerPowerIrp: enqueueActions(({ context: { powerIrp }, enqueue }) => {
      if (!powerIrp) return;
      const answer = completionOf(powerIrp.irp, 'STATUS_SUCCESS');
      enqueue.sendTo(({ system }) => system.get(irpOwner(powerIrp.irp)), answer);
      enqueue.assign({ powerIrp: undefined });
    }),
    closeStreamGate: sendTo(
      ({ system }) => system.get('synchronizer'),
      (): StreamGate => ({ type: 'CloseStreamGate' }),
    ),
    openStreamGate: sendTo(
      ({ system }) => system.get('synchronizer'),
      (): StreamGate => ({ type: 'OpenStreamGate' }),
    ),
    callImage: sendTo(
      ({ system }) => system.get('synchronizer'),
      (_, { callback }: { callback: DriverImageCall }): CallMinidriver => ({
        type: 'CallMinidriver',
        callback,
      }),
    ),
    stopWatchdog: sendTo(
      ({ system }) => system.get('watchdog'),
      (): IoStopTimer => ({ type: 'IoStopTimer' }),
    ),
    unloadMinidriver: sendTo(
      ({ system }) => system.get('minidriver'),
      (): DriverUnload => ({ type: 'DriverUnload' }),
    ),
    tellPins: enqueueActions(({ context: { pins }, enqueue }) => {
      const removed: DeviceRemoved = { type: 'DeviceRemoved' };
      for (const { FileObject } of pins) enqueue.sendTo(({ system }) => system.get(FileObject), removed);
    }),
    holdRequest: assign({
      heldRequests: ({ context, event }) => {
        assertEvent(event, [
          ...ioctlTypes,
          'IRP_MJ_CREATE',
          'IOCTL_KS_ENABLE_EVENT',
          'IOCTL_KS_DISABLE_EVENT',
        ]);
        return [...context.heldRequests, event];
      },
    }),
    /** In the order of their arrival; each is judged anew (C-006). */
    releaseRequests: enqueueActions(({ context: { heldRequests }, enqueue }) => {
      enqueue.assign({ heldRequests: [] });
      for (const request of heldRequests) enqueue.raise(request);
    }),
    /** CLEANUP cancels what is held of its file object (C-040, A-039). */
    cancelHeld: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CLEANUP');
      const { FileObject } = event;
      const isGone = (request: HeldRequest): boolean =>
        'FileObject' in request && request.FileObject === FileObject;
      for (const { irp } of context.heldRequests.filter(isGone)) {
        enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      }
      enqueue.assign({ heldRequests: context.heldRequests.filter((request) => !isGone(request)) });
    }),
    cancelHeldIrp: enqueueActions(({ context: { heldRequests }, event, enqueue }) => {
      assertEvent(event, 'IoCancelIrp');
      const { irp } = event;
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      enqueue.assign({ heldRequests: heldRequests.filter((request) => request.irp !== irp) });
    }),
    undoOpen: enqueueActions(({ context, enqueue }) => {
      const { irp, stream } = operationOf(context);
      const header = streamSrbHeader(context, irp, stream);
      enqueue.raise({ type: 'DeviceRequest', srb: { ...header, Command: 'SRB_CLOSE_STREAM' } });
    }),
    answerOpenOfGone: sendTo(
      ({ system, context }) => system.get(irpOwner(operationOf(context).irp)),
      ({ context }): IoCompleteRequest => completionOf(operationOf(context).irp, 'STATUS_DEVICE_REMOVED'),
    ),
  },
  guards: {
    isGone: or([stateIn({ present: { pnp: 'gone' } }), stateIn({ present: { pnp: 'deleting' } })]),
    isInitialized: or([
      stateIn({ present: { pnp: 'started' } }),
      stateIn({ present: { pnp: 'stopPending' } }),
      stateIn({ present: { pnp: 'removePending' } }),
    ]),
    /** Creates cannot be cancelled (INV-034). */
    cancelsHeld: ({ context: { heldRequests }, event }) =>
      event.type === 'IoCancelIrp' &&
      heldRequests.some((request) => request.irp === event.irp && request.type !== 'IRP_MJ_CREATE'),
    /** C-080: it is the last that is open; without power no register may be touched (INV-060). */
    pagesOut: and([
      stateIn({ present: { pnp: 'started' } }),
      stateIn({ present: { power: 'D0' } }),
      ({ context: { pageOutWhenUnopened, filters } }) => pageOutWhenUnopened && filters.length === 1,
    ]),
    asksNothingElse: ({ context: { deviceQueue, delivered } }) => deviceQueue.length + delivered.length === 1,
    asksForD0: ({ event }) => event.type === 'IRP_MN_SET_POWER' && event.DeviceState === 'D0',
    holdsRequests: or([
      stateIn({ present: { pnp: 'stopPending' } }),
      stateIn({ present: { pnp: 'stopping' } }),
      stateIn({ present: { pnp: 'stopped' } }),
      stateIn({ present: { pnp: 'starting' } }),
      not(stateIn({ present: { power: 'D0' } })),
    ]),
  },
});
