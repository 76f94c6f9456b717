import {
  type CallMinidriver,
  completionOf,
  type DeviceIoctlSrb,
  type DeviceSrb,
  type FileObject,
  type IoCompleteRequest,
  irpOwner,
  type NTSTATUS,
} from 'interlace/streaming';
import { assertEvent, enqueueActions } from 'xstate';
import { classDriverFileSetup } from './classDriverFileSetup.js';
import { nextIntersection } from './dataIntersection.js';
import { type ClassDriverContext, type ClassDriverEvent, deviceResultIn } from './deviceRequests.js';
import { ioctlAnswer } from './ioctlAnswers.js';
import { type Disposition, dispositionOf } from './ioctls.js';
import { nextInSet } from './propertySerialization.js';

function isIoctlSrb(srb: DeviceSrb): srb is DeviceIoctlSrb {
  return 'FileObject' in srb;
}

/** The request of a client that the minidriver completes with an event. */
function completedIoctl(context: ClassDriverContext, event: ClassDriverEvent): DeviceIoctlSrb | undefined {
  const id = deviceResultIn(context, event)?.id;
  return context.delivered.filter(isIoctlSrb).find((srb) => srb.id === id);
}

/** What comes after it; nothing more when its IRP is cancelled. */
function nextSrb(context: ClassDriverContext, event: ClassDriverEvent): DeviceIoctlSrb | undefined {
  const srb = completedIoctl(context, event);
  const result = deviceResultIn(context, event);
  if (!srb || !result || context.cancelled.includes(srb.id)) return undefined;
  switch (srb.Command) {
    case 'SRB_GET_DEVICE_PROPERTY':
    case 'SRB_SET_DEVICE_PROPERTY':
      return nextInSet(srb, result);
    default:
      return nextIntersection(srb, result);
  }
}

/** Requests of clients among some SRBs. */
function ioctlsOf(srbs: readonly DeviceSrb[], file?: FileObject): DeviceIoctlSrb[] {
  return srbs.filter(isIoctlSrb).filter(({ FileObject }) => file === undefined || FileObject === file);
}

/** Those that the minidriver owns and has not been asked to let go of (D-042). */
function cancelableIoctls({ delivered, cancelled }: ClassDriverContext, file?: FileObject): DeviceIoctlSrb[] {
  return ioctlsOf(delivered, file).filter(({ id }) => !cancelled.includes(id));
}

function cancelCall(srb: DeviceIoctlSrb): CallMinidriver {
  return { type: 'CallMinidriver', callback: 'HwCancelPacket', srb };
}

/** What the class driver can do and ask about properties, methods and IRPs that it does not understand. */
export const classDriverIoctlSetup = classDriverFileSetup.extend({
  actions: {
    answerIoctl: enqueueActions(({ context, event, enqueue }) => {
      const disposition = dispositionOf(context, event);
      if (disposition?.to !== 'client' || !('irp' in event)) return;
      const { irp } = event;
      const answer: IoCompleteRequest = { type: 'IoCompleteRequest', irp, ...disposition.answer };
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), answer);
    }),
    askDevice: enqueueActions(({ context, event, enqueue }) => {
      const disposition = dispositionOf(context, event);
      if (disposition?.to === 'device') enqueue.raise({ type: 'DeviceRequest', srb: disposition.srb });
    }),
    askStream: enqueueActions(({ context, event, enqueue }) => {
      const disposition = dispositionOf(context, event);
      if (disposition?.to !== 'stream' || !('FileObject' in event)) return;
      enqueue.sendTo(({ system }) => system.get(event.FileObject), disposition.message);
    }),
    askNext: enqueueActions(({ context, event, enqueue }) => {
      const srb = nextSrb(context, event);
      if (srb) enqueue.raise({ type: 'DeviceRequest', srb });
    }),
    passOnResult: enqueueActions(({ context, event, enqueue }) => {
      const srb = completedIoctl(context, event);
      const result = deviceResultIn(context, event);
      if (!srb || !result) return;
      const wasCancelled = context.cancelled.includes(srb.id);
      enqueue.sendTo(({ system }) => system.get(irpOwner(srb.id)), ioctlAnswer(srb, result, wasCancelled));
      enqueue.assign({ cancelled: context.cancelled.filter((id) => id !== srb.id) });
    }),
    /** The minidriver has not seen them: the class driver completes them itself (C-068, D-041). */
    endQueuedIoctls: enqueueActions(({ context, event, enqueue }, { Status }: { Status: NTSTATUS }) => {
      const file = 'FileObject' in event ? event.FileObject : undefined;
      const ended = ioctlsOf(context.deviceQueue, file);
      for (const { id } of ended)
        enqueue.sendTo(({ system }) => system.get(irpOwner(id)), completionOf(id, Status));
      enqueue.assign({ deviceQueue: context.deviceQueue.filter((srb) => !ended.some((end) => end === srb)) });
    }),
    /** CLEANUP cancels what the minidriver owns of the filter (C-030). */
    cancelOwnedIoctls: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IRP_MJ_CLEANUP');
      const owned = cancelableIoctls(context, event.FileObject);
      for (const srb of owned) enqueue.sendTo(({ system }) => system.get('synchronizer'), cancelCall(srb));
      enqueue.assign({ cancelled: [...context.cancelled, ...owned.map(({ id }) => id)] });
    }),
    cancelQueuedIoctl: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IoCancelIrp');
      const { irp } = event;
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      enqueue.assign({ deviceQueue: context.deviceQueue.filter(({ id }) => id !== irp) });
    }),
    cancelOwnedIoctl: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IoCancelIrp');
      const srb = cancelableIoctls(context).find(({ id }) => id === event.irp);
      if (!srb) return;
      enqueue.sendTo(({ system }) => system.get('synchronizer'), cancelCall(srb));
      enqueue.assign({ cancelled: [...context.cancelled, srb.id] });
    }),
    /** The minidriver never saw it (D-031, D-041). */
    answerWithdrawn: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'DeliveryWithdrawn');
      const { id } = event.srb;
      enqueue.sendTo(({ system }) => system.get(irpOwner(id)), completionOf(id, 'STATUS_CANCELLED'));
      enqueue.assign({
        delivered: context.delivered.filter((srb) => srb.id !== id),
        cancelled: context.cancelled.filter((other) => other !== id),
      });
    }),
  },
  guards: {
    leadsTo: ({ context, event }, to: Disposition['to']) => dispositionOf(context, event)?.to === to,
    completesIoctl: ({ context, event }) => completedIoctl(context, event) !== undefined,
    asksOn: ({ context, event }) => nextSrb(context, event) !== undefined,
    cancelsQueuedIoctl: ({ context, event }) =>
      event.type === 'IoCancelIrp' && ioctlsOf(context.deviceQueue).some(({ id }) => id === event.irp),
    cancelsOwnedIoctl: ({ context, event }) =>
      event.type === 'IoCancelIrp' && cancelableIoctls(context).some(({ id }) => id === event.irp),
  },
});
