import type { ControlSrb, DataSrb, IrpId } from 'interlace/streaming';
import { type PinContext, type PinEvent, setStreamStateSrb } from './pinRequests.js';

/** IRPs that the minidriver has not seen: the class driver completes them itself (D-041). */
export function queuedIrps({ controlQueue, dataQueue, stateRequests }: PinContext): IrpId[] {
  return [...[...controlQueue, ...dataQueue].map(({ id }) => id), ...stateRequests.map(({ irp }) => irp)];
}

/** The queues without an IRP; a state change whose SRB it was is off. */
export function withoutQueued(context: PinContext, irps: readonly IrpId[]) {
  const { controlQueue, dataQueue, stateRequests, stateChange } = context;
  return {
    controlQueue: controlQueue.filter(({ id }) => !irps.includes(id)),
    dataQueue: dataQueue.filter(({ id }) => !irps.includes(id)),
    stateRequests: stateRequests.filter(({ irp }) => !irps.includes(irp)),
    stateChange: stateChange && irps.includes(stateChange.irp) ? undefined : stateChange,
  };
}

/** SRBs that the minidriver owns, or that are on their way to it. */
function ownedSrbs(context: PinContext): (ControlSrb | DataSrb)[] {
  const { stateChange, controlQueue, delivered } = context;
  const isQueued = controlQueue.some(({ id }) => id === stateChange?.irp);
  return stateChange && !isQueued ? [...delivered, setStreamStateSrb(context, stateChange)] : [...delivered];
}

/** Of those, the ones that HwCancelPacket has not been asked for: it is at most once for each (D-042). */
export function cancelableSrbs(context: PinContext): (ControlSrb | DataSrb)[] {
  return ownedSrbs(context).filter(({ id }) => !context.cancelled.includes(id));
}

/** The IRP that an event cancels. */
export function cancelledIn(event: PinEvent): IrpId | undefined {
  return event.type === 'IoCancelIrp' ? event.irp : undefined;
}
