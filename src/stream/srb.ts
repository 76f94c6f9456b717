import type { MasterClockHandle } from './clockMessages.js';
import type { KSDATAFORMAT, KSDATARANGE } from './dataFormat.js';
import type { FileObject, IRP, IrpId, KSSTREAM_HEADER } from './irp.js';
import type { STREAM_METHOD_DESCRIPTOR } from './ksMethod.js';
import type { STREAM_PROPERTY_DESCRIPTOR } from './ksProperty.js';
import type { KSSTATE } from './ksState.js';
import type { NTSTATUS } from './ntStatus.js';
import type { KSSCATTER_GATHER } from './physicalMemory.js';
import type { DevicePowerState } from './pnpMessages.js';
import type { HW_STREAM_DESCRIPTOR } from './streamDescriptor.js';

/** Bits of an SRB's `Flags`. */
export const SRB_HW_FLAGS_DATA_TRANSFER = 0x1;
export const SRB_HW_FLAGS_STREAM_REQUEST = 0x2;

/** The `Flags` of each kind: device = 0, control = 2, data = 3. */
export const srbFlags = {
  device: 0,
  control: SRB_HW_FLAGS_STREAM_REQUEST,
  data: SRB_HW_FLAGS_STREAM_REQUEST | SRB_HW_FLAGS_DATA_TRANSFER,
} as const;

/** What every SRB has. */
interface SrbHeader {
  /** The id of the IRP behind it, or `classDriver.srb<slot>` when no client's IRP is. */
  readonly id: string;
  /** Seconds that the minidriver has before the watchdog calls it (D-051). */
  readonly TimeoutOriginal: number;
}

interface DeviceSrbHeader extends SrbHeader {
  readonly Flags: typeof srbFlags.device;
}

/** A request of a stream always has an IRP behind it. */
interface StreamSrbHeader extends SrbHeader {
  readonly id: IrpId;
  readonly StreamObject: FileObject;
  readonly StreamNumber: number;
}

/** First on START_DEVICE: `CommandData` is the PORT_CONFIGURATION_INFORMATION, whose size field the minidriver fills. */
export interface InitializeDeviceSrb extends DeviceSrbHeader {
  readonly Command: 'SRB_INITIALIZE_DEVICE';
  readonly CommandData: {
    readonly StreamDescriptorSize: number;
    /** `null` when none is needed (B-016). */
    readonly DmaAdapterObject: string | null;
  };
}

/** Asks for the stream descriptor; the buffer has the size that the minidriver named (A.4.1). */
export interface GetStreamInfoSrb extends DeviceSrbHeader {
  readonly Command: 'SRB_GET_STREAM_INFO';
  readonly NumberOfBytesToTransfer: number;
}

/** Device commands without data. */
export interface PlainDeviceSrb extends DeviceSrbHeader {
  readonly Command: 'SRB_INITIALIZATION_COMPLETE' | 'SRB_UNINITIALIZE_DEVICE' | 'SRB_SURPRISE_REMOVAL';
}

/** A device set-power IRP (C-062): the device's context is to be saved, or restored. */
export interface ChangePowerStateSrb extends DeviceSrbHeader {
  readonly Command: 'SRB_CHANGE_POWER_STATE';
  readonly CommandData: { readonly DeviceState: DevicePowerState };
}

/** A device request that has a stream object. */
export interface OpenStreamSrb extends StreamSrbHeader {
  readonly Command: 'SRB_OPEN_STREAM';
  readonly Flags: typeof srbFlags.device;
  readonly CommandData: { readonly OpenFormat: KSDATAFORMAT };
}

/** A device request that may come in any state of the stream (C-041). */
export interface CloseStreamSrb extends StreamSrbHeader {
  readonly Command: 'SRB_CLOSE_STREAM';
  readonly Flags: typeof srbFlags.device;
}

/** Only along the edges of C-051. */
export interface SetStreamStateSrb extends StreamSrbHeader {
  readonly Command: 'SRB_SET_STREAM_STATE';
  readonly Flags: typeof srbFlags.control;
  readonly CommandData: { readonly StreamState: KSSTATE };
}

