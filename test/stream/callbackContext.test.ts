import { preempt } from 'interlace';
import { describe, expect, it } from 'vitest';
import { callingContext, irqlOf, type Mode, takesLock } from '../../src/stream/callbackContext.js';

function* HwInterrupt() {
  yield* preempt();
  return false;
}
const modes: readonly Mode[] = [
  { TurnOffSynchronization: false, HwInterrupt },
  { TurnOffSynchronization: false },
  { TurnOffSynchronization: true, HwInterrupt },
  { TurnOffSynchronization: true },
];
const levels = ['PASSIVE', '', 'DISPATCH', 'DIRQL'];

/** A row of table D.2: level, and `+` for a lock, in ON with an interrupt, ON without, OFF with, OFF without. */
function row(callback: string): string {
  return modes
    .map((mode) => `${levels[irqlOf(callback, mode)] ?? ''}${takesLock(callback, mode) ? '+' : ''}`)
    .join(' ');
}

describe('table D.2', () => {
  const entryPoint = 'DIRQL+ DISPATCH+ PASSIVE PASSIVE';
  const fromDpc = 'DIRQL+ DISPATCH+ DISPATCH DISPATCH';
  const table: Readonly<Record<string, string>> = {
    HwReceivePacket: entryPoint,
    ReceiveControlPacket: entryPoint,
    ReceiveDataPacket: entryPoint,
    HwEventRoutine: entryPoint,
    HwCancelPacket: fromDpc,
    HwRequestTimeoutHandler: fromDpc,
    TimerRoutine: fromDpc,
    HwClockFunction: fromDpc,
    ClockCallback: fromDpc,
    HighPriorityRoutine: 'DIRQL+ DISPATCH+ DIRQL+ DISPATCH',
    DispatchPriorityRoutine: 'DISPATCH DISPATCH+ DISPATCH DISPATCH',
    LowPriorityRoutine: 'PASSIVE PASSIVE PASSIVE PASSIVE',
  };
  for (const [callback, expected] of Object.entries(table)) {
    it(`says where ${callback} runs, and whether under a lock`, () => {
      expect(row(callback)).toBe(expected);
    });
  }
});

describe('the columns of table D-066', () => {
  it('follow from callback and mode', () => {
    const columns = (callback: string) => modes.map((mode) => callingContext(callback, mode));
    expect(columns('ReceiveDataPacket')).toEqual([
      'EntryAtDirql',
      'EntryAtDispatch',
      'OffPassive',
      'OffPassive',
    ]);
    expect(columns('TimerRoutine')).toEqual([
      'EntryAtDirql',
      'EntryAtDispatch',
      'OffDispatch',
      'OffDispatch',
    ]);
    expect(columns('HighPriorityRoutine')).toEqual(['EntryAtDirql', 'EntryAtDispatch', 'Isr', 'OffDispatch']);
    expect(columns('DispatchPriorityRoutine')).toEqual([
      'Dispatch',
      'Dispatch',
      'OffDispatch',
      'OffDispatch',
    ]);
    expect(columns('LowPriorityRoutine')).toEqual(['Low', 'Low', 'OffPassive', 'OffPassive']);
    expect(columns('HwInterrupt').filter((_, i) => i % 2 === 0)).toEqual(['Isr', 'Isr']);
  });
});
