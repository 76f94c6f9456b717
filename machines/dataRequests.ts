import { type NTSTATUS, type ReadStream, STREAM_HEADER_SIZE, type WriteStream } from 'interlace/streaming';

/**
 * Why a read or a write may not go to the minidriver (G.5); the first failure wins (G-004). The model has requests with one
 * header, which is not extended: an array of more of them is refused too.
 */
export function dataFault(
  DataFlow: 'KSPIN_DATAFLOW_IN' | 'KSPIN_DATAFLOW_OUT',
  { type, StreamHeader, OutputLength = STREAM_HEADER_SIZE }: ReadStream | WriteStream,
): NTSTATUS | undefined {
  const { Size = STREAM_HEADER_SIZE, Data, FrameExtent, DataUsed, OptionsFlags, TimeScale } = StreamHeader;
  const isRead = type === 'IOCTL_KS_READ_STREAM';
  // G-072
  if (isRead !== (DataFlow === 'KSPIN_DATAFLOW_OUT')) return 'STATUS_INVALID_DEVICE_REQUEST';
  // G-070
  if (OutputLength === 0 || OutputLength % STREAM_HEADER_SIZE !== 0) return 'STATUS_INVALID_BUFFER_SIZE';
  // G-074
  if (Data === 0 && FrameExtent > 0) return 'STATUS_ACCESS_VIOLATION';
  // G-075
  const isAlone = OutputLength === STREAM_HEADER_SIZE;
  if (!isAlone && OptionsFlags.includes('TYPECHANGED')) return 'STATUS_INVALID_PARAMETER';
  // G-071
  if (!isAlone || Size !== STREAM_HEADER_SIZE) return 'STATUS_INVALID_BUFFER_SIZE';
  // G-073
  if (isRead ? DataUsed !== 0 : DataUsed > FrameExtent) return 'STATUS_INVALID_PARAMETER';
  // G-076
  const { Numerator, Denominator } = TimeScale ?? { Numerator: 1, Denominator: 1 };
  const isBadTime = OptionsFlags.includes('TIMEVALID') && (Numerator === 0 || Denominator === 0);
  return isBadTime ? 'STATUS_INVALID_PARAMETER' : undefined;
}
