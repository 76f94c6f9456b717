/** The messages about master clocks (C.12). */
import type { FileObject, IrpId } from './irp.js';
import type { ScheduledCall } from './scheduleMessages.js';

/** Names a master clock; 0 means that a stream runs free (C-085). */
export type MasterClockHandle = number;

/** M-012 for a clock, below an open pin: that stream is to be the master clock. */
export interface CreateClock {
  readonly type: 'KsCreateClock';
  readonly irp: IrpId;
  /** Of the pin. */
  readonly FileObject: FileObject;
}

/** M-014 for a clock: its stream is not the master clock any more. */
export interface CloseClock {
  readonly type: 'KsCloseClock';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
}

/** M-039: the clock that a stream is to follow. */
export interface SetMasterClock {
  readonly type: 'KSPROPERTY_STREAM_MASTERCLOCK';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  readonly Value: MasterClockHandle;
}

/** What a client asks about clocks. */
export type ClockRequest = CreateClock | CloseClock | SetMasterClock;

/** From a pin: the clock has been created or closed, or not; the create/close token is free (C-031). */
export interface ClockOperationDone {
  readonly type: 'ClockOperationDone';
}

/** The handle of the clock that a stream is, or would be: one for each pin, and not 0. */
export function clockHandleOf(pin: FileObject): MasterClockHandle {
  return Number(pin.slice(pin.indexOf(':') + 1)) + 1;
}

/** The stream whose clock a handle names. */
export function clockStreamOf(handle: MasterClockHandle): FileObject {
  return `pin:${handle - 1}`;
}

/** M-094: to the actor of the stream that asks, which knows what clock it follows (C-090). */
export interface QueryMasterClock {
  readonly type: 'StreamClassQueryMasterClock';
  /** The call of the callback: its context is the question, and then the answer. */
  readonly callback: ScheduledCall;
}

/** Asks the synchronizer for M-059. */
export interface CallClock extends Omit<ScheduledCall, 'callback'> {
  readonly type: 'CallMinidriver';
  readonly callback: 'HwClockFunction';
  /** The stream that is the clock; `call` is the callback's, which comes behind. */
  readonly StreamObject: string;
}

/** M-059. */
export interface HwClockFunction {
  readonly type: 'HwClockFunction';
  readonly StreamObject: string;
  readonly call: string;
}
