import { defineSystem, type System } from 'interlace';
import { assign, sendTo, setup } from 'xstate';

interface Client {
  readonly left: number;
}
interface Driver {
  readonly queue: readonly string[];
}
type Request = { readonly type: 'READ' | 'START'; readonly from: string };

/** Has `left` requests to make, one after the other; `GO` is its note to itself to make the next one. */
const client = setup({
  types: {
    context: {} as Client,
    input: {} as { requests: number },
    events: {} as { type: 'GO' | 'DONE' },
  },
}).createMachine({
  id: 'client',
  context: ({ input }) => ({ left: input.requests }),
  initial: 'idle',
  states: {
    idle: {
      entry: sendTo(({ self }) => self, { type: 'GO' }),
      always: { guard: ({ context }) => context.left === 0, target: 'done' },
      on: {
        GO: {
          target: 'waiting',
          actions: sendTo(
            ({ system }) => system.get('driver'),
            ({ self }): Request => ({ type: 'READ', from: self.id }),
          ),
        },
      },
    },
    waiting: {
      on: { DONE: { target: 'idle', actions: assign({ left: ({ context }) => context.left - 1 }) } },
    },
    done: { tags: ['idle'], on: { GO: {} } },
  },
});

const driving = setup({
  types: { context: {} as Driver, events: {} as Request | { type: 'INTERRUPT' } },
  actions: {
    start: sendTo(
      ({ system }) => system.get('device'),
      ({ context }): Request => ({ type: 'START', from: context.queue[0] ?? '' }),
    ),
    watch: sendTo(({ system }) => system.get('watchdog'), { type: 'ARM' }),
    complete: sendTo(({ system, context }) => system.get(context.queue[0] ?? ''), { type: 'DONE' }),
    rest: sendTo(({ system }) => system.get('watchdog'), { type: 'DISARM' }),
    enqueue: assign({
      queue: ({ context, event }) => (event.type === 'READ' ? [...context.queue, event.from] : context.queue),
    }),
    dequeue: assign({ queue: ({ context }) => context.queue.slice(1) }),
  },
});

/** Queues requests and has one of them outstanding at the device. */
const driver = driving.createMachine({
  id: 'driver',
  context: { queue: [] },
  initial: 'ready',
  states: {
    ready: { tags: ['idle'], on: { READ: { target: 'busy', actions: ['enqueue', 'start', 'watch'] } } },
    busy: {
      on: {
        READ: { actions: 'enqueue' },
        INTERRUPT: { target: 'next', actions: ['complete', 'rest', 'dequeue'] },
      },
    },
    next: {
      always: [
        { guard: ({ context }) => context.queue.length > 0, target: 'busy', actions: ['start', 'watch'] },
        { target: 'ready' },
      ],
    },
  },
});

const device = setup({}).createMachine({
  id: 'device',
  tags: ['idle'],
  on: { START: { actions: sendTo(({ system }) => system.get('driver'), { type: 'INTERRUPT' }) } },
});

const watchdog = setup({}).createMachine({
  id: 'watchdog',
  initial: 'off',
  states: { off: { tags: ['idle'], on: { ARM: 'on' } }, on: { tags: ['idle'], on: { DISARM: 'off' } } },
});

/**
 * The model that the runtime is measured with: clients make some requests each through a driver and a device, and a watchdog
 * looks on. The same model in Promela, for SPIN, has the same number of states.
 */
export function requestsSystem(clients: number, requests: number): System {
  const names = Array.from({ length: clients }, (_, i) => `client${i}`);
  return defineSystem({
    name: `${clients} clients, ${requests} requests each`,
    actors: {
      ...Object.fromEntries(names.map((name) => [name, { logic: client, input: { requests } }])),
      driver: { logic: driver },
      device: { logic: device },
      watchdog: { logic: watchdog },
    },
  });
}
