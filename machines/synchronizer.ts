import type {
  CallMinidriver,
  DeliveryWithdrawn,
  MinidriverCall,
  SynchronizerMessage,
} from 'interlace/streaming';
import { and, assertEvent, assign, enqueueActions, not, or, sendTo, setup, stateIn } from 'xstate';

/** Who can be inside the minidriver. */
type Callback = CallMinidriver['callback'] | 'HwInterrupt';

interface Synchronizer {
  /** The callback that has not returned. */
  readonly inside: Callback | undefined;
  /** Calls that wait for it to return, in order of arrival. */
  readonly waiting: readonly CallMinidriver[];
  /** Whether stream requests are not to be delivered now (C-063). */
  readonly gateIsClosed: boolean;
}

function asCall(call: CallMinidriver): MinidriverCall {
  switch (call.callback) {
    case 'HwReceivePacket':
      return { type: call.callback, srb: call.srb };
    case 'ReceiveControlPacket':
      return { type: call.callback, srb: call.srb };
    case 'ReceiveDataPacket':
      return { type: call.callback, srb: call.srb };
    case 'HwCancelPacket':
      return { type: call.callback, srb: call.srb };
    case 'HwRequestTimeoutHandler':
      return { type: call.callback, srb: call.srb };
    case 'DecrementTimeoutCounters':
      return { type: call.callback };
  }
}

/** Whether a call has to wait although nobody is inside. */
function isGated({ gateIsClosed }: Synchronizer, call: CallMinidriver): boolean {
  return gateIsClosed && (call.callback === 'ReceiveControlPacket' || call.callback === 'ReceiveDataPacket');
}

/** Who goes in when the lock is free. */
function nextWaiting(context: Synchronizer): CallMinidriver | undefined {
  return context.waiting.find((call) => !isGated(context, call));
}

/** Calls for the SRBs that have expired with the tick that is over. */
function timeoutsIn(event: SynchronizerMessage): CallMinidriver[] {
  if (event.type !== 'CallbackReturned' || event.callback !== 'DecrementTimeoutCounters') return [];
  const expired: readonly unknown[] = Array.isArray(event.result) ? event.result : [];
  return expired.map((id) => ({
    type: 'CallMinidriver',
    callback: 'HwRequestTimeoutHandler',
    srb: { id: String(id) },
  }));
}

/** The delivery that waits although it is cancelled by this call. */
function cancelledDelivery({ waiting }: Synchronizer, event: SynchronizerMessage) {
  if (event.type !== 'CallMinidriver' || event.callback !== 'HwCancelPacket') return undefined;
  return waiting.find(
    (call) => call.callback.startsWith('Receive') && 'srb' in call && call.srb.id === event.srb.id,
  );
}

/**
 * The class driver's lock in mode ON+ISR: every entry point of the minidriver runs at the adapter's DIRQL with the interrupt
 * spin lock held, so that at most one of {entry points, ISR} is inside, on all processors (D-002, D-003, D-007).
 *
 * Region `lock` says whether somebody is inside, region `line` whether an interrupt waits. An interrupt goes before calls that
 * wait: DIRQL masks everything that could deliver them. The line is a level, so a second edge before the ISR runs adds nothing.
 * The watchdog's tick is class code that needs the lock, and keeps it for the timeout handlers that it leads to (D-057): they go
 * before everybody. An SRB that is cancelled while its delivery waits is not delivered: that is asked again under the lock (D-031).
 * While the stream gate is closed control and data requests wait, all other calls go in (J62). The line is connected from START to removal (A-086, C-076); outside of that nobody hears it.
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
      ({ event }): MinidriverCall => {
        assertEvent(event, 'CallMinidriver');
        return asCall(event);
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
    putTimeoutsFirst: assign({
      waiting: ({ context, event }) => [...timeoutsIn(event), ...context.waiting],
    }),
    callNextWaiting: enqueueActions(({ context, enqueue }) => {
      const next = nextWaiting(context);
      if (!next) return;
      enqueue.assign({
        inside: next.callback,
        waiting: context.waiting.filter((call) => call !== next),
      });
      enqueue.sendTo(({ system }) => system.get('minidriver'), asCall(next));
    }),
    withdraw: enqueueActions(({ context, event, enqueue }) => {
      const delivery = cancelledDelivery(context, event);
      if (event.type !== 'CallMinidriver' || event.callback !== 'HwCancelPacket' || !delivery) return;
      const { srb } = event;
      const withdrawn: DeliveryWithdrawn = { type: 'DeliveryWithdrawn', srb };
      enqueue.assign({ waiting: context.waiting.filter((call) => call !== delivery) });
      enqueue.sendTo(({ system }) => system.get(srb.StreamObject), withdrawn);
    }),
    closeGate: assign({ gateIsClosed: true }),
    openGate: assign({ gateIsClosed: false }),
    leave: assign({ inside: undefined }),
  },
  guards: {
    isTheOneInside: ({ context, event }) => {
      assertEvent(event, 'CallbackReturned');
      return event.callback === context.inside;
    },
    cancelsWaitingDelivery: ({ context, event }) => cancelledDelivery(context, event) !== undefined,
    lockIsHeld: stateIn({ lock: 'held' }),
    lineIsConnected: stateIn({ line: 'connected' }),
    interruptWaits: stateIn({ line: { connected: 'raised' } }),
    requestsExpire: ({ event }) => timeoutsIn(event).length > 0,
    timeoutWaits: ({ context }) => context.waiting[0]?.callback === 'HwRequestTimeoutHandler',
    callWaits: ({ context }) => nextWaiting(context) !== undefined,
    isGated: ({ context, event }) => event.type === 'CallMinidriver' && isGated(context, event),
    streamRequestWaits: ({ context }) => context.waiting.length > 0,
  },
}).createMachine({
  id: 'synchronizer',
  meta: { strict: true },
  context: { inside: undefined, waiting: [], gateIsClosed: false },
  on: { CloseStreamGate: { actions: 'closeGate' } },
  type: 'parallel',
  states: {
    lock: {
      initial: 'free',
      states: {
        free: {
          tags: ['idle'],
          on: {
            CallMinidriver: [
              { guard: 'cancelsWaitingDelivery', actions: 'withdraw' },
              { guard: 'isGated', actions: 'wait' },
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
            CallMinidriver: [{ guard: 'cancelsWaitingDelivery', actions: 'withdraw' }, { actions: 'wait' }],
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
