import {
  type BufferAccess,
  type ClassDriverMessage,
  type ClockOperation,
  type Close,
  type CreateFilter,
  type CreatePin,
  type DeviceSrb,
  type EventRequest,
  type FileObject,
  freeSlot,
  type HW_STREAM_DESCRIPTOR,
  type HW_STREAM_INFORMATION,
  type IoctlCommand,
  type IoctlRequest,
  type IrpId,
  type KSMETHOD_SET,
  type KSPROPERTY_SET,
  type NTSTATUS,
  type PowerIrp,
  type RegistrationMessage,
  type SrbCommand,
  type SrbResult,
  type StreamDrained,
  srbFlags,
} from 'interlace/streaming';
import type { PinInput } from './pinRequests.js';

export interface ClassDriverInput {
  /** Seconds that the minidriver has for a request (option `timeoutTicks`, J12). Default 2. */
  readonly timeoutTicks?: number;
  /** Whether the minidriver is asked to let itself be paged out when nothing is open any more (C.11). Default no. */
  readonly pageOutWhenUnopened?: boolean;
}

/** What needs the create/close token (C-031). The close of a pin arrives as `StreamDrained`, when the pin is ready for it. */
type FileRequest = CreateFilter | CreatePin | Close | StreamDrained | ClockOperation;

/** What waits while the device stands still. */
export type HeldRequest = CreateFilter | CreatePin | EventRequest | IoctlRequest;

/** A stream from the delivery of its SRB_OPEN_STREAM to the completion of its SRB_CLOSE_STREAM. */
export interface StreamObject {
  readonly FileObject: FileObject;
  readonly FilterObject: FileObject;
  readonly StreamNumber: number;
}

/** An open or close in progress, and the IRP that asked for it. */
export interface FileOperation {
  readonly irp: IrpId;
  readonly stream: StreamObject;
}

/** What the class driver remembers of its one device. */
export interface ClassDriverContext {
  readonly timeoutTicks: number;
  readonly pageOutWhenUnopened: boolean;
  readonly registration: RegistrationMessage['data'] | undefined;
  /** The PnP IRP in progress; the PnP manager sends one at a time (B-003). */
  readonly pnpIrp: IrpId | undefined;
  /** Why START fails. */
  readonly startFailure: NTSTATUS | undefined;
  readonly streamDescriptorSize: number;
  readonly streams: readonly HW_STREAM_INFORMATION[];
  /** The sets that the minidriver declares for the device. */
  readonly deviceProperties: readonly KSPROPERTY_SET[];
  readonly deviceMethods: readonly KSMETHOD_SET[];
  readonly filters: readonly FileObject[];
  readonly pins: readonly StreamObject[];
  /** Pins whose clocks are open (C.12). */
  readonly clocks: readonly FileObject[];
  /** File objects between CLEANUP and CLOSE. */
  readonly cleanedUp: readonly FileObject[];
  /** Closes of filters that wait until their pins are closed (C-032). */
  readonly filterCloses: readonly Close[];
  /** File requests that wait for the token. */
  readonly fileRequests: readonly FileRequest[];
  /** Creates and event requests that wait until the device works again (C-004, C-006). */
  readonly heldRequests: readonly HeldRequest[];
  /** The power IRP in progress. */
  readonly powerIrp: PowerIrp | undefined;
  /** Who holds the token. */
  readonly fileOperation: FileOperation | undefined;
  readonly deviceQueue: readonly DeviceSrb[];
  /** Device SRBs that the minidriver owns. */
  readonly delivered: readonly DeviceSrb[];
  /** SRBs for which HwCancelPacket has been asked (D-042). */
  readonly cancelled: readonly string[];
}

/** What the class driver takes, its own `DeviceRequest` included. */
export type ClassDriverEvent =
  | ClassDriverMessage
  | { readonly type: 'DeviceRequest'; readonly srb: DeviceSrb };

/** What the minidriver completes with this event, if it completes an SRB that it owns. */
export function deviceResultIn(context: ClassDriverContext, event: ClassDriverEvent): SrbResult | undefined {
  if (event.type !== 'StreamClassDeviceNotification' || !('srb' in event)) return undefined;
  return context.delivered.some(({ id }) => id === event.srb.id) ? event.srb : undefined;
}

/** SRBs that have no client's IRP behind them. */
export type OwnCommand = Exclude<
  SrbCommand & DeviceSrb['Command'],
  'SRB_OPEN_STREAM' | 'SRB_CLOSE_STREAM' | IoctlCommand
>;

/** IoGetDmaAdapter, when it is needed: for a bus master (B-016, A-085). There is one, so any name will do. */
function adapterObject({ registration }: ClassDriverContext): string | null {
  return registration?.BusMasterDMA ? 'DMA_ADAPTER' : null;
}

