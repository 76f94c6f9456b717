import type { NTSTATUS, SrbCommand } from 'interlace/streaming';
import { and, not } from 'xstate';
import { ioctlRegion } from './classDriverIoctls.js';
import { classDriverLifeSetup } from './classDriverLifeSetup.js';
import { pnpRegion } from './classDriverPnp.js';
import { powerRegion } from './classDriverPower.js';

const answer = (Status: NTSTATUS) => ({ type: 'answer', params: { Status } }) as const;
const refuse = (Status: NTSTATUS) => [answer(Status), 'takeNextFileRequest'] as const;
const answerAdd = (Status: NTSTATUS) => ({ type: 'answerAddDevice', params: { Status } }) as const;
/** Between CLEANUP and CLOSE I/O of other threads may still come. */
const isTooLate = { guard: 'isCleanedUp', actions: answer('STATUS_CANCELLED') } as const;
const onEvents = [
  // C-063: they wait for power, as the minidriver is asked.
  { guard: and(['isForOpenFile', 'holdsRequests']), actions: 'holdRequest' },
  { guard: 'isForOpenFile', actions: 'forwardToEventQueue' },
] as const;
const completes = (Command: SrbCommand) => ({ type: 'completes', params: Command }) as const;

/**
 * Stream.sys for one device: the functional device object, its device queue, and opens and closes (B-005).
 *
 * While the device is `present` five things go on beside each other: `pnp` is the life of the device node (C-001) with the
 * initialization (C-020), `power` its power state (C.7); `deviceQueue` delivers one SRB and then waits for Ready (D-023), so that the next step of the
 * initialization needs both completion and Ready (C-021); `fileOperations` is the create/close token (C-031); `delivered` keeps
 * the SRBs that the minidriver owns. What is for an open pin goes on to that pin's actor.
 */
export const classDriver = classDriverLifeSetup.createMachine({
  id: 'classDriver',
  meta: { strict: true },
  context: ({ input }) => ({
    timeoutTicks: input?.timeoutTicks ?? 2,
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
        fileOperations: {
          initial: 'free',
          states: {
            free: {
              id: 'free',
              on: {
                IRP_MJ_CREATE: [
                  // C-004
                  { guard: 'isGone', actions: refuse('STATUS_DEVICE_REMOVED') },
                  { guard: 'holdsRequests', actions: ['holdRequest', 'takeNextFileRequest'] },
                  // G-084, G-015
                  { guard: 'isRemovePending', actions: refuse('STATUS_DELETE_PENDING') },
                  { guard: not('isStarted'), actions: refuse('STATUS_DEVICE_NOT_READY') },
                  { guard: 'opensFilter', actions: ['openFilter', 'takeNextFileRequest'] },
                  { guard: not('filterIsOpen'), actions: refuse('STATUS_INVALID_HANDLE') },
                  // G-080 to G-083
                  { guard: not('isWellFormed'), actions: refuse('STATUS_INVALID_BUFFER_SIZE') },
                  { guard: not('pinIdExists'), actions: refuse('STATUS_INVALID_PARAMETER') },
                  { guard: not('matchesStream'), actions: refuse('STATUS_NO_MATCH') },
                  {
                    guard: 'instancesAreExhausted',
                    actions: refuse('STATUS_INSUFFICIENT_RESOURCES'),
                  },
                  { target: 'held.opening', actions: 'openStream' },
                ],
                IRP_MJ_CLOSE: { guard: 'isForEmptyFilter', actions: ['closeFilter', 'takeNextFileRequest'] },
                StreamDrained: { target: 'held.closing', actions: 'closeStream' },
                KsCreateClock: { guard: 'isForPin', target: 'held.clock', actions: 'forward' },
                KsCloseClock: { guard: 'isForPin', target: 'held.clock', actions: 'forward' },
              },
            },
            held: {
              on: {
                IRP_MJ_CREATE: { actions: 'holdFileRequest' },
                IRP_MJ_CLOSE: { guard: 'isForFilter', actions: 'holdFileRequest' },
                StreamDrained: { actions: 'holdFileRequest' },
                KsCreateClock: { guard: 'isForPin', actions: 'holdFileRequest' },
                KsCloseClock: { guard: 'isForPin', actions: 'holdFileRequest' },
              },
              initial: 'opening',
              states: {
                opening: {
                  on: {
                    StreamClassDeviceNotification: [
                      // C-072: too late; the stream is closed again.
                      {
                        guard: and([completes('SRB_OPEN_STREAM'), 'succeeds', 'isGone']),
                        target: 'undoing',
                      },
                      {
                        guard: and([completes('SRB_OPEN_STREAM'), 'succeeds']),
                        target: '#free',
                        actions: [
                          'tellPin',
                          'openEventQueue',
                          'answerOpen',
                          'endFileOperation',
                          'takeNextFileRequest',
                        ],
                      },
                      {
                        guard: completes('SRB_OPEN_STREAM'),
                        target: '#free',
                        actions: ['answerOpenFailure', 'endStream', 'takeNextFileRequest'],
                      },
                    ],
                  },
                },
                // The pin has the SRB for it.
                clock: {
                  on: {
                    ClockOperationDone: { target: '#free', actions: ['noteClock', 'takeNextFileRequest'] },
                  },
                },
                undoing: {
                  entry: 'undoOpen',
                  on: {
                    StreamClassDeviceNotification: {
                      guard: completes('SRB_CLOSE_STREAM'),
                      target: '#free',
                      actions: ['answerOpenOfGone', 'endStream', 'takeNextFileRequest'],
                    },
                  },
                },
                closing: {
                  on: {
                    // Whatever its status (C-040).
                    StreamClassDeviceNotification: {
                      guard: completes('SRB_CLOSE_STREAM'),
                      target: '#free',
                      actions: ['answerClose', 'endStream', 'takeNextFileRequest'],
                    },
                  },
                },
              },
            },
          },
        },
        delivered: {
          on: { StreamClassDeviceNotification: { guard: 'completesAny', actions: 'forgetSrb' } },
        },
      },
    },
    removed: {
      id: 'removed',
      entry: 'closeDeviceEventQueue',
      tags: ['idle'],
      // The Ready that goes with SRB_UNINITIALIZE_DEVICE may come after its completion (D-024).
      on: {
        StreamClassDeviceNotification: { guard: 'saysReadyOnly' },
        StreamClassAbortOutstandingRequests: {},
        IRP_MJ_CREATE: { actions: answer('STATUS_NO_SUCH_DEVICE') },
      },
    },
    unloaded: { type: 'final' },
  },
});
