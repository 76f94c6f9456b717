import type { KSDATARANGE } from './dataFormat.js';
import type { KSEVENT_SET } from './ksEvent.js';

/** One stream, that is one pin factory. Its index in the descriptor is its stream number. */
export interface HW_STREAM_INFORMATION {
  readonly NumberOfPossibleInstances: number;
  readonly DataFlow: 'KSPIN_DATAFLOW_IN' | 'KSPIN_DATAFLOW_OUT';
  readonly NumberOfFormatArrayEntries: number;
  readonly StreamFormatsArray: readonly KSDATARANGE[];
  readonly NumStreamEventArrayEntries?: number;
  /** The event sets of the stream (E-002). */
  readonly StreamEventsArray?: readonly KSEVENT_SET[];
}

/** What SRB_GET_STREAM_INFO asks for: HW_STREAM_HEADER, and at `StreamInfo` the streams. */
export interface HW_STREAM_DESCRIPTOR {
  readonly NumberOfStreams: number;
  readonly NumDevEventArrayEntries?: number;
  /** The event sets of the device (E-002). */
  readonly DeviceEventsArray?: readonly KSEVENT_SET[];
  /** The name of the minidriver's routine for them, if it has one (E-003). */
  readonly DeviceEventRoutine?: string | null;
  readonly StreamInfo: readonly HW_STREAM_INFORMATION[];
}

function covers(array: readonly unknown[] = [], count = 0): boolean {
  return count <= array.length;
}

function areSoundEvents(sets: readonly KSEVENT_SET[] = [], count = 0): boolean {
  return covers(sets, count) && sets.every((set) => covers(set.EventItem, set.EventsCount));
}

/** The checks that the class driver makes (C-022): every count is covered by an array. */
export function isSoundDescriptor(descriptor: HW_STREAM_DESCRIPTOR): boolean {
  return (
    covers(descriptor.StreamInfo, descriptor.NumberOfStreams) &&
    areSoundEvents(descriptor.DeviceEventsArray, descriptor.NumDevEventArrayEntries) &&
    descriptor.StreamInfo.every(
      (info) =>
        covers(info.StreamFormatsArray, info.NumberOfFormatArrayEntries) &&
        areSoundEvents(info.StreamEventsArray, info.NumStreamEventArrayEntries),
    )
  );
}
