import type { HW_INITIALIZATION_DATA } from './strmini.js';

/** Interrupt request levels (D-070). Of the device's own one it only matters that it is above DISPATCH_LEVEL. */
export const PASSIVE_LEVEL = 0;
export const DISPATCH_LEVEL = 2;
const DIRQL = 3;

/** What of the registration decides about levels and locks: the mode (D-001), and whether there is an interrupt. */
export type Mode = Pick<HW_INITIALIZATION_DATA, 'TurnOffSynchronization' | 'HwInterrupt'>;

/** In mode OFF these come from a DPC (D-014). */
const fromDpc: readonly string[] = [
  'HwCancelPacket',
  'HwRequestTimeoutHandler',
  'TimerRoutine',
  // J28, J29
  'HwClockFunction',
  'ClockCallback',
];

/** Priority routines that the minidriver wants at a level of their own (D-064). */
const unsynchronized: readonly string[] = ['DispatchPriorityRoutine', 'LowPriorityRoutine'];

/** The level at which a callback runs in the mode that the minidriver has registered for (table D.2). */
export function irqlOf(callback: string, { TurnOffSynchronization, HwInterrupt }: Mode): number {
  if (callback === 'LowPriorityRoutine') return PASSIVE_LEVEL;
  if (callback === 'DispatchPriorityRoutine') return DISPATCH_LEVEL;
  if (callback === 'HwInterrupt') return DIRQL;
  if (callback === 'HighPriorityRoutine' || !TurnOffSynchronization)
    return HwInterrupt ? DIRQL : DISPATCH_LEVEL;
  return fromDpc.includes(callback) ? DISPATCH_LEVEL : PASSIVE_LEVEL;
}

/**
 * The level that interrupts others for a callback: only the interrupt routine comes by an interrupt. Whatever else runs at DIRQL
 * has been raised there from a DPC or a thread, which starts on no processor that is at DISPATCH_LEVEL (D-009, D-071).
 */
export function arrivalOf(callback: string, level: number): number {
  return callback === 'HwInterrupt' ? level : Math.min(level, DISPATCH_LEVEL);
}

/**
 * Whether a callback runs under a lock (tables D.2 and D.3): in ON the class driver's, which is the interrupt spin lock when
 * there is an interrupt; in OFF the interrupt spin lock.
 */
export function takesLock(callback: string, { TurnOffSynchronization, HwInterrupt }: Mode): boolean {
  if (callback === 'LowPriorityRoutine') return false;
  // D-009; without an interrupt J09.
  if (callback === 'DispatchPriorityRoutine') return !TurnOffSynchronization && !HwInterrupt;
  if (!TurnOffSynchronization || callback === 'HwInterrupt') return true;
  return callback === 'HighPriorityRoutine' && HwInterrupt !== undefined;
}

/** Whether somebody waits for a callback to return; for a priority routine that holds no lock nobody does. */
export function isAwaited(callback: string, mode: Mode): boolean {
  return (
    !(unsynchronized.includes(callback) || callback === 'HighPriorityRoutine') || takesLock(callback, mode)
  );
}

/** Where a service is called from: the columns of table D-066. */
export type CallingContext =
  | 'EntryAtDirql'
  | 'EntryAtDispatch'
  | 'Dispatch'
  | 'Low'
  | 'OffPassive'
  | 'OffDispatch'
  | 'Isr';

/** The column of table D-066 that a callback belongs to. */
export function callingContext(callback: string, mode: Mode): CallingContext {
  const level = irqlOf(callback, mode);
  if (callback === 'HwInterrupt') return 'Isr';
  if (mode.TurnOffSynchronization) {
    // A High routine runs where the interrupt routine does.
    if (level === DIRQL) return 'Isr';
    return level === DISPATCH_LEVEL ? 'OffDispatch' : 'OffPassive';
  }
  if (callback === 'LowPriorityRoutine') return 'Low';
  if (callback === 'DispatchPriorityRoutine') return 'Dispatch';
  return level === DIRQL ? 'EntryAtDirql' : 'EntryAtDispatch';
}
