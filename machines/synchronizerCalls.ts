import {
  type CallMinidriver,
  isExpiredSrb,
  type MinidriverCall,
  type SynchronizerMessage,
} from 'interlace/streaming';

/** Who can be inside the minidriver. */
type Callback = CallMinidriver['callback'] | 'HwInterrupt';

/** A receive, cancel or timeout call, by its SRB. */
interface SrbCall {
  readonly callback: Callback;
  readonly srb: string;
  /** `null` for an SRB of the device. */
  readonly StreamObject: string | null;
}

export interface Synchronizer {
  /** The callback that holds the lock; in OFF only the interrupt routine does. */
  readonly inside: Callback | undefined;
  /** Calls that have to wait, in order of arrival. */
  readonly waiting: readonly CallMinidriver[];
  /** In OFF, the calls for SRBs of streams that have not returned, and those of timeout handlers. */
  readonly running: readonly SrbCall[];
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
    case 'HwCancelPacket':
      return { type: call.callback, srb: call.srb };
    case 'HwRequestTimeoutHandler':
      return { type: call.callback, srb: call.srb };
    case 'DecrementTimeoutCounters':
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

function srbCall(call: CallMinidriver): SrbCall | undefined {
  const { callback } = call;
  if (!('srb' in call) || callback === 'HwReceivePacket') return undefined;
  return {
    callback,
    srb: call.srb.id,
    StreamObject: 'StreamObject' in call.srb ? call.srb.StreamObject : null,
  };
}

/** In OFF: the calls that are inside with this one. */
export function withCall({ running }: Synchronizer, call: CallMinidriver): readonly SrbCall[] {
  const entering = srbCall(call);
  return entering ? [...running, entering] : running;
}

/** In OFF: those that are inside without the one that has returned. */
export function withoutReturned({ running }: Synchronizer, event: SynchronizerMessage): readonly SrbCall[] {
  if (event.type !== 'CallbackReturned') return running;
  const gone = running.findIndex(({ callback, srb }) => callback === event.callback && srb === event.srb);
  return running.filter((_, i) => i !== gone);
}

/**
 * In OFF: whether a call has to wait. SRB_CLOSE_STREAM does while calls for its stream are inside (C-040). So does an SRB that
 * bears the name of one for which a cancel or timeout call is inside, for that one's memory must not be used anew (D-045, D-057).
 */
export function mustWait(context: Synchronizer, call: CallMinidriver): boolean {
  if (isGated(context, call)) return true;
  if (!isReceive(call.callback) || !('srb' in call)) return false;
  const { id } = call.srb;
  const isClose = 'Command' in call.srb && call.srb.Command === 'SRB_CLOSE_STREAM';
  const stream = 'StreamObject' in call.srb ? call.srb.StreamObject : undefined;
  return context.running.some(({ callback, srb, StreamObject }) =>
    isClose ? StreamObject === stream : srb === id && !isReceive(callback),
  );
}
