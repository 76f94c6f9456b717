/** SRBs that a client's property, method, format, reset or unknown IRP becomes: nothing but its answer hangs on them. */
import type { KSDATAFORMAT, KSDATARANGE } from './dataFormat.js';
import type { FileObject, IRP, IrpId } from './irp.js';
import type { STREAM_METHOD_DESCRIPTOR } from './ksMethod.js';
import type { KSIDENTIFIER, KSPROPERTY_SERIAL, STREAM_PROPERTY_DESCRIPTOR } from './ksProperty.js';
import type { DeviceSrbHeader, StreamSrbHeader, srbFlags } from './srbHeader.js';

/** A request about the device by a client that has opened it; of the SRB the minidriver sees no FileObject. */
interface DeviceIoctlSrbHeader extends DeviceSrbHeader {
  readonly id: IrpId;
  /** The filter instance that the request came by. */
  readonly FileObject: FileObject;
}

/** One property of a set, as it will be laid before the minidriver. */
export interface SerialStep {
  readonly PropTypeSet: KSIDENTIFIER;
  readonly PropertyInfo: STREAM_PROPERTY_DESCRIPTOR;
}

/** What the class driver keeps of a request for a whole set while the minidriver has one property of it (G-033). */
export interface Serialization {
  /** Of the property that the minidriver has. */
  readonly PropTypeSet: KSIDENTIFIER;
  /** What has been got, or set. */
  readonly Done: readonly KSPROPERTY_SERIAL[];
  readonly Next: readonly SerialStep[];
}

/** A property of the device, well-formed and declared (A-100, G-001). */
export interface DevicePropertySrb extends DeviceIoctlSrbHeader {
  readonly Command: 'SRB_GET_DEVICE_PROPERTY' | 'SRB_SET_DEVICE_PROPERTY';
  readonly CommandData: { readonly PropertyInfo: STREAM_PROPERTY_DESCRIPTOR };
  readonly Serialization?: Serialization;
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
  readonly Serialization?: Serialization;
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

/** Whether the stream could switch to a format, or that it is to switch: the minidriver decides, and only a set changes anything. */
export interface DataFormatSrb extends StreamSrbHeader {
  readonly Command: 'SRB_PROPOSE_DATA_FORMAT' | 'SRB_SET_DATA_FORMAT';
  readonly Flags: typeof srbFlags.control;
  readonly CommandData: { readonly OpenFormat: KSDATAFORMAT };
}

/** The format that the stream has; the minidriver writes it into `OpenFormat`. */
export interface GetDataFormatSrb extends StreamSrbHeader {
  readonly Command: 'SRB_GET_DATA_FORMAT';
  readonly Flags: typeof srbFlags.control;
  /** Of the client's buffer; 0 asks for the size of the format. */
  readonly NumberOfBytesToTransfer: number;
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
  | DataFormatSrb
  | GetDataFormatSrb
  | FlushSrb
  | UnknownStreamSrb;

/** Commands of these requests. */
export type IoctlCommand = (DeviceIoctlSrb | StreamIoctlSrb)['Command'];
