import {
  type DeviceIoctlSrb,
  type FileObject,
  type GetMasterClock,
  type IoctlRequest,
  type ResetRequest,
  type SetConnectionState,
  type SetMasterClock,
  type StreamIoctl,
  type StreamReset,
  srbFlags,
} from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import { connectionProperty } from './connectionProperties.js';
import { intersectionSrb } from './dataIntersection.js';
import type { ClassDriverContext, ClassDriverEvent, StreamObject } from './deviceRequests.js';
import { irpOf, methodDescriptor, propertyDescriptor } from './ioctlDescriptors.js';
import { masterClockProperty } from './masterClockProperty.js';
import { checkedMethod, type SoundMethod } from './methodRequests.js';
import { pinProperty } from './pinProperties.js';
import { checkedProperty, type SoundProperty } from './propertyRequests.js';
import { firstInSet, type SoundSet } from './propertySerialization.js';
import { filterProperties, streamProperties } from './propertyTables.js';

/**
 * What becomes of a property, a method or an unknown IRP: an answer to the client, an SRB for the device queue, or a request for
 * the actor of the pin. Only what has passed the validation of part G becomes an SRB (G-001, INV-036).
 */
export type Disposition =
  | { readonly to: 'client'; readonly answer: Answer }
  | { readonly to: 'device'; readonly srb: DeviceIoctlSrb }
  | {
      readonly to: 'stream';
      readonly message: StreamIoctl | SetConnectionState | SetMasterClock | GetMasterClock | StreamReset;
    };

const answered = (answer: Answer): Disposition => ({ to: 'client', answer });

export const ioctlTypes = [
  'IOCTL_KS_PROPERTY',
  'IOCTL_KS_METHOD',
  'IOCTL_KS_RESET_STATE',
  'IRP_MJ_DEVICE_CONTROL',
  'IRP_MJ_READ',
  'IRP_MJ_WRITE',
] as const satisfies readonly IoctlRequest['type'][];

function isIoctl(event: ClassDriverEvent): event is IoctlRequest {
  return ioctlTypes.some((type) => type === event.type);
}

/** @returns `undefined` when the event is no such request, or its file is not open */
export function dispositionOf(context: ClassDriverContext, event: ClassDriverEvent): Disposition | undefined {
  if (!isIoctl(event)) return undefined;
  const { FileObject } = event;
  if (context.filters.includes(FileObject)) return ofFilter(context, event);
  const stream = context.pins.find((pin) => pin.FileObject === FileObject);
  return stream && ofStream(context, event, stream);
}

function ofFilter(context: ClassDriverContext, request: IoctlRequest): Disposition {
  if (request.type === 'IOCTL_KS_RESET_STATE') return answered(failure('STATUS_INVALID_DEVICE_REQUEST'));
  const { deviceProperties, deviceMethods } = context;
  const { irp: id } = request;
  const header = deviceHeader(context, request.FileObject);
  if (request.type === 'IOCTL_KS_METHOD') {
    const checked = checkedMethod(request, deviceMethods);
    if (isAnswer(checked)) return answered(checked);
    const CommandData = { MethodInfo: methodDescriptor(request, checked) };
    return { to: 'device', srb: { id, Command: 'SRB_DEVICE_METHOD', ...header, CommandData } };
  }
  if (request.type !== 'IOCTL_KS_PROPERTY')
    return {
      to: 'device',
      srb: { id, Command: 'SRB_UNKNOWN_DEVICE_COMMAND', ...header, Irp: irpOf(request) },
    };
  const checked = checkedProperty(request, filterProperties(deviceProperties));
  if (isAnswer(checked)) return answered(checked);
  const Command = checked.verb === 'get' ? 'SRB_GET_DEVICE_PROPERTY' : 'SRB_SET_DEVICE_PROPERTY';
  if ('steps' in checked) return { to: 'device', srb: { id, Command, ...header, ...firstInSet(checked) } };
  const PropertyInfo = propertyDescriptor(request, checked);
  if (PropertyInfo) return { to: 'device', srb: { id, Command, ...header, CommandData: { PropertyInfo } } };
  const answer = pinProperty(context, request);
  if ('Status' in answer) return answered(answer);
  const { StreamNumber, ranges } = answer;
  const srb = intersectionSrb({ id, ...header }, StreamNumber, request.OutputLength, ranges);
  return srb ? { to: 'device', srb } : answered(failure('STATUS_NO_MATCH'));
}

function ofStream(context: ClassDriverContext, request: IoctlRequest, stream: StreamObject): Disposition {
  if (request.type === 'IOCTL_KS_RESET_STATE') return ofReset(request);
  const { irp: id } = request;
  const info = context.streams[stream.StreamNumber];
  const header = {
    Flags: srbFlags.control,
    StreamObject: stream.FileObject,
    StreamNumber: stream.StreamNumber,
    TimeoutOriginal: context.timeoutTicks,
  };
  const asks = (srb: StreamIoctl['srb']): Disposition => ({
    to: 'stream',
    message: { type: 'ControlRequest', srb },
  });
  if (request.type === 'IOCTL_KS_METHOD') {
    const sets = info?.StreamMethodsArray?.slice(0, info.NumStreamMethodArrayEntries ?? 0) ?? [];
    const checked = checkedMethod(request, sets);
    if (isAnswer(checked)) return answered(checked);
    const CommandData = { MethodInfo: methodDescriptor(request, checked) };
    return asks({ id, Command: 'SRB_STREAM_METHOD', ...header, CommandData });
  }
  if (request.type !== 'IOCTL_KS_PROPERTY')
    return asks({ id, Command: 'SRB_UNKNOWN_STREAM_COMMAND', ...header, Irp: irpOf(request) });
  const sets = info?.StreamPropertiesArray?.slice(0, info.NumStreamPropArrayEntries ?? 0) ?? [];
  const checked = checkedProperty(request, streamProperties(sets));
  if (isAnswer(checked)) return answered(checked);
  const Command = checked.verb === 'get' ? 'SRB_GET_STREAM_PROPERTY' : 'SRB_SET_STREAM_PROPERTY';
  if ('steps' in checked) return asks({ id, Command, ...header, ...firstInSet(checked) });
  const PropertyInfo = propertyDescriptor(request, checked);
  if (PropertyInfo) return asks({ id, Command, ...header, CommandData: { PropertyInfo } });
  const { table, verb } = checked;
  const outcome =
    table.set.Set === 'KSPROPSETID_Stream'
      ? masterClockProperty(context, request, verb)
      : connectionProperty(request, verb, header, info);
  return 'Status' in outcome ? answered(outcome) : { to: 'stream', message: outcome };
}

/** sizeof(KSRESET). */
const KSRESET_SIZE = 4;

/** G-078 */
function ofReset({ irp, FileObject, InputLength, Value }: ResetRequest): Disposition {
  if (InputLength < KSRESET_SIZE) return answered(failure('STATUS_INVALID_BUFFER_SIZE'));
  if (Value !== 'KSRESET_BEGIN' && Value !== 'KSRESET_END')
    return answered(failure('STATUS_INVALID_PARAMETER'));
  return { to: 'stream', message: { type: 'KsReset', irp, FileObject, Value } };
}

function isAnswer(checked: Answer | SoundProperty | SoundSet | SoundMethod): checked is Answer {
  return 'Status' in checked;
}

function deviceHeader({ timeoutTicks }: ClassDriverContext, file: FileObject) {
  return { Flags: srbFlags.device, TimeoutOriginal: timeoutTicks, FileObject: file };
}
