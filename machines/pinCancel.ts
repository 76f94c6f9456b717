import type { ClockRequest, ControlSrb, DataSrb, IrpId } from 'interlace/streaming';
import { clockSrb, type PinContext, type PinEvent, setStreamStateSrb } from './pinRequests.js';

/** Whether a clock request is a create or a close: the class driver's token is held for it (C-031), and nobody can cancel it (INV-034). */
export function holdsToken({ type }: ClockRequest): boolean {
  return type !== 'KSPROPERTY_STREAM_MASTERCLOCK';
}

/** IRPs that the minidriver has not seen: the class driver completes them itself (D-041). */
export function queuedIrps({ clockRequests, controlQueue, dataQueue, stateRequests }: PinContext): IrpId[] {
  return [
    ...clockRequests.slice(1).map(({ irp }) => irp),
    ...[...controlQueue, ...dataQueue].map(({ id }) => id),
    ...stateRequests.map(({ irp }) => irp),
  ];
}

/** The queues without some IRPs; a state change or clock request whose SRB is among them is off. */
export function withoutQueued(context: PinContext, irps: readonly IrpId[]) {
  const { clockRequests, controlQueue, dataQueue, ioctls, stateRequests, stateChange } = context;
  return {
    clockRequests: clockRequests.filter(({ irp }) => !irps.includes(irp)),
    controlQueue: controlQueue.filter(({ id }) => !irps.includes(id)),
    dataQueue: dataQueue.filter(({ id }) => !irps.includes(id)),
    ioctls: ioctls.filter(({ id }) => !irps.includes(id)),
    stateRequests: stateRequests.filter(({ irp }) => !irps.includes(irp)),
    stateChange: stateChange && irps.includes(stateChange.irp) ? undefined : stateChange,
  };
}

/** SRBs that the minidriver owns, or that are on their way to it. */
export function ownedSrbs(context: PinContext): (ControlSrb | DataSrb)[] {
  const { stateChange, clockRequests, controlQueue, delivered } = context;
  const control = [
    ...(stateChange ? [setStreamStateSrb(context, stateChange)] : []),
    ...clockRequests.slice(0, 1).map((request) => clockSrb(context, request)),
    ...context.ioctls,
  ];
  return [...delivered, ...control.filter(({ id }) => controlQueue.every((queued) => queued.id !== id))];
}

/** Of those, the ones that HwCancelPacket has not been asked for: it is at most once for each (D-042). */
export function cancelableSrbs(context: PinContext): (ControlSrb | DataSrb)[] {
  return ownedSrbs(context).filter(({ id }) => !context.cancelled.includes(id));
}

/** The IRP that an event cancels. */
export function cancelledIn({ clockRequests }: PinContext, event: PinEvent): IrpId | undefined {
  if (event.type !== 'IoCancelIrp') return undefined;
  return clockRequests.some((request) => request.irp === event.irp && holdsToken(request))
    ? undefined
    : event.irp;
}
