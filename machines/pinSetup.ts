import {
  type CallMinidriver,
  type ClockOperationDone,
  type ClockRequest,
  clockHandleOf,
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
import { assertEvent, assign, enqueueActions, sendTo, setup, stateIn } from 'xstate';
import {
  clockSrb,
  completesClockRequest,
  completesRead,
  completesStateChange,
  dataSrb,
  type PinContext,
  type PinEvent,
  type PinInput,
  resultIn,
  saysReady,
  setStreamStateSrb,
} from './pinRequests.js';

const tokenIsFree: ClockOperationDone = { type: 'ClockOperationDone' };

/** Whether the class driver's create/close token is held for a request (C-031). */
function holdsToken({ type }: ClockRequest): boolean {
  return type !== 'KSPROPERTY_STREAM_MASTERCLOCK';
}

function saysReadyForControl(context: PinContext, event: PinEvent): boolean {
  const completes = completesStateChange(context, event) || completesClockRequest(context, event);
  return saysReady(event, 'ReadyForNextStreamControlRequest', completes);
}

const clockRequestTypes = ['KsCreateClock', 'KsCloseClock', 'KSPROPERTY_STREAM_MASTERCLOCK'] as const;

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
        assertEvent(event, [
          'IOCTL_KS_PROPERTY',
          'IOCTL_KS_READ_STREAM',
          'IOCTL_KS_WRITE_STREAM',
          'IRP_MJ_CLEANUP',
        ]);
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
    answerStateChange: enqueueActions(({ context: { stateChange }, event, enqueue }) => {
      const result = resultIn(event);
      if (!stateChange || !result) return;
      const { irp } = stateChange;
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, result.Status));
      enqueue.assign({ stateChange: undefined });
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
        assertEvent(event, ['IOCTL_KS_READ_STREAM', 'IOCTL_KS_WRITE_STREAM']);
        return [...context.dataQueue, dataSrb(context, event)];
      },
    }),
    deliverNextRead: enqueueActions(({ context, enqueue }) => {
      const [srb, ...dataQueue] = context.dataQueue;
      if (!srb) return;
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'ReceiveDataPacket', srb };
      enqueue.assign({ dataQueue, delivered: [...context.delivered, srb] });
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
      enqueue.sendTo(({ system }) => system.get(irpOwner(srb.id)), answer);
      enqueue.assign({ delivered: context.delivered.filter((other) => other !== srb) });
    }),
    /** CLEANUP completes what the class driver still queues (C-040); the minidriver never sees it (C.6). */
    cancelQueued: enqueueActions(({ context, enqueue }) => {
      const { controlQueue, dataQueue, stateRequests, stateChange } = context;
      const irps = [
        ...[...controlQueue, ...dataQueue].map(({ id }) => id),
        ...stateRequests.map((r) => r.irp),
      ];
      for (const irp of irps) {
        enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      }
      const isCancelled = stateChange !== undefined && irps.includes(stateChange.irp);
      enqueue.assign({ controlQueue: [], dataQueue: [], stateRequests: [] });
      enqueue.assign({ stateChange: isCancelled ? undefined : stateChange });
    }),
    /** Clock requests go one after the other; the first of the list is the one in progress. */
    holdClockRequest: assign({
      clockRequests: ({ context, event }) => {
        assertEvent(event, clockRequestTypes);
        return [...context.clockRequests, event];
      },
    }),
    beginClockRequest: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, clockRequestTypes);
      enqueue.assign({ clockRequests: [event, ...context.clockRequests] });
      enqueue.raise({ type: 'ControlRequest', srb: clockSrb(context, event) });
    }),
    /** Closing has no failure: whatever the status, the clock is closed. */
    answerClockRequest: enqueueActions(({ context, event, enqueue }) => {
      const [request, ...clockRequests] = context.clockRequests;
      const result = resultIn(event);
      if (!request || !result) return;
      const { irp, type, FileObject } = request;
      const isCreated = type === 'KsCreateClock' && ntSuccess(result.Status);
      const handle = isCreated ? { MasterClockHandle: clockHandleOf(FileObject) } : {};
      const answer: IoCompleteRequest = { ...completionOf(irp, result.Status), ...handle };
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), answer);
      if (holdsToken(request)) enqueue.sendTo(({ system }) => system.get('classDriver'), tokenIsFree);
      const isMasterClock = isCreated || (context.isMasterClock && type !== 'KsCloseClock');
      enqueue.assign({ clockRequests, isMasterClock });
    }),
    refuseClockRequest: enqueueActions(({ event, enqueue }, { Status }: { Status: NTSTATUS }) => {
      assertEvent(event, clockRequestTypes);
      enqueue.sendTo(({ system }) => system.get(irpOwner(event.irp)), completionOf(event.irp, Status));
      if (holdsToken(event)) enqueue.sendTo(({ system }) => system.get('classDriver'), tokenIsFree);
    }),
    takeNextClockRequest: enqueueActions(({ context, enqueue }) => {
      const [next, ...clockRequests] = context.clockRequests;
      if (!next) return;
      enqueue.assign({ clockRequests });
      enqueue.raise(next);
    }),
    /** CLEANUP ends the clock requests that the minidriver does not have; `cancelQueued` has told who asked for those queued. */
    cancelClockRequests: enqueueActions(({ context: { clockRequests, controlQueue }, enqueue }) => {
      const isQueued = ({ irp }: ClockRequest): boolean => controlQueue.some(({ id }) => id === irp);
      const [current, ...held] = clockRequests;
      for (const { irp } of held) {
        enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, 'STATUS_CANCELLED'));
      }
      const isKept = current !== undefined && !isQueued(current);
      const ended = isKept ? held : clockRequests;
      if (ended.some(holdsToken)) enqueue.sendTo(({ system }) => system.get('classDriver'), tokenIsFree);
      enqueue.assign({ clockRequests: isKept ? [current] : [] });
    }),
    noteControlQueue: assign({ controlIsReady: (_, { isReady }: { isReady: boolean }) => isReady }),
    noteReady: assign({
      controlIsReady: ({ context, event }) => context.controlIsReady || saysReadyForControl(context, event),
    }),
    /** Before SRB_CLOSE_STREAM (INV-119); the IRP that closes the pin stands behind it. */
    closeMasterClock: enqueueActions(({ context, enqueue }) => {
      const { closeIrp: irp, FileObject } = context;
      if (!irp) return;
      const srb = clockSrb(context, { type: 'KsCloseClock', irp, FileObject });
      enqueue.assign({ controlIsReady: false });
      const call: CallMinidriver = { type: 'CallMinidriver', callback: 'ReceiveControlPacket', srb };
      enqueue.sendTo(({ system }) => system.get('synchronizer'), call);
    }),
    forgetMasterClock: assign({ isMasterClock: false }),
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
    saysReadyForControl: ({ context, event }) => saysReadyForControl(context, event),
    completesClose: ({ context, event }) =>
      context.closeIrp !== undefined && resultIn(event)?.id === context.closeIrp,
    controlIsReady: ({ context }) => context.controlIsReady,
    saysReadyForData: ({ context, event }) =>
      saysReady(event, 'ReadyForNextStreamDataRequest', completesRead(context, event)),
    saysReadyOnly: ({ event }) => resultIn(event) === undefined,
    isQueued: ({ context }) => context.isQueued,
    controlWaits: ({ context }) => context.controlQueue.length > 0,
    readWaits: ({ context }) => context.dataQueue.length > 0,
    readsFromOutput: ({ context }) => context.DataFlow === 'KSPIN_DATAFLOW_OUT',
    isValidRead: ({ context, event }) =>
      context.DataFlow === 'KSPIN_DATAFLOW_OUT' &&
      event.type === 'IOCTL_KS_READ_STREAM' &&
      event.StreamHeader.DataUsed === 0,
    writesToInput: ({ context }) => context.DataFlow === 'KSPIN_DATAFLOW_IN',
    // G-072, G-073
    isValidWrite: ({ context, event }) =>
      context.DataFlow === 'KSPIN_DATAFLOW_IN' &&
      event.type === 'IOCTL_KS_WRITE_STREAM' &&
      event.StreamHeader.DataUsed <= event.StreamHeader.FrameExtent,
    controlQueueIsReady: stateIn({ open: { controlQueue: 'ready' } }),
    isStopped: stateIn({ open: { state: { resting: 'KSSTATE_STOP' } } }),
    completesClockRequest: ({ context, event }) => completesClockRequest(context, event),
    isMasterClock: ({ context }) => context.isMasterClock,
    ownsNothing: ({ context: { delivered, stateChange, clockRequests } }) =>
      delivered.length + clockRequests.length === 0 && stateChange === undefined,
  },
});
