import { type CancelIrp, type ClientDone, type FrameDelivered, ntSuccess } from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, sendTo, setup } from 'xstate';
import { questionRequest } from './clientQuestions.js';
import {
  type Client,
  type ClientEvent,
  type Control,
  completedBy,
  controlRequest,
  fileObjectIn,
  openObject,
  readRequest,
  withIrp,
} from './clientRequests.js';
import { type ClientInput, SILENCE_MS } from './clientScript.js';
import { type CountingStep, framesOf } from './clientStep.js';

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
    askAboutFormat: enqueueActions(({ context, self, enqueue }) => {
      const [format] = context.formats;
      if (!format) return;
      const { irp, outstanding } = withIrp(self.id, context.outstanding);
      enqueue.assign({ outstanding });
      const request = controlRequest(context, irp, { type: 'IOCTL_KS_PROPERTY', format });
      enqueue.sendTo(({ system }) => system.get('classDriver'), request);
    }),
    nextFormat: assign({ formats: ({ context }) => context.formats.slice(1) }),
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
      formats: ({ context: { script } }) => script.formats ?? [],
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
    asksAboutFormat: ({ context }) => context.formats.length > 0,
    isKeptFromFormat: ({ context, event }) =>
      context.formats[0]?.type === 'set' && event.type === 'IoCompleteRequest' && !ntSuccess(event.Status),
    wantsEvent: ({ context }) => context.script.event !== undefined,
    nothingIsOutstanding: ({ context }) => context.outstanding.length === 0,
  },
});
