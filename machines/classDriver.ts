import type { NTSTATUS } from 'interlace/streaming';
import { and, not } from 'xstate';
import { fileRegion } from './classDriverFiles.js';
import { ioctlRegion } from './classDriverIoctls.js';
import { classDriverLifeSetup } from './classDriverLifeSetup.js';
import { pagingRegion } from './classDriverPaging.js';
import { pnpRegion } from './classDriverPnp.js';
import { powerRegion } from './classDriverPower.js';

const answer = (Status: NTSTATUS) => ({ type: 'answer', params: { Status } }) as const;
const answerAdd = (Status: NTSTATUS) => ({ type: 'answerAddDevice', params: { Status } }) as const;
/** Between CLEANUP and CLOSE I/O of other threads may still come. */
const isTooLate = { guard: 'isCleanedUp', actions: answer('STATUS_CANCELLED') } as const;
const onEvents = [
  // C-063: they wait for power, as the minidriver is asked.
  { guard: and(['isForOpenFile', 'holdsRequests']), actions: 'holdRequest' },
  { guard: 'isForOpenFile', actions: 'forwardToEventQueue' },
] as const;

/**
 * Stream.sys for one device: the functional device object, its device queue, and opens and closes (B-005).
 *
 * While the device is `present` several things go on beside each other: `pnp` is the life of the device node (C-001) with the
 * initialization (C-020), `power` its power state (C.7), `paging` whether the minidriver's code is in memory (C.11);
 * `deviceQueue` delivers one SRB and then waits for Ready (D-023), so that the next step of the initialization needs both
 * completion and Ready (C-021); `ioctls` judges requests of clients; `fileOperations` is the create/close token (C-031);
 * `delivered` keeps the SRBs that the minidriver owns. What is for an open pin goes on to that pin's actor.
 */
export const classDriver = classDriverLifeSetup.createMachine({
  id: 'classDriver',
  meta: { strict: true },
  context: ({ input }) => ({
    timeoutTicks: input?.timeoutTicks ?? 2,
    pageOutWhenUnopened: input?.pageOutWhenUnopened ?? false,
    registration: undefined,
    pnpIrp: undefined,
    startFailure: undefined,
    streamDescriptorSize: 0,
    streams: [],
    deviceProperties: [],
    deviceMethods: [],
    filters: [],
    pins: [],
    clocks: [],
    cleanedUp: [],
    filterCloses: [],
    fileRequests: [],
    heldRequests: [],
    powerIrp: undefined,
    fileOperation: undefined,
    deviceQueue: [],
    delivered: [],
    cancelled: [],
  }),
  initial: 'absent',
  states: {
    absent: {
      tags: ['idle'],
      on: { AddDevice: 'loading' },
    },
    loading: {
      entry: 'callDriverEntry',
      on: {
        StreamClassRegisterMinidriver: { actions: 'register' },
        CallbackReturned: [
          { guard: 'entryFailed', target: 'unloaded', actions: 'passOnEntryFailure' },
          { guard: not('isRegistered'), target: 'unloaded', actions: answerAdd('STATUS_UNSUCCESSFUL') },
          {
            guard: 'turnsOffSynchronization',
            target: 'present',
            actions: ['turnOffSynchronization', answerAdd('STATUS_SUCCESS')],
          },
          { target: 'present', actions: answerAdd('STATUS_SUCCESS') },
        ],
      },
    },
    present: {
      type: 'parallel',
      on: {
        // The events of the file object go (E-040).
        IRP_MJ_CLEANUP: [
          {
            guard: 'isForPin',
            actions: ['noteCleanup', 'cancelHeld', 'forwardToEventQueue', 'forward'],
          },
          {
            guard: 'isForFilter',
            actions: [
              'noteCleanup',
              'cancelHeld',
              { type: 'endQueuedIoctls', params: { Status: 'STATUS_CANCELLED' } },
              'cancelOwnedIoctls',
              'forwardToEventQueue',
            ],
          },
        ],
        IOCTL_KS_ENABLE_EVENT: [
          isTooLate,
          // E-042: new ones fail, but what is enabled may be disabled.
          { guard: and(['isForOpenFile', 'isGone']), actions: answer('STATUS_DEVICE_REMOVED') },
          ...onEvents,
        ],
        IOCTL_KS_DISABLE_EVENT: [isTooLate, ...onEvents],
        IRP_MJ_CLOSE: { guard: 'isForPin', actions: 'forward' },
        IOCTL_KS_READ_STREAM: { guard: 'isForPin', actions: 'forward' },
        IOCTL_KS_WRITE_STREAM: { guard: 'isForPin', actions: 'forward' },
        StreamClassScheduleTimer: { actions: 'makeTimer' },
        StreamClassAbortOutstandingRequests: { actions: 'endAborted' },
        // Of a pin that is gone everything is completed; creates and closes cannot be cancelled (INV-034).
        IoCancelIrp: [
          { guard: 'cancelsHeld', actions: 'cancelHeldIrp' },
          { guard: 'isForPin', actions: 'forward' },
          { guard: 'cancelsQueuedIoctl', actions: 'cancelQueuedIoctl' },
          { guard: 'cancelsOwnedIoctl', actions: 'cancelOwnedIoctl' },
          {},
        ],
      },
      states: {
        pnp: pnpRegion,
        power: powerRegion,
        // Before the queue: who is to be called is there.
        paging: pagingRegion,
        deviceQueue: {
          initial: 'choosing',
          states: {
            choosing: {
              always: [{ guard: 'turnsOffSynchronization', target: 'unqueued' }, { target: 'ready' }],
            },
            // Mode OFF: at once, whether the minidriver says Ready or not (D-013, D-015).
            unqueued: {
              on: {
                DeviceRequest: { actions: ['queueDeviceSrb', 'deliverNextDeviceSrb'] },
                StreamClassDeviceNotification: { guard: 'saysReady' },
              },
            },
            ready: {
              on: {
                DeviceRequest: { target: 'notReady', actions: ['queueDeviceSrb', 'deliverNextDeviceSrb'] },
                // A flag, no counter (D-025).
                StreamClassDeviceNotification: { guard: 'saysReady' },
              },
            },
            notReady: {
              on: {
                DeviceRequest: { actions: 'queueDeviceSrb' },
                StreamClassDeviceNotification: [
                  { guard: and(['saysReady', 'deviceSrbWaits']), actions: 'deliverNextDeviceSrb' },
                  { guard: 'saysReady', target: 'ready' },
                ],
                // Nothing was delivered, so the queue is as ready as it was (D-031).
                DeliveryWithdrawn: [
                  { guard: 'deviceSrbWaits', actions: 'deliverNextDeviceSrb' },
                  { target: 'ready' },
                ],
              },
            },
          },
        },
        ioctls: ioctlRegion,
        fileOperations: fileRegion,
        delivered: {
          on: { StreamClassDeviceNotification: { guard: 'completesAny', actions: 'forgetSrb' } },
        },
      },
    },
    removed: {
      id: 'removed',
      entry: 'closeDeviceEventQueue',
      tags: ['idle'],
      on: {
        DriverUnload: { target: 'unloaded', actions: 'unloadMinidriver' },
        IRP_MJ_CREATE: { actions: answer('STATUS_NO_SUCH_DEVICE') },
      },
    },
    unloaded: {
      tags: ['idle'],
      on: { IRP_MJ_CREATE: { actions: answer('STATUS_NO_SUCH_DEVICE') } },
    },
  },
});
