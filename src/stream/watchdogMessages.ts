/** From the minidriver's host: an SRB that the minidriver owns is timed, and none was before (D-053). */
export interface SrbTimed {
  readonly type: 'SrbTimed';
}

/** From the class driver: the device is gone, and a driver leaves no timer behind (C-077). */
export interface IoStopTimer {
  readonly type: 'IoStopTimer';
}

/** M-114: a second is over. Class code, run under the lock (D-057); answered by {@link TimeoutCountersDecremented}. */
export interface DecrementTimeoutCounters {
  readonly type: 'DecrementTimeoutCounters';
}

/** To the watchdog: every TimeoutCounter that was not 0 is one less (D-052). */
export interface TimeoutCountersDecremented {
  readonly type: 'TimeoutCountersDecremented';
  /** Whether one is still not 0. */
  readonly isAnyTimed: boolean;
}

/** An SRB whose time is over, and the file object of its stream; `null` for one of the device. */
export interface ExpiredSrb {
  readonly id: string;
  readonly StreamObject: string | null;
}

export function isExpiredSrb(value: unknown): value is ExpiredSrb {
  return typeof value === 'object' && value !== null && 'id' in value && 'StreamObject' in value;
}

/** M-055: the time of an SRB that the minidriver owns is over; it is to end the request (D-055). */
export interface HwRequestTimeoutHandler {
  readonly type: 'HwRequestTimeoutHandler';
  readonly srb: ExpiredSrb;
}
