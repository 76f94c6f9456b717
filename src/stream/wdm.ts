/**
 * What a minidriver needs of wdm.h when it synchronizes itself (D-013, D-016): executive spin locks, at their DDK names. Every call
 * is a scheduling point: write `yield*` in front of it.
 */
import { type Points, service } from '../routine/operation.js';

/** KIRQL (D-070): an interrupt request level. */
export type KIRQL = number;

/** KSPIN_LOCK: an object of device memory, such as `{ Lock: {} }` in a device extension. What is in it is the kernel's. */
export interface KSPIN_LOCK {
  /** Who holds it, by the name of the callback; `null` when it is free. */
  readonly Holder?: string | null;
}

/** Makes a lock of it, which is free. It is to be called once, before the lock is used, such as in SRB_INITIALIZE_DEVICE. */
export function KeInitializeSpinLock(SpinLock: KSPIN_LOCK): Points<void> {
  return service('KeInitializeSpinLock', SpinLock);
}

/**
 * Raises the processor to DISPATCH_LEVEL and takes the lock, when it is free (D-075). Not above DISPATCH_LEVEL (INV-107); who asks
 * for a lock that it holds fails (D-079).
 *
 * @returns the level from which it was raised, for {@link KeReleaseSpinLock}; in the DDK `OldIrql` is an argument
 */
export function KeAcquireSpinLock(SpinLock: KSPIN_LOCK): Points<KIRQL> {
  return service('KeAcquireSpinLock', SpinLock);
}

/** Gives the lock back, and lowers the processor to the level from which it was raised (D-075). */
export function KeReleaseSpinLock(SpinLock: KSPIN_LOCK, NewIrql: KIRQL): Points<void> {
  return service('KeReleaseSpinLock', SpinLock, NewIrql);
}

/** The level at which the caller runs (D-070): PASSIVE_LEVEL is 0, DISPATCH_LEVEL 2; all that interrupts devices is above. */
export function KeGetCurrentIrql(): Points<KIRQL> {
  return service('KeGetCurrentIrql');
}
