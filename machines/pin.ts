import type { KSSTATE, NTSTATUS } from 'interlace/streaming';
import { and, not } from 'xstate';
import { pinSetup } from './pinSetup.js';

const succeed = { type: 'answer', params: { Status: 'STATUS_SUCCESS' } } as const;

const refuseClock = (Status: NTSTATUS) => ({ type: 'refuseClockRequest', params: { Status } }) as const;

/** What class holds is cancelled (C-040); SRB_CLOSE_MASTER_CLOCK may come later, so the queue's readiness counts on. */
function cleanUp(isReady: boolean) {
  const note = { type: 'noteControlQueue', params: { isReady } } as const;
  return { target: 'draining', actions: [note, 'cancelClockRequests', 'cancelQueued', succeed] } as const;
}

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
    closeIrp: undefined,
    clockRequests: [],
    isMasterClock: false,
    controlIsReady: true,
  }),
  initial: 'opening',
  states: {
    opening: {
      on: {
        StreamOpened: 'open',
        // The queues are ready anyway when the stream is open (D-022).
        StreamClassStreamNotification: { guard: 'saysReadyOnly' },
      },
    },
    open: {
      type: 'parallel',
      on: {
        IRP_MJ_CLEANUP: [{ guard: 'controlQueueIsReady', ...cleanUp(true) }, cleanUp(false)],
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
          initial: 'choosing',
          states: {
            choosing: { always: [{ guard: 'isQueued', target: 'ready' }, { target: 'unqueued' }] },
            // Mode OFF: at once, whether the minidriver says Ready or not (D-013, D-015).
            unqueued: {
              on: {
                ControlRequest: { actions: ['queueControl', 'deliverNextControl'] },
                StreamClassStreamNotification: { guard: 'saysReadyForControl' },
              },
            },
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
              },
            },
          },
        },
        dataQueue: {
          initial: 'choosing',
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
            IOCTL_KS_WRITE_STREAM: [
              {
                guard: 'writesToInput',
                actions: { type: 'answer', params: { Status: 'STATUS_INVALID_PARAMETER' } },
              },
              { actions: { type: 'answer', params: { Status: 'STATUS_INVALID_DEVICE_REQUEST' } } },
            ],
          },
          states: {
            choosing: { always: [{ guard: 'isQueued', target: 'ready' }, { target: 'unqueued' }] },
            unqueued: {
              on: {
                IOCTL_KS_READ_STREAM: { guard: 'isValidRead', actions: ['queueRead', 'deliverNextRead'] },
                StreamClassStreamNotification: { guard: 'saysReadyForData' },
              },
            },
            ready: {
              on: {
                IOCTL_KS_READ_STREAM: {
                  guard: 'isValidRead',
                  target: 'notReady',
                  actions: ['queueRead', 'deliverNextRead'],
                },
                IOCTL_KS_WRITE_STREAM: {
                  guard: 'isValidWrite',
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
                IOCTL_KS_WRITE_STREAM: { guard: 'isValidWrite', actions: 'queueRead' },
                StreamClassStreamNotification: [
                  { guard: and(['saysReadyForData', 'readWaits']), actions: 'deliverNextRead' },
                  { guard: 'saysReadyForData', target: 'ready' },
                ],
              },
            },
          },
        },
        // C.12
        masterClock: {
          initial: 'resting',
          states: {
            resting: {
              on: {
                KsCreateClock: [
                  {
                    guard: 'isMasterClock',
                    actions: [refuseClock('STATUS_INVALID_DEVICE_STATE'), 'takeNextClockRequest'],
                  },
                  { target: 'asking', actions: 'beginClockRequest' },
                ],
                KsCloseClock: [
                  { guard: 'isMasterClock', target: 'asking', actions: 'beginClockRequest' },
                  { actions: [refuseClock('STATUS_INVALID_HANDLE'), 'takeNextClockRequest'] },
                ],
                KSPROPERTY_STREAM_MASTERCLOCK: [
                  // C-086, J32
                  { guard: 'isStopped', target: 'asking', actions: 'beginClockRequest' },
                  { actions: [refuseClock('STATUS_INVALID_DEVICE_STATE'), 'takeNextClockRequest'] },
                ],
              },
            },
            asking: {
              on: {
                KsCreateClock: { actions: 'holdClockRequest' },
                KsCloseClock: { actions: 'holdClockRequest' },
                KSPROPERTY_STREAM_MASTERCLOCK: { actions: 'holdClockRequest' },
                StreamClassStreamNotification: {
                  guard: 'completesClockRequest',
                  target: 'resting',
                  actions: ['answerClockRequest', 'takeNextClockRequest'],
                },
              },
            },
          },
        },
        delivered: {
          on: { StreamClassStreamNotification: { guard: 'completesRead', actions: 'answerRead' } },
        },
      },
    },
    draining: {
      initial: 'cleanedUp',
      on: {
        // I/O of another thread that was on its way.
        IOCTL_KS_PROPERTY: { actions: { type: 'answer', params: { Status: 'STATUS_CANCELLED' } } },
        IOCTL_KS_READ_STREAM: { actions: { type: 'answer', params: { Status: 'STATUS_CANCELLED' } } },
        IOCTL_KS_WRITE_STREAM: { actions: { type: 'answer', params: { Status: 'STATUS_CANCELLED' } } },
        KsCreateClock: { actions: refuseClock('STATUS_CANCELLED') },
        KsCloseClock: { actions: refuseClock('STATUS_CANCELLED') },
        KSPROPERTY_STREAM_MASTERCLOCK: { actions: refuseClock('STATUS_CANCELLED') },
        StreamClassStreamNotification: [
          { guard: 'completesRead', actions: 'answerRead' },
          { guard: 'completesStateChange', actions: ['noteReady', 'answerStateChange'] },
          { guard: 'completesClockRequest', actions: ['noteReady', 'answerClockRequest'] },
          { guard: 'saysReadyOnly', actions: 'noteReady' },
        ],
      },
      states: {
        cleanedUp: {
          tags: ['idle'],
          on: { IRP_MJ_CLOSE: { target: 'closing', actions: 'rememberClose' } },
        },
        // The rule is strict here (option closeOrder, J20): SRB_CLOSE_STREAM waits for all that the minidriver owns.
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
