import type {
  CallMinidriver,
  FileObject,
  HwEventRoutine,
  ReceivePacket,
  SynchronizerMessage,
} from 'interlace/streaming';
import { and, assertEvent, assign, enqueueActions, or, sendTo, setup, stateIn } from 'xstate';

/** Who can be inside the minidriver. */
type Callback = CallMinidriver['callback'] | 'HwInterrupt';

interface Synchronizer {
  /** The callback that holds the lock; in OFF only the interrupt routine does. */
  readonly inside: Callback | undefined;
  /** Calls that wait for it to return, in order of arrival; in OFF the closes of busy streams. */
  readonly waiting: readonly CallMinidriver[];
  /** In OFF, the receive calls that have not returned. */
  readonly receiving: readonly ReceiveCall[];
}

/** A receive call for a stream, by its SRB. */
interface ReceiveCall {
  readonly srb: string;
  readonly StreamObject: FileObject;
}

/** The stream that a call receives for. */
function receivesFor(call: CallMinidriver): ReceiveCall | undefined {
  const isReceive = call.callback === 'ReceiveControlPacket' || call.callback === 'ReceiveDataPacket';
  return isReceive ? { srb: call.srb.id, StreamObject: call.srb.StreamObject } : undefined;
}

/** Whether a call is the SRB_CLOSE_STREAM of a stream for which the minidriver is receiving: it has to wait (C-040). */
function closesBusy({ receiving }: Synchronizer, call: CallMinidriver): boolean {
  if (call.callback !== 'HwReceivePacket' || call.srb.Command !== 'SRB_CLOSE_STREAM') return false;
  const { StreamObject } = call.srb;
  return receiving.some((other) => other.StreamObject === StreamObject);
}

function asCallback(call: CallMinidriver): ReceivePacket | HwEventRoutine {
  switch (call.callback) {
    case 'HwReceivePacket':
      return { type: call.callback, srb: call.srb };
    case 'ReceiveControlPacket':
      return { type: call.callback, srb: call.srb };
    case 'ReceiveDataPacket':
      return { type: call.callback, srb: call.srb };
    case 'HwEventRoutine':
      return { type: call.callback, routine: call.routine, event: call.event };
  }
}

/**
 * Who may be inside the minidriver.
 *
 * Mode ON (`free`, `held`): every entry point runs under the class driver's lock, so that at most one of {entry points, ISR} is
 * inside, on all processors (D-002, D-007). With an interrupt routine that is the interrupt spin lock at the adapter's DIRQL
 * (D-003); without one the line stays disconnected, and the lock is one of the class driver's own at DISPATCH_LEVEL (D-004).
 * Mode OFF (`off`): every call goes down at once, many are inside (D-013). Only the interrupt routine waits for itself (D-080),
 * and SRB_CLOSE_STREAM for the receive calls of its stream (C-040).
 *
 * Region `lock` says whether somebody is inside, region `line` whether an interrupt waits. An interrupt goes before calls that
 * wait: DIRQL masks everything that could deliver them. The line is a level, so a second edge before the ISR runs adds nothing.
 * It is connected from START to removal (A-086, C-076); outside of that nobody hears it.
 */
export const synchronizer = setup({
  types: {
    context: {} as Synchronizer,
    events: {} as SynchronizerMessage,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  actions: {
    enter: assign({
      inside: ({ event }) => {
        assertEvent(event, 'CallMinidriver');
        return event.callback;
      },
    }),
    callMinidriver: sendTo(
      ({ system }) => system.get('minidriver'),
      ({ event }): ReceivePacket | HwEventRoutine => {
        assertEvent(event, 'CallMinidriver');
        return asCallback(event);
      },
    ),
    callInterruptRoutine: sendTo(({ system }) => system.get('minidriver'), { type: 'HwInterrupt' }),
    enterInterruptRoutine: assign({ inside: 'HwInterrupt' }),
    wait: assign({
      waiting: ({ context, event }) => {
        assertEvent(event, 'CallMinidriver');
        return [...context.waiting, event];
      },
    }),
    callNextWaiting: enqueueActions(({ context, enqueue }) => {
      const [next, ...waiting] = context.waiting;
      if (!next) return;
      enqueue.assign({ inside: next.callback, waiting });
      enqueue.sendTo(({ system }) => system.get('minidriver'), asCallback(next));
    }),
    leave: assign({ inside: undefined }),
    noteReceive: assign({
      receiving: ({ context, event }) => {
        assertEvent(event, 'CallMinidriver');
        const call = receivesFor(event);
        return call ? [...context.receiving, call] : context.receiving;
      },
    }),
    forgetReceive: assign({
      receiving: ({ context, event }) => {
        assertEvent(event, 'CallbackReturned');
        const gone = context.receiving.findIndex(({ srb }) => srb === event.srb);
        return context.receiving.filter((_, i) => i !== gone);
      },
    }),
    callWhatNeedNotWait: enqueueActions(({ context, enqueue }) => {
      const isBusy = (call: CallMinidriver): boolean => closesBusy(context, call);
      for (const call of context.waiting.filter((other) => !isBusy(other)))
        enqueue.sendTo(({ system }) => system.get('minidriver'), asCallback(call));
      enqueue.assign({ waiting: context.waiting.filter(isBusy) });
    }),
  },
  guards: {
    isTheOneInside: ({ context, event }) => {
      assertEvent(event, 'CallbackReturned');
      return event.callback === context.inside;
    },
    lockIsHeld: or([stateIn({ lock: 'held' }), stateIn({ lock: { off: 'interrupted' } })]),
    lineIsConnected: stateIn({ line: 'connected' }),
    interruptWaits: stateIn({ line: { connected: 'raised' } }),
    closesBusyStream: ({ context, event }) => event.type === 'CallMinidriver' && closesBusy(context, event),
    callWaits: ({ context }) => context.waiting.length > 0,
  },
}).createMachine({
  id: 'synchronizer',
  meta: { strict: true },
  context: { inside: undefined, waiting: [], receiving: [] },
  type: 'parallel',
  states: {
    lock: {
      initial: 'free',
      states: {
        free: {
          tags: ['idle'],
          on: {
            TurnOffSynchronization: 'off',
            CallMinidriver: { target: 'held', actions: ['enter', 'callMinidriver'] },
            Interrupt: {
              guard: 'lineIsConnected',
              target: 'held',
              actions: ['enterInterruptRoutine', 'callInterruptRoutine'],
            },
          },
        },
        held: {
          on: {
            CallMinidriver: { actions: 'wait' },
            CallbackReturned: [
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
              { guard: 'closesBusyStream', actions: 'wait' },
              { actions: ['noteReceive', 'callMinidriver'] },
            ],
            CallbackReturned: { actions: ['forgetReceive', 'callWhatNeedNotWait'] },
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
              },
            },
            interrupted: {
              on: {
                CallbackReturned: [
                  { guard: and(['isTheOneInside', 'interruptWaits']), actions: 'callInterruptRoutine' },
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
                CallbackReturned: { guard: 'isTheOneInside', target: 'quiet' },
              },
            },
          },
        },
      },
    },
  },
});
