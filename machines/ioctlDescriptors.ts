import type {
  IRP,
  MethodRequest,
  PropertyRequest,
  STREAM_METHOD_DESCRIPTOR,
  STREAM_PROPERTY_DESCRIPTOR,
  UnknownRequest,
} from 'interlace/streaming';
import type { SoundMethod } from './methodRequests.js';
import type { SoundProperty } from './propertyRequests.js';

/** What is laid before the minidriver of a request that may be carried out. */

/** A-100; `undefined` for a property of the class driver's own. */
export function propertyDescriptor(
  { Set: guid, Id, Flags, Instance, InputLength, OutputLength, Value }: PropertyRequest,
  { table, verb }: SoundProperty,
): STREAM_PROPERTY_DESCRIPTOR | undefined {
  if (table.index === undefined) return undefined;
  return {
    Property: { ...Instance, Set: guid, Id, Flags },
    PropertySetID: table.index,
    PropertyInfo: verb === 'set' ? (Value ?? {}) : {},
    PropertyInputSize: InputLength,
    PropertyOutputSize: OutputLength,
  };
}

/** */
export function methodDescriptor(
  { Set: guid, Id, Flags, Instance, InputLength, OutputLength, Value }: MethodRequest,
  { setIndex }: SoundMethod,
): STREAM_METHOD_DESCRIPTOR {
  return {
    MethodSetID: setIndex,
    Method: { ...Instance, Set: guid, Id, Flags },
    MethodInfo: Value ?? {},
    MethodInputSize: InputLength,
    MethodOutputSize: OutputLength,
  };
}

export function irpOf({ type, IoControlCode, InputLength, OutputLength }: UnknownRequest): IRP {
  const code = IoControlCode === undefined ? {} : { IoControlCode };
  return {
    MajorFunction: type,
    Parameters: { ...code, InputBufferLength: InputLength, OutputBufferLength: OutputLength },
  };
}