/** What the stream whose SRB_OPEN_STREAM the event completes wants of its buffers; without an adapter object there is no DMA. */
export function bufferAccess(context: ClassDriverContext, event: ClassDriverEvent): BufferAccess {
  const result = deviceResultIn(context, event);
  const { Dma = false, Pio = false } = result?.Command === 'SRB_OPEN_STREAM' ? result : {};
  return { Dma: Dma && adapterObject(context) !== null, Pio };
}

/** Whether the stream whose SRB_OPEN_STREAM the event completes can be a clock (C.12). */
export function hasClock(context: ClassDriverContext, event: ClassDriverEvent): boolean {
  const result = deviceResultIn(context, event);
  return result?.Command === 'SRB_OPEN_STREAM' && result.hasClock === true;
}

/** An SRB of the class driver's own; its name is the smallest that none of its SRBs bears. */
export function ownSrb(context: ClassDriverContext, owner: string, Command: OwnCommand): DeviceSrb {
  const prefix = `${owner}.srb`;
  const names = [...context.deviceQueue, ...context.delivered].map(({ id }) => id);
  const header = {
    id: `${prefix}${freeSlot(names, prefix)}`,
    Flags: srbFlags.device,
    TimeoutOriginal: context.timeoutTicks,
  };
  switch (Command) {
    case 'SRB_INITIALIZE_DEVICE':
      return {
        ...header,
        Command,
        CommandData: { StreamDescriptorSize: 0, DmaAdapterObject: adapterObject(context) },
      };
    case 'SRB_GET_STREAM_INFO':
      return { ...header, Command, NumberOfBytesToTransfer: context.streamDescriptorSize };
    case 'SRB_CHANGE_POWER_STATE':
      return { ...header, Command, CommandData: { DeviceState: context.powerIrp?.DeviceState ?? 'D0' } };
    default:
      return { ...header, Command };
  }
}

/**
 * The stream object for a pin that is created. Slots are reused, but not in the step that ends their stream: until then its actor
 * is there.
 */
export function newStream(
  { pins }: ClassDriverContext,
  request: CreatePin,
  isThere: (name: FileObject) => boolean,
): StreamObject {
  const names = pins.map(({ FileObject }) => FileObject);
  const next: FileObject = `pin:${freeSlot(names, 'pin:')}`;
  return {
    FileObject: isThere(next) ? `pin:${freeSlot([...names, next], 'pin:')}` : next,
    FilterObject: request.FilterObject,
    StreamNumber: request.PinId,
  };
}

/** What the actor of a stream is told at its start. */
export function pinInput(
  { timeoutTicks, registration }: ClassDriverContext,
  { FileObject, StreamNumber }: StreamObject,
  { DataFlow }: HW_STREAM_INFORMATION,
): PinInput {
  const isQueued = registration?.TurnOffSynchronization !== true;
  return { FileObject, StreamNumber, DataFlow, timeoutTicks, isQueued };
}

/** SRB_OPEN_STREAM and SRB_CLOSE_STREAM name the stream and travel through the device queue. */
export function streamSrbHeader({ timeoutTicks }: ClassDriverContext, id: IrpId, stream: StreamObject) {
  return {
    id,
    Flags: srbFlags.device,
    StreamObject: stream.FileObject,
    StreamNumber: stream.StreamNumber,
    TimeoutOriginal: timeoutTicks,
  };
}

/** The open or close that holds the token. */
export function operationOf({ fileOperation }: ClassDriverContext): FileOperation {
  if (!fileOperation) throw new Error('nobody holds the create/close token');
  return fileOperation;
}

/** What the completion of SRB_INITIALIZE_DEVICE says; 0 when it says nothing. */
export function descriptorSizeIn(context: ClassDriverContext, event: ClassDriverEvent): number {
  const result = deviceResultIn(context, event);
  return result?.Command === 'SRB_INITIALIZE_DEVICE' ? (result.CommandData?.StreamDescriptorSize ?? 0) : 0;
}

/** The tables of a stream descriptor, as far as its counts go. */
export function tablesIn(descriptor: HW_STREAM_DESCRIPTOR | undefined) {
  return {
    streams: descriptor?.StreamInfo.slice(0, descriptor.NumberOfStreams) ?? [],
    deviceProperties:
      descriptor?.DevicePropertiesArray?.slice(0, descriptor.NumDevPropArrayEntries ?? 0) ?? [],
    deviceMethods: descriptor?.DeviceMethodsArray?.slice(0, descriptor.NumDevMethodArrayEntries ?? 0) ?? [],
  };
}

/** What the completion of SRB_GET_STREAM_INFO says. */
export function descriptorIn(context: ClassDriverContext, event: ClassDriverEvent) {
  const result = deviceResultIn(context, event);
  return result?.Command === 'SRB_GET_STREAM_INFO' ? result.CommandData : undefined;
}
