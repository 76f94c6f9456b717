/** The messages about routines that the minidriver wants to be called later (D.7). */

/** Routines that the minidriver names when it asks for the call. A High one is also what LowToHigh asks for (D-064). */
export type ScheduledCallback =
  | 'TimerRoutine'
  | 'HighPriorityRoutine'
  | 'DispatchPriorityRoutine'
  | 'LowPriorityRoutine'
  | 'ClockCallback';

/** A call that is to come. */
export interface ScheduledCall {
  readonly callback: ScheduledCallback;
  /** Whose slot it comes from; `null` for the device's (D-063, D-067). */
  readonly StreamObject: string | null;
  /** Names the routine and its context, which lie in device memory until the routine is entered. */
  readonly call: string;
  /** Whether it waits until nobody is inside (tables D.2, D.3). */
  readonly takesLock: boolean;
}

/** M-091: to the timer of the stream or the device, within the call. */
export interface ScheduleTimer {
  readonly type: 'StreamClassScheduleTimer';
  readonly StreamObject: string | null;
  readonly NumberOfMicroseconds: number;
  /** `null` cancels (option `timerZero`, here `cancel-if-null`, J10). */
  readonly routine: ScheduledCall | null;
}

/** Asks the synchronizer for M-060, M-061 or M-062. */
export type CallScheduledRoutine = ScheduledCall & { readonly type: 'CallMinidriver' };

/** M-060, M-061, M-062. */
export interface ScheduledRoutine {
  readonly type: ScheduledCallback;
  readonly StreamObject: string | null;
  readonly call: string;
}

/** The timer of a stream, or of the device (D-067). */
export function timerName(StreamObject: string | null): string {
  return `timer:${StreamObject ?? 'device'}`;
}
