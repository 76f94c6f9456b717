/** The messages between the actors of the stack (part B of the rule book). All of them are plain data. */
import type {
  AbortOutstandingRequests,
  CallbackReturned,
  CallMinidriver,
  DeviceNotificationMessage,
  DriverUnload,
  RegistrationMessage,
  StreamNotificationMessage,
} from './callMessages.js';
import type { CancelIrp, DeliveryWithdrawn } from './cancelMessages.js';
import type {
  ClockOperation,
  ClockOperationDone,
  GetMasterClock,
  QueryMasterClock,
  SetMasterClock,
} from './clockMessages.js';
import type { KSDATAFORMAT } from './dataFormat.js';
import type {
  EventNotification,
  EventRequest,
  EventRoutineReturned,
  EventSignalled,
} from './eventMessages.js';
import type { HardwareFrameEvent } from './frameEvents.js';
import type { IoctlRequest, SetConnectionState, StreamIoctl, StreamReset } from './ioctlMessages.js';
import type { FileObject, IoCompleteRequest, IrpId, KSSTREAM_HEADER } from './irp.js';
import type { NTSTATUS } from './ntStatus.js';
import type {
  BusReport,
  DeviceDeleted,
  DeviceRemoved,
  PnpIrp,
  PowerIrp,
  SetDevicePower,
  StreamGate,
  Unplug,
} from './pnpMessages.js';
import type { ScheduleTimer } from './scheduleMessages.js';
import type { BufferAccess } from './srb.js';
import type { IoStopTimer, SrbTimed, TimeoutCountersDecremented } from './watchdogMessages.js';

// Requester → class driver (B.2.1, B.2.2)

/** M-001; answered by {@link AddDeviceComplete}. */
export interface AddDevice {
  readonly type: 'AddDevice';
}

/** M-030. */
export interface CreateFilter {
  readonly type: 'IRP_MJ_CREATE';
  readonly irp: IrpId;
  readonly object: 'filter';
}

/** M-031: what KSPIN_CONNECT says. */
export interface CreatePin {
  readonly type: 'IRP_MJ_CREATE';
  readonly irp: IrpId;
  readonly object: 'pin';
  readonly FilterObject: FileObject;
  /** Index of the stream. */
  readonly PinId: number;
  /** Default `KSINTERFACE_STANDARD_STREAMING`, the only one that there is. */
  readonly Interface?: string;
  /** Default {@link STANDARD_MEDIUM}. */
  readonly Medium?: string;
  readonly DataFormat: KSDATAFORMAT;
  /** Bytes of the KSPIN_CONNECT and the KSDATAFORMAT behind it. Default as many as they take. */
  readonly InputLength?: number;
}

/** M-013: the last handle is closed. */
export interface Cleanup {
  readonly type: 'IRP_MJ_CLEANUP';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
}

/** M-014: after CLEANUP, when every other IRP of the file object is over. */
export interface Close {
  readonly type: 'IRP_MJ_CLOSE';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
}

/** M-037, with one header. */
export interface ReadStream {
  readonly type: 'IOCTL_KS_READ_STREAM';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  /** Bytes of the array of headers. Default those of one. */
  readonly OutputLength?: number;
  readonly StreamHeader: KSSTREAM_HEADER;
}

/** M-037 for an input stream, with one header: so many bytes of the buffer are to be consumed (F-009). */
export interface WriteStream {
  readonly type: 'IOCTL_KS_WRITE_STREAM';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  /** Bytes of the array of headers. Default those of one. */
  readonly OutputLength?: number;
  readonly StreamHeader: KSSTREAM_HEADER;
}

/** What the class driver passes on as it is to the actor of an open pin. */
export type PinRequest = ReadStream | WriteStream | ClockOperation | CancelIrp | Cleanup | Close;

// Between the parts of the class driver

/** The stream is open: SRB_OPEN_STREAM has succeeded (C-040). */
export interface StreamOpened {
  readonly type: 'StreamOpened';
  /** What of its buffers is touched, as the minidriver has put into the stream object (F-004). */
  readonly access: BufferAccess;
  /** Whether it can be the master clock (C.12). */
  readonly hasClock: boolean;
}

