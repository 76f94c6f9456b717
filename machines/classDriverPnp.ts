import type { NTSTATUS, SrbCommand } from 'interlace/streaming';
import { and } from 'xstate';
import { classDriverLifeSetup } from './classDriverLifeSetup.js';

const answer = (Status: NTSTATUS) => ({ type: 'answer', params: { Status } }) as const;
const succeed = answer('STATUS_SUCCESS');
const completes = (Command: SrbCommand) => ({ type: 'completes', params: Command }) as const;

const uninitialize = { type: 'request', params: { Command: 'SRB_UNINITIALIZE_DEVICE' } } as const;

/** A device that the minidriver knows vanishes: what is queued fails, and the minidriver is told (C-068). */
const vanishes = {
  target: '#gone.telling',
  actions: [
    'rememberPnpIrp',
    'tellPins',
    { type: 'endQueuedIoctls', params: { Status: 'STATUS_DEVICE_REMOVED' } },
  ],
} as const;
/** One that it does not know, because it was never started, or was stopped (INV-059). */
const vanishesUnknown = { target: '#gone.untold', actions: succeed } as const;

/** A minidriver that is not initialized is not asked. */
const remove = { target: '#deleting', actions: 'rememberPnpIrp' } as const;

/**
 * The life of the device node as the class driver sees it (C-001), with the initialization (C-020). Queries may be refused; all
 * other IRPs end with success, whatever the minidriver says (C-003). A stop is refused while anything is open (J17,
 * `fail-if-open`), so that in between only creates have to be held (C-004).
 */
export const pnpRegion = classDriverLifeSetup.createStateConfig({
  initial: 'notStarted',
  on: {
    // Spurious ones too (C-001).
    IRP_MN_CANCEL_STOP_DEVICE: { actions: succeed },
    IRP_MN_CANCEL_REMOVE_DEVICE: { actions: succeed },
  },
  states: {
    notStarted: {
      tags: ['idle'],
      on: {
        IRP_MN_START_DEVICE: { target: 'starting', actions: ['rememberPnpIrp', 'connectInterrupt'] },
        IRP_MN_QUERY_REMOVE_DEVICE: { actions: succeed },
        IRP_MN_REMOVE_DEVICE: remove,
        IRP_MN_SURPRISE_REMOVAL: vanishesUnknown,
      },
    },
    starting: {
      initial: 'initializing',
      states: {
        // As long as the minidriver needs: it may go to a Low routine and back (C-024).
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
                actions: ['rememberTables', 'openDeviceEventQueue'],
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
              actions: ['answerPnpIrp', 'releaseRequests'],
            },
          },
        },
        // J21: what INITIALIZE_DEVICE did is undone.
        undoing: {
          entry: uninitialize,
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
      // What was held for a restart is refused now.
      entry: 'releaseRequests',
      on: {
        IRP_MN_REMOVE_DEVICE: remove,
        IRP_MN_SURPRISE_REMOVAL: vanishesUnknown,
      },
    },
    started: {
      id: 'started',
      tags: ['idle'],
      on: {
        IRP_MN_QUERY_STOP_DEVICE: [
          { guard: 'nothingIsOpen', target: 'stopPending', actions: succeed },
          { actions: answer('STATUS_UNSUCCESSFUL') },
        ],
        IRP_MN_QUERY_REMOVE_DEVICE: [
          { guard: 'nothingIsOpen', target: 'removePending', actions: succeed },
          { actions: answer('STATUS_UNSUCCESSFUL') },
        ],
        IRP_MN_SURPRISE_REMOVAL: vanishes,
      },
    },
    stopPending: {
      tags: ['idle'],
      on: {
        IRP_MN_CANCEL_STOP_DEVICE: { target: 'started', actions: [succeed, 'releaseRequests'] },
        IRP_MN_STOP_DEVICE: { target: 'stopping', actions: 'rememberPnpIrp' },
        IRP_MN_SURPRISE_REMOVAL: vanishes,
      },
    },
    // Option uninitOnStop (J18).
    stopping: {
      entry: uninitialize,
      on: {
        StreamClassDeviceNotification: {
          guard: completes('SRB_UNINITIALIZE_DEVICE'),
          target: 'stopped',
          // START opens it anew: the tables may be others.
          actions: ['disconnectInterrupt', 'closeDeviceEventQueue', 'answerPnpIrp'],
        },
      },
    },
    stopped: {
      tags: ['idle'],
      on: {
        IRP_MN_START_DEVICE: { target: 'starting', actions: ['rememberPnpIrp', 'connectInterrupt'] },
        IRP_MN_REMOVE_DEVICE: remove,
        IRP_MN_SURPRISE_REMOVAL: vanishesUnknown,
      },
    },
    removePending: {
      tags: ['idle'],
      on: {
        IRP_MN_CANCEL_REMOVE_DEVICE: { target: 'started', actions: succeed },
        IRP_MN_REMOVE_DEVICE: { target: 'removing', actions: 'rememberPnpIrp' },
        IRP_MN_SURPRISE_REMOVAL: vanishes,
      },
    },
    gone: {
      id: 'gone',
      // What was held is refused now (C-004).
      entry: 'releaseRequests',
      initial: 'telling',
      states: {
        telling: {
          entry: { type: 'request', params: { Command: 'SRB_SURPRISE_REMOVAL' } },
          on: {
            StreamClassDeviceNotification: {
              guard: completes('SRB_SURPRISE_REMOVAL'),
              target: 'told',
              // C-073
              actions: ['openStreamGate', 'disconnectInterrupt', 'answerPnpIrp'],
            },
          },
        },
        // The device object stays until REMOVE (C-009). Option uninitAfterSurprise (J19).
        told: {
          tags: ['idle'],
          on: { IRP_MN_REMOVE_DEVICE: { target: 'uninitializing', actions: 'rememberPnpIrp' } },
        },
        uninitializing: {
          entry: uninitialize,
          on: {
            StreamClassDeviceNotification: {
              guard: completes('SRB_UNINITIALIZE_DEVICE'),
              target: '#deleting',
            },
          },
        },
        untold: {
          tags: ['idle'],
          on: { IRP_MN_REMOVE_DEVICE: remove },
        },
      },
    },
    removing: {
      entry: uninitialize,
      on: {
        // Whatever its status (C-070).
        StreamClassDeviceNotification: {
          guard: completes('SRB_UNINITIALIZE_DEVICE'),
          target: 'deleting',
          actions: 'disconnectInterrupt',
        },
      },
    },
    // The remove lock (C-011): whoever is inside of the minidriver comes out first.
    deleting: {
      id: 'deleting',
      entry: { type: 'callImage', params: { callback: 'IoDeleteDevice' } },
      on: { DeviceDeleted: { target: '#removed', actions: ['stopWatchdog', 'answerPnpIrp'] } },
    },
  },
});
