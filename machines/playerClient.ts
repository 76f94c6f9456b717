import {
  type ClientDone,
  type IoCompleteRequest,
  type KSSTATE,
  ntSuccess,
  type PlayEvent,
} from 'interlace/streaming';
import { and, assertEvent, assign, enqueueActions, sendTo, setup } from 'xstate';
import {
  type Control,
  completedBy,
  controlRequest,
  firstWrites,
  type Player,
  type PlayerEvent,
  type PlayerScript,
  withIrp,
  writings,
} from './playerRequests.js';

const create = (object: Control['object']): Control => ({ type: 'IRP_MJ_CREATE', object });
const cleanup = (object: Control['object']): Control => ({ type: 'IRP_MJ_CLEANUP', object });
const close = (object: Control['object']): Control => ({ type: 'IRP_MJ_CLOSE', object });
const go = (object: number, state: KSSTATE): Control => ({ type: 'IOCTL_KS_PROPERTY', object, state });

const createClock = (object: number): Control => ({ type: 'KsCreateClock', object });
const closeClock = (object: number): Control => ({ type: 'KsCloseClock', object });
const follow = (object: number, follows: boolean): Control => {
  return { type: 'KSPROPERTY_STREAM_MASTERCLOCK', object, follows };
};

/** What is asked in each part of a life, of all streams one after the other. */
type Part = 'open' | 'start' | 'stop' | 'close';

function controlsOf(part: Part, { script, filter, pins, clock }: Player): Control[] {
  const every = [...script.streams.keys()];
  const open = [...pins.keys()];
  const { clockStream, events = [] } = script;
  const about = (streams: readonly number[], type: 'IOCTL_KS_ENABLE_EVENT' | 'IOCTL_KS_DISABLE_EVENT') =>
    streams.flatMap((object) => [...events.keys()].map((event): Control => ({ type, object, event })));
  switch (part) {
    case 'open':
      return [
        create('filter'),
        ...every.map(create),
        ...(clockStream === undefined
          ? []
          : [createClock(clockStream), ...every.map((stream) => follow(stream, true))]),
        ...about(every, 'IOCTL_KS_ENABLE_EVENT'),
        ...every.map((stream) => go(stream, 'KSSTATE_ACQUIRE')),
        ...every.map((stream) => go(stream, 'KSSTATE_PAUSE')),
      ];
    case 'start':
      return every.map((stream) => go(stream, 'KSSTATE_RUN'));
    case 'stop':
      return [
        ...open.map((stream) => go(stream, 'KSSTATE_PAUSE')),
        ...open.map((stream) => go(stream, 'KSSTATE_STOP')),
        ...about(open, 'IOCTL_KS_DISABLE_EVENT'),
        ...open.flatMap((stream) => (clock === undefined ? [] : [follow(stream, false)])),
        ...(clock === undefined || clockStream === undefined ? [] : [closeClock(clockStream)]),
        ...open.map(cleanup),
      ];
    case 'close':
      return [...open.map(close), ...(filter ? [cleanup('filter'), close('filter')] : [])];
  }
}

const plan = (part: Part) => ({ type: 'plan', params: part }) as const;
const controlGoesWell = and(['isControl', 'succeeds'] as const);
const writeComes = {
  guard: 'isWrite',
  actions: ['noteEnd', 'fillBufferAgain', 'forgetIrp'],
} as const;

/**
 * An application that plays a clip through a device (B-001): it opens the device and one pin for each stream, fills all of its
 * buffers in PAUSE, lets the streams run, and writes the next frame into each buffer that comes back. Behind the last frame of
 * a stream it writes the end; when every end has come back, or nothing does for long, it takes the streams down, collects
 * what is outstanding, and closes what it opened.
 *
 * It is all one thread for what it asks: `todo` is asked one by one. Before the frames flow a refusal sends it home.
 */
