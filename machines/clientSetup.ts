import {
  type CancelIrp,
  type ClassDriverMessage,
  type ClientDone,
  type ClientMessage,
  connectionStateRequest,
  type FileObject,
  type FrameDelivered,
  freeSlot,
  type IoCompleteRequest,
  type IrpId,
  irpSlot,
  type KSDATAFORMAT,
  KSEVENT_SIZE,
  KSEVENTDATA_SIZE,
  type KSSTATE,
  ntSuccess,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, setup } from 'xstate';
import { type ClientQuestion, questionRequest } from './clientQuestions.js';
import { type ClientStep, type CountingStep, framesOf } from './clientStep.js';

/** What the application is to do. */
export interface ClientScript {
  /** Reads that it keeps outstanding, each with a buffer of its own. */
  readonly buffers: number;
  /** How long it works on a frame before it reads into that buffer again. */
  readonly clientDelayMs: number;
  /** Size of each buffer. */
  readonly frameBytes: number;
  /** Which stream it opens. Default 0. */
  readonly pinId?: number;
  /** The format that it opens the stream with. Default {@link defaultDataFormat}. */
  readonly dataFormat?: KSDATAFORMAT;
  /** It stops when no read has been completed for so long, its own delay not counted. Default 2000. */
  readonly silenceMs?: number;
  /** What it does, in order. Default: it captures once. */
  readonly steps?: readonly ClientStep[];
  /** An event of the stream that it enables before it streams, and disables afterwards. Default none. */
  readonly event?: ClientEventScript;
  /** What it asks, all at once, when it lets the stream flow. Default nothing. */
  readonly questions?: readonly ClientQuestion[];
}

/** Which event an application wants to be told of, and what it asks for with it (E-020). */
export interface ClientEventScript {
  readonly Set: string;
  readonly Id: number;
  /** The event-specific parameters, 4 bytes each. */
  readonly Parameters: Readonly<Record<string, number>>;
}

export interface ClientInput {
  readonly script: ClientScript;
}

export const defaultDataFormat: KSDATAFORMAT = {
  FormatSize: 64,
  Flags: 0,
  SampleSize: 0,
  MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO',
  SubFormat: 'KSDATAFORMAT_SUBTYPE_NONE',
  Specifier: 'KSDATAFORMAT_SPECIFIER_NONE',
};

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
  /** Its Win32 event, which a signal sets and a frame resets. */
  readonly eventIsSet: boolean;
}

export type ClientEvent = ClientMessage | { readonly type: 'BufferIsFree'; readonly buffer: number };

/** How long a client waits for a frame, if its script says nothing else. */
export const SILENCE_MS = 2000;

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

