import type { MasterClockHandle } from './clockMessages.js';
import type { KSDATAFORMAT } from './dataFormat.js';
import type { DeviceIoctlSrb, IoctlCommand, StreamIoctlSrb } from './ioctlSrb.js';
import type { KSSTREAM_HEADER } from './irp.js';
import type { KSSTATE } from './ksState.js';
import type { NTSTATUS } from './ntStatus.js';
import type { KSSCATTER_GATHER } from './physicalMemory.js';
import type { DevicePowerState } from './pnpMessages.js';
import type { DeviceSrbHeader, StreamSrbHeader, srbFlags } from './srbHeader.js';
import type { HW_STREAM_DESCRIPTOR } from './streamDescriptor.js';

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
  readonly Command:
    | 'SRB_INITIALIZATION_COMPLETE'
    | 'SRB_UNINITIALIZE_DEVICE'
    | 'SRB_SURPRISE_REMOVAL'
    | 'SRB_PAGING_OUT_DRIVER';
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
