import type {
  ClassDriverMessage,
  DeviceArrived,
  IrpId,
  PnpIrp,
  PnpManagerMessage,
} from 'interlace/streaming';
import { ntSuccess } from 'interlace/streaming';
import { assertEvent, sendTo, setup } from 'xstate';

/**
 * The PnP manager, for one device that comes, is used, and is removed in order (C-001). It waits for each state-changing IRP
 * before it sends the next (B-003), so one IRP is all it has.
 */
export const pnpManager = setup({
  types: {
    events: {} as PnpManagerMessage,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  actions: {
    addDevice: sendTo(({ system }) => system.get('classDriver'), { type: 'AddDevice' }),
    send: sendTo(
      ({ system }) => system.get('classDriver'),
      ({ self }, { request }: { request: PnpIrp['type'] }): ClassDriverMessage => {
        const irp: IrpId = `${self.id}.irp0`;
        return { type: request, irp };
      },
    ),
    tellClient: sendTo(
      ({ system }) => system.get('client'),
      (): DeviceArrived => ({ type: 'DeviceArrived' }),
    ),
  },
  guards: {
    succeeded: ({ event }) => {
      assertEvent(event, ['AddDeviceComplete', 'IoCompleteRequest']);
      return ntSuccess(event.Status);
    },
  },
}).createMachine({
  id: 'pnpManager',
  meta: { strict: true },
  initial: 'adding',
  states: {
    adding: {
      entry: 'addDevice',
      on: { AddDeviceComplete: [{ guard: 'succeeded', target: 'starting' }, { target: 'withoutDriver' }] },
    },
    starting: {
      entry: { type: 'send', params: { request: 'IRP_MN_START_DEVICE' } },
      on: {
        IoCompleteRequest: [
          { guard: 'succeeded', target: 'started', actions: 'tellClient' },
          // A device that fails to start is removed at once (C-001).
          { target: 'removing' },
        ],
      },
    },
    started: {
      tags: ['idle'],
      on: { ClientDone: 'askingToRemove' },
    },
    askingToRemove: {
      entry: { type: 'send', params: { request: 'IRP_MN_QUERY_REMOVE_DEVICE' } },
      on: { IoCompleteRequest: [{ guard: 'succeeded', target: 'removing' }, { target: 'started' }] },
    },
    removing: {
      entry: { type: 'send', params: { request: 'IRP_MN_REMOVE_DEVICE' } },
      on: { IoCompleteRequest: 'removed' },
    },
    removed: { type: 'final' },
    withoutDriver: { type: 'final' },
  },
});
