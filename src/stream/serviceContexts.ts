import type { CallingContext } from './callbackContext.js';

/** From where a service may not be called, and what to do there. */
interface Restriction {
  readonly from: readonly CallingContext[];
  readonly rule: string;
  readonly advice: string;
}

/** D-065, J16: a Low routine of mode ON has to go back to High first. */
const notFromLow: Restriction = {
  from: ['Low'],
  rule: 'D-065',
  advice: 'go on at High first: StreamClassCallAtNewPriority(LowToHigh)',
};

/** It runs on its caller's stack, in class code for DISPATCH_LEVEL at most. */
const notAboveDispatch: Restriction = {
  from: ['EntryAtDirql', 'Isr'],
  rule: 'C-088',
  advice: 'ask with StreamClassQueryMasterClock, which calls back',
};

/** Its page says above DISPATCH_LEVEL; where there is no interrupt, the level of the entry points is as good (D-062, J11). */
const aboveDispatch: Restriction = {
  from: ['Dispatch', 'Low', 'OffPassive', 'OffDispatch'],
  rule: 'D-062',
  advice: 'call it in HwInterrupt or in a High routine, in mode ON in an entry point too',
};

/** An executive spin lock would let the interrupt routine spin on a lock that its own processor holds. */
const noSpinLock: Restriction = {
  from: ['EntryAtDirql', 'Isr'],
  rule: 'D-075, D-077, INV-107',
  advice:
    'what the interrupt routine touches is guarded by a High routine, in mode ON by the lock of the class driver',
};

/** Table D-066; a service that is not here may be called from everywhere. */
const restrictions: ReadonlyMap<string, Restriction> = new Map([
  ['StreamClassQueryMasterClockSync', notAboveDispatch],
  ['StreamClassAbortOutstandingRequests', aboveDispatch],
  ['KeAcquireSpinLock', noSpinLock],
  ['KeReleaseSpinLock', noSpinLock],
  ...[
    'StreamClassDeviceNotification',
    'StreamClassStreamNotification',
    'StreamClassCompleteRequestAndMarkQueueReady',
    'StreamClassScheduleTimer',
    'StreamClassGetNextEvent',
    'StreamClassQueryMasterClock',
  ].map((service): [string, Restriction] => [service, notFromLow]),
]);

/** What is wrong with a call of a service from a callback, in words (INV-103). */
export function misplacedCall(
  service: string,
  callback: string,
  context: CallingContext,
): string | undefined {
  const restriction = restrictions.get(service);
  if (!restriction?.from.includes(context)) return undefined;
  const { rule, advice } = restriction;
  return `${service} was called from a ${callback} (${rule}, D-066, INV-103): ${advice}`;
}
