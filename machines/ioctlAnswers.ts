import {
  type DeviceIoctlSrb,
  type IoCompleteRequest,
  type NTSTATUS,
  ntSuccess,
  type SrbResult,
  type StreamIoctlSrb,
} from 'interlace/streaming';
import { FOUND } from './dataIntersection.js';
import { setAnswer } from './propertySerialization.js';

/**
 * What the client is told when the minidriver has completed its request. Errors carry no information (INV-035).
 *
 * @param wasCancelled whether the minidriver was asked to let go of it; it may have finished all the same
 */
export function ioctlAnswer(
  srb: DeviceIoctlSrb | StreamIoctlSrb,
  result: SrbResult,
  wasCancelled: boolean,
): IoCompleteRequest {
  const set = 'Serialization' in srb ? setAnswer(srb, result, wasCancelled) : undefined;
  if (set) return { type: 'IoCompleteRequest', irp: srb.id, ...set };
  const Status = statusFor(srb, result, wasCancelled);
  const isInformed = ntSuccess(Status) || Status === 'STATUS_BUFFER_OVERFLOW';
  const Information = isInformed ? result.ActualBytesTransferred : 0;
  const answer: IoCompleteRequest = { type: 'IoCompleteRequest', irp: srb.id, Status, Information };
  const Output = 'Output' in result ? result.Output : undefined;
  return ntSuccess(Status) && Output ? { ...answer, Output } : answer;
}

function statusFor(
  srb: DeviceIoctlSrb | StreamIoctlSrb,
  { Status }: SrbResult,
  wasCancelled: boolean,
): NTSTATUS {
  switch (srb.Command) {
    // G-010
    case 'SRB_UNKNOWN_DEVICE_COMMAND':
    case 'SRB_UNKNOWN_STREAM_COMMAND':
      return Status === 'STATUS_NOT_IMPLEMENTED' ? 'STATUS_INVALID_DEVICE_REQUEST' : Status;
    // The class driver has done its part: who does not know resets has nothing to do.
    case 'SRB_BEGIN_FLUSH':
    case 'SRB_END_FLUSH':
      return Status === 'STATUS_NOT_IMPLEMENTED' ? 'STATUS_SUCCESS' : Status;
    // G-037: that no range matches is known when all have been asked for.
    case 'SRB_GET_DATA_INTERSECTION':
      if (FOUND.includes(Status) || Status === 'STATUS_CANCELLED') return Status;
      if (srb.NextRanges.length === 0) return 'STATUS_NO_MATCH';
      return wasCancelled ? 'STATUS_CANCELLED' : 'STATUS_DEVICE_REMOVED';
    default:
      return Status;
  }
}