/** This stream is the master clock now (C.12); it keeps the handle. */
export interface OpenMasterClockSrb extends StreamSrbHeader {
  readonly Command: 'SRB_OPEN_MASTER_CLOCK';
  readonly Flags: typeof srbFlags.control;
  readonly CommandData: { readonly MasterClockHandle: MasterClockHandle };
}

/** The clock that this stream must follow; 0 lets it run free (C-085). */
export interface IndicateMasterClockSrb extends Omit<OpenMasterClockSrb, 'Command'> {
  readonly Command: 'SRB_INDICATE_MASTER_CLOCK';
}

/** It is the master clock no longer (C.12). */
export interface CloseMasterClockSrb extends StreamSrbHeader {
  readonly Command: 'SRB_CLOSE_MASTER_CLOCK';
  readonly Flags: typeof srbFlags.control;
}

/** A request about the device by a client that has opened it; of the SRB the minidriver sees no FileObject. */
interface DeviceIoctlSrbHeader extends DeviceSrbHeader {
  readonly id: IrpId;
  /** The filter instance that the request came by. */
  readonly FileObject: FileObject;
}

/** A property of the device, well-formed and declared (A-100, G-001). */
export interface DevicePropertySrb extends DeviceIoctlSrbHeader {
  readonly Command: 'SRB_GET_DEVICE_PROPERTY' | 'SRB_SET_DEVICE_PROPERTY';
  readonly CommandData: { readonly PropertyInfo: STREAM_PROPERTY_DESCRIPTOR };
}

/** A method of the device; Windows XP and later. */
export interface DeviceMethodSrb extends DeviceIoctlSrbHeader {
  readonly Command: 'SRB_DEVICE_METHOD';
  readonly CommandData: { readonly MethodInfo: STREAM_METHOD_DESCRIPTOR };
}

/** STREAM_DATA_INTERSECT_INFO. */
export interface STREAM_DATA_INTERSECT_INFO {
  readonly StreamNumber: number;
  readonly DataRange: KSDATARANGE;
  /** Where the format goes: a buffer in the DDK, here a record that begins empty. */
  readonly DataFormatBuffer: object;
  /** Bytes; 0 asks for the size of the format. */
  readonly SizeOfDataFormatBuffer: number;
}

/** Whether the stream has a format in one range of a client (G-037). */
export interface DataIntersectionSrb extends DeviceIoctlSrbHeader {
  readonly Command: 'SRB_GET_DATA_INTERSECTION';
  readonly CommandData: { readonly IntersectInfo: STREAM_DATA_INTERSECT_INFO };
  /** What the class driver asks for next, if it has none. */
  readonly NextRanges: readonly KSDATARANGE[];
}

/** An IRP for the device that the class driver does not understand. */
export interface UnknownDeviceSrb extends DeviceIoctlSrbHeader {
  readonly Command: 'SRB_UNKNOWN_DEVICE_COMMAND';
  readonly Irp: IRP;
}

/** What a client asks the device by way of its minidriver. */
export type DeviceIoctlSrb = DevicePropertySrb | DeviceMethodSrb | DataIntersectionSrb | UnknownDeviceSrb;

/** A property of the stream, well-formed and declared (A-100, G-001). */
export interface StreamPropertySrb extends StreamSrbHeader {
  readonly Command: 'SRB_GET_STREAM_PROPERTY' | 'SRB_SET_STREAM_PROPERTY';
  readonly Flags: typeof srbFlags.control;
  readonly CommandData: { readonly PropertyInfo: STREAM_PROPERTY_DESCRIPTOR };
}

/** A method of the stream; Windows XP and later. */
export interface StreamMethodSrb extends StreamSrbHeader {
  readonly Command: 'SRB_STREAM_METHOD';
  readonly Flags: typeof srbFlags.control;
  readonly CommandData: { readonly MethodInfo: STREAM_METHOD_DESCRIPTOR };
}

/** The state that the stream is in (C-060). */
export interface GetStreamStateSrb extends StreamSrbHeader {
  readonly Command: 'SRB_GET_STREAM_STATE';
  readonly Flags: typeof srbFlags.control;
}

/** The stream enters or leaves a reset, in which it has no data requests (C-058, J24). */
export interface FlushSrb extends StreamSrbHeader {
  readonly Command: 'SRB_BEGIN_FLUSH' | 'SRB_END_FLUSH';
  readonly Flags: typeof srbFlags.control;
}

