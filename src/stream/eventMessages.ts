/** The messages about events (part E of the rule book). All of them are plain data. */
import type { FileObject, IrpId } from './irp.js';
import type { EventEntryId, EventQueueName, KSEVENTDATA, UserNotificationType } from './ksEvent.js';
import type { NTSTATUS } from './ntStatus.js';

/** M-034, and with other flags the questions about events (E-026, M-036). */
export interface EnableEvent {
  readonly type: 'IOCTL_KS_ENABLE_EVENT';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  /** Bytes of the KSEVENT; 0 for NULL. */
  readonly InputLength: number;
  readonly Set: string;
  readonly Id: number;
  /** Names of A-112, joined by ` | `. */
  readonly Flags: string;
  /** Bytes of KSEVENTDATA and parameters. */
  readonly OutputLength: number;
  /** Address of the KSEVENTDATA; 0 for NULL. */
  readonly EventData: number;
  /** What lies there. */
  readonly Data: KSEVENTDATA | null;
}

/** M-035. */
export interface DisableEvent {
  readonly type: 'IOCTL_KS_DISABLE_EVENT';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  /** 0 with a NULL pointer stands for all events of this file object (E-030). */
  readonly InputLength: number;
  /** Address of the KSEVENTDATA that the event was enabled with; 0 for NULL. */
  readonly EventData: number;
}

/** What the class driver passes on to an event queue. */
export type EventRequest = EnableEvent | DisableEvent;

/** HW_EVENT_DESCRIPTOR of one call. */
export interface EventDescriptor {
  readonly Enable: boolean;
  readonly entry: EventEntryId;
  readonly EnableEventSetIndex: number;
  readonly EventId: number;
  /** Bytes behind the entry. */
  readonly ExtraEntryData: number;
  readonly EventData: KSEVENTDATA;
  /** `null` for events of the device. */
  readonly StreamObject: FileObject | null;
}

/** Asks the synchronizer for M-057 or M-058. */
export interface CallEventRoutine {
  readonly type: 'CallMinidriver';
  readonly callback: 'HwEventRoutine';
  /** DeviceEventRoutine or the stream's HwEventRoutine, by its name (E-003). */
  readonly routine: string;
  readonly event: EventDescriptor;
}

/** M-057, M-058. */
export type HwEventRoutine = Omit<CallEventRoutine, 'type' | 'callback'> & {
  readonly type: 'HwEventRoutine';
};

/** StrMiniEvent has returned. In mode ON the queue takes it before anything else can happen (E-024). */
export interface EventRoutineReturned {
  readonly type: 'EventRoutineReturned';
  readonly entry: EventEntryId;
  readonly Status: NTSTATUS;
}

/** M-083 and M-086: from the minidriver to the queue, which takes it within the call (E-054, E-057). */
export type EventNotification = {
  readonly type: 'StreamClassDeviceNotification' | 'StreamClassStreamNotification';
} & (
  | {
      readonly notification:
        | 'SignalDeviceEvent'
        | 'SignalStreamEvent'
        | 'DeleteDeviceEvent'
        | 'DeleteStreamEvent';
      readonly entry: EventEntryId;
    }
  | {
      readonly notification: 'SignalMultipleDeviceEvents' | 'SignalMultipleStreamEvents';
      readonly EventSet: string | null;
      readonly EventId: number;
    }
);

/** M-043: the client's event is set, or its semaphore released. */
export interface EventSignalled {
  readonly type: 'EventSignalled';
  readonly queue: EventQueueName;
  /** Address of the KSEVENTDATA. */
  readonly EventData: number;
  readonly NotificationType: UserNotificationType;
  readonly EventHandle: string;
  readonly Adjustment?: number;
}
