import type { KSSTATE, NTSTATUS } from 'interlace/streaming';
import { and, not } from 'xstate';
import { pinClockSetup } from './pinClockSetup.js';
import { endClock, masterClockRegion } from './pinMasterClock.js';
import { controlQueueRegion, dataQueueRegion } from './pinQueues.js';
import { resetRegion } from './pinReset.js';

const refuseAsGone = { type: 'answer', params: { Status: 'STATUS_DEVICE_REMOVED' } } as const;
const succeed = { type: 'answer', params: { Status: 'STATUS_SUCCESS' } } as const;

const endQueued = (Status: NTSTATUS) => ({ type: 'endQueued', params: { Status } }) as const;

/** SRB_CLOSE_MASTER_CLOCK may come later, so the readiness of the control queue counts on. */
const note = (isReady: boolean) => ({ type: 'noteControlQueue', params: { isReady } }) as const;

/** What class holds is cancelled, and what the minidriver owns (C-040). */
function cleanUp(isReady: boolean) {
  return {
    target: 'draining',
    actions: [note(isReady), endQueued('STATUS_CANCELLED'), 'cancelOwned', succeed],
  } as const;
}

/** What class holds fails (C-068). */
function orphan(isReady: boolean) {
  return { target: 'orphaned', actions: [note(isReady), endQueued('STATUS_DEVICE_REMOVED')] } as const;
}

/** A stream that is not open any more: the minidriver gives back what it owns. */
const givesBack = [
  { guard: 'completesRead', actions: 'answerRead' },
  { guard: 'completesStateChange', actions: ['noteReady', 'answerStateChange'] },
  { guard: 'completesClockRequest', actions: ['noteReady', 'answerClockRequest'] },
  { guard: 'completesIoctl', actions: ['noteReady', 'answerIoctl'] },
  { guard: 'saysReadyOnly', actions: 'noteReady' },
] as const;

/**
 * In a state: asked for the same one there is nothing to do, so the next in line is looked at; legal edges lead to `changing`
 * (C-051).
 */
function changesFrom(state: KSSTATE) {
  return [
    { guard: { type: 'asksFor', params: state }, actions: [succeed, 'takeNextStateRequest'] },
    { guard: { type: 'mayLeave', params: state }, target: '#changing', actions: 'beginStateChange' },
  ] as const;
}

/** What the client sees is the last state change that succeeded (C-060). */
function arrivesAt(state: KSSTATE) {
  return {
    guard: { type: 'hasGoneTo', params: state },
    target: `#${state}`,
    actions: ['answerStateChange', 'takeNextStateRequest'],
  } as const;
}

/**
 * One open stream (B-006): its KSSTATE as the class driver sees it, its control queue and its data queue.
 *
 * It is made before SRB_OPEN_STREAM is delivered and ends after SRB_CLOSE_STREAM is completed, so that notifications
 * always find it, and takes requests between the two only (C-045); the class driver sends these two, for they travel through the
 * device queue. While the stream is open each queue delivers one SRB and then waits for Ready (D-023): in `ready` a queue is empty.
 * Ready and completion are independent, so the minidriver may own many reads (D-027).
 *
 * A request that is cancelled is completed here while it is queued (D-041); when the minidriver owns it HwCancelPacket is called
 * for it once (D-042), and it ends when the minidriver completes it (C-061). CLEANUP cancels all of them (C-040). The close waits
 * until the calls for the stream have returned too, for SRB_CLOSE_STREAM goes through the same lock behind them.
 */
