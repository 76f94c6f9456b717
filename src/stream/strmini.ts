/**
 * strmini.h as a minidriver sees it: structures whose members it reads and writes, at their DDK names (rule book A.3 to A.7).
 * They are objects of device memory: every access is recorded, and they live as long as the class driver says.
 */
import type { Operation } from '../routine/operation.js';
import type { KSDATAFORMAT } from './dataFormat.js';
import type { STREAM_DATA_INTERSECT_INFO } from './ioctlSrb.js';
import type { IRP, KSSTREAM_HEADER as StreamHeader } from './irp.js';
import type { KSEVENTDATA } from './ksEvent.js';
import type { STREAM_METHOD_DESCRIPTOR } from './ksMethod.js';
import type { STREAM_PROPERTY_DESCRIPTOR } from './ksProperty.js';
import type { KSSTATE } from './ksState.js';
import type { NTSTATUS } from './ntStatus.js';
import type { KSSCATTER_GATHER } from './physicalMemory.js';
import type { DevicePowerState } from './pnpMessages.js';
import type { SrbCommand } from './srb.js';
import type { HW_STREAM_DESCRIPTOR } from './streamDescriptor.js';

/** A callback: ordinary code, with a scheduling point at every DDI call. */
export type MinidriverRoutine<Arguments extends readonly unknown[], Result> = (
  ...args: Arguments
) => Generator<Operation, Result, unknown>;

/** A buffer of a data request, which the minidriver fills in. */
export type SrbStreamHeader = { -readonly [Member in keyof StreamHeader]: StreamHeader[Member] };

/** TIME_FUNCTION: what a clock is asked. */
export type TIME_FUNCTION = 'TIME_GET_STREAM_TIME' | 'TIME_READ_ONBOARD_CLOCK' | 'TIME_SET_ONBOARD_CLOCK';

/** HW_TIME_CONTEXT: a question to a clock, and its answer, both in 100 ns. */
export interface HW_TIME_CONTEXT {
  readonly HwDeviceExtension: object;
  /** In the question the stream that asks, for the clock's routine the stream that is the clock. */
  readonly HwStreamObject: HW_STREAM_OBJECT;
  readonly Function: TIME_FUNCTION;
  Time: number;
  SystemTime: number;
}

/** StrMiniClock (M-059): fills Time and SystemTime in (INV-115). */
export type ClockRoutine = MinidriverRoutine<[HW_TIME_CONTEXT], void>;

/** Bits of `ClockSupportFlags`. */
export const CLOCK_SUPPORT_CAN_SET_ONBOARD_CLOCK = 0x1;
export const CLOCK_SUPPORT_CAN_READ_ONBOARD_CLOCK = 0x2;
export const CLOCK_SUPPORT_CAN_RETURN_STREAM_TIME = 0x4;

/** HW_CLOCK_OBJECT: a stream with a routine can be the master clock (C.12). */
export interface HW_CLOCK_OBJECT {
  HwClockFunction: ClockRoutine | null;
  /** The functions that the routine handles, and no others. */
  ClockSupportFlags: number;
}

/** HW_STREAM_OBJECT: an open instance of a stream, from its SRB_OPEN_STREAM to its SRB_CLOSE_STREAM. */
export interface HW_STREAM_OBJECT {
  readonly StreamNumber: number;
  readonly HwDeviceExtension: object;
  /** PerStreamExtensionSize bytes in the DDK; here a record that begins empty. */
  readonly HwStreamExtension: object;
  ReceiveDataPacket: MinidriverRoutine<[HW_STREAM_REQUEST_BLOCK], void> | null;
  ReceiveControlPacket: MinidriverRoutine<[HW_STREAM_REQUEST_BLOCK], void> | null;
  /** For the events of this stream (E-003); `null` agrees to whatever the stream declares (E-004). */
  HwEventRoutine: EventRoutine | null;
  readonly HwClockObject: HW_CLOCK_OBJECT;
  /** The device's DMA engine touches the buffers: requests come with their physical pieces (F-004). */
  Dma: boolean;
  /** The minidriver touches them with the processor (F-004). */
  Pio: boolean;
}

/** KSEVENT_ENTRY: the class driver's, from StrMiniEvent's first call until the entry is freed (E.6). */
export interface KSEVENT_ENTRY {
  readonly EventItem: { readonly EventId: number };
  /** ExtraEntryData bytes behind the entry in the DDK (E-022); here a record that begins empty, `null` for 0 bytes. */
  readonly ExtraEntryData: object | null;
}

/** HW_EVENT_DESCRIPTOR: only its EventEntry is still there when StrMiniEvent has returned. */
export interface HW_EVENT_DESCRIPTOR {
  readonly Enable: boolean;
  readonly EventEntry: KSEVENT_ENTRY;
  /** What the client has passed: the notification, and the parameters of this kind of event (E-020). */
  readonly EventData: KSEVENTDATA;
  /** `null` for events of the device. */
  readonly StreamObject: HW_STREAM_OBJECT | null;
  readonly DeviceExtension: object;
  /** Index of the event's set in StreamEventsArray or DeviceEventsArray. */
  readonly EnableEventSetIndex: number;
}

