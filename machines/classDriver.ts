import type { NTSTATUS, SrbCommand } from 'interlace/streaming';
import { and, not } from 'xstate';
import { classDriverSetup } from './classDriverSetup.js';

const answer = (Status: NTSTATUS) => ({ type: 'answer', params: { Status } }) as const;
const refuse = (Status: NTSTATUS) => [answer(Status), 'takeNextFileRequest'] as const;
const answerAdd = (Status: NTSTATUS) => ({ type: 'answerAddDevice', params: { Status } }) as const;
const completes = (Command: SrbCommand) => ({ type: 'completes', params: Command }) as const;

/**
 * Stream.sys for one device: the functional device object, its device queue, and opens and closes (B-005).
 *
 * While the device is `present` four things go on beside each other: `pnp` is the life of the device node (C-001) with the
 * initialization (C-020); `deviceQueue` delivers one SRB and then waits for Ready (D-023), so that the next step of the
 * initialization needs both completion and Ready (C-021); `fileOperations` is the create/close token (C-031); `delivered` keeps
 * the SRBs that the minidriver owns. What is for an open pin goes on to that pin's actor.
 */
export const classDriver = classDriverSetup.createMachine({
  id: 'classDriver',
  meta: { strict: true },
  context: ({ input }) => ({
    timeoutTicks: input?.timeoutTicks ?? 2,
    registration: undefined,
    pnpIrp: undefined,
    startFailure: undefined,
    streamDescriptorSize: 0,
    streams: [],
    filters: [],
    pins: [],
    fileRequests: [],
    fileOperation: undefined,
    deviceQueue: [],
    delivered: [],
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
          // Mode OFF is not modelled yet.
          {
            guard: 'turnsOffSynchronization',
            target: 'unloaded',
            actions: answerAdd('STATUS_NOT_SUPPORTED'),
          },
          { target: 'present', actions: answerAdd('STATUS_SUCCESS') },
        ],
      },
    },
    present: {
      type: 'parallel',
      on: {
        IRP_MJ_CLEANUP: [
          { guard: 'isForPin', actions: 'forward' },
          { guard: 'isForFilter', actions: answer('STATUS_SUCCESS') },
        ],
        IRP_MJ_CLOSE: { guard: 'isForPin', actions: 'forward' },
        IOCTL_KS_PROPERTY: { guard: 'isForPin', actions: 'forward' },
        IOCTL_KS_READ_STREAM: { guard: 'isForPin', actions: 'forward' },
        // Of a pin that is gone everything is completed; creates and closes cannot be cancelled (INV-034).
        IoCancelIrp: [{ guard: 'isForPin', actions: 'forward' }, {}],
      },
      states: {
        pnp: {
          initial: 'notStarted',
          states: {
            notStarted: {
              tags: ['idle'],
              on: {
                IRP_MN_START_DEVICE: { target: 'starting', actions: ['rememberPnpIrp', 'connectInterrupt'] },
                IRP_MN_REMOVE_DEVICE: { target: '#removed', actions: answer('STATUS_SUCCESS') },
              },
            },
            starting: {
              initial: 'initializing',
              states: {
                initializing: {
                  entry: { type: 'request', params: { Command: 'SRB_INITIALIZE_DEVICE' } },
                  on: {
                    StreamClassDeviceNotification: [
                      {
                        guard: and([completes('SRB_INITIALIZE_DEVICE'), 'succeeds', 'tellsDescriptorSize']),
                        target: 'gettingInfo',
                        actions: 'rememberDescriptorSize',
                      },
                      {
                        guard: and([completes('SRB_INITIALIZE_DEVICE'), 'succeeds']),
                        target: 'undoing',
                        actions: 'rememberFailure',
                      },
                      {
                        guard: completes('SRB_INITIALIZE_DEVICE'),
                        target: '#failedStart',
                        actions: ['rememberFailure', 'disconnectInterrupt', 'answerPnpIrp'],
                      },
                    ],
                  },
                },
                gettingInfo: {
                  entry: { type: 'request', params: { Command: 'SRB_GET_STREAM_INFO' } },
                  on: {
                    StreamClassDeviceNotification: [
                      {
                        guard: and([completes('SRB_GET_STREAM_INFO'), 'succeeds', 'describesStreams']),
                        target: 'finishing',
                        actions: 'rememberStreams',
                      },
                      {
                        guard: completes('SRB_GET_STREAM_INFO'),
                        target: 'undoing',
                        actions: 'rememberFailure',
                      },
                    ],
                  },
                },
                finishing: {
                  entry: { type: 'request', params: { Command: 'SRB_INITIALIZATION_COMPLETE' } },
                  on: {
                    StreamClassDeviceNotification: {
                      guard: completes('SRB_INITIALIZATION_COMPLETE'),
                      target: '#started',
                      actions: 'answerPnpIrp',
                    },
                  },
                },
                // J21: what INITIALIZE_DEVICE did is undone.
                undoing: {
                  entry: { type: 'request', params: { Command: 'SRB_UNINITIALIZE_DEVICE' } },
                  on: {
                    StreamClassDeviceNotification: {
                      guard: completes('SRB_UNINITIALIZE_DEVICE'),
                      target: '#failedStart',
                      actions: ['disconnectInterrupt', 'answerPnpIrp'],
                    },
                  },
                },
              },
            },
            failedStart: {
              id: 'failedStart',
              tags: ['idle'],
              on: { IRP_MN_REMOVE_DEVICE: { target: '#removed', actions: answer('STATUS_SUCCESS') } },
            },
            started: {
              id: 'started',
              tags: ['idle'],
              on: {
                IRP_MN_QUERY_REMOVE_DEVICE: [
                  { guard: 'nothingIsOpen', target: 'removePending', actions: answer('STATUS_SUCCESS') },
                  { actions: answer('STATUS_UNSUCCESSFUL') },
                ],
              },
            },
            removePending: {
              tags: ['idle'],
              on: { IRP_MN_REMOVE_DEVICE: { target: 'removing', actions: 'rememberPnpIrp' } },
            },
            removing: {
              entry: { type: 'request', params: { Command: 'SRB_UNINITIALIZE_DEVICE' } },
              on: {
                // Whatever its status (C-070).
                StreamClassDeviceNotification: {
                  guard: completes('SRB_UNINITIALIZE_DEVICE'),
                  target: '#removed',
                  actions: ['forgetSrb', 'disconnectInterrupt', 'answerPnpIrp'],
                },
              },
            },
          },
        },
        deviceQueue: {
          initial: 'ready',
          states: {
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
              },
            },
          },
        },
        fileOperations: {
          initial: 'free',
          states: {
            free: {
              id: 'free',
              on: {
                IRP_MJ_CREATE: [
                  // G-084, G-015
                  { guard: 'isRemovePending', actions: refuse('STATUS_DELETE_PENDING') },
                  { guard: not('isStarted'), actions: refuse('STATUS_DEVICE_NOT_READY') },
                  { guard: 'opensFilter', actions: ['openFilter', 'takeNextFileRequest'] },
                  { guard: not('filterIsOpen'), actions: refuse('STATUS_INVALID_HANDLE') },
                  // G-081, G-082, G-083
                  { guard: not('pinIdExists'), actions: refuse('STATUS_INVALID_PARAMETER') },
                  { guard: not('formatMatches'), actions: refuse('STATUS_NO_MATCH') },
                  {
                    guard: 'instancesAreExhausted',
                    actions: refuse('STATUS_INSUFFICIENT_RESOURCES'),
                  },
                  { target: 'held.opening', actions: 'openStream' },
                ],
                IRP_MJ_CLOSE: { guard: 'isForEmptyFilter', actions: ['closeFilter', 'takeNextFileRequest'] },
                StreamDrained: { target: 'held.closing', actions: 'closeStream' },
              },
            },
            held: {
              on: {
                IRP_MJ_CREATE: { actions: 'holdFileRequest' },
                IRP_MJ_CLOSE: { guard: 'isForFilter', actions: 'holdFileRequest' },
                StreamDrained: { actions: 'holdFileRequest' },
              },
              initial: 'opening',
              states: {
                opening: {
                  on: {
                    StreamClassDeviceNotification: [
                      {
                        guard: and([completes('SRB_OPEN_STREAM'), 'succeeds']),
                        target: '#free',
                        actions: ['tellPin', 'answerOpen', 'endFileOperation', 'takeNextFileRequest'],
                      },
                      {
                        guard: completes('SRB_OPEN_STREAM'),
                        target: '#free',
                        actions: ['answerOpenFailure', 'endStream', 'takeNextFileRequest'],
                      },
                    ],
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
      tags: ['idle'],
      // The Ready that goes with SRB_UNINITIALIZE_DEVICE may come after its completion (D-024).
      on: { StreamClassDeviceNotification: { guard: 'saysReadyOnly' } },
    },
    unloaded: { type: 'final' },
  },
});
