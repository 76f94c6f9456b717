import type { DataIntersectionSrb, DeviceIoctlSrb, KSDATARANGE, SrbResult } from 'interlace/streaming';

/** KSPROPERTY_PIN_DATAINTERSECTION: the minidriver is asked for one range after the other (G-037). */

/** Asks for the first of some ranges (A-103, G-037). */
export function intersectionSrb(
  header: Pick<DataIntersectionSrb, 'id' | 'Flags' | 'TimeoutOriginal' | 'FileObject'>,
  StreamNumber: number,
  SizeOfDataFormatBuffer: number,
  [DataRange, ...NextRanges]: readonly KSDATARANGE[],
): DataIntersectionSrb | undefined {
  if (!DataRange) return undefined;
  const IntersectInfo = { StreamNumber, DataRange, DataFormatBuffer: {}, SizeOfDataFormatBuffer };
  return { ...header, Command: 'SRB_GET_DATA_INTERSECTION', CommandData: { IntersectInfo }, NextRanges };
}

/** Statuses of an intersection that mean that a format was found, even when it does not fit in the client's buffer (G-026). */
export const FOUND = ['STATUS_SUCCESS', 'STATUS_BUFFER_OVERFLOW', 'STATUS_BUFFER_TOO_SMALL'];

/** What is asked for when the minidriver has said no to a range: the next one. */
export function nextIntersection(
  srb: DeviceIoctlSrb,
  { Status }: SrbResult,
): DataIntersectionSrb | undefined {
  if (srb.Command !== 'SRB_GET_DATA_INTERSECTION' || FOUND.includes(Status)) return undefined;
  const { id, Flags, TimeoutOriginal, FileObject, CommandData, NextRanges } = srb;
  const { StreamNumber, SizeOfDataFormatBuffer } = CommandData.IntersectInfo;
  const header = { id, Flags, TimeoutOriginal, FileObject };
  return intersectionSrb(header, StreamNumber, SizeOfDataFormatBuffer, NextRanges);
}
