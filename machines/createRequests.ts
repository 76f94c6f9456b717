import {
  formatMatches,
  type HW_STREAM_INFORMATION,
  type KSDATAFORMAT,
  KSDATAFORMAT_SIZE,
  STANDARD_MEDIUM,
} from 'interlace/streaming';
import type { ClassDriverContext, ClassDriverEvent } from './deviceRequests.js';

/** The checks on a create of a pin, before the minidriver is asked (G.5). */

/** sizeof(KSPIN_CONNECT). */
const KSPIN_CONNECT_SIZE = 64;
const STREAMING = 'KSINTERFACE_STANDARD_STREAMING';

/** The stream that a create names (G-081). */
export function createdStream(
  { streams }: ClassDriverContext,
  event: ClassDriverEvent,
): HW_STREAM_INFORMATION | undefined {
  return 'PinId' in event ? streams[event.PinId] : undefined;
}

/** Whether the structures are as long as they say (G-080). */
export function isWellFormed(event: ClassDriverEvent): boolean {
  if (!('PinId' in event)) return false;
  const { FormatSize } = event.DataFormat;
  const { InputLength = KSPIN_CONNECT_SIZE + FormatSize } = event;
  return FormatSize >= KSDATAFORMAT_SIZE && InputLength >= KSPIN_CONNECT_SIZE + FormatSize;
}

/** Whether interface, medium and format are the stream's (G-082). */
export function matchesStream(context: ClassDriverContext, event: ClassDriverEvent): boolean {
  const info = createdStream(context, event);
  if (!('PinId' in event) || !info) return false;
  const { Interface = STREAMING, Medium = STANDARD_MEDIUM, DataFormat } = event;
  const mediums = info.Mediums?.slice(0, info.MediumsCount ?? 0) ?? [STANDARD_MEDIUM];
  const isConnectable = Interface === STREAMING && mediums.includes(Medium);
  return isConnectable && hasFormat(info, DataFormat);
}

/** Whether a format lies in one of the ranges of a stream. */
export function hasFormat(info: HW_STREAM_INFORMATION, format: KSDATAFORMAT): boolean {
  const ranges = info.StreamFormatsArray.slice(0, info.NumberOfFormatArrayEntries);
  return ranges.some((range) => formatMatches(range, format));
}

/** Whether the stream is open as often as it can be (G-083). */
export function isExhausted(context: ClassDriverContext, event: ClassDriverEvent): boolean {
  if (!('PinId' in event)) return false;
  const count = context.pins.filter(({ StreamNumber }) => StreamNumber === event.PinId).length;
  return count >= (createdStream(context, event)?.NumberOfPossibleInstances ?? 0);
}
