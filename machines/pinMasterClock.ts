import type { NTSTATUS } from 'interlace/streaming';
import { not } from 'xstate';
import { pinClockSetup } from './pinClockSetup.js';

/** Answers a clock request that the minidriver is not asked for. */
export const endClock = (Status: NTSTATUS) => ({ type: 'endClockRequest', params: { Status } }) as const;

/** The master clock that a stream is, or follows (C.12): its requests go one after the other. */
export const masterClockRegion = pinClockSetup.createStateConfig({
  initial: 'resting',
  on: { GetMasterClock: { actions: 'answerMasterClock' } },
  states: {
    resting: {
      on: {
        KsCreateClock: [
          { guard: not('hasClock'), actions: [endClock('STATUS_NOT_IMPLEMENTED'), 'takeNextClockRequest'] },
          {
            guard: 'isMasterClock',
            actions: [endClock('STATUS_INVALID_DEVICE_STATE'), 'takeNextClockRequest'],
          },
          { target: 'asking', actions: 'beginClockRequest' },
        ],
        KsCloseClock: [
          { guard: 'isMasterClock', target: 'asking', actions: 'beginClockRequest' },
          { actions: [endClock('STATUS_INVALID_HANDLE'), 'takeNextClockRequest'] },
        ],
        KSPROPERTY_STREAM_MASTERCLOCK: [
          // C-086, J32
          { guard: 'isStopped', target: 'asking', actions: 'beginClockRequest' },
          { actions: [endClock('STATUS_INVALID_DEVICE_STATE'), 'takeNextClockRequest'] },
        ],
      },
    },
    asking: {
      on: {
        KsCreateClock: { actions: 'holdClockRequest' },
        KsCloseClock: { actions: 'holdClockRequest' },
        KSPROPERTY_STREAM_MASTERCLOCK: { actions: 'holdClockRequest' },
        ClockRequestCancelled: { target: 'resting', actions: 'takeNextClockRequest' },
        StreamClassStreamNotification: {
          guard: 'completesClockRequest',
          target: 'resting',
          actions: ['answerClockRequest', 'takeNextClockRequest'],
        },
      },
    },
  },
});
