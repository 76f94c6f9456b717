import { formatMatches, type HW_STREAM_INFORMATION } from 'interlace/streaming';
import type { ClassDriverContext, ClassDriverEvent } from './deviceRequests.js';

/** The checks on a create of a pin, before the minidriver is asked (G.5). */

/** The stream that a create names (G-081). */
export function createdStream(
  { streams }: ClassDriverContext,
  event: ClassDriverEvent,
): HW_STREAM_INFORMATION | undefined {
  return 'PinId' in event ? streams[event.PinId] : undefined;
}

/** Whether the stream has a range for the format (G-082). */
export function matchesFormat(context: ClassDriverContext, event: ClassDriverEvent): boolean {
  if (!('PinId' in event)) return false;
  const ranges = createdStream(context, event)?.StreamFormatsArray ?? [];
  return ranges.some((range) => formatMatches(range, event.DataFormat));
}

/** Whether the stream is open as often as it can be (G-083). */
export function isExhausted(context: ClassDriverContext, event: ClassDriverEvent): boolean {
  if (!('PinId' in event)) return false;
  const count = context.pins.filter(({ StreamNumber }) => StreamNumber === event.PinId).length;
  return count >= (createdStream(context, event)?.NumberOfPossibleInstances ?? 0);
}
