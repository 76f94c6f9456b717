import {
  type CallMinidriver,
  clockObjectOf,
  clockStreamOf,
  completionOf,
  HANDLE_SIZE,
  type IoCompleteRequest,
  irpOwner,
  type NTSTATUS,
  ntSuccess,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, stateIn } from 'xstate';
import { holdsToken } from './pinCancel.js';
import { tokenIsFree } from './pinCancelSetup.js';
import { clockSrb, resultIn } from './pinRequests.js';
import { pinResetSetup } from './pinResetSetup.js';

const clockRequestTypes = ['KsCreateClock', 'KsCloseClock', 'KSPROPERTY_STREAM_MASTERCLOCK'] as const;

/** What a pin can do and ask about master clocks (C.12). */
export const pinClockSetup = pinResetSetup.extend({
  actions: {
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
      const clock = isCreated ? { ClockObject: clockObjectOf(FileObject) } : {};
      const answer: IoCompleteRequest = { ...completionOf(irp, result.Status), ...clock };
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), answer);
      const isMasterClock = isCreated || (context.isMasterClock && type !== 'KsCloseClock');
      const done = tokenIsFree({ FileObject, isMasterClock });
      if (holdsToken(request)) enqueue.sendTo(({ system }) => system.get('classDriver'), done);
      const follows = request.type === 'KSPROPERTY_STREAM_MASTERCLOCK' && ntSuccess(result.Status);
      const cancelled = context.cancelled.filter((other) => other !== irp);
      enqueue.assign({ clockRequests, isMasterClock, cancelled });
      if (!follows) return;
      enqueue.assign({ indicatedClock: request.Value });
      enqueue.sendTo(({ self }) => self, { type: 'InstallMasterClock' });
    }),
    /**
     * The clock is the one that is installed now, whatever handle was asked. Until a class step after SRB_INDICATE_MASTER_CLOCK was
     * completed that is the one before, or none (C-089, C-090, option `clockSwitchRace`). Of no clock the answer is arbitrary (J31).
     */
    askMasterClock: sendTo(
      ({ system }) => system.get('synchronizer'),
      ({ context, event }): CallMinidriver => {
        assertEvent(event, 'StreamClassQueryMasterClock');
        const { callback } = event;
        if (context.masterClock === 0) return { ...callback, type: 'CallMinidriver' };
        const StreamObject = clockStreamOf(context.masterClock);
        return { ...callback, type: 'CallMinidriver', callback: 'HwClockFunction', StreamObject };
      },
    ),
    /** The clock that was set last with success; `null` when the stream runs free (C-085). */
    answerMasterClock: enqueueActions(({ context: { indicatedClock }, event, enqueue }) => {
      assertEvent(event, 'GetMasterClock');
      const { irp } = event;
      const Handle = indicatedClock === 0 ? null : clockObjectOf(clockStreamOf(indicatedClock));
      const answer: IoCompleteRequest = {
        ...completionOf(irp, 'STATUS_SUCCESS'),
        ...{ Information: HANDLE_SIZE, Output: { Handle } },
      };
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), answer);
    }),
    installMasterClock: assign({ masterClock: ({ context }) => context.indicatedClock }),
    endClockRequest: enqueueActions(({ context, event, enqueue }, { Status }: { Status: NTSTATUS }) => {
      assertEvent(event, clockRequestTypes);
      enqueue.sendTo(({ system }) => system.get(irpOwner(event.irp)), completionOf(event.irp, Status));
      if (holdsToken(event)) enqueue.sendTo(({ system }) => system.get('classDriver'), tokenIsFree(context));
    }),
    takeNextClockRequest: enqueueActions(({ context, enqueue }) => {
      const [next, ...clockRequests] = context.clockRequests;
      if (!next) return;
      enqueue.assign({ clockRequests });
      enqueue.raise(next);
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
  },
  guards: {
    completesClose: ({ context, event }) =>
      context.closeIrp !== undefined && resultIn(event)?.id === context.closeIrp,
    isStopped: stateIn({ open: { state: { resting: 'KSSTATE_STOP' } } }),
    hasClock: ({ context }) => context.hasClock,
    isMasterClock: ({ context }) => context.isMasterClock,
  },
});
