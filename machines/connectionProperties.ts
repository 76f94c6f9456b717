import {
  type HW_STREAM_INFORMATION,
  isDataFormat,
  isKsState,
  KSDATAFORMAT_SIZE,
  type PropertyRequest,
  type SetConnectionState,
  type StreamIoctl,
  type StreamIoctlSrb,
} from 'interlace/streaming';
import { type Answer, failure } from './answer.js';
import { hasFormat } from './createRequests.js';

/** KSPROPSETID_Connection: what the class driver does for the minidriver through SRBs (C-059). */

type StreamHeader = Pick<StreamIoctlSrb, 'Flags' | 'StreamObject' | 'StreamNumber' | 'TimeoutOriginal'>;

const asks = (srb: StreamIoctlSrb): StreamIoctl => ({ type: 'ControlRequest', srb });

/** What becomes of a sound request for a property of a connection: an answer, or a request for the actor of the pin. */
export function connectionProperty(
  request: PropertyRequest,
  verb: 'get' | 'set',
  header: StreamHeader,
  info: HW_STREAM_INFORMATION | undefined,
): Answer | StreamIoctl | SetConnectionState {
  const { irp: id } = request;
  if (request.Id === 'KSPROPERTY_CONNECTION_STATE')
    // C-060
    return verb === 'get' ? asks({ id, Command: 'SRB_GET_STREAM_STATE', ...header }) : stateRequest(request);
  if (verb === 'get') {
    const NumberOfBytesToTransfer = request.OutputLength;
    return asks({ id, Command: 'SRB_GET_DATA_FORMAT', ...header, NumberOfBytesToTransfer });
  }
  return formatRequest(request, header, info);
}

function stateRequest({ irp, FileObject, Value }: PropertyRequest): Answer | SetConnectionState {
  const State: unknown = Value && 'State' in Value ? Value.State : undefined;
  // G-039
  if (!isKsState(State)) return failure('STATUS_INVALID_PARAMETER');
  return { type: 'KSPROPERTY_CONNECTION_STATE', irp, FileObject, Value: State };
}

/**
 * A format that is proposed or set is looked at like that of a create (G-080, G-082, J46): it is as long as it says, and lies in a
 * range of the stream. Whether the stream can have it now, in its state, the minidriver knows.
 */
function formatRequest(
  { irp, Id, OutputLength, Value }: PropertyRequest,
  header: StreamHeader,
  info: HW_STREAM_INFORMATION | undefined,
): Answer | StreamIoctl {
  if (OutputLength < KSDATAFORMAT_SIZE) return failure('STATUS_BUFFER_TOO_SMALL');
  if (!isDataFormat(Value)) return failure('STATUS_INVALID_PARAMETER');
  const { FormatSize } = Value;
  if (FormatSize < KSDATAFORMAT_SIZE || FormatSize > OutputLength)
    return failure('STATUS_INVALID_BUFFER_SIZE');
  if (!info || !hasFormat(info, Value)) return failure('STATUS_NO_MATCH');
  const isProposal = Id === 'KSPROPERTY_CONNECTION_PROPOSEDATAFORMAT';
  const Command = isProposal ? 'SRB_PROPOSE_DATA_FORMAT' : 'SRB_SET_DATA_FORMAT';
  return asks({ id: irp, Command, ...header, CommandData: { OpenFormat: Value } });
}
