import { and } from 'xstate';
import { classDriverLifeSetup } from './classDriverLifeSetup.js';

const succeed = { type: 'answer', params: { Status: 'STATUS_SUCCESS' } } as const;
const changed = { type: 'completes', params: 'SRB_CHANGE_POWER_STATE' } as const;

/**
 * The power of the device (C.7). Going down the gate for stream requests closes before the minidriver saves its context, and
 * creates are held; going up it opens after the minidriver has restored it (C-063, J62). Closes, cancels and PnP go on. No IRP
 * fails, whatever the minidriver says (C-065); a minidriver that is not initialized is not asked.
 */
export const powerRegion = classDriverLifeSetup.createStateConfig({
  initial: 'D0',
  on: { IRP_MN_QUERY_POWER: { actions: succeed } },
  states: {
    D0: {
      on: {
        IRP_MN_SET_POWER: [
          { guard: 'asksForD0', actions: succeed },
          { guard: 'isInitialized', target: 'goingDown', actions: 'rememberPowerIrp' },
          { target: 'D3', actions: succeed },
        ],
      },
    },
    goingDown: {
      entry: ['closeStreamGate', { type: 'request', params: { Command: 'SRB_CHANGE_POWER_STATE' } }],
      on: { StreamClassDeviceNotification: { guard: changed, target: 'D3', actions: 'answerPowerIrp' } },
    },
    D3: {
      on: {
        IRP_MN_SET_POWER: [
          {
            guard: and(['asksForD0', 'isInitialized']),
            target: 'goingUp',
            actions: 'rememberPowerIrp',
          },
          { guard: 'asksForD0', target: 'D0', actions: [succeed, 'releaseRequests'] },
          { actions: succeed },
        ],
      },
    },
    goingUp: {
      entry: { type: 'request', params: { Command: 'SRB_CHANGE_POWER_STATE' } },
      on: {
        StreamClassDeviceNotification: {
          guard: changed,
          target: 'D0',
          actions: ['openStreamGate', 'answerPowerIrp', 'releaseRequests'],
        },
      },
    },
  },
});
