import {
  type CallMinidriver,
  completionOf,
  type IoCompleteRequest,
  irpOwner,
  isLegalStateChange,
  type KSSTATE,
  type NTSTATUS,
  ntSuccess,
  STREAM_HEADER_SIZE,
  type StreamDrained,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, setup } from 'xstate';
import { cancelableSrbs, cancelledIn, queuedIrps, withoutQueued } from './pinCancel.js';
import {
  completesRead,
  completesStateChange,
  type PinContext,
  type PinEvent,
  type PinInput,
  readSrb,
  resultIn,
  saysReady,
  setStreamStateSrb,
} from './pinRequests.js';

/** What a pin can do and ask: the words of the chart in `pin.ts`. */
export const pinSetup = setup({
  types: {
    context: {} as PinContext,
    input: {} as PinInput,
    events: {} as PinEvent,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  actions: {
    answer: sendTo(
      ({ system, event }) => system.get('irp' in event ? irpOwner(event.irp) : ''),
      ({ event }, { Status }: { Status: NTSTATUS }): IoCompleteRequest => {
        assertEvent(event, ['IOCTL_KS_PROPERTY', 'IOCTL_KS_READ_STREAM', 'IRP_MJ_CLEANUP']);
        return completionOf(event.irp, Status);
      },
    ),
    beginStateChange: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IOCTL_KS_PROPERTY');
      enqueue.assign({ stateChange: event });
      enqueue.raise({ type: 'ControlRequest', srb: setStreamStateSrb(context, event) });
    }),
    holdStateRequest: assign({
      stateRequests: ({ context, event }) => {
        assertEvent(event, 'IOCTL_KS_PROPERTY');
        return [...context.stateRequests, event];
      },
    }),
    answerStateChange: enqueueActions(({ context, event, enqueue }) => {
      const { stateChange } = context;
      const result = resultIn(event);
      if (!stateChange || !result) return;
      const { irp } = stateChange;
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, result.Status));
      enqueue.assign({
        stateChange: undefined,
        cancelled: context.cancelled.filter((cancelled) => cancelled !== irp),
      });
    }),
    takeNextStateRequest: enqueueActions(({ context, enqueue }) => {
      const [next, ...stateRequests] = context.stateRequests;
      if (!next) return;
      enqueue.assign({ stateRequests });
      enqueue.raise(next);
    }),
    queueControl: assign({
      controlQueue: ({ context, event }) => {
        assertEvent(event, 'ControlRequest');
        return [...context.controlQueue, event.srb];
      },
    }),
    deliverNextControl: enqueueActions(({ context, enqueue }) => {
      const [srb, ...controlQueue] = context.controlQueue;
      if (!srb) return;
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'ReceiveControlPacket', srb };
      enqueue.assign({ controlQueue });
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
    queueRead: assign({
      dataQueue: ({ context, event }) => {
        assertEvent(event, 'IOCTL_KS_READ_STREAM');
        return [...context.dataQueue, readSrb(context, event)];
      },
    }),
    deliverNextRead: enqueueActions(({ context, enqueue }) => {
      const [srb, ...dataQueue] = context.dataQueue;
      if (!srb) return;
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'ReceiveDataPacket', srb };
      enqueue.assign({ dataQueue, delivered: [...context.delivered, srb] });
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
    /** Class looks only for STATUS_SUCCESS (F-013); Information is the size of the headers used (F-009). */
    answerRead: enqueueActions(({ context, event, enqueue }) => {
      const result = resultIn(event);
      const srb = context.delivered.find(({ id }) => id === result?.id);
      const StreamHeader = (
        result && 'DataBufferArray' in result ? result.DataBufferArray : srb?.DataBufferArray
      )?.[0];
      if (!result || !srb || !StreamHeader) return;
      const Information = result.Status === 'STATUS_SUCCESS' ? STREAM_HEADER_SIZE : 0;
      const answer: IoCompleteRequest = { ...completionOf(srb.id, result.Status), Information, StreamHeader };
      enqueue.sendTo(({ system }) => system.get(irpOwner(srb.id)), answer);
      enqueue.assign({
        delivered: context.delivered.filter((other) => other !== srb),
        cancelled: context.cancelled.filter((cancelled) => cancelled !== srb.id),
      });
    }),
    /** CLEANUP completes what the class driver still queues (C-040); the minidriver never sees it (C.6). */
    cancelQueued: enqueueActions(({ context, enqueue }) => {
      const irps = queuedIrps(context);
      for (const irp of irps) {
        enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      }
      enqueue.assign(withoutQueued(context, irps));
    }),
    failQueued: enqueueActions(({ context, enqueue }) => {
      const irps = queuedIrps(context);
      for (const irp of irps) {
        enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_DEVICE_REMOVED'));
      }
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
    }),
    cancelOwnedSrb: enqueueActions(({ context, event, enqueue }) => {
      const srb = cancelableSrbs(context).find(({ id }) => id === cancelledIn(event));
      if (!srb) return;
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'HwCancelPacket', srb };
      enqueue.assign({ cancelled: [...context.cancelled, srb.id] });
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
    /** The minidriver never saw it (D-031, D-041). */
    answerWithdrawn: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'DeliveryWithdrawn');
      const { id } = event.srb;
      enqueue.sendTo(({ system }) => system.get(irpOwner(id)), completionOf(id, 'STATUS_CANCELLED'));
      enqueue.assign({
        delivered: context.delivered.filter((srb) => srb.id !== id),
        cancelled: context.cancelled.filter((cancelled) => cancelled !== id),
      });
      if (context.stateChange?.irp !== id) return;
      enqueue.assign({ stateChange: undefined });
      enqueue.raise({ type: 'StateChangeCancelled' });
    }),
    rememberClose: assign({
      closeIrp: ({ event }) => {
        assertEvent(event, 'IRP_MJ_CLOSE');
        return event.irp;
      },
    }),
    sayDrained: enqueueActions(({ context: { closeIrp, FileObject }, enqueue }) => {
      if (!closeIrp) return;
      const drained: StreamDrained = { type: 'StreamDrained', irp: closeIrp, FileObject };
      enqueue.sendTo(({ system }) => system.get('classDriver'), drained);
    }),
  },
  guards: {
    asksFor: ({ event }, state: KSSTATE) => event.type === 'IOCTL_KS_PROPERTY' && event.Value === state,
    mayLeave: ({ event }, state: KSSTATE) =>
      event.type === 'IOCTL_KS_PROPERTY' && isLegalStateChange(state, event.Value),
    hasGoneTo: ({ context, event }, state: KSSTATE) => {
      const result = resultIn(event);
      const succeeded = result !== undefined && ntSuccess(result.Status);
      return succeeded && completesStateChange(context, event) && context.stateChange?.Value === state;
    },
    completesStateChange: ({ context, event }) => completesStateChange(context, event),
    completesRead: ({ context, event }) => completesRead(context, event),
    saysReadyForControl: ({ context, event }) =>
      saysReady(event, 'ReadyForNextStreamControlRequest', completesStateChange(context, event)),
    saysReadyForData: ({ context, event }) =>
      saysReady(event, 'ReadyForNextStreamDataRequest', completesRead(context, event)),
    saysReadyOnly: ({ event }) => resultIn(event) === undefined,
    controlWaits: ({ context }) => context.controlQueue.length > 0,
    readWaits: ({ context }) => context.dataQueue.length > 0,
    cancelsQueued: ({ context, event }) => {
      const irp = cancelledIn(event);
      return irp !== undefined && queuedIrps(context).includes(irp);
    },
    cancelsOwned: ({ context, event }) => cancelableSrbs(context).some(({ id }) => id === cancelledIn(event)),
    withdrawsControl: ({ event }) =>
      event.type === 'DeliveryWithdrawn' && event.srb.Command === 'SRB_SET_STREAM_STATE',
    withdrawsRead: ({ event }) => event.type === 'DeliveryWithdrawn' && event.srb.Command === 'SRB_READ_DATA',
    readsFromOutput: ({ context }) => context.DataFlow === 'KSPIN_DATAFLOW_OUT',
    isValidRead: ({ context, event }) =>
      context.DataFlow === 'KSPIN_DATAFLOW_OUT' &&
      event.type === 'IOCTL_KS_READ_STREAM' &&
      event.StreamHeader.DataUsed === 0,
    ownsNothing: ({ context }) => context.delivered.length === 0 && context.stateChange === undefined,
  },
});