export const playerClient = setup({
  types: {
    context: {} as Player,
    input: {} as { script: PlayerScript },
    events: {} as PlayerEvent,
    emitted: {} as PlayEvent,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  delays: {
    silence: ({ context: { script } }) => (script.silenceMs ?? 2000) + script.clientDelayMs,
  },
  actions: {
    plan: assign({ todo: ({ context }, part: Part) => controlsOf(part, context) }),
    askNext: enqueueActions(({ context, self, enqueue }) => {
      const [control] = context.todo;
      if (!control) return;
      const { irp, outstanding } = withIrp(self.id, context.outstanding, undefined);
      enqueue.assign({ outstanding });
      enqueue.sendTo(({ system }) => system.get('classDriver'), controlRequest(context, irp, control));
    }),
    noteAnswer: assign(({ context: { todo, pins, filter }, event }) => {
      const answer: IoCompleteRequest | undefined = event.type === 'IoCompleteRequest' ? event : undefined;
      const [control, ...left] = todo;
      const clock = answer?.ClockObject;
      if (clock !== undefined) return { todo: left, clock };
      const opened = control?.type === 'IRP_MJ_CREATE' ? answer?.FileObject : undefined;
      if (!opened) return { todo: left };
      return control?.object === 'filter'
        ? { todo: left, filter: opened }
        : { todo: left, filter, pins: [...pins, opened] };
    }),
    forgetIrp: assign({
      outstanding: ({ context, event }) => {
        const completed = completedBy(context, event);
        return context.outstanding.filter((other) => other !== completed);
      },
    }),
    writeIntoAllBuffers: enqueueActions(({ context, self, enqueue }) => {
      const { all, ...next } = writings(context, self.id, firstWrites(context.script));
      enqueue.assign(next);
      for (const { request, emission } of all) {
        if (emission) enqueue.emit(emission);
        enqueue.sendTo(({ system }) => system.get('classDriver'), request);
      }
    }),
    writeFreeBuffer: enqueueActions(({ context, self, event, enqueue }) => {
      assertEvent(event, 'BufferIsFree');
      const { all, ...next } = writings(context, self.id, [event]);
      enqueue.assign(next);
      for (const { request, emission } of all) {
        if (emission) enqueue.emit(emission);
        enqueue.sendTo(({ system }) => system.get('classDriver'), request);
      }
    }),
    noteEnd: assign({
      ended: ({ context, event }) => {
        const write = completedBy(context, event)?.write;
        const isEnd = write !== undefined && write.buffer === undefined;
        return isEnd ? context.ended.with(write.stream, true) : context.ended;
      },
    }),
    /** Without a delay the buffer is written in this very step. What is refused once would be refused for ever. */
    fillBufferAgain: enqueueActions(({ context, event, enqueue }) => {
      const { stream, buffer } = completedBy(context, event)?.write ?? {};
      const isDone = event.type === 'IoCompleteRequest' && event.Status === 'STATUS_SUCCESS';
      if (stream === undefined || buffer === undefined || !isDone) return;
      const free: PlayerEvent = { type: 'BufferIsFree', stream, buffer };
      const delay = context.script.clientDelayMs;
      if (delay === 0) enqueue.raise(free);
      else enqueue.raise(free, { id: `buffer${stream}.${buffer}`, delay });
    }),
    stopFilling: enqueueActions(({ context: { script }, enqueue }) => {
      for (const stream of script.streams.keys()) {
        for (let buffer = 0; buffer < script.buffers; buffer++) enqueue.cancel(`buffer${stream}.${buffer}`);
      }
    }),
    sayDone: sendTo(
      ({ system }) => system.get('pnpManager'),
      (): ClientDone => ({ type: 'ClientDone' }),
    ),
  },
  guards: {
    isWrite: ({ context, event }) => completedBy(context, event)?.write !== undefined,
    isControl: ({ context, event }) => {
      const completed = completedBy(context, event);
      return completed !== undefined && completed.write === undefined;
    },
    succeeds: ({ event }) => event.type === 'IoCompleteRequest' && ntSuccess(event.Status),
    isLast: ({ context }) => context.todo.length <= 1,
    nothingToAsk: ({ context }) => context.todo.length === 0,
    allHaveEnded: ({ context }) => context.ended.every((hasEnded) => hasEnded),
    nothingIsOutstanding: ({ context }) => context.outstanding.length === 0,
  },
}).createMachine({
  id: 'playerClient',
  meta: { strict: true },
  context: ({ input: { script } }) => ({
    script,
    filter: undefined,
    pins: [],
    clock: undefined,
    todo: [],
    outstanding: [],
    written: script.streams.map(() => 0),
    ended: script.streams.map(() => false),
  }),
  // Its Win32 events are set; it does not wait for them.
  on: { EventSignalled: {} },
  initial: 'waiting',
  states: {
    waiting: {
      tags: ['idle'],
      on: { DeviceArrived: { target: 'opening', actions: plan('open') } },
    },
    opening: {
      entry: 'askNext',
      on: {
        IoCompleteRequest: [
          {
            guard: and([controlGoesWell, 'isLast']),
            target: 'flowing',
            actions: ['noteAnswer', 'forgetIrp', plan('start')],
          },
          { guard: controlGoesWell, target: 'opening', reenter: true, actions: ['noteAnswer', 'forgetIrp'] },
          { target: 'down', actions: 'forgetIrp' },
        ],
      },
    },
    flowing: {
      entry: 'writeIntoAllBuffers',
      exit: 'stopFilling',
      on: { BufferIsFree: { actions: 'writeFreeBuffer' } },
      initial: 'starting',
      states: {
        starting: {
          entry: 'askNext',
          on: {
            IoCompleteRequest: [
              writeComes,
              {
                guard: and([controlGoesWell, 'isLast']),
                target: 'playing',
                actions: ['noteAnswer', 'forgetIrp'],
              },
              {
                guard: controlGoesWell,
                target: 'starting',
                reenter: true,
                actions: ['noteAnswer', 'forgetIrp'],
              },
              { target: '#down', actions: 'forgetIrp' },
            ],
          },
        },
        playing: {
          always: { guard: 'allHaveEnded', target: '#down' },
          // Entered anew by each write that comes back.
          after: { silence: '#down' },
          on: { IoCompleteRequest: { ...writeComes, target: 'playing', reenter: true } },
        },
      },
    },
    down: {
      id: 'down',
      entry: plan('stop'),
      on: { IoCompleteRequest: { guard: 'isWrite', actions: 'forgetIrp' } },
      initial: 'stopping',
      states: {
        stopping: {
          entry: 'askNext',
          always: { guard: 'nothingToAsk', target: 'collecting' },
          on: {
            IoCompleteRequest: {
              guard: 'isControl',
              target: 'stopping',
              reenter: true,
              actions: ['noteAnswer', 'forgetIrp'],
            },
          },
        },
        // CLOSE comes when every other IRP of the file object is over.
        collecting: { always: { guard: 'nothingIsOutstanding', target: 'closing', actions: plan('close') } },
        closing: {
          entry: 'askNext',
          always: { guard: 'nothingToAsk', target: '#done' },
          on: {
            IoCompleteRequest: {
              guard: 'isControl',
              target: 'closing',
              reenter: true,
              actions: ['noteAnswer', 'forgetIrp'],
            },
          },
        },
      },
    },
    done: { id: 'done', type: 'final', entry: 'sayDone' },
  },
});
