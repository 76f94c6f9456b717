import {
  type ClassDriverMessage,
  type ClockObject,
  connectionStateRequest,
  type EventSignalled,
  type FileObject,
  freeSlot,
  type IoCompleteRequest,
  type IrpId,
  irpSlot,
  type KSDATAFORMAT,
  KSEVENT_SIZE,
  KSEVENTDATA_SIZE,
  type KSSTATE,
  masterClockRequest,
  type PlayEvent,
} from 'interlace/streaming';

/** A stream that the application plays. */
export interface PlayerStream {
  /** The name by which its bytes go: see `PlayEvent`. */
  readonly name: string;
  readonly dataFormat: KSDATAFORMAT;
  readonly frameBytes: number;
}

/** What the application is to do. The index of a stream is its pin's id. */
export interface PlayerScript {
  readonly streams: readonly PlayerStream[];
  /** Frames of each stream. */
  readonly frames: number;
  /** Writes that it keeps outstanding for each stream, each with a buffer of its own. */
  readonly buffers: number;
  /** How long it needs to fill a buffer again. */
  readonly clientDelayMs: number;
  /** The stream that is to be the master clock, which all streams then follow (C.12). Without it they run free. */
  readonly clockStream?: number;
  /** Events of every stream that it wants to be told of while it plays. Default none. */
  readonly events?: readonly { readonly Set: string; readonly Id: number }[];
  /** It gives up when no write has been completed for so long, its own delay not counted. Default 2000. */
  readonly silenceMs?: number;
}

/** What an application asks one at a time; a number is the index of a stream. */
export type Control =
  | { readonly type: 'IRP_MJ_CREATE' | 'IRP_MJ_CLEANUP' | 'IRP_MJ_CLOSE'; readonly object: 'filter' | number }
  | { readonly type: 'IOCTL_KS_PROPERTY'; readonly object: number; readonly state: KSSTATE }
  | { readonly type: 'KsCreateClock' | 'KsCloseClock'; readonly object: number }
  /** The event that stands there in the script. */
  | {
      readonly type: 'IOCTL_KS_ENABLE_EVENT' | 'IOCTL_KS_DISABLE_EVENT';
      readonly object: number;
      readonly event: number;
    }
  /** The stream is to follow the clock that was created, or to run free. */
  | { readonly type: 'KSPROPERTY_STREAM_MASTERCLOCK'; readonly object: number; readonly follows: boolean };

/** A write that has not been completed. `buffer` is missing for the one that says that the stream ends. */
export interface Write {
  readonly stream: number;
  readonly buffer: number | undefined;
}

export interface Outstanding {
  readonly irp: IrpId;
  readonly write: Write | undefined;
}

export interface Player {
  readonly script: PlayerScript;
  readonly filter: FileObject | undefined;
  readonly pins: readonly FileObject[];
  /** The master clock that it has created. */
  readonly clock: ClockObject | undefined;
  /** What is to be asked, the request in progress first. */
  readonly todo: readonly Control[];
  /** In the order of their slots. */
  readonly outstanding: readonly Outstanding[];
  /** Frames written so far, of each stream. */
  readonly written: readonly number[];
  /** Whether the end of each stream has come back. */
  readonly ended: readonly boolean[];
}

export type PlayerEvent =
  | IoCompleteRequest
  | EventSignalled
  | { readonly type: 'DeviceArrived' }
  | { readonly type: 'BufferIsFree'; readonly stream: number; readonly buffer: number };

/** Where its KSEVENTDATA lie, one behind the other, below all buffers. */
const EVENT_DATA = 0x1000;

const BUFFER_ALIGNMENT = 16 * 2 ** 20;

/** Buffers lie at odd places in pieces of 16 MiB, so that their first and last pages are shared with nothing and not full. */
function bufferAddress({ streams, buffers }: PlayerScript, { stream, buffer = 0 }: Write): number {
  const pieces = Math.max(
    ...streams.map(({ frameBytes }) => Math.ceil((frameBytes + 4096) / BUFFER_ALIGNMENT)),
  );
  return (stream * buffers + buffer + 1) * BUFFER_ALIGNMENT * pieces + 0x123;
}

/** Names an IRP, and adds it to those that are outstanding. */
export function withIrp(owner: string, outstanding: readonly Outstanding[], write: Write | undefined) {
  const prefix = `${owner}.irp`;
  const slot = freeSlot(
    outstanding.map(({ irp }) => irp),
    prefix,
  );
  const irp: IrpId = `${owner}.irp${slot}`;
  const all = [...outstanding, { irp, write }].sort((a, b) => irpSlot(a.irp) - irpSlot(b.irp));
  return { irp, outstanding: all };
}

/** A frame that is written, or the end of a stream: the request, and what is to be said of its bytes. */
interface Writing {
  readonly request: ClassDriverMessage;
  readonly emission: PlayEvent | undefined;
}