/** StrMiniEvent (M-057, M-058): anything but STATUS_SUCCESS keeps an event from being enabled (E-023). */
export type EventRoutine = MinidriverRoutine<[HW_EVENT_DESCRIPTOR], NTSTATUS>;

/** The union CommandData (A.4): which members are there depends on the command. */
export interface SrbCommandData {
  /** SRB_INITIALIZE_DEVICE: the minidriver's only output is the size of its stream descriptor. */
  readonly ConfigInfo?: {
    StreamDescriptorSize: number;
    /** `null` when the device is no bus master. */
    readonly DmaAdapterObject: string | null;
  };
  /** SRB_GET_STREAM_INFO. */
  StreamBuffer?: Omit<HW_STREAM_DESCRIPTOR, 'DeviceEventRoutine'> & {
    readonly DeviceEventRoutine?: EventRoutine | null;
  };
  /** SRB_OPEN_STREAM, SRB_PROPOSE_DATA_FORMAT, SRB_SET_DATA_FORMAT; of SRB_GET_DATA_FORMAT to be filled in. */
  readonly OpenFormat?: KSDATAFORMAT;
  /** Of the commands for properties; the value is in its `PropertyInfo`, its size goes to ActualBytesTransferred. */
  readonly PropertyInfo?: STREAM_PROPERTY_DESCRIPTOR;
  /** SRB_DEVICE_METHOD and SRB_STREAM_METHOD. */
  readonly MethodInfo?: STREAM_METHOD_DESCRIPTOR;
  /** SRB_GET_DATA_INTERSECTION. */
  readonly IntersectInfo?: STREAM_DATA_INTERSECT_INFO;
  /** SRB_SET_STREAM_STATE and SRB_GET_STREAM_STATE. */
  StreamState?: KSSTATE;
  /** SRB_CHANGE_POWER_STATE. */
  readonly DeviceState?: DevicePowerState;
  /** SRB_OPEN_MASTER_CLOCK and SRB_INDICATE_MASTER_CLOCK. */
  readonly MasterClockHandle?: number;
  /** SRB_READ_DATA and SRB_WRITE_DATA. */
  readonly DataBufferArray?: SrbStreamHeader[];
}

/** What a minidriver may look at of the IRP behind a request; all of it only if the class driver does not understand it. */
export interface SrbIrp extends Partial<IRP> {
  /** Whether its owner wants it no more: who queues a request looks here behind that, for HwCancelPacket may have come before (D-046). */
  readonly Cancel: boolean;
}

/** HW_STREAM_REQUEST_BLOCK. The minidriver owns it from delivery until it completes it. */
export interface HW_STREAM_REQUEST_BLOCK {
  readonly Command: SrbCommand;
  Status: NTSTATUS;
  readonly StreamObject: HW_STREAM_OBJECT | null;
  readonly HwDeviceExtension: object;
  /** PerRequestExtensionSize bytes in the DDK; here a record that begins empty, `null` for 0 bytes. */
  readonly SRBExtension: object | null;
  readonly CommandData: SrbCommandData;
  readonly NumberOfBuffers: number;
  /** Seconds until the watchdog calls; 0 parks the request (D-053). */
  TimeoutCounter: number;
  TimeoutOriginal: number;
  NextSRB: HW_STREAM_REQUEST_BLOCK | null;
  /** device 0, control 2, data 3. */
  readonly Flags: number;
  readonly NumberOfBytesToTransfer: number;
  ActualBytesTransferred: number;
  readonly ScatterGatherBuffer: readonly KSSCATTER_GATHER[];
  /** The class driver's, who completes it (A-075, INV-037); `null` for a request of its own. */
  readonly Irp: SrbIrp | null;
}

/** HW_INITIALIZATION_DATA: what a minidriver registers with. */
export interface HW_INITIALIZATION_DATA {
  readonly HwInterrupt?: MinidriverRoutine<[object], boolean>;
  readonly HwReceivePacket: MinidriverRoutine<[HW_STREAM_REQUEST_BLOCK], void>;
  /** Lets go of an SRB and completes it (D-043). Only who completes everything before it returns can do without (D-049). */
  readonly HwCancelPacket?: MinidriverRoutine<[HW_STREAM_REQUEST_BLOCK], void>;
  /** Ends a request whose TimeoutCounter has come to 0, and completes it (D-055). Only who parks everything can do without. */
  readonly HwRequestTimeoutHandler?: MinidriverRoutine<[HW_STREAM_REQUEST_BLOCK], void>;
  /** What the device extension holds at first; the DDK gives its size. Plain data. */
  readonly DeviceExtension: object;
  readonly TurnOffSynchronization: boolean;
  /** The device is a bus master: the class driver allocates an adapter object for it (A-080, B-016). Default FALSE. */
  readonly BusMasterDMA?: boolean;
  /** Bytes of the SRBExtension that each request has of its own. Default 0: none. */
  readonly PerRequestExtensionSize?: number;
  /** Bytes of the buffer that StreamClassGetDmaBuffer gives (F-007); small, for they are contiguous. Default 0: none. */
  readonly DmaBufferSize?: number;
}
