import {
  type BufferEmission,
  buffersLocked,
  buffersUnlocked,
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
  streamEventQueue,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, setup } from 'xstate';
import { dataFault } from './dataRequests.js';
import { ioctlAnswer } from './ioctlAnswers.js';
import {
  completedIoctl,
  completesRead,
  completesStateChange,
  dataSrb,
  isIoctlSrb,
  nextIoctl,
  type PinContext,
  type PinEvent,
  type PinInput,
  resultIn,
  saysReady,
  saysReadyForControl,
  setStreamStateSrb,
} from './pinRequests.js';

/** Why a read or write may not go to the minidriver. */
function dataFaultOf({ DataFlow }: PinContext, event: PinEvent): NTSTATUS | undefined {
  if (event.type !== 'IOCTL_KS_READ_STREAM' && event.type !== 'IOCTL_KS_WRITE_STREAM') return undefined;
  return dataFault(DataFlow, event);
}

/** What a pin can do and ask: the words of the chart in `pin.ts`. */
export const pinSetup = setup({
  types: {
    context: {} as PinContext,
    input: {} as PinInput,
    events: {} as PinEvent,
    emitted: {} as BufferEmission,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  actions: {
    noteStreamObject: assign(({ event }) => {
      assertEvent(event, 'StreamOpened');
      return { access: event.access, hasClock: event.hasClock };
    }),
    answer: sendTo(
      ({ system, event }) => system.get('irp' in event ? irpOwner(event.irp) : ''),
      ({ event }, { Status }: { Status: NTSTATUS }): IoCompleteRequest => {
        assertEvent(event, [
          'KSPROPERTY_CONNECTION_STATE',
          'IOCTL_KS_READ_STREAM',
          'IOCTL_KS_WRITE_STREAM',
          'IRP_MJ_CLEANUP',
        ]);
        return completionOf(event.irp, Status);
      },
    ),
    beginStateChange: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'KSPROPERTY_CONNECTION_STATE');
      enqueue.assign({ stateChange: event });
      enqueue.raise({ type: 'ControlRequest', srb: setStreamStateSrb(context, event) });
    }),
    holdStateRequest: assign({
      stateRequests: ({ context, event }) => {
        assertEvent(event, 'KSPROPERTY_CONNECTION_STATE');
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
    refuseData: sendTo(
      ({ system, event }) => system.get('irp' in event ? irpOwner(event.irp) : ''),
      ({ context, event }): IoCompleteRequest => {
        assertEvent(event, ['IOCTL_KS_READ_STREAM', 'IOCTL_KS_WRITE_STREAM']);
        return completionOf(event.irp, dataFaultOf(context, event) ?? 'STATUS_UNSUCCESSFUL');
      },
    ),
    queueRead: assign({
      dataQueue: ({ context, event }) => {
        assertEvent(event, ['IOCTL_KS_READ_STREAM', 'IOCTL_KS_WRITE_STREAM']);
        return [...context.dataQueue, dataSrb(context, event)];
      },
    }),
    deliverNextRead: enqueueActions(({ context, enqueue }) => {
      const [srb, ...dataQueue] = context.dataQueue;
      if (!srb) return;
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'ReceiveDataPacket', srb };
      enqueue.assign({ dataQueue, delivered: [...context.delivered, srb] });
      enqueue.emit(buffersLocked(srb, context.access));
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
    /**
     * Class looks only for STATUS_SUCCESS (F-013). Information is the size of the headers used by a read, the bytes that a
     * write has written (F-009).
     */
    answerRead: enqueueActions(({ context, event, enqueue }) => {
      const result = resultIn(event);
      const srb = context.delivered.find(({ id }) => id === result?.id);
      const StreamHeader = (
        result && 'DataBufferArray' in result ? result.DataBufferArray : srb?.DataBufferArray
      )?.[0];
      if (!result || !srb || !StreamHeader) return;
      const used = srb.Command === 'SRB_READ_DATA' ? STREAM_HEADER_SIZE : StreamHeader.DataUsed;
      const Information = result.Status === 'STATUS_SUCCESS' ? used : 0;
      const answer: IoCompleteRequest = { ...completionOf(srb.id, result.Status), Information, StreamHeader };
      enqueue.emit(buffersUnlocked(srb, context.access));
      enqueue.sendTo(({ system }) => system.get(irpOwner(srb.id)), answer);
      enqueue.assign({
        delivered: context.delivered.filter((other) => other !== srb),
        cancelled: context.cancelled.filter((cancelled) => cancelled !== srb.id),
      });
    }),
    noteIoctl: assign({
      ioctls: ({ context, event }) => {
        assertEvent(event, 'ControlRequest');
        return isIoctlSrb(event.srb) ? [...context.ioctls, event.srb] : context.ioctls;
      },
    }),
    /** The next property of a set takes the place of the one that has been completed. */
    askNext: enqueueActions(({ context, event, enqueue }) => {
      const srb = nextIoctl(context, event);
      if (!srb) return;
      enqueue.assign({ ioctls: context.ioctls.filter(({ id }) => id !== srb.id) });
      enqueue.raise({ type: 'ControlRequest', srb });
    }),
    answerIoctl: enqueueActions(({ context, event, enqueue }) => {
      const srb = completedIoctl(context, event);
      const result = resultIn(event);
      if (!srb || !result) return;
      const wasCancelled = context.cancelled.includes(srb.id);
      enqueue.sendTo(({ system }) => system.get(irpOwner(srb.id)), ioctlAnswer(srb, result, wasCancelled));
      enqueue.assign({
        ioctls: context.ioctls.filter((other) => other !== srb),
        cancelled: context.cancelled.filter((cancelled) => cancelled !== srb.id),
      });
    }),
    rememberClose: assign({
      closeIrp: ({ event }) => {
        assertEvent(event, 'IRP_MJ_CLOSE');
        return event.irp;
      },
    }),
    /** By way of its event queue, which has to be empty first (E-041). */
    sayDrained: enqueueActions(({ context: { closeIrp, FileObject }, enqueue }) => {
      if (!closeIrp) return;
      const drained: StreamDrained = { type: 'StreamDrained', irp: closeIrp, FileObject };
      enqueue.sendTo(({ system }) => system.get(streamEventQueue(FileObject)), drained);
    }),
  },
  guards: {
    asksFor: ({ event }, state: KSSTATE) =>
      event.type === 'KSPROPERTY_CONNECTION_STATE' && event.Value === state,
    mayLeave: ({ event }, state: KSSTATE) =>
      event.type === 'KSPROPERTY_CONNECTION_STATE' && isLegalStateChange(state, event.Value),
    hasGoneTo: ({ context, event }, state: KSSTATE) => {
      const result = resultIn(event);
      const succeeded = result !== undefined && ntSuccess(result.Status);
      return succeeded && completesStateChange(context, event) && context.stateChange?.Value === state;
    },
    completesStateChange: ({ context, event }) => completesStateChange(context, event),
    completesRead: ({ context, event }) => completesRead(context, event),
    isIoctl: ({ event }) => event.type === 'ControlRequest' && isIoctlSrb(event.srb),
    asksOn: ({ context, event }) => nextIoctl(context, event) !== undefined,
    completesIoctl: ({ context, event }) => completedIoctl(context, event) !== undefined,
    saysReadyForControl: ({ context, event }) => saysReadyForControl(context, event),
    saysReadyForData: ({ context, event }) =>
      saysReady(event, 'ReadyForNextStreamDataRequest', completesRead(context, event)),
    saysReadyOnly: ({ event }) => resultIn(event) === undefined,
    isQueued: ({ context }) => context.isQueued,
    controlWaits: ({ context }) => context.controlQueue.length > 0,
    readWaits: ({ context }) => context.dataQueue.length > 0,
    isSoundData: ({ context, event }) => dataFaultOf(context, event) === undefined,
    ownsNothing: ({ context: { delivered, stateChange, clockRequests, ioctls } }) =>
      delivered.length + clockRequests.length + ioctls.length === 0 && stateChange === undefined,
  },
});
