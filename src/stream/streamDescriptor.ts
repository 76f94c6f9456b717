import type { KSDATARANGE } from './dataFormat.js';
import type { KSEVENT_SET } from './ksEvent.js';
import type { KSMETHOD_SET } from './ksMethod.js';
import type { KSPROPERTY_SET } from './ksProperty.js';

/** The medium of a stream that names none: any instance of KSMEDIUMSETID_Standard. */
export const STANDARD_MEDIUM = 'KSMEDIUM_STANDARD_ANYINSTANCE';

/** One stream, that is one pin factory. Its index in the descriptor is its stream number. */
export interface HW_STREAM_INFORMATION {
  readonly NumberOfPossibleInstances: number;
  readonly DataFlow: 'KSPIN_DATAFLOW_IN' | 'KSPIN_DATAFLOW_OUT';
  readonly NumberOfFormatArrayEntries: number;
  readonly StreamFormatsArray: readonly KSDATARANGE[];
  /** Whether the data goes on to hardware, or to a bridge (J61). Default FALSE. */
  readonly BridgeStream?: boolean;
  readonly MediumsCount?: number;
  /** Default {@link STANDARD_MEDIUM} alone. */
  readonly Mediums?: readonly string[];
  readonly NumStreamPropArrayEntries?: number;
  /** The property sets of the stream. */
  readonly StreamPropertiesArray?: readonly KSPROPERTY_SET[];
  readonly NumStreamMethodArrayEntries?: number;
  /** The method sets of the stream; Windows XP and later. */
  readonly StreamMethodsArray?: readonly KSMETHOD_SET[];
  readonly NumStreamEventArrayEntries?: number;
  /** The event sets of the stream (E-002). */
  readonly StreamEventsArray?: readonly KSEVENT_SET[];
}

/** What SRB_GET_STREAM_INFO asks for: HW_STREAM_HEADER, and at `StreamInfo` the streams. */
export interface HW_STREAM_DESCRIPTOR {
  readonly NumberOfStreams: number;
  readonly NumDevPropArrayEntries?: number;
  /** The property sets of the device. */
  readonly DevicePropertiesArray?: readonly KSPROPERTY_SET[];
  readonly NumDevMethodArrayEntries?: number;
  /** The method sets of the device; Windows XP and later. */
  readonly DeviceMethodsArray?: readonly KSMETHOD_SET[];
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

function areSoundProperties(sets: readonly KSPROPERTY_SET[] = [], count = 0): boolean {
  return covers(sets, count) && sets.every((set) => covers(set.PropertyItem, set.PropertiesCount));
}

function areSoundMethods(sets: readonly KSMETHOD_SET[] = [], count = 0): boolean {
  return covers(sets, count) && sets.every((set) => covers(set.MethodItem, set.MethodsCount));
}

/** The checks that the class driver makes (C-022): every count is covered by an array. */
export function isSoundDescriptor(descriptor: HW_STREAM_DESCRIPTOR): boolean {
  return (
    covers(descriptor.StreamInfo, descriptor.NumberOfStreams) &&
    areSoundProperties(descriptor.DevicePropertiesArray, descriptor.NumDevPropArrayEntries) &&
    areSoundMethods(descriptor.DeviceMethodsArray, descriptor.NumDevMethodArrayEntries) &&
    areSoundEvents(descriptor.DeviceEventsArray, descriptor.NumDevEventArrayEntries) &&
    descriptor.StreamInfo.every(
      (info) =>
        covers(info.StreamFormatsArray, info.NumberOfFormatArrayEntries) &&
        covers(info.Mediums, info.MediumsCount) &&
        areSoundProperties(info.StreamPropertiesArray, info.NumStreamPropArrayEntries) &&
        areSoundMethods(info.StreamMethodsArray, info.NumStreamMethodArrayEntries) &&
        areSoundEvents(info.StreamEventsArray, info.NumStreamEventArrayEntries),
    )
  );
}