export const pin = pinClockSetup.createMachine({
  id: 'pin',
  meta: { strict: true },
  context: ({ input }) => ({
    ...input,
    access: { Dma: false, Pio: false },
    hasClock: false,
    stateRequests: [],
    stateChange: undefined,
    controlQueue: [],
    dataQueue: [],
    delivered: [],
    cancelled: [],
    closeIrp: undefined,
    clockRequests: [],
    ioctls: [],
    isMasterClock: false,
    indicatedClock: 0,
    masterClock: 0,
    controlIsReady: true,
  }),
  on: {
    // Whatever the state: who has asked gets an answer (C-088).
    StreamClassQueryMasterClock: { actions: 'askMasterClock' },
    InstallMasterClock: { actions: 'installMasterClock' },
    StreamClassAbortOutstandingRequests: { actions: 'endAborted' },
  },
  initial: 'opening',
  states: {
    opening: {
      on: {
        StreamOpened: { target: 'open', actions: 'noteStreamObject' },
        // The queues are ready anyway when the stream is open (D-022).
        StreamClassStreamNotification: { guard: 'saysReadyOnly' },
        // The class driver undoes the open (C-072).
        DeviceRemoved: {},
      },
    },
    open: {
      type: 'parallel',
      on: {
        IRP_MJ_CLEANUP: [{ guard: 'controlQueueIsReady', ...cleanUp(true) }, cleanUp(false)],
        DeviceRemoved: [{ guard: 'controlQueueIsReady', ...orphan(true) }, orphan(false)],
        IoCancelIrp: [
          { guard: 'cancelsQueued', actions: 'cancelQueuedIrp' },
          { guard: 'cancelsOwned', actions: 'cancelOwnedSrb' },
          // It is completed already, or cancelled already (A-038, D-042), or nobody can cancel it (INV-034).
          {},
        ],
      },
      states: {
        state: {
          initial: 'resting',
          states: {
            resting: {
              initial: 'KSSTATE_STOP',
              // G-040
              on: {
                KSPROPERTY_CONNECTION_STATE: {
                  actions: [
                    { type: 'answer', params: { Status: 'STATUS_INVALID_DEVICE_STATE' } },
                    'takeNextStateRequest',
                  ],
                },
              },
              states: {
                KSSTATE_STOP: {
                  id: 'KSSTATE_STOP',
                  tags: ['idle'],
                  on: { KSPROPERTY_CONNECTION_STATE: changesFrom('KSSTATE_STOP') },
                },
                KSSTATE_ACQUIRE: {
                  id: 'KSSTATE_ACQUIRE',
                  tags: ['idle'],
                  on: { KSPROPERTY_CONNECTION_STATE: changesFrom('KSSTATE_ACQUIRE') },
                },
                KSSTATE_PAUSE: {
                  id: 'KSSTATE_PAUSE',
                  tags: ['idle'],
                  on: { KSPROPERTY_CONNECTION_STATE: changesFrom('KSSTATE_PAUSE') },
                },
                KSSTATE_RUN: {
                  id: 'KSSTATE_RUN',
                  tags: ['idle'],
                  on: { KSPROPERTY_CONNECTION_STATE: changesFrom('KSSTATE_RUN') },
                },
                asBefore: { id: 'asBefore', type: 'history' },
              },
            },
            changing: {
              id: 'changing',
              on: {
                KSPROPERTY_CONNECTION_STATE: { actions: 'holdStateRequest' },
                StateChangeCancelled: { target: '#asBefore', actions: 'takeNextStateRequest' },
                StreamClassStreamNotification: [
                  arrivesAt('KSSTATE_STOP'),
                  arrivesAt('KSSTATE_ACQUIRE'),
                  arrivesAt('KSSTATE_PAUSE'),
                  arrivesAt('KSSTATE_RUN'),
                  // C-056: after a failure the state is what it was.
                  {
                    guard: 'completesStateChange',
                    target: '#asBefore',
                    actions: ['answerStateChange', 'takeNextStateRequest'],
                  },
                ],
              },
            },
          },
        },
        controlQueue: controlQueueRegion,
        dataQueue: dataQueueRegion,
        reset: resetRegion,
        masterClock: masterClockRegion,
        // Properties, methods and unknown IRPs, which depend on nothing and hold nothing up.
        ioctls: {
          on: {
            ControlRequest: { guard: 'isIoctl', actions: 'noteIoctl' },
            StreamClassStreamNotification: [
              { guard: 'asksOn', actions: 'askNext' },
              { guard: 'completesIoctl', actions: 'answerIoctl' },
            ],
          },
        },
        delivered: {
          on: {
            StreamClassStreamNotification: { guard: 'completesRead', actions: 'answerRead' },
            DeliveryWithdrawn: { actions: 'answerWithdrawn' },
          },
        },
      },
    },
    // The device is gone: nothing is asked of the minidriver any more but to give back what it owns (C-004, C-068).
    orphaned: {
      tags: ['idle'],
      on: {
        IOCTL_KS_READ_STREAM: { actions: refuseAsGone },
        IOCTL_KS_WRITE_STREAM: { actions: refuseAsGone },
        KsCreateClock: { actions: endClock('STATUS_DEVICE_REMOVED') },
        // Closes are honoured; the minidriver is told before SRB_CLOSE_STREAM (INV-119).
        KsCloseClock: [
          { guard: 'isMasterClock', actions: endClock('STATUS_SUCCESS') },
          { actions: endClock('STATUS_INVALID_HANDLE') },
        ],
        StreamClassStreamNotification: givesBack,
        DeliveryWithdrawn: { actions: ['noteReady', 'answerWithdrawn'] },
        IoCancelIrp: [{ guard: 'cancelsOwned', actions: 'cancelOwnedSrb' }, {}],
        StateChangeCancelled: {},
        ClockRequestCancelled: {},
        IRP_MJ_CLEANUP: { target: 'draining', actions: ['cancelOwned', succeed] },
      },
    },
    draining: {
      initial: 'cleanedUp',
      on: {
        // I/O of another thread that was on its way.
        IOCTL_KS_READ_STREAM: { actions: { type: 'answer', params: { Status: 'STATUS_CANCELLED' } } },
        IOCTL_KS_WRITE_STREAM: { actions: { type: 'answer', params: { Status: 'STATUS_CANCELLED' } } },
        KsCreateClock: { actions: endClock('STATUS_CANCELLED') },
        KsCloseClock: { actions: endClock('STATUS_CANCELLED') },
        StreamClassStreamNotification: givesBack,
        DeliveryWithdrawn: { actions: ['noteReady', 'answerWithdrawn'] },
        // CLEANUP has cancelled everything.
        IoCancelIrp: {},
        StateChangeCancelled: {},
        ClockRequestCancelled: {},
        DeviceRemoved: {},
      },
      states: {
        cleanedUp: {
          tags: ['idle'],
          on: { IRP_MJ_CLOSE: { target: 'closing', actions: 'rememberClose' } },
        },
        // The rule is strict here (option closeOrder, J20): SRB_CLOSE_STREAM waits for all that the minidriver owns (C-043, D-047).
        closing: {
          always: [
            // INV-119; the control queue delivers nothing before it is ready (D-023).
            {
              guard: and(['ownsNothing', 'isMasterClock', 'controlIsReady']),
              target: 'closingClock',
              actions: 'closeMasterClock',
            },
            { guard: and(['ownsNothing', not('isMasterClock')]), target: 'drained', actions: 'sayDrained' },
          ],
        },
        closingClock: {
          on: {
            StreamClassStreamNotification: {
              guard: 'completesClose',
              target: 'closing',
              actions: 'forgetMasterClock',
            },
          },
        },
        drained: {},
      },
    },
  },
});
