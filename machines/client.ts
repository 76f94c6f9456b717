import type { KSSTATE } from 'interlace/streaming';
import { and } from 'xstate';
import { clientSetup } from './clientSetup.js';

type ObjectRequest = 'IRP_MJ_CREATE' | 'IRP_MJ_CLEANUP' | 'IRP_MJ_CLOSE';

const ask = (type: ObjectRequest, object: 'filter' | 'pin') =>
  ({ type: 'ask', params: { type, object } }) as const;
const askForState = (state: KSSTATE) =>
  ({ type: 'ask', params: { type: 'IOCTL_KS_PROPERTY', state } }) as const;

const askForEvent = (type: 'IOCTL_KS_ENABLE_EVENT' | 'IOCTL_KS_DISABLE_EVENT') =>
  ({ type: 'ask', params: { type } }) as const;

const goesWell = and(['isOther', 'succeeds'] as const);
const frameArrives = {
  guard: 'bringsFrame',
  actions: ['deliverFrame', 'countFrame', 'workOnFrame', 'forgetIrp', 'resetEvent'],
} as const;
/** Nobody reads into that buffer again: what refuses it once would refuse it for ever. */
const readFails = { guard: 'isRead', actions: 'forgetIrp' } as const;

/** Closes the stream and the device; the I/O manager does the same for who has died (M-042). */
const closing = {
  cleaningPin: {
    entry: ask('IRP_MJ_CLEANUP', 'pin'),
    on: { IoCompleteRequest: { guard: 'isOther', target: 'collecting', actions: 'forgetIrp' } },
  },
  // CLOSE comes when every other IRP of the file object is over.
  collecting: { always: { guard: 'nothingIsOutstanding', target: 'closingPin' } },
  closingPin: {
    entry: ask('IRP_MJ_CLOSE', 'pin'),
    on: { IoCompleteRequest: { guard: 'isOther', target: 'cleaningFilter', actions: 'forgetIrp' } },
  },
  cleaningFilter: {
    entry: ask('IRP_MJ_CLEANUP', 'filter'),
    on: { IoCompleteRequest: { guard: 'isOther', target: 'closingFilter', actions: 'forgetIrp' } },
  },
  closingFilter: {
    entry: ask('IRP_MJ_CLOSE', 'filter'),
    on: { IoCompleteRequest: { guard: 'isOther', target: '#next', actions: ['forgetIrp', 'endStep'] } },
  },
} as const;

/**
 * A scripted application (B-001): it opens the device and one stream, asks about its format, takes it up to RUN with all its buffers
 * outstanding, and reads into each buffer again when it has worked on the frame. The device knows no end of stream; so after a silence it
 * takes the stream down, collects what is outstanding, and closes what it opened. Its script may say that it ends otherwise, by a
 * cancel or by its death, and that it comes back. Whatever is refused to it, it goes home.
 */
