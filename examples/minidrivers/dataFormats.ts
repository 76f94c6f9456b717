import type { HW_STREAM_REQUEST_BLOCK, KSDATARANGE, NTSTATUS } from 'interlace/stream-class';

/** Gives a format to who asks for one: without a buffer its size is the answer. */
export function giveFormat(
  srb: HW_STREAM_REQUEST_BLOCK,
  format: KSDATARANGE,
  buffer: object,
  bufferSize: number,
): NTSTATUS {
  srb.ActualBytesTransferred = format.FormatSize;
  if (bufferSize === 0) return 'STATUS_BUFFER_OVERFLOW';
  if (bufferSize < format.FormatSize) return 'STATUS_BUFFER_TOO_SMALL';
  Object.assign(buffer, format);
  return 'STATUS_SUCCESS';
}
