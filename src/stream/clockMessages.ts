/** The messages about master clocks (C.12). */
import type { PropertyRequest } from './ioctlMessages.js';
import type { ClockObject, FileObject, IrpId } from './irp.js';
import { KSPROPERTY_SIZE } from './ksProperty.js';
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

/** Class driver → pin: the clock that the stream is to follow (M-039); the handle is of a clock that is open (G-041). */
export interface SetMasterClock {
  readonly type: 'KSPROPERTY_STREAM_MASTERCLOCK';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  readonly Value: MasterClockHandle;
}

/** Class driver → pin: which clock the stream follows. */
export interface GetMasterClock {
  readonly type: 'GetMasterClock';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
}

/** A create or a close: it needs the create/close token (C-031). */
export type ClockOperation = CreateClock | CloseClock;

/** What a pin does about clocks one after the other, with an SRB each. */
export type ClockRequest = ClockOperation | SetMasterClock;

/** From a pin: the clock has been created or closed, or not; the create/close token is free (C-031). */
export interface ClockOperationDone {
  readonly type: 'ClockOperationDone';
  readonly FileObject: FileObject;
  /** Whether the stream is the master clock now. */
  readonly isMasterClock: boolean;
}

/** The file object of the clock that a stream is, or would be. */
export function clockObjectOf(pin: FileObject): ClockObject {
  return `clock:${clockHandleOf(pin) - 1}`;
}

/** The handle by which minidrivers know that clock: one for each pin, and not 0. */
export function clockHandleOf(pin: FileObject): MasterClockHandle {
  return Number(pin.slice(pin.indexOf(':') + 1)) + 1;
}

/** The stream whose clock a handle names. */
export function clockStreamOf(handle: MasterClockHandle): FileObject {
  return `pin:${handle - 1}`;
}

/** sizeof(HANDLE). */
export const HANDLE_SIZE = 4;

/** A client's request that a stream follow a clock, or run free (M-039). */
export function masterClockRequest(
  irp: IrpId,
  FileObject: FileObject,
  clock: ClockObject | null,
): PropertyRequest {
  return {
    type: 'IOCTL_KS_PROPERTY',
    irp,
    FileObject,
    InputLength: KSPROPERTY_SIZE,
    Set: 'KSPROPSETID_Stream',
    Id: 'KSPROPERTY_STREAM_MASTERCLOCK',
    Flags: 'KSPROPERTY_TYPE_SET',
    OutputLength: HANDLE_SIZE,
    Value: { Handle: clock },
  };
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
