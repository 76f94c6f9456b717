import { and } from 'xstate';
import { pinClockSetup } from './pinClockSetup.js';

/** State changes and clock requests, on their way to the minidriver (D-023). */
export const controlQueueRegion = pinClockSetup.createStateConfig({
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
        // Nothing was delivered, so the queue is as ready as it was (D-031).
        DeliveryWithdrawn: [
          { guard: and(['withdrawsControl', 'controlWaits']), actions: 'deliverNextControl' },
          { guard: 'withdrawsControl', target: 'ready' },
        ],
      },
    },
  },
});

const refusals = [
  // G-077
  { guard: 'isSoundData', actions: { type: 'answer', params: { Status: 'STATUS_DEVICE_NOT_READY' } } },
  { actions: 'refuseData' },
] as const;

/** Reads and writes, on their way to the minidriver (D-023). */
export const dataQueueRegion = pinClockSetup.createStateConfig({
  initial: 'choosing',
  on: {
    IOCTL_KS_READ_STREAM: refusals,
    IOCTL_KS_WRITE_STREAM: refusals,
  },
  states: {
    choosing: { always: [{ guard: 'isQueued', target: 'ready' }, { target: 'unqueued' }] },
    unqueued: {
      on: {
        IOCTL_KS_READ_STREAM: { guard: 'takesData', actions: ['queueRead', 'deliverNextRead'] },
        IOCTL_KS_WRITE_STREAM: { guard: 'takesData', actions: ['queueRead', 'deliverNextRead'] },
        StreamClassStreamNotification: { guard: 'saysReadyForData' },
      },
    },
    ready: {
      on: {
        IOCTL_KS_READ_STREAM: {
          guard: 'takesData',
          target: 'notReady',
          actions: ['queueRead', 'deliverNextRead'],
        },
        IOCTL_KS_WRITE_STREAM: {
          guard: 'takesData',
          target: 'notReady',
          actions: ['queueRead', 'deliverNextRead'],
        },
        StreamClassStreamNotification: { guard: 'saysReadyForData' },
      },
    },
    notReady: {
      on: {
        // Whatever the KSSTATE: that check is the minidriver's (D-029).
        IOCTL_KS_READ_STREAM: { guard: 'takesData', actions: 'queueRead' },
        IOCTL_KS_WRITE_STREAM: { guard: 'takesData', actions: 'queueRead' },
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
});
