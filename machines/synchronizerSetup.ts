import type {
  CallMinidriver,
  DeliveryWithdrawn,
  IrpCancelled,
  MinidriverCall,
  SynchronizerMessage,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, or, sendTo, setup, stateIn } from 'xstate';
import {
  asCall,
  cancelledDelivery,
  isGated,
  mustWait,
  needsNoLock,
  nextWaiting,
  type Synchronizer,
  takesInterruptLock,
  timeoutsIn,
  withCall,
  withoutReturned,
} from './synchronizerCalls.js';

/** What the synchronizer can do and ask: the words of the chart in `synchronizer.ts`. */
export const synchronizerSetup = setup({
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
    callNextForInterruptLock: enqueueActions(({ context, enqueue }) => {
      const next = context.waiting.find(takesInterruptLock);
      if (!next) return;
      enqueue.assign({ inside: next.callback, waiting: context.waiting.filter((call) => call !== next) });
      enqueue.sendTo(({ system }) => system.get('minidriver'), asCall(next));
    }),
    withdraw: enqueueActions(({ context, event, enqueue }) => {
      const delivery = cancelledDelivery(context, event);
      if (event.type !== 'CallMinidriver' || event.callback !== 'HwCancelPacket' || !delivery) return;
      const { srb } = event;
      const withdrawn: DeliveryWithdrawn = { type: 'DeliveryWithdrawn', srb };
      enqueue.assign({ waiting: context.waiting.filter((call) => call !== delivery) });
      const owner = 'StreamObject' in srb ? srb.StreamObject : 'classDriver';
      enqueue.sendTo(({ system }) => system.get(owner), withdrawn);
    }),
    setIrpCancel: sendTo(
      ({ system }) => system.get('minidriver'),
      ({ event }): IrpCancelled => {
        if (event.type !== 'CallMinidriver' || event.callback !== 'HwCancelPacket')
          throw new Error(`${event.type} cancels nothing`);
        return { type: 'IrpCancelled', srb: event.srb };
      },
    ),
    closeGate: assign({ gateIsClosed: true }),
    openGate: assign({ gateIsClosed: false }),
    leave: assign({ inside: undefined }),
    noteCall: assign({
      running: ({ context, event }) => {
        assertEvent(event, 'CallMinidriver');
        return withCall(context, event);
      },
    }),
    forgetCall: assign({ running: ({ context, event }) => withoutReturned(context, event) }),
    callWhatNeedNotWait: enqueueActions(({ context, enqueue }) => {
      let after = { ...context, waiting: [] as readonly CallMinidriver[] };
      for (const call of context.waiting) {
        if (mustWait(after, call)) {
          after = { ...after, waiting: [...after.waiting, call] };
        } else {
          after = { ...after, running: withCall(after, call) };
          enqueue.sendTo(({ system }) => system.get('minidriver'), asCall(call));
        }
      }
      enqueue.assign({ waiting: after.waiting, running: after.running });
    }),
  },
  guards: {
    isTheOneInside: ({ context, event }) => {
      assertEvent(event, 'CallbackReturned');
      return event.callback === context.inside;
    },
    cancels: ({ event }) => event.type === 'CallMinidriver' && event.callback === 'HwCancelPacket',
    cancelsWaitingDelivery: ({ context, event }) => cancelledDelivery(context, event) !== undefined,
    lockIsHeld: or([stateIn({ lock: 'held' }), stateIn({ lock: { off: 'interrupted' } })]),
    lineIsConnected: stateIn({ line: 'connected' }),
    interruptWaits: stateIn({ line: { connected: 'raised' } }),
    requestsExpire: ({ event }) => timeoutsIn(event).length > 0,
    timeoutWaits: ({ context }) => context.waiting[0]?.callback === 'HwRequestTimeoutHandler',
    callWaits: ({ context }) => nextWaiting(context) !== undefined,
    needsNoLock: ({ event }) => needsNoLock(event),
    takesInterruptLock: ({ event }) => takesInterruptLock(event),
    waitsForInterruptLock: ({ context }) => context.waiting.some(takesInterruptLock),
    isGated: ({ context, event }) => event.type === 'CallMinidriver' && isGated(context, event),
    mustWait: ({ context, event }) => event.type === 'CallMinidriver' && mustWait(context, event),
    streamRequestWaits: ({ context }) => context.waiting.length > 0,
  },
});
