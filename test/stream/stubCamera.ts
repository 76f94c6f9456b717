import { assign, cancel, emit, enqueueActions, raise, sendTo, setup } from 'xstate';
import { defineSystem, type System } from '../../src/index.js';
import { frameTime100ns } from '../../src/stream/frames/frameTime.js';
import { type KSSCATTER_GATHER, scatterGather } from '../../src/stream/physicalMemory.js';
import type { StreamOptions, StreamScenario } from '../../src/stream/streamScenario.js';

/**
 * Three actors that emit frame events as the real stack does, and nothing more: hardware with a FIFO and DMA, a driver that hands
 * it buffers, a client that reads. What a driver can do wrong is an option.
 */
export interface StubFaults {
  /** What the driver does to the list of elements before it programs the DMA. */
  readonly program?: (elements: readonly KSSCATTER_GATHER[]) => readonly KSSCATTER_GATHER[];
  /** The frame whose time stamp the driver gets wrong, and what it says instead. */
  readonly timeStamp?: (frame: number, right: number) => number;
  readonly dataUsed?: (frame: number, right: number) => number;
}

const bufferStride = 16 * 2 ** 20;
const dmaMs = 2;
const silenceMs = 2000;
/** More than there are frames in the FIFO and on their way out of it. */
const SLOTS = 4;

const hardware = setup({
  types: {
    input: {} as StreamOptions,
    context: {} as StreamOptions & {
      next: number;
      fifo: readonly number[];
      armed: readonly KSSCATTER_GATHER[] | undefined;
      moving: number | undefined;
    },
    events: {} as
      | { type: 'RUN' }
      | { type: 'CAPTURE' }
      | { type: 'ARM'; elements: readonly KSSCATTER_GATHER[] }
      | { type: 'MOVE' }
      | { type: 'MOVED' },
    emitted: {} as
      | { type: 'FrameCaptured'; slot: number }
      | { type: 'FrameDropped' }
      | { type: 'DmaTransfer'; slot: number; timeAddress: number; elements: readonly KSSCATTER_GATHER[] },
  },
}).createMachine({
  context: ({ input }) => ({ ...input, next: 0, fifo: [], armed: undefined, moving: undefined }),
  on: {
    RUN: { guard: ({ context }) => context.frames > 0, actions: raise({ type: 'CAPTURE' }) },
    CAPTURE: {
      actions: enqueueActions(({ context: { next, fifo, frames, frameRate }, enqueue }) => {
        const hasRoom = fifo.length < 2;
        enqueue.emit(hasRoom ? { type: 'FrameCaptured', slot: next % SLOTS } : { type: 'FrameDropped' });
        enqueue.assign({ next: next + 1, fifo: hasRoom ? [...fifo, next] : fifo });
        const periodMs = (frameTime100ns(frameRate, next + 1) - frameTime100ns(frameRate, next)) / 10_000;
        if (next + 1 < frames) enqueue.raise({ type: 'CAPTURE' }, { delay: periodMs });
        enqueue.raise({ type: 'MOVE' });
      }),
    },
    ARM: {
      actions: [assign({ armed: ({ event }) => event.elements }), raise({ type: 'MOVE' })],
    },
    MOVE: {
      guard: ({ context }) =>
        context.armed !== undefined && context.fifo.length > 0 && context.moving === undefined,
      actions: enqueueActions(({ context: { fifo, armed = [] }, enqueue }) => {
        const [frame = 0, ...rest] = fifo;
        enqueue.emit({ type: 'DmaTransfer', slot: frame % SLOTS, timeAddress: 8, elements: armed });
        enqueue.assign({ fifo: rest, moving: frame });
        enqueue.raise({ type: 'MOVED' }, { delay: dmaMs });
      }),
    },
    MOVED: {
      actions: [
        sendTo(
          ({ system }) => system.get('driver'),
          ({ context }) => ({ type: 'Interrupt', frame: context.moving }),
        ),
        assign({ armed: undefined, moving: undefined }),
      ],
    },
  },
});

interface Read {
  readonly type: 'IOCTL_KS_READ_STREAM';
  readonly irp: string;
  readonly address: number;
}

