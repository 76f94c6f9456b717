import type { KSSTATE } from 'interlace/streaming';
import { and } from 'xstate';
import { pinSetup } from './pinSetup.js';

const refuseAsGone = { type: 'answer', params: { Status: 'STATUS_DEVICE_REMOVED' } } as const;
const succeed = { type: 'answer', params: { Status: 'STATUS_SUCCESS' } } as const;

/** In a state: asked for the same one there is nothing to do; legal edges lead to `changing` (C-051). */
function changesFrom(state: KSSTATE) {
  return [
    { guard: { type: 'asksFor', params: state }, actions: succeed },
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
 * always find it; the class driver sends these two, for they travel through the device queue. While the stream is open each
 * queue delivers one SRB and then waits for Ready (D-023): in `ready` a queue is empty. Ready and completion are independent,
 * so the minidriver may own many reads (D-027).
 *
 * A request that is cancelled is completed here while it is queued (D-041); when the minidriver owns it HwCancelPacket is called
 * for it once (D-042), and it ends when the minidriver completes it (C-061). CLEANUP cancels all of them (C-040). The close waits
 * until the calls for the stream have returned too, for SRB_CLOSE_STREAM goes through the same lock behind them.
 */
export const pin = pinSetup.createMachine({
  id: 'pin',
  meta: { strict: true },
  context: ({ input }) => ({
    ...input,
    stateRequests: [],
    stateChange: undefined,
    controlQueue: [],
    dataQueue: [],
    delivered: [],
    cancelled: [],
    closeIrp: undefined,
  }),
  initial: 'opening',
  states: {
    opening: {
      on: {
        StreamOpened: 'open',
        // The queues are ready anyway when the stream is open (D-022).
        StreamClassStreamNotification: { guard: 'saysReadyOnly' },
        // The class driver undoes the open (C-072).
        DeviceRemoved: {},
      },
    },
    open: {
      type: 'parallel',
      on: {
        IRP_MJ_CLEANUP: { target: 'draining', actions: ['cancelQueued', 'cancelOwned', succeed] },
        DeviceRemoved: { target: 'orphaned', actions: 'failQueued' },
        IoCancelIrp: [
          { guard: 'cancelsQueued', actions: 'cancelQueuedIrp' },
          { guard: 'cancelsOwned', actions: 'cancelOwnedSrb' },
          // It is completed already, or cancelled already (A-038, D-042).
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
                IOCTL_KS_PROPERTY: {
                  actions: { type: 'answer', params: { Status: 'STATUS_INVALID_DEVICE_STATE' } },
                },
              },
              states: {
                KSSTATE_STOP: {
                  id: 'KSSTATE_STOP',
                  tags: ['idle'],
                  on: { IOCTL_KS_PROPERTY: changesFrom('KSSTATE_STOP') },
                },
                KSSTATE_ACQUIRE: {
                  id: 'KSSTATE_ACQUIRE',
                  tags: ['idle'],
                  on: { IOCTL_KS_PROPERTY: changesFrom('KSSTATE_ACQUIRE') },
                },
                KSSTATE_PAUSE: {
                  id: 'KSSTATE_PAUSE',
                  tags: ['idle'],
                  on: { IOCTL_KS_PROPERTY: changesFrom('KSSTATE_PAUSE') },
                },
                KSSTATE_RUN: {
                  id: 'KSSTATE_RUN',
                  tags: ['idle'],
                  on: { IOCTL_KS_PROPERTY: changesFrom('KSSTATE_RUN') },
                },
                asBefore: { id: 'asBefore', type: 'history' },
              },
            },
            changing: {
              id: 'changing',
              on: {
                IOCTL_KS_PROPERTY: { actions: 'holdStateRequest' },
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
        controlQueue: {
          initial: 'ready',
          states: {
            ready: {
              on: {
                ControlRequest: { target: 'notReady', actions: ['queueControl', 'deliverNextControl'] },
                // A flag, no counter (D-025).
                StreamClassStreamNotification: { guard: 'saysReadyForControl' },
              },
            },
            notReady: {
              on: {
                ControlRequest: { actions: 'queueControl' },
                StreamClassStreamNotification: [
                  { guard: and(['saysReadyForControl', 'controlWaits']), actions: 'deliverNextControl' },
                  { guard: 'saysReadyForControl', target: 'ready' },
                ],
                // Nothing was delivered, so the queue is as ready as it was (D-031).
                DeliveryWithdrawn: [
                  { guard: and(['withdrawsControl', 'controlWaits']), actions: 'deliverNextControl' },
                  { guard: 'withdrawsControl', target: 'ready' },
                ],
              },
            },
          },
        },
        dataQueue: {
          initial: 'ready',
          on: {
            IOCTL_KS_READ_STREAM: [
              // G-073
              {
                guard: 'readsFromOutput',
                actions: { type: 'answer', params: { Status: 'STATUS_INVALID_PARAMETER' } },
              },
              // G-072
              { actions: { type: 'answer', params: { Status: 'STATUS_INVALID_DEVICE_REQUEST' } } },
            ],
          },
          states: {
            ready: {
              on: {
                IOCTL_KS_READ_STREAM: {
                  guard: 'isValidRead',
                  target: 'notReady',
                  actions: ['queueRead', 'deliverNextRead'],
                },
                StreamClassStreamNotification: { guard: 'saysReadyForData' },
              },
            },
            notReady: {
              on: {
                // Whatever the KSSTATE: that check is the minidriver's (D-029).
                IOCTL_KS_READ_STREAM: { guard: 'isValidRead', actions: 'queueRead' },
                StreamClassStreamNotification: [
                  { guard: and(['saysReadyForData', 'readWaits']), actions: 'deliverNextRead' },
                  { guard: 'saysReadyForData', target: 'ready' },
                ],
                DeliveryWithdrawn: [
                  { guard: and(['withdrawsRead', 'readWaits']), actions: 'deliverNextRead' },
                  { guard: 'withdrawsRead', target: 'ready' },
                ],
              },
            },
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
        IOCTL_KS_PROPERTY: { actions: refuseAsGone },
        IOCTL_KS_READ_STREAM: { actions: refuseAsGone },
        StreamClassStreamNotification: [
          { guard: 'completesRead', actions: 'answerRead' },
          { guard: 'completesStateChange', actions: 'answerStateChange' },
          { guard: 'saysReadyOnly' },
        ],
        DeliveryWithdrawn: { actions: 'answerWithdrawn' },
        IoCancelIrp: [{ guard: 'cancelsOwned', actions: 'cancelOwnedSrb' }, {}],
        StateChangeCancelled: {},
        IRP_MJ_CLEANUP: { target: 'draining', actions: ['cancelOwned', succeed] },
      },
    },
    draining: {
      initial: 'cleanedUp',
      on: {
        // I/O of another thread that was on its way.
        IOCTL_KS_PROPERTY: { actions: { type: 'answer', params: { Status: 'STATUS_CANCELLED' } } },
        IOCTL_KS_READ_STREAM: { actions: { type: 'answer', params: { Status: 'STATUS_CANCELLED' } } },
        StreamClassStreamNotification: [
          { guard: 'completesRead', actions: 'answerRead' },
          { guard: 'completesStateChange', actions: 'answerStateChange' },
          { guard: 'saysReadyOnly' },
        ],
        DeliveryWithdrawn: { actions: 'answerWithdrawn' },
        // CLEANUP has cancelled everything.
        IoCancelIrp: {},
        StateChangeCancelled: {},
        DeviceRemoved: {},
      },
      states: {
        cleanedUp: {
          tags: ['idle'],
          on: { IRP_MJ_CLOSE: { target: 'closing', actions: 'rememberClose' } },
        },
        // The rule is strict here (option closeOrder, J20): SRB_CLOSE_STREAM waits for all that the minidriver owns.
        closing: { always: { guard: 'ownsNothing', target: 'drained', actions: 'sayDrained' } },
        drained: {},
      },
    },
  },
});
