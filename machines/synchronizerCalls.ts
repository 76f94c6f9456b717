import {
  type CallMinidriver,
  isExpiredSrb,
  type MinidriverCall,
  type SynchronizerMessage,
} from 'interlace/streaming';

/** Who can be inside the minidriver. */
type Callback = CallMinidriver['callback'] | 'HwInterrupt';

/** A receive, cancel or timeout call, by its SRB, or one of a timer routine. */
interface RunningCall {
  readonly callback: Callback;
  readonly srb?: string;
  /** `null` for the device. */
  readonly StreamObject: string | null;
}

export interface Synchronizer {
  /** The callback that holds the lock; in OFF only the interrupt routine does. */
  readonly inside: Callback | undefined;
  /** Calls that have to wait, in order of arrival. */
  readonly waiting: readonly CallMinidriver[];
  /** In OFF, the calls for SRBs of streams that have not returned, and those of timeout handlers and timer routines. */
  readonly running: readonly RunningCall[];
  /** Whether stream requests are not to be delivered now (C-063). */
  readonly gateIsClosed: boolean;
}

/** What the minidriver gets. */
export function asCall(call: CallMinidriver): MinidriverCall {
  switch (call.callback) {
    case 'HwReceivePacket':
      return { type: call.callback, srb: call.srb };
    case 'ReceiveControlPacket':
      return { type: call.callback, srb: call.srb };
    case 'ReceiveDataPacket':
      return { type: call.callback, srb: call.srb };
    case 'HwEventRoutine':
      return { type: call.callback, routine: call.routine, event: call.event };
    case 'HwClockFunction':
      return { type: call.callback, StreamObject: call.StreamObject, call: call.call };
    case 'ClockCallback':
    case 'TimerRoutine':
    case 'HighPriorityRoutine':
    case 'DispatchPriorityRoutine':
    case 'LowPriorityRoutine':
      return { type: call.callback, StreamObject: call.StreamObject, call: call.call };
    case 'HwCancelPacket':
      return { type: call.callback, srb: call.srb };
    case 'HwRequestTimeoutHandler':
      return { type: call.callback, srb: call.srb };
    case 'DecrementTimeoutCounters':
    case 'IoDeleteDevice':
    case 'MmPageEntireDriver':
    case 'MmResetDriverPaging':
      return { type: call.callback };
  }
}

/** A receive call for a stream. */
function isOfStream(callback: Callback): boolean {
  return callback === 'ReceiveControlPacket' || callback === 'ReceiveDataPacket';
}

function isReceive(callback: Callback): boolean {
  return isOfStream(callback) || callback === 'HwReceivePacket';
}

/** Whether a call has to wait for power although nobody is inside. */
export function isGated({ gateIsClosed }: Synchronizer, { callback }: CallMinidriver): boolean {
  return gateIsClosed && isOfStream(callback);
}

/** Whether a scheduled routine goes in although somebody is inside (D-009, D-010). */
export function needsNoLock(event: SynchronizerMessage): boolean {
  return event.type === 'CallMinidriver' && 'takesLock' in event && !event.takesLock;
}

/** In OFF: whether a call goes in alone, as the interrupt routine does (table D.2). */
export function takesInterruptLock(event: SynchronizerMessage): boolean {
  return event.type === 'CallMinidriver' && 'takesLock' in event && event.takesLock;
}

/** In ON: who goes in when the lock is free. */
export function nextWaiting(context: Synchronizer): CallMinidriver | undefined {
  return context.waiting.find((call) => !isGated(context, call));
}

/** Calls for the SRBs that have expired with the tick that is over. */
export function timeoutsIn(event: SynchronizerMessage): CallMinidriver[] {
  if (event.type !== 'CallbackReturned' || event.callback !== 'DecrementTimeoutCounters') return [];
  const expired: readonly unknown[] = Array.isArray(event.result) ? event.result : [];
  return expired
    .filter(isExpiredSrb)
    .map((srb) => ({ type: 'CallMinidriver', callback: 'HwRequestTimeoutHandler', srb }));
}

/** The delivery that waits although it is cancelled by this call. */
export function cancelledDelivery({ waiting }: Synchronizer, event: SynchronizerMessage) {
  if (event.type !== 'CallMinidriver' || event.callback !== 'HwCancelPacket') return undefined;
  return waiting.find((call) => isReceive(call.callback) && 'srb' in call && call.srb.id === event.srb.id);
}

function runningCall(call: CallMinidriver): RunningCall | undefined {
  const { callback } = call;
  if (callback === 'TimerRoutine') return { callback, StreamObject: call.StreamObject };
  if (!('srb' in call) || callback === 'HwReceivePacket') return undefined;
  return {
    callback,
    srb: call.srb.id,
    StreamObject: 'StreamObject' in call.srb ? call.srb.StreamObject : null,
  };
}

/** In OFF: the calls that are inside with this one. */
export function withCall({ running }: Synchronizer, call: CallMinidriver): readonly RunningCall[] {
  const entering = runningCall(call);
  return entering ? [...running, entering] : running;
}

/** In OFF: those that are inside without the one that has returned. */
export function withoutReturned(
  { running }: Synchronizer,
  event: SynchronizerMessage,
): readonly RunningCall[] {
  if (event.type !== 'CallbackReturned') return running;
  const { StreamObject: whose } = event;
  const gone = running.findIndex(
    ({ callback, srb, StreamObject }) =>
      callback === event.callback && srb === event.srb && (whose === undefined || StreamObject === whose),
  );
  return running.filter((_, i) => i !== gone);
}

/**
 * In OFF: whether a call has to wait. A High routine does while the interrupt lock is held, and a timer routine while the one
 * before it of the same timer is inside (table D.3). SRB_CLOSE_STREAM does while receive, cancel and timeout calls for its stream
 * are inside (C-040).
 */
export function mustWait(context: Synchronizer, call: CallMinidriver): boolean {
  if (isGated(context, call)) return true;
  if (takesInterruptLock(call)) return context.inside !== undefined;
  if (call.callback === 'TimerRoutine') {
    const { StreamObject } = call;
    return context.running.some(
      ({ callback, StreamObject: other }) => callback === 'TimerRoutine' && other === StreamObject,
    );
  }
  if (!('srb' in call) || !('Command' in call.srb) || call.srb.Command !== 'SRB_CLOSE_STREAM') return false;
  const { StreamObject: stream } = call.srb;
  return context.running.some(({ srb, StreamObject }) => srb !== undefined && StreamObject === stream);
}
