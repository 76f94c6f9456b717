import { defineSystem, never, reachable } from 'interlace';
import {
  type ClassDriverMessage,
  classDriver,
  classDriverThatLosesCancels,
  classDriverWithoutReady,
  classDriverWithoutToken,
  connectionStateRequest,
  type DeviceArrived,
  defaultDataFormat,
  hardware,
  type IoCompleteRequest,
  type KSSTATE,
  pnpManager,
  synchronizer,
  watchdog,
} from 'interlace/stream-class';
import { assign, enqueueActions, sendTo, setup } from 'xstate';
import { classDriverRules, dispatchedTo } from '../classDriverRules.js';
import { holder } from '../minidrivers/holder.js';

type Irp = `client.irp${0 | 1}`;

const openPin = (irp: Irp): ClassDriverMessage => ({
  ...{ type: 'IRP_MJ_CREATE', irp, object: 'pin' },
  ...{ FilterObject: 'filter:0', PinId: 0, DataFormat: defaultDataFormat },
});
const goTo = (state: KSSTATE): ClassDriverMessage => connectionStateRequest('client.irp0', 'pin:0', state);
const read = (irp: Irp): ClassDriverMessage => ({
  ...{ type: 'IOCTL_KS_READ_STREAM', irp, FileObject: 'pin:0' },
  StreamHeader: { Data: 4096, FrameExtent: 4096, DataUsed: 0, PresentationTime: 0, OptionsFlags: [] },
});
const cancel = (irp: Irp): ClassDriverMessage => ({ type: 'IoCancelIrp', irp, FileObject: 'pin:0' });

/** What the application asks for: one list at once, the next when everything has been answered. */
const bursts: readonly (readonly ClassDriverMessage[])[] = [
  [{ type: 'IRP_MJ_CREATE', irp: 'client.irp0', object: 'filter' }],
  [openPin('client.irp0'), openPin('client.irp1')],
  [goTo('KSSTATE_PAUSE')],
  [read('client.irp0'), read('client.irp1'), cancel('client.irp0'), cancel('client.irp1')],
  [goTo('KSSTATE_STOP')],
  [
    { type: 'IRP_MJ_CLEANUP', irp: 'client.irp0', FileObject: 'pin:0' },
    { type: 'IRP_MJ_CLEANUP', irp: 'client.irp1', FileObject: 'pin:1' },
  ],
  [
    { type: 'IRP_MJ_CLOSE', irp: 'client.irp0', FileObject: 'pin:0' },
    { type: 'IRP_MJ_CLOSE', irp: 'client.irp1', FileObject: 'pin:1' },
  ],
  [{ type: 'IRP_MJ_CLEANUP', irp: 'client.irp0', FileObject: 'filter:0' }],
  [{ type: 'IRP_MJ_CLOSE', irp: 'client.irp0', FileObject: 'filter:0' }],
];

interface Application {
  readonly todo: typeof bursts;
  readonly unanswered: number;
}

/** An application of two threads: it opens both streams at once, cancels both of its reads, and closes both streams at once. */
const application = setup({
  types: {
    context: {} as Application,
    events: {} as DeviceArrived | IoCompleteRequest,
    tags: {} as 'idle',
  },
  actions: {
    askForAll: enqueueActions(({ context: { todo }, enqueue }) => {
      const [burst = [], ...rest] = todo;
      for (const request of burst) enqueue.sendTo(({ system }) => system.get('classDriver'), request);
      const unanswered = burst.filter(({ type }) => type !== 'IoCancelIrp').length;
      enqueue.assign({ todo: rest, unanswered });
    }),
    countAnswer: assign({ unanswered: ({ context }) => context.unanswered - 1 }),
    sayDone: sendTo(({ system }) => system.get('pnpManager'), { type: 'ClientDone' }),
  },
  guards: {
    isAnsweredAndDone: ({ context }) => context.unanswered === 0 && context.todo.length === 0,
    isAnswered: ({ context }) => context.unanswered === 0,
  },
}).createMachine({
  id: 'application',
  meta: { strict: true },
  context: { todo: bursts, unanswered: 0 },
  initial: 'waiting',
  states: {
    waiting: { tags: ['idle'], on: { DeviceArrived: 'asking' } },
    asking: {
      entry: 'askForAll',
      on: { IoCompleteRequest: { actions: 'countAnswer' } },
      always: [
        { guard: 'isAnsweredAndDone', target: 'done' },
        { guard: 'isAnswered', target: 'asking', reenter: true },
      ],
    },
    done: { type: 'final', entry: 'sayDone' },
  },
});

/** The class driver as it should be, and three that break a rule. */
const classDrivers = {
  sound: classDriver,
  'without token': classDriverWithoutToken,
  'without Ready': classDriverWithoutReady,
  'losing cancels': classDriverThatLosesCancels,
};

/**
 * The class driver between an application of two threads and a minidriver that keeps reads until they are cancelled.
 *
 * With a sound class driver it has 2,059 states, as many as an enumeration finds that writes each of them out and compares the
 * texts. Most of them are orders of two openings, two reads with their cancels, and two closings.
 */
export function streamRequests(kind: keyof typeof classDrivers = 'sound') {
  const system = defineSystem({
    name: `stream requests, class driver ${kind}`,
    actors: {
      pnpManager: { logic: pnpManager, input: {} },
      classDriver: { logic: classDrivers[kind] },
      synchronizer: { logic: synchronizer },
      watchdog: { logic: watchdog },
      hardware: {
        logic: hardware,
        input: { frames: 0, frameRate: { num: 25, den: 1 }, fifoDepth: 1, dmaMs: 1 },
      },
      minidriver: { logic: holder() },
      client: { logic: application },
    },
  });
  const properties = [
    ...classDriverRules,
    never(
      'INV-030: a request is never completed',
      (world) => world.quiescent && world.snapshot('client')?.context.unanswered > 0,
    ),
    reachable('the application is done', (world) => world.snapshot('client')?.status === 'done'),
    reachable('a read is dispatched', (world) => dispatchedTo(world).length > 0),
  ];
  return { system, properties };
}
