import type { KSDATARANGE } from './dataFormat.js';

/** One stream, that is one pin factory. Its index in the descriptor is its stream number. */
export interface HW_STREAM_INFORMATION {
  readonly NumberOfPossibleInstances: number;
  readonly DataFlow: 'KSPIN_DATAFLOW_IN' | 'KSPIN_DATAFLOW_OUT';
  readonly NumberOfFormatArrayEntries: number;
  readonly StreamFormatsArray: readonly KSDATARANGE[];
}

/** What SRB_GET_STREAM_INFO asks for: HW_STREAM_HEADER, and at `StreamInfo` the streams. */
export interface HW_STREAM_DESCRIPTOR {
  readonly NumberOfStreams: number;
  readonly StreamInfo: readonly HW_STREAM_INFORMATION[];
}

/** The checks that the class driver makes (C-022): every count is covered by an array. */
export function isSoundDescriptor(descriptor: HW_STREAM_DESCRIPTOR): boolean {
  return (
    descriptor.NumberOfStreams <= descriptor.StreamInfo.length &&
    descriptor.StreamInfo.every((info) => info.NumberOfFormatArrayEntries <= info.StreamFormatsArray.length)
  );
}
