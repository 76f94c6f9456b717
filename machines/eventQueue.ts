import { and, not } from 'xstate';
import { eventQueueSetup } from './eventQueueSetup.js';

/**
 * The events of one open stream, or of the device (E-010, E-013): the class driver's, whether or not it synchronizes (E-011).
 *
 * An entry is `building` while StrMiniEvent is asked whether it may be, `enabled` and in the queue when it has agreed,
 * `disabling` while StrMiniEvent is told that it goes; then it is freed (table E.6). Signals and deletions come from the
 * minidriver and take effect within its call: a one-shot entry is gone when the call returns (E-054, E-057).
 *
 * Whoever wants entries gone (a disable, the CLEANUP of a file object) waits for all of them. A pin answers the CLEANUP of its
 * stream itself; that it is drained goes through here, so that SRB_CLOSE_STREAM finds the queue empty (E-040, E-041).
 */
export const eventQueue = eventQueueSetup.createMachine({
  id: 'eventQueue',
  meta: { strict: true },
  context: ({ input }) => ({ ...input, entries: [], removals: [] }),
  on: {
    IOCTL_KS_ENABLE_EVENT: [
      { guard: 'asksForTables', actions: 'answerQuery' },
      // G-002: a malformed request never reaches the minidriver.
      { guard: not('isSoundEnable'), actions: 'refuseEnable' },
      { actions: 'build' },
    ],
    IOCTL_KS_DISABLE_EVENT: [
      { guard: not('isSoundDisable'), actions: 'refuseDisable' },
      { actions: ['beginRemoval', 'endRemovals'] },
    ],
    IRP_MJ_CLEANUP: { actions: ['beginRemoval', 'endRemovals'] },
    StreamDrained: { actions: ['beginRemoval', 'endRemovals'] },
    CallEventRoutine: [
      // E-004: who has no routine agrees.
      { guard: 'hasNoRoutine', actions: 'returnAtOnce' },
      { actions: 'callMinidriver' },
    ],
    EventRoutineReturned: [
      // Meanwhile it was to go: then it goes now.
      {
        guard: and(['isBuilding', 'succeeds', 'isToGo']),
        actions: ['answerEnable', 'disableAtOnce'],
      },
      { guard: and(['isBuilding', 'succeeds']), actions: ['answerEnable', 'insert'] },
      { guard: 'isBuilding', actions: ['answerEnable', 'free', 'endRemovals'] },
      // Whatever its status (E-032).
      { actions: ['free', 'endRemovals'] },
    ],
    StreamClassDeviceNotification: [{ guard: 'deletes', actions: 'delete' }, { actions: 'signal' }],
    StreamClassStreamNotification: [{ guard: 'deletes', actions: 'delete' }, { actions: 'signal' }],
  },
  initial: 'settled',
  states: {
    settled: {
      tags: ['idle'],
      always: { guard: 'awaitsMinidriver', target: 'asking' },
    },
    asking: {
      always: { guard: not('awaitsMinidriver'), target: 'settled' },
    },
  },
});
