import type { KSIDENTIFIER } from './ksProperty.js';

/** One method as the minidriver declares it. */
export interface KSMETHOD_ITEM {
  readonly MethodId: KSIDENTIFIER['Id'];
  readonly MethodSupported: boolean;
  /** Bytes of the KSMETHOD and of what has to follow it. */
  readonly MinMethod: number;
  /** Bytes that the parameters take at least. */
  readonly MinData: number;
  /** What a method does with its buffer: `KSMETHOD_TYPE_READ`, `…_WRITE`, `…_MODIFY`, or none of it. */
  readonly Flags: string;
}

/** The methods of one GUID. */
export interface KSMETHOD_SET {
  readonly Set: string;
  readonly MethodsCount: number;
  readonly MethodItem: readonly KSMETHOD_ITEM[];
}

/** What a request is for: `Flags` of a KSMETHOD. */
export const methodTypes = [
  'KSMETHOD_TYPE_SEND',
  'KSMETHOD_TYPE_SETSUPPORT',
  'KSMETHOD_TYPE_BASICSUPPORT',
] as const;

export type MethodType = (typeof methodTypes)[number];

/** What is laid before the minidriver of a method request. */
export interface STREAM_METHOD_DESCRIPTOR {
  /** Index of the set in DeviceMethodsArray or StreamMethodsArray. */
  readonly MethodSetID: number;
  readonly Method: KSIDENTIFIER & { readonly Flags: string };
  /** The parameters, in and out. */
  readonly MethodInfo: object;
  /** Bytes of `Method`. */
  readonly MethodInputSize: number;
  /** Bytes of the buffer behind `MethodInfo`. */
  readonly MethodOutputSize: number;
}
