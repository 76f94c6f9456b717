import {
  type ClassDriverMessage,
  type ClientMessage,
  connectionStateRequest,
  type DataFormatQuestion,
  dataFormatRequest,
  type FileObject,
  freeSlot,
  type IoCompleteRequest,
  type IrpId,
  irpSlot,
  KSEVENT_SIZE,
  KSEVENTDATA_SIZE,
  type KSSTATE,
} from 'interlace/streaming';
import type { ClientQuestion } from './clientQuestions.js';
import { type ClientScript, defaultDataFormat } from './clientScript.js';
import type { ClientStep } from './clientStep.js';

/** An IRP that has not been completed; a read knows its buffer, a question whom it asks. */
export interface Outstanding {
  readonly irp: IrpId;
  readonly buffer: number | undefined;
  readonly question?: ClientQuestion['object'];
}

export interface Client {
  readonly script: ClientScript;
  readonly filter: FileObject | undefined;
  readonly pin: FileObject | undefined;
  /** In the order of their slots. */
  readonly outstanding: readonly Outstanding[];
  /** What it does now, and what comes then. */
  readonly steps: readonly ClientStep[];
  /** Frames until a step ends that counts them; nothing is counted otherwise. */
  readonly framesLeft: number | undefined;
  /** What it has still to ask about the format of the stream that is open. */
  readonly formats: readonly DataFormatQuestion[];
  /** Its Win32 event, which a signal sets and a frame resets. */
  readonly eventIsSet: boolean;
}

export type ClientEvent = ClientMessage | { readonly type: 'BufferIsFree'; readonly buffer: number };

const BUFFER_ALIGNMENT = 16 * 2 ** 20;

/** Buffers lie at multiples of 16 MiB, as many as one of them needs. */
function bufferAddress({ frameBytes }: ClientScript, buffer: number): number {
  return (buffer + 1) * BUFFER_ALIGNMENT * Math.max(1, Math.ceil(frameBytes / BUFFER_ALIGNMENT));
}

/** The headers lie so far apart that none crosses a page. */
const HEADERS = 0x2000;
const HEADER_ALIGNMENT = 64;

function headerAddress(buffer: number): number {
  return HEADERS + buffer * HEADER_ALIGNMENT;
}

export function withIrp(
  owner: string,
  outstanding: readonly Outstanding[],
  about: Omit<Outstanding, 'irp'> = { buffer: undefined },
) {
  const prefix = `${owner}.irp`;
  const slot = freeSlot(
    outstanding.map(({ irp }) => irp),
    prefix,
  );
  const irp: IrpId = `${owner}.irp${slot}`;
  const all = [...outstanding, { irp, ...about }].sort((a, b) => irpSlot(a.irp) - irpSlot(b.irp));
  return { irp, outstanding: all };
}

export function readRequest(context: Client, irp: IrpId, buffer: number): ClassDriverMessage {
  return {
    type: 'IOCTL_KS_READ_STREAM',
    irp,
    FileObject: openObject(context, 'pin'),
    StreamHeader: {
      Address: headerAddress(buffer),
      Data: bufferAddress(context.script, buffer),
      FrameExtent: context.script.frameBytes,
      DataUsed: 0,
      PresentationTime: null,
      OptionsFlags: [],
    },
  };
}

export function openObject(context: Client, object: 'filter' | 'pin'): FileObject {
  const name = context[object];
  if (!name) throw new Error(`the ${object} is not open`);
  return name;
}

/** The IRP that an event completes. */
export function completedBy({ outstanding }: Client, event: ClientEvent): Outstanding | undefined {
  return event.type === 'IoCompleteRequest' ? outstanding.find(({ irp }) => irp === event.irp) : undefined;
}

/** A request that an application makes one at a time. */
export type Control =
  | { readonly type: 'IRP_MJ_CREATE'; readonly object: 'filter' | 'pin' }
  | { readonly type: 'IRP_MJ_CLEANUP' | 'IRP_MJ_CLOSE'; readonly object: 'filter' | 'pin' }
  | { readonly type: 'IOCTL_KS_PROPERTY'; readonly state: KSSTATE }
  | { readonly type: 'IOCTL_KS_PROPERTY'; readonly format: DataFormatQuestion }
  | { readonly type: 'IOCTL_KS_ENABLE_EVENT' }
  | { readonly type: 'IOCTL_KS_DISABLE_EVENT' };

/** Where its KSEVENTDATA lies, by which it disables the event again (E-030). */
const EVENT_DATA = 0x1000;
const ULONG_SIZE = 4;

function eventRequest(
  context: Client,
  irp: IrpId,
  type: 'IOCTL_KS_ENABLE_EVENT' | 'IOCTL_KS_DISABLE_EVENT',
): ClassDriverMessage {
  const FileObject = openObject(context, 'pin');
  const { event } = context.script;
  if (!event) throw new Error('the script has no event');
  const { Id, Parameters } = event;
  const length = KSEVENTDATA_SIZE + ULONG_SIZE * Object.keys(Parameters).length;
  if (type === 'IOCTL_KS_DISABLE_EVENT')
    return { type, irp, FileObject, InputLength: length, EventData: EVENT_DATA };
  return {
    type,
    irp,
    FileObject,
    InputLength: KSEVENT_SIZE,
    Set: event.Set,
    Id,
    Flags: 'KSEVENT_TYPE_ENABLE',
    OutputLength: length,
    EventData: EVENT_DATA,
    Data: { NotificationType: 'KSEVENTF_EVENT_HANDLE', EventHandle: 'event:0', Parameters },
  };
}

export function controlRequest(context: Client, irp: IrpId, control: Control): ClassDriverMessage {
  if (control.type === 'IOCTL_KS_PROPERTY') {
    const FileObject = openObject(context, 'pin');
    return 'state' in control
      ? connectionStateRequest(irp, FileObject, control.state)
      : dataFormatRequest(irp, FileObject, control.format);
  }
  if (control.type === 'IOCTL_KS_ENABLE_EVENT' || control.type === 'IOCTL_KS_DISABLE_EVENT')
    return eventRequest(context, irp, control.type);
  if (control.type !== 'IRP_MJ_CREATE') {
    return { type: control.type, irp, FileObject: openObject(context, control.object) };
  }
  if (control.object === 'filter') return { type: 'IRP_MJ_CREATE', irp, object: 'filter' };
  return {
    type: 'IRP_MJ_CREATE',
    irp,
    object: 'pin',
    FilterObject: openObject(context, 'filter'),
    PinId: context.script.pinId ?? 0,
    DataFormat: context.script.dataFormat ?? defaultDataFormat,
  };
}

/** The file object that an answer brings. */
export function fileObjectIn(event: ClientEvent): FileObject | undefined {
  const answer: IoCompleteRequest | undefined = event.type === 'IoCompleteRequest' ? event : undefined;
  return answer?.FileObject;
}
