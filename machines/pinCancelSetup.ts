import {
  buffersUnlocked,
  type CallMinidriver,
  type ClockOperationDone,
  completionOf,
  irpOwner,
  type NTSTATUS,
  srbFlags,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, or, stateIn } from 'xstate';
import { areAll, inDeliveryOrder } from './abortedRequests.js';
import {
  cancelableSrbs,
  cancelledIn,
  holdsToken,
  ownedSrbs,
  queuedIrps,
  withoutQueued,
} from './pinCancel.js';
import { completesClockRequest, type PinContext, type PinEvent, saysReadyForControl } from './pinRequests.js';
import { pinSetup } from './pinSetup.js';

/** What the class driver is told when a clock has been created or closed, or not. */
export function tokenIsFree({ FileObject, isMasterClock }: Pick<PinContext, 'FileObject' | 'isMasterClock'>) {
  const done: ClockOperationDone = { type: 'ClockOperationDone', FileObject, isMasterClock };
  return done;
}

function withdrawsControl(event: PinEvent): boolean {
  return event.type === 'DeliveryWithdrawn' && event.srb.Flags === srbFlags.control;
}

/** What a pin can do and ask when requests are cancelled, by whom they belong to, by CLEANUP, or because the device is gone. */
export const pinCancelSetup = pinSetup.extend({
  actions: {
    /** CLEANUP completes what the class driver still queues (C-040); the minidriver never sees it (C.6). */
    endQueued: enqueueActions(({ context, enqueue }, { Status }: { Status: NTSTATUS }) => {
      const irps = queuedIrps(context);
      for (const irp of irps) {
        enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, Status));
      }
      const ended = context.clockRequests.filter(({ irp }) => irps.includes(irp));
      if (ended.some(holdsToken))
        enqueue.sendTo(({ system }) => system.get('classDriver'), tokenIsFree(context));
      enqueue.assign(withoutQueued(context, irps));
    }),
    /** CLEANUP cancels all that the minidriver owns (C-042). */
    cancelOwned: enqueueActions(({ context, enqueue }) => {
      const srbs = cancelableSrbs(context);
      for (const srb of srbs) {
        const call: CallMinidriver = { type: 'CallMinidriver', callback: 'HwCancelPacket', srb };
        enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
      }
      enqueue.assign({ cancelled: [...context.cancelled, ...srbs.map(({ id }) => id)] });
    }),
    cancelQueuedIrp: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IoCancelIrp');
      const { irp } = event;
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      enqueue.assign(withoutQueued(context, [irp]));
      if (context.stateChange?.irp === irp) enqueue.raise({ type: 'StateChangeCancelled' });
      if (context.clockRequests[0]?.irp === irp) enqueue.raise({ type: 'ClockRequestCancelled' });
    }),
    cancelOwnedSrb: enqueueActions(({ context, event, enqueue }) => {
      const srb = cancelableSrbs(context).find(({ id }) => id === cancelledIn(context, event));
      if (!srb) return;
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'HwCancelPacket', srb };
      enqueue.assign({ cancelled: [...context.cancelled, srb.id] });
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
    /** The minidriver never saw it (D-031, D-041). */
    answerWithdrawn: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'DeliveryWithdrawn');
      const { id } = event.srb;
      const [clockRequest, ...clockRequests] = context.clockRequests;
      const withdrawn = context.delivered.find((srb) => srb.id === id);
      if (withdrawn) enqueue.emit(buffersUnlocked(withdrawn, context.access));
      enqueue.sendTo(({ system }) => system.get(irpOwner(id)), completionOf(id, 'STATUS_CANCELLED'));
      enqueue.assign({
        delivered: context.delivered.filter((srb) => srb.id !== id),
        ioctls: context.ioctls.filter((srb) => srb.id !== id),
        cancelled: context.cancelled.filter((cancelled) => cancelled !== id),
      });
      if (context.stateChange?.irp === id) {
        enqueue.assign({ stateChange: undefined });
        enqueue.raise({ type: 'StateChangeCancelled' });
      }
      if (clockRequest?.irp === id) {
        enqueue.assign({ clockRequests });
        enqueue.raise({ type: 'ClockRequestCancelled' });
        if (holdsToken(clockRequest))
          enqueue.sendTo(({ system }) => system.get('classDriver'), tokenIsFree(context));
      }
    }),
    /** Each is completed as by itself; a queue with no SRB on its way to the minidriver is ready (D-060, INV-010). */
    endAborted: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'StreamClassAbortOutstandingRequests');
      const type = 'StreamClassStreamNotification';
      const control = ownedSrbs(context).filter(({ Flags }) => Flags === srbFlags.control);
      for (const srb of inDeliveryOrder(event.srbs, context.delivered)) {
        enqueue.raise({ type, notification: 'StreamRequestComplete', srb });
      }
      if (areAll(control, event.srbs))
        enqueue.raise({ type, notification: 'ReadyForNextStreamControlRequest' });
      if (areAll(context.delivered, event.srbs))
        enqueue.raise({ type, notification: 'ReadyForNextStreamDataRequest' });
    }),
    noteControlQueue: assign({ controlIsReady: (_, { isReady }: { isReady: boolean }) => isReady }),
    /** A delivery that was withdrawn leaves the queue as ready as it was. */
    noteReady: assign({
      controlIsReady: ({ context, event }) =>
        context.controlIsReady || saysReadyForControl(context, event) || withdrawsControl(event),
    }),
  },
  guards: {
    cancelsQueued: ({ context, event }) => {
      const irp = cancelledIn(context, event);
      return irp !== undefined && queuedIrps(context).includes(irp);
    },
    cancelsOwned: ({ context, event }) =>
      cancelableSrbs(context).some(({ id }) => id === cancelledIn(context, event)),
    withdrawsControl: ({ event }) => withdrawsControl(event),
    withdrawsRead: ({ event }) => event.type === 'DeliveryWithdrawn' && event.srb.Flags === srbFlags.data,
    completesClockRequest: ({ context, event }) => completesClockRequest(context, event),
    controlQueueIsReady: or([
      stateIn({ open: { controlQueue: 'ready' } }),
      stateIn({ open: { controlQueue: 'unqueued' } }),
    ]),
    controlIsReady: ({ context }) => context.controlIsReady,
  },
});
