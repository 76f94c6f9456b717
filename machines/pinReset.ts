import { pinClockSetup } from './pinClockSetup.js';

const succeed = { type: 'answerReset', params: { Status: 'STATUS_SUCCESS' } } as const;

/** The reset of a stream, from its begin to its end; changes of state neither end it nor are ended by it (C-057). */
export const resetRegion = pinClockSetup.createStateConfig({
  initial: 'flowing',
  states: {
    flowing: {
      on: {
        KsReset: [
          { guard: 'beginsReset', target: 'resetting', actions: ['cancelData', 'flush'] },
          // Nothing to end.
          { actions: succeed },
        ],
      },
    },
    resetting: {
      on: {
        KsReset: [
          { guard: 'beginsReset', actions: succeed },
          { target: 'flowing', actions: 'flush' },
        ],
      },
    },
  },
});