/** An IRP for the stream that the class driver does not understand. */
export interface UnknownStreamSrb extends StreamSrbHeader {
  readonly Command: 'SRB_UNKNOWN_STREAM_COMMAND';
  readonly Flags: typeof srbFlags.control;
  readonly Irp: IRP;
}

/** What a client asks a stream by way of its minidriver, and nothing else depends on. */
export type StreamIoctlSrb =
  | StreamPropertySrb
  | StreamMethodSrb
  | GetStreamStateSrb
  | FlushSrb
  | UnknownStreamSrb;

/** One read IRP (F-001). The buffers are the minidriver's while it owns the SRB (F-003). */
export interface ReadDataSrb extends StreamSrbHeader {
  readonly Command: 'SRB_READ_DATA';
  readonly Flags: typeof srbFlags.data;
  readonly DataBufferArray: readonly KSSTREAM_HEADER[];
  readonly NumberOfBuffers: number;
  readonly NumberOfBytesToTransfer: number;
  /** Physical pieces of the buffers, in order; their lengths add up to `NumberOfBytesToTransfer` (F-008). */
  readonly ScatterGatherBuffer: readonly KSSCATTER_GATHER[];
}

/** One write IRP (F-001): the device consumes `DataUsed` bytes of each buffer; the headers stay as they are (F-009, INV-097). */
export interface WriteDataSrb extends Omit<ReadDataSrb, 'Command'> {
  readonly Command: 'SRB_WRITE_DATA';
}

/** Who touches the buffers of a stream (F-004): the device's DMA engine, the minidriver with the processor, both, or nobody. */
export interface BufferAccess {
  /** Needs the adapter object, which is there for a bus master only. */
  readonly Dma: boolean;
  readonly Pio: boolean;
}

/** Travels through the device queue. */
export type DeviceSrb =
  | InitializeDeviceSrb
  | GetStreamInfoSrb
  | PlainDeviceSrb
  | ChangePowerStateSrb
  | OpenStreamSrb
  | CloseStreamSrb
  | DeviceIoctlSrb;

/** Travels through the control queue of its stream. */
export type ControlSrb =
  | SetStreamStateSrb
  | OpenMasterClockSrb
  | IndicateMasterClockSrb
  | CloseMasterClockSrb
  | StreamIoctlSrb;

/** Travels through the data queue of its stream. */
export type DataSrb = ReadDataSrb | WriteDataSrb;

/** HW_STREAM_REQUEST_BLOCK as the class driver fills it. */
export type Srb = DeviceSrb | ControlSrb | DataSrb;

export type SrbCommand = Srb['Command'];

/** Commands of requests that a client's property, method or unknown IRP has become. */
export type IoctlCommand = (DeviceIoctlSrb | StreamIoctlSrb)['Command'];

/** What the minidriver fills in and gives back. Afterwards the SRB is the class driver's. */
interface SrbResultOf<Command extends SrbCommand> {
  readonly id: string;
  readonly Command: Command;
  readonly Status: NTSTATUS;
  readonly ActualBytesTransferred: number;
}

export type SrbResult =
  | (SrbResultOf<'SRB_INITIALIZE_DEVICE'> & {
      readonly CommandData?: { readonly StreamDescriptorSize: number };
    })
  | (SrbResultOf<'SRB_GET_STREAM_INFO'> & { readonly CommandData?: HW_STREAM_DESCRIPTOR })
  /** What the minidriver put into the stream object; of its event routine the name (E-003). */
  | (SrbResultOf<'SRB_OPEN_STREAM'> &
      Partial<BufferAccess> & {
        readonly HwEventRoutine?: string | null;
        /** Whether it has a routine for a clock. */
        readonly hasClock?: boolean;
      })
  | (SrbResultOf<'SRB_READ_DATA'> & { readonly DataBufferArray?: readonly KSSTREAM_HEADER[] })
  /** `Output`: what the client's buffer holds now. */
  | (SrbResultOf<IoctlCommand> & { readonly Output?: object })
  | SrbResultOf<
      Exclude<
        SrbCommand,
        'SRB_INITIALIZE_DEVICE' | 'SRB_GET_STREAM_INFO' | 'SRB_OPEN_STREAM' | 'SRB_READ_DATA' | IoctlCommand
      >
    >;