/** The next frame of a stream into each of some buffers; behind its last frame the end of the stream. */
export function writings(context: Player, owner: string, writes: readonly Write[]) {
  const { script } = context;
  let { outstanding, written } = context;
  const all: Writing[] = [];
  const add = (write: Write, emission: PlayEvent | undefined): void => {
    const named = withIrp(owner, outstanding, write);
    outstanding = named.outstanding;
    all.push({ request: writeRequest(context, named.irp, write), emission });
  };
  for (const write of writes) {
    const { stream, buffer } = write;
    const frame = written[stream] ?? 0;
    const name = script.streams[stream]?.name ?? '';
    if (buffer !== undefined && frame < script.frames) {
      add(write, { type: 'FrameWritten', stream: name, frame, address: bufferAddress(script, write) });
      written = written.with(stream, frame + 1);
      if (frame + 1 === script.frames) add({ stream, buffer: undefined }, undefined);
    }
    if (buffer === undefined) add(write, undefined);
  }
  return { outstanding, written, all };
}

/** What fills all buffers at the beginning; a stream without frames ends at once. */
export function firstWrites({ streams, buffers, frames }: PlayerScript): Write[] {
  return [...streams.keys()].flatMap((stream): Write[] =>
    frames === 0
      ? [{ stream, buffer: undefined }]
      : [...Array(Math.min(buffers, frames)).keys()].map((buffer) => ({ stream, buffer })),
  );
}

/** The IRP that an event completes. */
export function completedBy({ outstanding }: Player, event: PlayerEvent): Outstanding | undefined {
  return event.type === 'IoCompleteRequest' ? outstanding.find(({ irp }) => irp === event.irp) : undefined;
}

function writeRequest({ script, pins }: Player, irp: IrpId, write: Write): ClassDriverMessage {
  const { stream, buffer } = write;
  const isEnd = buffer === undefined;
  const frameBytes = script.streams[stream]?.frameBytes ?? 0;
  return {
    type: 'IOCTL_KS_WRITE_STREAM',
    irp,
    FileObject: openObject(pins[stream]),
    StreamHeader: {
      Data: bufferAddress(script, write),
      FrameExtent: frameBytes,
      // The end of a stream carries no data (F-019).
      DataUsed: isEnd ? 0 : frameBytes,
      PresentationTime: 0,
      OptionsFlags: isEnd ? ['ENDOFSTREAM'] : [],
    },
  };
}

export function controlRequest(context: Player, irp: IrpId, control: Control): ClassDriverMessage {
  const { object } = control;
  const { filter, pins, script } = context;
  const FileObject = (): FileObject => openObject(object === 'filter' ? filter : pins[object]);
  if (control.type === 'IOCTL_KS_PROPERTY') {
    return connectionStateRequest(irp, FileObject(), control.state);
  }
  if (control.type === 'KSPROPERTY_STREAM_MASTERCLOCK') {
    return masterClockRequest(irp, FileObject(), control.follows ? (context.clock ?? null) : null);
  }
  if ('event' in control) return eventRequest(script, irp, FileObject(), control);
  if (control.type !== 'IRP_MJ_CREATE') return { type: control.type, irp, FileObject: FileObject() };
  const dataFormat = object === 'filter' ? undefined : script.streams[object]?.dataFormat;
  if (object === 'filter' || !dataFormat) return { type: 'IRP_MJ_CREATE', irp, object: 'filter' };
  return {
    type: 'IRP_MJ_CREATE',
    irp,
    object: 'pin',
    FilterObject: openObject(filter),
    PinId: object,
    DataFormat: dataFormat,
  };
}

/** Enables an event, or disables it by the address of its KSEVENTDATA (E-030). */
function eventRequest(
  { events = [] }: PlayerScript,
  irp: IrpId,
  pin: FileObject,
  { type, object, event }: Extract<Control, { readonly event: number }>,
): ClassDriverMessage {
  const number = object * events.length + event;
  const EventData = EVENT_DATA + number * KSEVENTDATA_SIZE;
  if (type === 'IOCTL_KS_DISABLE_EVENT')
    return { type, irp, FileObject: pin, InputLength: KSEVENTDATA_SIZE, EventData };
  const asked = events[event];
  if (!asked) throw new Error(`the script has no event ${event}`);
  return {
    ...{ type, irp, FileObject: pin, InputLength: KSEVENT_SIZE, ...asked },
    ...{ Flags: 'KSEVENT_TYPE_ENABLE', OutputLength: KSEVENTDATA_SIZE, EventData },
    Data: { NotificationType: 'KSEVENTF_EVENT_HANDLE', EventHandle: `event:${number}` },
  };
}

function openObject(name: FileObject | undefined): FileObject {
  if (!name) throw new Error('it is not open');
  return name;
}
