/** The messages between the class driver and the minidriver, by way of the synchronizer (B.2.3, B.2.4). All of them are plain data. */
import type { CancelableSrb, HwCancelPacket, IrpCancelled } from './cancelMessages.js';
import type { CallClock, HwClockFunction } from './clockMessages.js';
import type { CallEventRoutine, HwEventRoutine } from './eventMessages.js';
import type { CallScheduledRoutine, ScheduledRoutine } from './scheduleMessages.js';
import type { ControlSrb, DataSrb, DeviceSrb, SrbResult } from './srb.js';
import type { DecrementTimeoutCounters, HwRequestTimeoutHandler } from './watchdogMessages.js';

/** M-050, at PASSIVE_LEVEL and not through the synchronizer. */
export interface DriverEntry {
  readonly type: 'DriverEntry';
}

/** M-018, when the last device is removed: the code of the minidriver goes (C-077). */
export interface DriverUnload {
  readonly type: 'DriverUnload';
}

/**
 * What the class driver does with the device and the code of the minidriver, while nobody is inside: it deletes the device object
 * with its extension when all callbacks are over (C-075, C-011; answered by `DeviceDeleted`), lets the code be paged, and locks it
 * again (C.11).
 */
export type DriverImageCall = 'IoDeleteDevice' | 'MmPageEntireDriver' | 'MmResetDriverPaging';

/** Asks the synchronizer for M-051 to M-055, M-057 to M-062, or for class code that needs the lock (M-114). */
export type CallMinidriver =
  | { readonly type: 'CallMinidriver'; readonly callback: 'HwReceivePacket'; readonly srb: DeviceSrb }
  | { readonly type: 'CallMinidriver'; readonly callback: 'ReceiveControlPacket'; readonly srb: ControlSrb }
  | { readonly type: 'CallMinidriver'; readonly callback: 'ReceiveDataPacket'; readonly srb: DataSrb }
  | CallEventRoutine
  | CallScheduledRoutine
  | CallClock
  | {
      readonly type: 'CallMinidriver';
      readonly callback: 'HwCancelPacket';
      readonly srb: CancelableSrb;
    }
  | { readonly type: 'CallMinidriver'; readonly callback: DecrementTimeoutCounters['type'] }
  | { readonly type: 'CallMinidriver'; readonly callback: DriverImageCall }
  | ({ readonly type: 'CallMinidriver'; readonly callback: HwRequestTimeoutHandler['type'] } & Pick<
      HwRequestTimeoutHandler,
      'srb'
    >);

/** M-051 to M-053. */
export type ReceivePacket =
  | { readonly type: 'HwReceivePacket'; readonly srb: DeviceSrb }
  | { readonly type: 'ReceiveControlPacket'; readonly srb: ControlSrb }
  | { readonly type: 'ReceiveDataPacket'; readonly srb: DataSrb };

/** M-056. */
export interface HwInterrupt {
  readonly type: 'HwInterrupt';
}

/** Says that a callback is over, to whoever called it: `DriverEntry` to the class driver, all others to the synchronizer. */
export interface CallbackReturned<
  Callback extends string = CallMinidriver['callback'] | 'HwInterrupt',
  Result = unknown,
> {
  readonly type: 'CallbackReturned';
  readonly callback: Callback;
  /** Of a call for an SRB, its id, whoever owns that by now. */
  readonly srb?: string;
  /** Of a scheduled routine, whose it was. */
  readonly StreamObject?: string | null;
  /**
   * Of HwInterrupt whether the interrupt was the device's, of DriverEntry and HwEventRoutine an NTSTATUS, of the tick the SRBs
   * that have expired.
   */
  readonly result?: Result;
}

/** M-080: what of HW_INITIALIZATION_DATA the class driver uses. */
export interface RegistrationMessage {
  readonly type: 'StreamClassRegisterMinidriver';
  readonly data: {
    readonly TurnOffSynchronization: boolean;
    /** Whether there is an interrupt routine. */
    readonly HwInterrupt: boolean;
    /** Whether the device is a bus master, for which an adapter object is needed. */
    readonly BusMasterDMA: boolean;
  };
}

/** M-081, M-082, M-088 for SRBs of the device queue. */
export type DeviceNotificationMessage = { readonly type: 'StreamClassDeviceNotification' } & (
  | { readonly notification: 'ReadyForNextDeviceRequest' }
  | {
      readonly notification: 'DeviceRequestComplete' | 'CompleteRequestAndMarkQueueReady';
      readonly srb: SrbResult;
    }
);

/** M-084, M-085, M-088 for SRBs of a stream's queues, to the actor of that stream. */
export type StreamNotificationMessage = { readonly type: 'StreamClassStreamNotification' } & (
  | { readonly notification: 'ReadyForNextStreamDataRequest' | 'ReadyForNextStreamControlRequest' }
  | {
      readonly notification: 'StreamRequestComplete' | 'CompleteRequestAndMarkQueueReady';
      readonly srb: SrbResult;
    }
);

/** M-089: the minidriver has given all of these back at once, to the actor that keeps their queues (D-060). */
export interface AbortOutstandingRequests {
  readonly type: 'StreamClassAbortOutstandingRequests';
  readonly srbs: readonly SrbResult[];
}

/** What the synchronizer calls. */
export type MinidriverCall =
  | ReceivePacket
  | HwEventRoutine
  | ScheduledRoutine
  | HwClockFunction
  | HwCancelPacket
  | DecrementTimeoutCounters
  | { readonly type: DriverImageCall }
  | HwRequestTimeoutHandler;
export type MinidriverMessage = DriverEntry | MinidriverCall | HwInterrupt | IrpCancelled | DriverUnload;
