import type { CallMinidriver, WatchdogMessage } from 'interlace/streaming';
import { assertEvent, sendTo, setup } from 'xstate';

/**
 * The class driver's watchdog (B-007): every request that the minidriver owns is timed (D-050), and once a second its
 * TimeoutCounter is one less (D-052). Counting down and calling HwRequestTimeoutHandler run under the lock (D-057), so the tick
 * goes through the synchronizer like a call of the minidriver.
 *
 * Windows' watchdog ticks for ever; this one ticks only while something is timed, so that a run can end. Nobody can tell the
 * difference but for the phase: a tick comes a second after the first request was timed. A request has therefore between
 * TimeoutCounter − 1 and TimeoutCounter seconds, as in Windows.
 */
export const watchdog = setup({
  types: {
    events: {} as WatchdogMessage,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  delays: { second: 1000 },
  actions: {
    tick: sendTo(
      ({ system }) => system.get('synchronizer'),
      (): CallMinidriver => ({ type: 'CallMinidriver', callback: 'DecrementTimeoutCounters' }),
    ),
  },
  guards: {
    isAnyTimed: ({ event }) => {
      assertEvent(event, 'TimeoutCountersDecremented');
      return event.isAnyTimed;
    },
  },
}).createMachine({
  id: 'watchdog',
  meta: { strict: true },
  initial: 'resting',
  states: {
    resting: {
      tags: ['idle'],
      on: { SrbTimed: 'counting', IoStopTimer: {} },
    },
    counting: {
      after: { second: 'ticking' },
      on: { IoStopTimer: 'resting' },
    },
    ticking: {
      entry: 'tick',
      on: {
        // It has expired: this tick comes, and finds nothing.
        IoStopTimer: {},
        TimeoutCountersDecremented: [{ guard: 'isAnyTimed', target: 'counting' }, { target: 'resting' }],
      },
    },
  },
});
