import {
  type ControlSrb,
  type DataSrb,
  type FileObject,
  type IrpId,
  type PinMessage,
  type ReadStream,
  type SetConnectionState,
  type SrbResult,
  scatterGather,
  srbFlags,
} from 'interlace/streaming';

export interface PinInput {
  readonly FileObject: FileObject;
  readonly StreamNumber: number;
  readonly DataFlow: 'KSPIN_DATAFLOW_IN' | 'KSPIN_DATAFLOW_OUT';
  /** Seconds that the minidriver has for a request (option `timeoutTicks`, J12). */
  readonly timeoutTicks: number;
}

/** What a pin remembers. */
export interface PinContext extends PinInput {
  /** State requests that wait until the one in progress has been answered. */
  readonly stateRequests: readonly SetConnectionState[];
  /** The state request in progress: its SRB is queued or the minidriver's. */
  readonly stateChange: SetConnectionState | undefined;
  readonly controlQueue: readonly ControlSrb[];
  readonly dataQueue: readonly DataSrb[];
  /** Reads that the minidriver owns. */
  readonly delivered: readonly DataSrb[];
  /** SRBs for which HwCancelPacket has been asked (D-042). */
  readonly cancelled: readonly string[];
  readonly closeIrp: IrpId | undefined;
}

/** What a pin takes, its own `ControlRequest` and `StateChangeCancelled` included. */
export type PinEvent =
  | PinMessage
  | { readonly type: 'ControlRequest'; readonly srb: ControlSrb }
  | { readonly type: 'StateChangeCancelled' };

/** What the minidriver completes with this event, if it completes anything. */
export function resultIn(event: PinEvent): SrbResult | undefined {
  return event.type === 'StreamClassStreamNotification' && 'srb' in event ? event.srb : undefined;
}

/** Whether the minidriver completes a read that it owns. */
export function completesRead(context: PinContext, event: PinEvent): boolean {
  const id = resultIn(event)?.id;
  return context.delivered.some((srb) => srb.id === id);
}

/** Whether the minidriver completes the state change in progress. */
export function completesStateChange(context: PinContext, event: PinEvent): boolean {
  return context.stateChange !== undefined && resultIn(event)?.id === context.stateChange.irp;
}

/** Whether the event says Ready, alone (D-024) or together with the completion of an SRB from that queue. */
export function saysReady(event: PinEvent, ready: string, completes: boolean): boolean {
  if (event.type !== 'StreamClassStreamNotification') return false;
  return (
    event.notification === ready || (event.notification === 'CompleteRequestAndMarkQueueReady' && completes)
  );
}

/** SRB_READ_DATA for a read IRP, with the list of physical pieces (F-001, F-002). */
export function readSrb(
  { FileObject: StreamObject, StreamNumber, timeoutTicks }: PinContext,
  read: ReadStream,
): DataSrb {
  const { irp, StreamHeader } = read;
  return {
    id: irp,
    Command: 'SRB_READ_DATA',
    Flags: srbFlags.data,
    StreamObject,
    StreamNumber,
    TimeoutOriginal: timeoutTicks,
    DataBufferArray: [StreamHeader],
    NumberOfBuffers: 1,
    NumberOfBytesToTransfer: StreamHeader.FrameExtent,
    ScatterGatherBuffer: scatterGather(StreamHeader.Data, StreamHeader.FrameExtent),
  };
}

/** SRB_SET_STREAM_STATE for a state request. */
export function setStreamStateSrb(context: PinContext, { irp, Value }: SetConnectionState): ControlSrb {
  return {
    id: irp,
    Command: 'SRB_SET_STREAM_STATE',
    Flags: srbFlags.control,
    StreamObject: context.FileObject,
    StreamNumber: context.StreamNumber,
    TimeoutOriginal: context.timeoutTicks,
    CommandData: { StreamState: Value },
  };
}
