/** The messages about properties, methods, and requests that the class driver does not understand (G.1 to G.3). */
import { type KSDATAFORMAT, KSDATAFORMAT_SIZE, type KSDATARANGE } from './dataFormat.js';
import type { StreamIoctlSrb } from './ioctlSrb.js';
import type { FileObject, IrpId } from './irp.js';
import { KSPROPERTY_SIZE } from './ksProperty.js';
import type { KSSTATE } from './ksState.js';

/** A KSIDENTIFIER with what follows it, and the client's buffer: what properties and methods have in common. */
interface SetRequest {
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  /** Bytes of the identifier and of what follows it. */
  readonly InputLength: number;
  readonly Set: string;
  readonly Id: number | string;
  /** Names, joined by ` | `. */
  readonly Flags: string;
  /** What follows the identifier, member by member; the minidriver understands it. Plain data. */
  readonly Instance?: object;
  /** Bytes of the client's buffer. */
  readonly OutputLength: number;
  /** What the buffer holds, member by member; `null` for an address at which there is nothing. Plain data. */
  readonly Value: object | null;
}

/** M-032, M-038. */
export interface PropertyRequest extends SetRequest {
  readonly type: 'IOCTL_KS_PROPERTY';
  /** What follows the KSPROPERTY of a KSP_PIN, and behind it the ranges of KSPROPERTY_PIN_DATAINTERSECTION. */
  readonly Pin?: { readonly PinId: number; readonly DataRanges?: readonly KSDATARANGE[] };
}

/** M-033. */
export interface MethodRequest extends SetRequest {
  readonly type: 'IOCTL_KS_METHOD';
}

/** An IRP that the class driver does not understand (A-011, A-075, G-010). */
export interface UnknownRequest {
  readonly type: 'IRP_MJ_DEVICE_CONTROL' | 'IRP_MJ_READ' | 'IRP_MJ_WRITE';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  /** Of IRP_MJ_DEVICE_CONTROL. */
  readonly IoControlCode?: number;
  readonly InputLength: number;
  readonly OutputLength: number;
}

/** M-040. */
export interface ResetRequest {
  readonly type: 'IOCTL_KS_RESET_STATE';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  readonly InputLength: number;
  /** The name of a KSRESET; whatever else a client writes is refused (G-078). */
  readonly Value: string;
}

/** What a client may ask a filter or a pin beside creates, closes, data, events and clocks. */
export type IoctlRequest = PropertyRequest | MethodRequest | ResetRequest | UnknownRequest;

/** Class driver → pin: a request for a state that is well-formed (M-038). */
export interface SetConnectionState {
  readonly type: 'KSPROPERTY_CONNECTION_STATE';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  readonly Value: KSSTATE;
}

/** Class driver → pin: a reset that is well-formed (M-040). */
export interface StreamReset {
  readonly type: 'KsReset';
  readonly irp: IrpId;
  readonly FileObject: FileObject;
  readonly Value: 'KSRESET_BEGIN' | 'KSRESET_END';
}

/** Class driver → pin: a request that only the minidriver can answer. */
export interface StreamIoctl {
  readonly type: 'ControlRequest';
  readonly srb: StreamIoctlSrb;
}

/** sizeof(KSSTATE). */
const KSSTATE_SIZE = 4;

/** A client's request about a connection, with nothing behind the KSPROPERTY. */
function connectionRequest(
  irp: IrpId,
  FileObject: FileObject,
  asked: Pick<PropertyRequest, 'Id' | 'Flags' | 'OutputLength' | 'Value'>,
): PropertyRequest {
  return {
    type: 'IOCTL_KS_PROPERTY',
    irp,
    FileObject,
    InputLength: KSPROPERTY_SIZE,
    Set: 'KSPROPSETID_Connection',
    ...asked,
  };
}

/** A client's request to take a stream to a state (M-038). */
export function connectionStateRequest(irp: IrpId, FileObject: FileObject, State: KSSTATE): PropertyRequest {
  return connectionRequest(irp, FileObject, {
    Id: 'KSPROPERTY_CONNECTION_STATE',
    Flags: 'KSPROPERTY_TYPE_SET',
    OutputLength: KSSTATE_SIZE,
    Value: { State },
  });
}

/** What a client asks about the format of a stream. Plain data. */
export type DataFormatQuestion =
  /** Whether it could have it; or that it wants it. */
  | { readonly type: 'propose' | 'set'; readonly format: KSDATAFORMAT }
  /** Which one it has. */
  | { readonly type: 'get' };

/** The request that such a question is (C-059); a get has room for a KSDATAFORMAT. */
export function dataFormatRequest(
  irp: IrpId,
  FileObject: FileObject,
  question: DataFormatQuestion,
): PropertyRequest {
  const isProposal = question.type === 'propose';
  return connectionRequest(irp, FileObject, {
    Id: isProposal ? 'KSPROPERTY_CONNECTION_PROPOSEDATAFORMAT' : 'KSPROPERTY_CONNECTION_DATAFORMAT',
    Flags: question.type === 'get' ? 'KSPROPERTY_TYPE_GET' : 'KSPROPERTY_TYPE_SET',
    OutputLength: question.type === 'get' ? KSDATAFORMAT_SIZE : question.format.FormatSize,
    Value: question.type === 'get' ? {} : question.format,
  });
}