const driverOf = ({ program = (all) => all, timeStamp, dataUsed }: StubFaults) =>
  setup({
    types: {
      input: {} as StreamOptions,
      context: {} as StreamOptions & { reads: readonly Read[]; isArmed: boolean },
      events: {} as Read | { type: 'Interrupt'; frame: number } | { type: 'ARM_NEXT' } | { type: 'STOP' },
    },
  }).createMachine({
    context: ({ input }) => ({ ...input, reads: [], isArmed: false }),
    on: {
      IOCTL_KS_READ_STREAM: {
        actions: [
          assign({ reads: ({ context, event }) => [...context.reads, event] }),
          raise({ type: 'ARM_NEXT' }),
        ],
      },
      ARM_NEXT: {
        guard: ({ context }) => !context.isArmed && context.reads.length > 0,
        actions: [
          assign({ isArmed: true }),
          sendTo(
            ({ system }) => system.get('hardware'),
            ({ context: { reads, frameBytes } }) => ({
              type: 'ARM',
              elements: program(scatterGather(reads[0]?.address ?? 0, frameBytes)),
            }),
          ),
        ],
      },
      Interrupt: {
        actions: [
          sendTo(
            ({ system }) => system.get('client'),
            ({ context: { reads, frameBytes, frameRate }, event: { frame } }) => {
              const right = frameTime100ns(frameRate, frame);
              return {
                type: 'IoCompleteRequest',
                irp: reads[0]?.irp,
                Status: 'STATUS_SUCCESS',
                address: reads[0]?.address,
                DataUsed: dataUsed?.(frame, frameBytes) ?? frameBytes,
                PresentationTime: timeStamp?.(frame, right) ?? right,
              };
            },
          ),
          assign({ isArmed: false, reads: ({ context }) => context.reads.slice(1) }),
          raise({ type: 'ARM_NEXT' }),
        ],
      },
      STOP: {
        actions: enqueueActions(({ context, enqueue, system }) => {
          for (const { irp, address } of context.reads) {
            const cancelled = {
              type: 'IoCompleteRequest',
              irp,
              Status: 'STATUS_CANCELLED',
              address,
              DataUsed: 0,
            };
            enqueue.sendTo(system.get('client'), cancelled);
          }
          enqueue.assign({ reads: [] });
        }),
      },
    },
  });

interface Completion {
  readonly type: 'IoCompleteRequest';
  readonly irp: string;
  readonly Status: string;
  readonly address: number;
  readonly DataUsed: number;
  readonly PresentationTime: number;
}

const client = setup({
  types: {
    input: {} as StreamOptions,
    context: {} as StreamOptions,
    events: {} as Completion | { type: 'READ'; buffer: number } | { type: 'SILENCE' },
    emitted: {} as { type: 'FrameDelivered'; address: number; bytes: number; presentationTime: number },
  },
}).createMachine({
  context: ({ input }) => input,
  entry: enqueueActions(({ context, enqueue, system }) => {
    for (let buffer = 0; buffer < context.buffers; buffer++) enqueue.raise({ type: 'READ', buffer });
    enqueue.sendTo(system.get('hardware'), { type: 'RUN' });
    enqueue.raise({ type: 'SILENCE' }, { delay: silenceMs, id: 'silence' });
  }),
  initial: 'running',
  states: {
    running: {
      on: {
        READ: {
          actions: sendTo(
            ({ system }) => system.get('driver'),
            ({ event: { buffer } }) => ({
              type: 'IOCTL_KS_READ_STREAM',
              irp: `client.irp${buffer}`,
              address: (buffer + 1) * bufferStride,
            }),
          ),
        },
        IoCompleteRequest: {
          guard: ({ event }) => event.DataUsed > 0,
          actions: [
            emit(({ event }) => ({
              type: 'FrameDelivered',
              address: event.address,
              bytes: event.DataUsed,
              presentationTime: event.PresentationTime,
            })),
            raise(({ event }) => ({ type: 'READ', buffer: event.address / bufferStride - 1 }), {
              delay: ({ context }) => context.clientDelayMs,
            }),
            cancel('silence'),
            raise({ type: 'SILENCE' }, { delay: silenceMs, id: 'silence' }),
          ],
        },
        SILENCE: {
          target: 'stopped',
          actions: sendTo(({ system }) => system.get('driver'), { type: 'STOP' }),
        },
      },
    },
    stopped: { tags: ['idle'] },
  },
});

/** A scenario of the stub, with or without faults, as the command line takes scenarios. */
export function stubScenario(name: string, faults: StubFaults = {}): StreamScenario {
  return { name, summary: 'a stub', system: (options) => stubCamera(options, faults) };
}

export function stubCamera(options: StreamOptions, faults: StubFaults = {}): System {
  return defineSystem({
    name: 'stub camera',
    timers: 'urgent',
    actors: {
      hardware: { logic: hardware, input: options },
      driver: { logic: driverOf(faults), input: options },
      client: { logic: client, input: options },
    },
  });
}
