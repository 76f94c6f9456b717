import { and, not } from 'xstate';
import { classDriverLifeSetup } from './classDriverLifeSetup.js';

const completes = { type: 'completes', params: 'SRB_PAGING_OUT_DRIVER' } as const;

/**
 * Whether the code of the minidriver is in memory (C.11, option `pageOutWhenUnopened`). It is locked again before anything is
 * delivered: with the next open, and with the next request of the device, which PnP and power send too. Who has something to
 * deliver when the minidriver agrees to be paged out has it delivered; the code stays.
 */
export const pagingRegion = classDriverLifeSetup.createStateConfig({
  initial: 'resident',
  states: {
    resident: {
      on: {
        StreamClassDeviceNotification: {
          guard: and([completes, 'succeeds', 'asksNothingElse']),
          target: 'pagedOut',
        },
      },
    },
    pagedOut: {
      entry: { type: 'callImage', params: { callback: 'MmPageEntireDriver' } },
      exit: { type: 'callImage', params: { callback: 'MmResetDriverPaging' } },
      on: {
        DeviceRequest: 'resident',
        IRP_MJ_CREATE: { guard: and(['opensFilter', 'isStarted', not('holdsRequests')]), target: 'resident' },
      },
    },
  },
});
