import { and, not, or } from 'xstate';
import { synchronizerSetup } from './synchronizerSetup.js';

/**
 * Who may be inside the minidriver.
 *
 * Mode ON (`free`, `held`): every entry point runs under the class driver's lock, so that at most one of {entry points, ISR} is
 * inside, on all processors (D-002, D-007). With an interrupt routine that is the interrupt spin lock at the adapter's DIRQL
 * (D-003); without one the line stays disconnected, and the lock is one of the class driver's own at DISPATCH_LEVEL (D-004).
 * Mode OFF (`off`): every call goes down at once, many are inside (D-013). The interrupt routine waits for itself (D-080), and so
 * do the High routines that share its lock; SRB_CLOSE_STREAM for the receive, cancel and timeout calls of its stream (C-040).
 * In every mode Low routines, and with an interrupt Dispatch routines, take no lock and wait for nobody (D-009, D-010).
 *
 * Region `lock` says whether somebody is inside, region `line` whether an interrupt waits. An interrupt goes before calls that
 * wait: DIRQL masks everything that could deliver them. The line is a level, so a second edge before the ISR runs adds nothing.
 * The watchdog's tick is class code that needs the lock, and keeps it for the timeout handlers that it leads to (D-057): they go
 * before everybody. An SRB that is cancelled while its delivery waits is not delivered: that is asked again under the lock (D-031).
 * While the stream gate is closed control and data requests wait in every mode, all other calls go in (J62). The line is connected
 * from START to removal (A-086, C-076); outside of that nobody hears it.
 */
export const synchronizer = synchronizerSetup.createMachine({
  id: 'synchronizer',
  meta: { strict: true },
  context: { inside: undefined, waiting: [], running: [], gateIsClosed: false },
  on: { CloseStreamGate: { actions: 'closeGate' } },
  type: 'parallel',
  states: {
    lock: {
      initial: 'free',
      states: {
        free: {
          tags: ['idle'],
          on: {
            TurnOffSynchronization: 'off',
            CallMinidriver: [
              { guard: 'cancelsWaitingDelivery', actions: 'withdraw' },
              { guard: 'isGated', actions: 'wait' },
              { guard: 'needsNoLock', actions: 'callMinidriver' },
              { target: 'held', actions: ['enter', 'callMinidriver'] },
            ],
            OpenStreamGate: [
              { guard: 'streamRequestWaits', target: 'held', actions: ['openGate', 'callNextWaiting'] },
              { actions: 'openGate' },
            ],
            Interrupt: {
              guard: 'lineIsConnected',
              target: 'held',
              actions: ['enterInterruptRoutine', 'callInterruptRoutine'],
            },
          },
        },
        held: {
          on: {
            OpenStreamGate: { actions: 'openGate' },
            CallMinidriver: [
              { guard: 'cancelsWaitingDelivery', actions: 'withdraw' },
              { guard: 'needsNoLock', actions: 'callMinidriver' },
              { guard: 'cancels', actions: ['setIrpCancel', 'wait'] },
              { actions: 'wait' },
            ],
            CallbackReturned: [
              {
                guard: and(['isTheOneInside', 'requestsExpire']),
                actions: ['putTimeoutsFirst', 'callNextWaiting'],
              },
              { guard: and(['isTheOneInside', 'timeoutWaits']), actions: 'callNextWaiting' },
              {
                guard: and(['isTheOneInside', 'interruptWaits']),
                actions: ['enterInterruptRoutine', 'callInterruptRoutine'],
              },
              { guard: and(['isTheOneInside', 'callWaits']), actions: 'callNextWaiting' },
              { guard: 'isTheOneInside', target: 'free', actions: 'leave' },
            ],
          },
        },
        off: {
          initial: 'uninterrupted',
          on: {
            CallMinidriver: [
              { guard: 'cancelsWaitingDelivery', actions: 'withdraw' },
              { guard: 'mustWait', actions: 'wait' },
              { actions: ['noteCall', 'callMinidriver'] },
            ],
            OpenStreamGate: { actions: ['openGate', 'callWhatNeedNotWait'] },
            CallbackReturned: { actions: ['forgetCall', 'putTimeoutsFirst', 'callWhatNeedNotWait'] },
          },
          states: {
            uninterrupted: {
              tags: ['idle'],
              on: {
                Interrupt: {
                  guard: 'lineIsConnected',
                  target: 'interrupted',
                  actions: ['enterInterruptRoutine', 'callInterruptRoutine'],
                },
                CallMinidriver: {
                  guard: 'takesInterruptLock',
                  target: 'interrupted',
                  actions: ['enter', 'callMinidriver'],
                },
              },
            },
            interrupted: {
              on: {
                CallbackReturned: [
                  {
                    guard: and(['isTheOneInside', 'interruptWaits']),
                    actions: ['enterInterruptRoutine', 'callInterruptRoutine'],
                  },
                  {
                    guard: and(['isTheOneInside', 'waitsForInterruptLock']),
                    actions: 'callNextForInterruptLock',
                  },
                  { guard: 'isTheOneInside', target: 'uninterrupted', actions: 'leave' },
                ],
              },
            },
          },
        },
      },
    },
    line: {
      initial: 'disconnected',
      states: {
        disconnected: {
          on: {
            IoConnectInterrupt: 'connected',
            // Nobody listens: the device's line goes nowhere.
            Interrupt: {},
          },
        },
        connected: {
          initial: 'quiet',
          on: { IoDisconnectInterrupt: 'disconnected' },
          states: {
            quiet: { on: { Interrupt: { guard: 'lockIsHeld', target: 'raised' } } },
            raised: {
              on: {
                // A level that is up already.
                Interrupt: {},
                CallbackReturned: {
                  guard: and(['isTheOneInside', not(or(['requestsExpire', 'timeoutWaits']))]),
                  target: 'quiet',
                },
              },
            },
          },
        },
      },
    },
  },
});