export const client = clientSetup.createMachine({
  id: 'client',
  meta: { strict: true },
  context: ({ input }) => ({
    script: input.script,
    filter: undefined,
    pin: undefined,
    outstanding: [],
    steps: input.script.steps ?? [{ type: 'capture' }],
    framesLeft: undefined,
    formats: [],
    eventIsSet: false,
  }),
  on: {
    EventSignalled: { actions: 'setEvent' },
    // To a question, whenever it comes.
    IoCompleteRequest: { guard: 'isAnswer', actions: 'forgetIrp' },
  },
  initial: 'waiting',
  states: {
    waiting: {
      tags: ['idle'],
      on: { DeviceArrived: 'next' },
    },
    next: {
      id: 'next',
      always: [
        { guard: 'waitsNext', target: 'idling' },
        { guard: 'hasSteps', target: 'opening', actions: 'beginStep' },
        { target: 'done' },
      ],
    },
    idling: { after: { pause: { target: 'next', actions: 'endStep' } } },
    opening: {
      initial: 'filter',
      states: {
        filter: {
          entry: ask('IRP_MJ_CREATE', 'filter'),
          on: {
            IoCompleteRequest: [
              { guard: 'succeeds', target: 'pin', actions: ['rememberFilter', 'forgetIrp'] },
              { target: '#done', actions: 'forgetIrp' },
            ],
          },
        },
        pin: {
          entry: ask('IRP_MJ_CREATE', 'pin'),
          on: {
            IoCompleteRequest: [
              { guard: 'succeeds', target: '#up', actions: ['rememberPin', 'forgetIrp'] },
              { target: '#down.cleaningFilter', actions: 'forgetIrp' },
            ],
          },
        },
      },
    },
    up: {
      id: 'up',
      initial: 'preparing',
      states: {
        preparing: {
          always: [
            { guard: 'asksAboutFormat', target: 'agreeingOnFormat' },
            { guard: 'wantsEvent', target: 'enablingEvent' },
            { target: 'acquiring' },
          ],
        },
        agreeingOnFormat: {
          entry: 'askAboutFormat',
          on: {
            IoCompleteRequest: [
              { guard: 'isKeptFromFormat', target: '#down.cleaningPin', actions: 'forgetIrp' },
              { target: 'preparing', actions: ['nextFormat', 'forgetIrp'] },
            ],
          },
        },
        enablingEvent: {
          entry: askForEvent('IOCTL_KS_ENABLE_EVENT'),
          on: {
            IoCompleteRequest: [
              { guard: 'succeeds', target: 'acquiring', actions: 'forgetIrp' },
              { target: '#down.cleaningPin', actions: 'forgetIrp' },
            ],
          },
        },
        acquiring: {
          entry: askForState('KSSTATE_ACQUIRE'),
          on: {
            IoCompleteRequest: [
              { guard: 'succeeds', target: 'pausing', actions: 'forgetIrp' },
              { target: '#down.cleaningPin', actions: 'forgetIrp' },
            ],
          },
        },
        pausing: {
          entry: askForState('KSSTATE_PAUSE'),
          on: {
            IoCompleteRequest: [
              { guard: 'succeeds', target: '#flowing', actions: 'forgetIrp' },
              { target: '#down.stopping', actions: 'forgetIrp' },
            ],
          },
        },
      },
    },
    flowing: {
      id: 'flowing',
      entry: ['readIntoAllBuffers', 'askQuestions'],
      exit: 'stopWorking',
      on: { BufferIsFree: { actions: 'readIntoBuffer' } },
      initial: 'starting',
      states: {
        starting: {
          entry: askForState('KSSTATE_RUN'),
          on: {
            IoCompleteRequest: [
              frameArrives,
              readFails,
              { guard: goesWell, target: 'running', actions: 'forgetIrp' },
              { guard: 'isOther', target: '#down.stopping', actions: 'forgetIrp' },
            ],
          },
        },
        running: {
          always: [
            { guard: { type: 'isTimeTo', params: 'stopAfter' }, target: '#down.pausing' },
            { guard: { type: 'isTimeTo', params: 'cancelAfter' }, target: '#cancelling' },
            { guard: { type: 'isTimeTo', params: 'crashAfter' }, target: '#dead' },
          ],
          // Entered anew by each completed read.
          after: { silence: '#down.pausing' },
          on: {
            IoCompleteRequest: [
              { ...frameArrives, target: 'running', reenter: true },
              { ...readFails, target: 'running', reenter: true },
            ],
          },
        },
      },
    },
    cancelling: {
      id: 'cancelling',
      entry: 'cancelReads',
      on: {
        IoCompleteRequest: [
          // It was just finishing.
          { guard: 'bringsFrame', actions: ['deliverFrame', 'forgetIrp'] },
          { guard: 'isRead', actions: 'forgetIrp' },
        ],
      },
      always: { guard: 'nothingIsOutstanding', target: '#down.pausing' },
    },
    // Nobody sees a frame any more, and nobody asks for a state: the I/O manager cancels and closes (M-042, C-041).
    dead: {
      id: 'dead',
      entry: 'cancelReads',
      on: { IoCompleteRequest: { guard: 'isRead', actions: 'forgetIrp' } },
      initial: 'cleaningPin',
      states: closing,
    },
    down: {
      id: 'down',
      on: {
        IoCompleteRequest: [
          { guard: 'bringsFrame', actions: ['deliverFrame', 'forgetIrp'] },
          { guard: 'isRead', actions: 'forgetIrp' },
        ],
      },
      initial: 'pausing',
      states: {
        pausing: {
          entry: askForState('KSSTATE_PAUSE'),
          on: { IoCompleteRequest: { guard: 'isOther', target: 'stopping', actions: 'forgetIrp' } },
        },
        stopping: {
          entry: askForState('KSSTATE_STOP'),
          on: {
            IoCompleteRequest: [
              { guard: and(['isOther', 'wantsEvent']), target: 'disablingEvent', actions: 'forgetIrp' },
              { guard: 'isOther', target: 'cleaningPin', actions: 'forgetIrp' },
            ],
          },
        },
        disablingEvent: {
          entry: askForEvent('IOCTL_KS_DISABLE_EVENT'),
          exit: 'resetEvent',
          on: { IoCompleteRequest: { guard: 'isOther', target: 'cleaningPin', actions: 'forgetIrp' } },
        },
        ...closing,
      },
    },
    done: { id: 'done', type: 'final', entry: 'sayDone' },
  },
});
