import {
  completionOf,
  type DeviceRemoved,
  type IoCompleteRequest,
  irpOwner,
  type StreamGate,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, not, or, sendTo, stateIn } from 'xstate';
import { classDriverSetup } from './classDriverSetup.js';
import { operationOf, streamSrbHeader } from './deviceRequests.js';

/** What the class driver can do and ask when the device stops, sleeps or vanishes. */
export const classDriverLifeSetup = classDriverSetup.extend({
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
    tellPins: enqueueActions(({ context: { pins }, enqueue }) => {
      const removed: DeviceRemoved = { type: 'DeviceRemoved' };
      for (const { FileObject } of pins) enqueue.sendTo(({ system }) => system.get(FileObject), removed);
    }),
    holdCreate: assign({
      heldCreates: ({ context, event }) => {
        assertEvent(event, 'IRP_MJ_CREATE');
        return [...context.heldCreates, event];
      },
    }),
    /** In the order of their arrival; each is judged anew (C-006). */
    releaseCreates: enqueueActions(({ context: { heldCreates }, enqueue }) => {
      enqueue.assign({ heldCreates: [] });
      for (const create of heldCreates) enqueue.raise(create);
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
    isGone: stateIn({ present: { pnp: 'gone' } }),
    isInitialized: or([
      stateIn({ present: { pnp: 'started' } }),
      stateIn({ present: { pnp: 'stopPending' } }),
      stateIn({ present: { pnp: 'removePending' } }),
    ]),
    asksForD0: ({ event }) => event.type === 'IRP_MN_SET_POWER' && event.DeviceState === 'D0',
    holdsCreates: or([
      stateIn({ present: { pnp: 'stopPending' } }),
      stateIn({ present: { pnp: 'stopping' } }),
      stateIn({ present: { pnp: 'stopped' } }),
      stateIn({ present: { pnp: 'starting' } }),
      not(stateIn({ present: { power: 'D0' } })),
    ]),
  },
});
