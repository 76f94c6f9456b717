import {
  type BufferAccess,
  type ClockRequest,
  type ControlSrb,
  clockHandleOf,
  type DataSrb,
  type FileObject,
  type IrpId,
  type MasterClockHandle,
  type PinMessage,
  type ReadStream,
  type SetConnectionState,
  type SrbResult,
  type StreamIoctlSrb,
  type StreamReset,
  scatterGather,
  srbFlags,
  type WriteStream,
} from 'interlace/streaming';
import { nextInSet } from './propertySerialization.js';

export interface PinInput {
  readonly FileObject: FileObject;
  readonly StreamNumber: number;
  readonly DataFlow: 'KSPIN_DATAFLOW_IN' | 'KSPIN_DATAFLOW_OUT';
  /** Seconds that the minidriver has for a request (option `timeoutTicks`, J12). */
  readonly timeoutTicks: number;
  /** Mode ON: queues wait for Ready. In OFF they never hold anything (D-013). */
  readonly isQueued: boolean;
}

/** What a pin remembers. */
export interface PinContext extends PinInput {
  /** What of its buffers is touched; nothing before it is open. */
  readonly access: BufferAccess;
  /** Whether it has a routine for a clock. */
  readonly hasClock: boolean;
  /** State requests that wait until the one in progress has been answered. */
  readonly stateRequests: readonly SetConnectionState[];
  /** The state request in progress: its SRB is queued or the minidriver's. */
  readonly stateChange: SetConnectionState | undefined;
  readonly controlQueue: readonly ControlSrb[];
  readonly dataQueue: readonly DataSrb[];
  /** Reads and writes that the minidriver owns. */
  readonly delivered: readonly DataSrb[];
  /** SRBs for which HwCancelPacket has been asked (D-042). */
  readonly cancelled: readonly string[];
  readonly closeIrp: IrpId | undefined;
  /** The clock request in progress, and behind it those that wait for it. */
  readonly clockRequests: readonly ClockRequest[];
  /** Other requests of clients that the minidriver is asked for; their SRBs are queued or the minidriver's. */
  readonly ioctls: readonly StreamIoctlSrb[];
  /** Whether this stream is the master clock (C.12). */
  readonly isMasterClock: boolean;
  /** The clock that the minidriver was told to follow, and a step later the one that is installed; 0 for none (C-085, C-090). */
  readonly indicatedClock: MasterClockHandle;
  readonly masterClock: MasterClockHandle;
  /** When the stream is not open any more: whether the control queue may deliver. */
  readonly controlIsReady: boolean;
}

/** What a pin takes, what it tells itself included. */
export type PinEvent =
  | PinMessage
  | { readonly type: 'ControlRequest'; readonly srb: ControlSrb }
  | { readonly type: 'StateChangeCancelled' | 'ClockRequestCancelled' | 'InstallMasterClock' };

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

/** Whether the event says Ready for the control queue. */
export function saysReadyForControl(context: PinContext, event: PinEvent): boolean {
  const completes =
    completesStateChange(context, event) ||
    completesClockRequest(context, event) ||
    completedIoctl(context, event) !== undefined;
  return saysReady(event, 'ReadyForNextStreamControlRequest', completes);
}

/** Whether a control SRB is a property, a method or an unknown IRP: nothing but its answer hangs on it. */
export function isIoctlSrb(srb: ControlSrb): srb is StreamIoctlSrb {
  switch (srb.Command) {
    case 'SRB_SET_STREAM_STATE':
    case 'SRB_OPEN_MASTER_CLOCK':
    case 'SRB_INDICATE_MASTER_CLOCK':
    case 'SRB_CLOSE_MASTER_CLOCK':
      return false;
    default:
      return true;
  }
}

/** The one of them that the minidriver completes with this event. */
export function completedIoctl({ ioctls }: PinContext, event: PinEvent): StreamIoctlSrb | undefined {
  const id = resultIn(event)?.id;
  return ioctls.find((srb) => srb.id === id);
}

/** What comes after it for the same IRP; nothing more when that is cancelled. */
export function nextIoctl(context: PinContext, event: PinEvent): StreamIoctlSrb | undefined {
  const srb = completedIoctl(context, event);
  const result = resultIn(event);
  if (!srb || !result || context.cancelled.includes(srb.id)) return undefined;
  const isProperty = srb.Command === 'SRB_GET_STREAM_PROPERTY' || srb.Command === 'SRB_SET_STREAM_PROPERTY';
  return isProperty ? nextInSet(srb, result) : undefined;
}

/** SRB_READ_DATA or SRB_WRITE_DATA for a data IRP, for DMA with the list of physical pieces (F-001, F-002, F-004). */
export function dataSrb(
  { FileObject: StreamObject, StreamNumber, timeoutTicks, access }: PinContext,
  { type, irp, StreamHeader }: ReadStream | WriteStream,
): DataSrb {
  const isRead = type === 'IOCTL_KS_READ_STREAM';
  const bytes = isRead ? StreamHeader.FrameExtent : StreamHeader.DataUsed;
  return {
    id: irp,
    Command: isRead ? 'SRB_READ_DATA' : 'SRB_WRITE_DATA',
    Flags: srbFlags.data,
    StreamObject,
    StreamNumber,
    TimeoutOriginal: timeoutTicks,
    DataBufferArray: [StreamHeader],
    NumberOfBuffers: 1,
    NumberOfBytesToTransfer: bytes,
    ScatterGatherBuffer: access.Dma ? scatterGather(StreamHeader.Data, bytes) : [],
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

/** SRB_BEGIN_FLUSH or SRB_END_FLUSH for a reset (C-058). */
export function flushSrb(context: PinContext, { irp, Value }: StreamReset): StreamIoctlSrb {
  return {
    id: irp,
    Command: Value === 'KSRESET_BEGIN' ? 'SRB_BEGIN_FLUSH' : 'SRB_END_FLUSH',
    Flags: srbFlags.control,
    StreamObject: context.FileObject,
    StreamNumber: context.StreamNumber,
    TimeoutOriginal: context.timeoutTicks,
  };
}

/** Whether the minidriver completes the clock request in progress. */
export function completesClockRequest({ clockRequests }: PinContext, event: PinEvent): boolean {
  const [request] = clockRequests;
  return request !== undefined && resultIn(event)?.id === request.irp;
}

/** SRB_OPEN_MASTER_CLOCK, SRB_CLOSE_MASTER_CLOCK or SRB_INDICATE_MASTER_CLOCK for a request of a client (C.12). */
export function clockSrb(context: PinContext, request: ClockRequest): ControlSrb {
  const header = {
    id: request.irp,
    Flags: srbFlags.control,
    StreamObject: context.FileObject,
    StreamNumber: context.StreamNumber,
    TimeoutOriginal: context.timeoutTicks,
  };
  switch (request.type) {
    case 'KsCreateClock':
      return {
        ...header,
        Command: 'SRB_OPEN_MASTER_CLOCK',
        CommandData: { MasterClockHandle: clockHandleOf(context.FileObject) },
      };
    case 'KsCloseClock':
      return { ...header, Command: 'SRB_CLOSE_MASTER_CLOCK' };
    case 'KSPROPERTY_STREAM_MASTERCLOCK':
      return {
        ...header,
        Command: 'SRB_INDICATE_MASTER_CLOCK',
        CommandData: { MasterClockHandle: request.Value },
      };
  }
}
