import type { HW_INITIALIZATION_DATA } from './strmini.js';

/** Interrupt request levels (D-070). Of the device's own one it only matters that it is above DISPATCH_LEVEL. */
export const PASSIVE_LEVEL = 0;
const DISPATCH_LEVEL = 2;
const DIRQL = 3;

/** In mode OFF these come from a DPC. */
const fromDpc: readonly string[] = ['HwCancelPacket', 'HwRequestTimeoutHandler'];

/** The level at which a callback runs in the mode that the minidriver has registered for (table D.2). */
export function irqlOf(
  callback: string,
  {
    TurnOffSynchronization,
    HwInterrupt,
  }: Pick<HW_INITIALIZATION_DATA, 'TurnOffSynchronization' | 'HwInterrupt'>,
): number {
  if (callback === 'HwInterrupt') return DIRQL;
  // D-014
  if (TurnOffSynchronization) return fromDpc.includes(callback) ? DISPATCH_LEVEL : PASSIVE_LEVEL;
  return HwInterrupt ? DIRQL : DISPATCH_LEVEL;
}