function withIrp(
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

function readRequest(context: Client, irp: IrpId, buffer: number): ClassDriverMessage {
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

function openObject(context: Client, object: 'filter' | 'pin'): FileObject {
  const name = context[object];
  if (!name) throw new Error(`the ${object} is not open`);
  return name;
}

/** The IRP that an event completes. */
function completedBy({ outstanding }: Client, event: ClientEvent): Outstanding | undefined {
  return event.type === 'IoCompleteRequest' ? outstanding.find(({ irp }) => irp === event.irp) : undefined;
}

/** A request that an application makes one at a time. */
type Control =
  | { readonly type: 'IRP_MJ_CREATE'; readonly object: 'filter' | 'pin' }
  | { readonly type: 'IRP_MJ_CLEANUP' | 'IRP_MJ_CLOSE'; readonly object: 'filter' | 'pin' }
  | { readonly type: 'IOCTL_KS_PROPERTY'; readonly state: KSSTATE }
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

function controlRequest(context: Client, irp: IrpId, control: Control): ClassDriverMessage {
  if (control.type === 'IOCTL_KS_PROPERTY') {
    return connectionStateRequest(irp, openObject(context, 'pin'), control.state);
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

/** What the application can do and ask: the words of the chart in `client.ts`. */
export const clientSetup = setup({
  types: {
    context: {} as Client,
    input: {} as ClientInput,
    events: {} as ClientEvent,
    emitted: {} as FrameDelivered,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  delays: {
    pause: ({ context: { steps } }) => (steps[0]?.type === 'wait' ? steps[0].ms : 0),
    silence: ({ context: { script } }) => (script.silenceMs ?? SILENCE_MS) + script.clientDelayMs,
  },
  actions: {
    ask: enqueueActions(({ context, self, enqueue }, control: Control) => {
      const { irp, outstanding } = withIrp(self.id, context.outstanding);
      enqueue.assign({ outstanding });
      enqueue.sendTo(({ system }) => system.get('classDriver'), controlRequest(context, irp, control));
    }),
    readIntoAllBuffers: enqueueActions(({ context, self, enqueue }) => {
      let all = context.outstanding;
      for (let buffer = 0; buffer < context.script.buffers; buffer++) {
        const { irp, outstanding } = withIrp(self.id, all, { buffer });
        all = outstanding;
        enqueue.sendTo(({ system }) => system.get('classDriver'), readRequest(context, irp, buffer));
      }
      enqueue.assign({ outstanding: all });
    }),
    askQuestions: enqueueActions(({ context, self, enqueue }) => {
      let all = context.outstanding;
      for (const question of context.script.questions ?? []) {
        const about = { buffer: undefined, question: question.object };
        const { irp, outstanding } = withIrp(self.id, all, about);
        all = outstanding;
        const request = questionRequest(question, irp, openObject(context, question.object));
        enqueue.sendTo(({ system }) => system.get('classDriver'), request);
      }
      enqueue.assign({ outstanding: all });
    }),
    readIntoBuffer: enqueueActions(({ context, self, event, enqueue }) => {
      assertEvent(event, 'BufferIsFree');
      const { irp, outstanding } = withIrp(self.id, context.outstanding, { buffer: event.buffer });
      enqueue.assign({ outstanding });
      enqueue.sendTo(({ system }) => system.get('classDriver'), readRequest(context, irp, event.buffer));
    }),
    forgetIrp: assign({
      outstanding: ({ context, event }) => {
        const completed = completedBy(context, event);
        return context.outstanding.filter((other) => other !== completed);
      },
    }),
    setEvent: assign({ eventIsSet: true }),
    resetEvent: assign({ eventIsSet: false }),
    rememberFilter: assign({ filter: ({ event }) => fileObjectIn(event) }),
    rememberPin: assign({ pin: ({ event }) => fileObjectIn(event) }),
    deliverFrame: enqueueActions(({ event, enqueue }) => {
      assertEvent(event, 'IoCompleteRequest');
      if (!event.StreamHeader) return;
      const { Address, Data, DataUsed, PresentationTime, OptionsFlags } = event.StreamHeader;
      enqueue.emit({
        type: 'FrameDelivered',
        address: Data,
        bytes: DataUsed,
        presentationTime: PresentationTime,
        ...(Address === undefined ? {} : { header: Address }),
        optionsFlags: OptionsFlags,
      });
    }),
    /** Without a delay the buffer is read into in this very step. */
    workOnFrame: enqueueActions(({ context, event, enqueue }) => {
      const buffer = completedBy(context, event)?.buffer;
      const delay = context.script.clientDelayMs;
      if (buffer === undefined) return;
      const free: ClientEvent = { type: 'BufferIsFree', buffer };
      if (delay === 0) enqueue.raise(free);
      else enqueue.raise(free, { id: `buffer${buffer}`, delay });
    }),
    beginStep: assign({
      framesLeft: ({ context: { steps } }) =>
        Number.isFinite(framesOf(steps[0])) ? framesOf(steps[0]) : undefined,
    }),
    /** The events of who has died went with its stream. */
    endStep: assign({
      steps: ({ context }) => context.steps.slice(1),
      framesLeft: undefined,
      eventIsSet: false,
    }),
    countFrame: assign({
      framesLeft: ({ context: { framesLeft } }) => (framesLeft === undefined ? undefined : framesLeft - 1),
    }),
    /** As the I/O manager does for a thread that exits, and an application that has seen enough. */
    cancelReads: enqueueActions(({ context, enqueue }) => {
      for (const { irp, question = 'pin' } of context.outstanding) {
        const cancel: CancelIrp = { type: 'IoCancelIrp', irp, FileObject: openObject(context, question) };
        enqueue.sendTo(({ system }) => system.get('classDriver'), cancel);
      }
    }),
    stopWorking: enqueueActions(({ context, enqueue }) => {
      for (let buffer = 0; buffer < context.script.buffers; buffer++) enqueue.cancel(`buffer${buffer}`);
    }),
    sayDone: sendTo(
      ({ system }) => system.get('pnpManager'),
      (): ClientDone => ({ type: 'ClientDone' }),
    ),
  },
  guards: {
    bringsFrame: ({ context, event }) =>
      completedBy(context, event)?.buffer !== undefined &&
      event.type === 'IoCompleteRequest' &&
      event.Status === 'STATUS_SUCCESS' &&
      (event.StreamHeader?.DataUsed ?? 0) > 0,
    isTimeTo: ({ context: { framesLeft, steps } }, type: CountingStep) =>
      framesLeft !== undefined && framesLeft <= 0 && steps[0]?.type === type,
    waitsNext: ({ context }) => context.steps[0]?.type === 'wait',
    hasSteps: ({ context }) => context.steps.length > 0,
    isRead: ({ context, event }) => completedBy(context, event)?.buffer !== undefined,
    isOther: ({ context, event }) => {
      const completed = completedBy(context, event);
      return completed !== undefined && completed.buffer === undefined && completed.question === undefined;
    },
    isAnswer: ({ context, event }) => completedBy(context, event)?.question !== undefined,
    succeeds: ({ event }) => event.type === 'IoCompleteRequest' && ntSuccess(event.Status),
    wantsEvent: ({ context }) => context.script.event !== undefined,
    nothingIsOutstanding: ({ context }) => context.outstanding.length === 0,
  },
});

function fileObjectIn(event: ClientEvent): FileObject | undefined {
  const answer: IoCompleteRequest | undefined = event.type === 'IoCompleteRequest' ? event : undefined;
  return answer?.FileObject;
}
