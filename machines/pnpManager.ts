import type { DevicePowerState, PnpIrp, PowerIrp } from 'interlace/streaming';
import { pnpManagerSetup } from './pnpManagerSetup.js';
import { uneventfulLife } from './pnpScript.js';

const send = (request: PnpIrp['type']) => ({ type: 'send', params: { request } }) as const;
const power = (request: PowerIrp['type'], DeviceState: DevicePowerState) =>
  ({ type: 'sendPower', params: { request, DeviceState } }) as const;
const bus = (DeviceState: DevicePowerState) => ({ type: 'setDevicePower', params: { DeviceState } }) as const;

/**
 * The PnP manager with the power manager and the bus driver, for one device (B-003, B-004, B-012).
 *
 * `decisions` reads a script of what is to happen and raises one event for each when it is due; `node` carries it out, by the
 * IRPs of C-001, one at a time (B-003), as a device node that would be driven by anybody else would. `users` knows whether an
 * application uses the device, and `plug` whether it is there: a device that has vanished is removed by surprise as soon as the
 * IRP in progress is over (C-002), and REMOVE follows when nobody has it open (C-008).
 */
export const pnpManager = pnpManagerSetup.createMachine({
  id: 'pnpManager',
  meta: { strict: true },
  context: ({ input }) => ({ script: input?.script ?? uneventfulLife }),
  initial: 'life',
  states: {
    life: {
      type: 'parallel',
      states: {
        decisions: {
          initial: 'choosing',
          states: {
            choosing: {
              always: [
                { guard: 'scriptIsOver', target: 'over' },
                { guard: 'nextAwaitsClient', target: 'awaitingClient' },
                { target: 'waiting' },
              ],
            },
            waiting: { after: { untilNext: 'due' } },
            awaitingClient: { tags: ['idle'], always: { guard: 'clientIsGone', target: 'due' } },
            due: {
              tags: ['idle'],
              always: [
                // A plug is pulled whatever the PnP manager is doing (C-002).
                { guard: 'nextIsUnplug', target: 'deciding', actions: 'decide' },
                { guard: 'nodeRests', target: 'deciding', actions: 'decide' },
              ],
            },
            // Until the node has taken it, by which it rests no more.
            deciding: { on: { '*': 'choosing' } },
            over: { tags: ['idle'] },
          },
        },
        users: {
          initial: 'none',
          states: {
            none: { always: { guard: 'nodeRests', target: 'some', actions: 'tellClient' } },
            some: { on: { ClientDone: 'gone' } },
            gone: {},
          },
        },
        plug: {
          initial: 'in',
          states: {
            in: { on: { Unplug: { actions: 'pullPlug' }, DeviceVanished: 'pulled' } },
            pulled: {},
          },
        },
        node: {
          initial: 'adding',
          states: {
            adding: {
              entry: 'addDevice',
              on: {
                AddDeviceComplete: [
                  { guard: 'succeeded', target: 'added' },
                  { target: '#pnpManager.withoutDriver' },
                ],
              },
            },
            added: { always: [{ guard: 'hasVanished', target: 'vanishing' }, { target: 'starting' }] },
            starting: {
              entry: send('IRP_MN_START_DEVICE'),
              // A device that fails to start is removed at once (C-001).
              on: {
                IoCompleteRequest: [{ guard: 'succeeded', target: 'resting' }, { target: 'removing' }],
              },
            },
            resting: {
              always: { guard: 'hasVanished', target: 'vanishing' },
              initial: 'started',
              states: {
                started: {
                  id: 'started',
                  tags: ['idle'],
                  on: {
                    Rebalance: [
                      { guard: 'isVetoed', target: '#queryingStopInVain' },
                      { target: '#queryingStop' },
                    ],
                    Eject: [
                      { guard: 'isVetoed', target: '#queryingRemoveInVain' },
                      { target: '#queryingRemove' },
                    ],
                    Sleep: '#fallingAsleep',
                  },
                },
                asleep: { id: 'asleep', tags: ['idle'], on: { Wake: '#wakingUp' } },
              },
            },
            queryingStop: {
              id: 'queryingStop',
              entry: send('IRP_MN_QUERY_STOP_DEVICE'),
              on: {
                IoCompleteRequest: [{ guard: 'succeeded', target: 'stopping' }, { target: 'cancellingStop' }],
              },
            },
            queryingStopInVain: {
              id: 'queryingStopInVain',
              entry: send('IRP_MN_QUERY_STOP_DEVICE'),
              on: { IoCompleteRequest: 'cancellingStop' },
            },
            cancellingStop: {
              entry: send('IRP_MN_CANCEL_STOP_DEVICE'),
              on: { IoCompleteRequest: 'resting' },
            },
            stopping: {
              entry: send('IRP_MN_STOP_DEVICE'),
              on: { IoCompleteRequest: 'stopped' },
            },
            stopped: { always: [{ guard: 'hasVanished', target: 'vanishing' }, { target: 'restarting' }] },
            restarting: {
              entry: send('IRP_MN_START_DEVICE'),
              // A device that does not come back is treated like one that has vanished (C-001).
              on: {
                IoCompleteRequest: [{ guard: 'succeeded', target: 'resting' }, { target: 'vanishing' }],
              },
            },
            queryingRemove: {
              id: 'queryingRemove',
              entry: send('IRP_MN_QUERY_REMOVE_DEVICE'),
              on: {
                IoCompleteRequest: [
                  { guard: 'succeeded', target: 'removing' },
                  { target: 'cancellingRemove' },
                ],
              },
            },
            queryingRemoveInVain: {
              id: 'queryingRemoveInVain',
              entry: send('IRP_MN_QUERY_REMOVE_DEVICE'),
              on: { IoCompleteRequest: 'cancellingRemove' },
            },
            cancellingRemove: {
              entry: send('IRP_MN_CANCEL_REMOVE_DEVICE'),
              on: { IoCompleteRequest: 'resting' },
            },
            // Power goes when the drivers are ready for it, and comes before they are told (C-064).
            fallingAsleep: {
              id: 'fallingAsleep',
              initial: 'querying',
              states: {
                querying: {
                  entry: power('IRP_MN_QUERY_POWER', 'D3'),
                  on: { IoCompleteRequest: 'setting' },
                },
                setting: {
                  entry: power('IRP_MN_SET_POWER', 'D3'),
                  on: { IoCompleteRequest: 'switching' },
                },
                switching: { entry: bus('D3'), on: { DevicePowerSet: '#asleep' } },
              },
            },
            wakingUp: {
              id: 'wakingUp',
              initial: 'switching',
              states: {
                switching: { entry: bus('D0'), on: { DevicePowerSet: 'setting' } },
                setting: {
                  entry: power('IRP_MN_SET_POWER', 'D0'),
                  on: { IoCompleteRequest: '#started' },
                },
              },
            },
            vanishing: {
              entry: send('IRP_MN_SURPRISE_REMOVAL'),
              on: { IoCompleteRequest: 'vanished' },
            },
            vanished: {
              tags: ['idle'],
              always: { guard: 'nobodyUsesIt', target: 'removing' },
            },
            removing: {
              entry: send('IRP_MN_REMOVE_DEVICE'),
              on: { IoCompleteRequest: '#pnpManager.removed' },
            },
          },
        },
      },
    },
    // C-077: at any time from now on. The plug may have been pulled meanwhile.
    removed: { tags: ['idle'], entry: 'unloadDriver', on: { DeviceVanished: {} } },
    withoutDriver: { type: 'final' },
  },
});