/** A pin that is asked to close owns nothing any more: SRB_CLOSE_STREAM may be sent (C-040). */
export interface StreamDrained {
  readonly type: 'StreamDrained';
  /** The IRP_MJ_CLOSE. */
  readonly irp: IrpId;
  readonly FileObject: FileObject;
}

/** The class driver connects the interrupt before SRB_INITIALIZE_DEVICE and disconnects it at removal (C-076). */
export interface InterruptConnection {
  readonly type: 'IoConnectInterrupt' | 'IoDisconnectInterrupt';
}

/** The minidriver has registered for mode OFF (D-001): the synchronizer lets every call through from now on. */
export interface TurnOffSynchronization {
  readonly type: 'TurnOffSynchronization';
}

// Hardware (B.2.5) and applications

/** M-110: the interrupt line rises. */
export interface Interrupt {
  readonly type: 'Interrupt';
}

/** A bus cycle that writes a register. */
export interface WriteRegister {
  readonly type: 'WriteRegister';
  /** By the name that the device gives it. */
  readonly register: string;
  readonly value: number | readonly number[];
}

/** To what is in front of the lens: the sensor has seen half of what it knows of. */
export interface NextPictures {
  readonly type: 'NextPictures';
}

/** To the sensor: so many pictures more are there to see. */
export interface Pictures {
  readonly type: 'Pictures';
  readonly count: number;
  /** Whether there is nothing behind them. */
  readonly areLast: boolean;
}

/** To the application: the device can be opened. */
export interface DeviceArrived {
  readonly type: 'DeviceArrived';
}

/** From the application: it will not open the device again. */
export interface ClientDone {
  readonly type: 'ClientDone';
}

/** Answers {@link AddDevice}. */
export interface AddDeviceComplete {
  readonly type: 'AddDeviceComplete';
  readonly Status: NTSTATUS;
}

// What each actor takes

export type PnpManagerMessage = AddDeviceComplete | BusReport | IoCompleteRequest | ClientDone;
export type ClassDriverMessage =
  | AddDevice
  | DriverUnload
  | DeviceDeleted
  | PnpIrp
  | PowerIrp
  | CreateFilter
  | CreatePin
  | PinRequest
  | EventRequest
  | IoctlRequest
  | RegistrationMessage
  | CallbackReturned<'DriverEntry', NTSTATUS>
  | DeviceNotificationMessage
  | AbortOutstandingRequests
  | DeliveryWithdrawn
  | StreamDrained
  | ClockOperationDone
  | ScheduleTimer;
export type PinMessage =
  | StreamOpened
  | PinRequest
  | SetConnectionState
  | SetMasterClock
  | GetMasterClock
  | StreamReset
  | StreamIoctl
  | StreamNotificationMessage
  | AbortOutstandingRequests
  | DeliveryWithdrawn
  | DeviceRemoved
  | QueryMasterClock;
/** What a pin says when it is drained waits there until the events are gone too (E-040). */
export type EventQueueMessage =
  | EventRequest
  | Cleanup
  | StreamDrained
  | EventRoutineReturned
  | EventNotification;
export type SynchronizerMessage =
  | TurnOffSynchronization
  | InterruptConnection
  | StreamGate
  | CallMinidriver
  | Interrupt
  | CallbackReturned;
export type WatchdogMessage = SrbTimed | TimeoutCountersDecremented | IoStopTimer;
export type HardwareMessage = WriteRegister | SetDevicePower | Unplug | Pictures;
export type ClientMessage = DeviceArrived | IoCompleteRequest | EventSignalled;

// What the hardware and the application emit, for those who carry bytes beside the actors (architecture 5.3)

export type HardwareEmission =
  | HardwareFrameEvent
  /** A register was written that is not there, for want of power or of the device. */
  | { readonly type: 'WriteLost'; readonly register: string }
  /** A reset, or the end of power, threw so many captured frames away. */
  | { readonly type: 'FifoFlushed'; readonly frames: number };

/** A completed read with data, before its buffer is read into again. */
export interface FrameDelivered {
  readonly type: 'FrameDelivered';
  /** Virtual address of the buffer. */
  readonly address: number;
  readonly bytes: number;
  /** 100 ns; `null`: it is in memory, where the device has written it. */
  readonly presentationTime: number | null;
  /** Virtual address of the KSSTREAM_HEADER. */
  readonly header?: number;
  readonly optionsFlags: readonly string[];
}
