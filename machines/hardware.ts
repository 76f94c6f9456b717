import {
  frameTimeMs,
  type HardwareEmission,
  type HardwareMessage,
  type KSSCATTER_GATHER,
  type Ratio,
  type WriteRegister,
} from 'interlace/streaming';
import { and, assertEvent, assign, enqueueActions, not, raise, sendTo, setup, stateIn } from 'xstate';

/** Bits of CONTROL. RESET clears itself. */
export const CONTROL_RUN = 0x1;
export const CONTROL_INTERRUPT_ENABLE = 0x2;
export const CONTROL_RESET = 0x4;
/** Bit of STATUS: a transfer has finished. Writing 1 clears it. */
export const STATUS_FRAME_DONE = 0x1;

/** What the minidriver can read. */
export interface HardwareRegisters {
  readonly CONTROL: number;
  readonly STATUS: number;
  /** address, length, address, length, … of the next transfer. Writing arms the engine for one frame, unless it is transferring. */
  readonly DMA_DESCRIPTORS: readonly number[];
  /** Of the last finished transfer. */
  readonly FRAME_NUMBER: number;
  readonly FRAME_BYTES: number;
  /** Frames that found the FIFO full since the last RESET. */
  readonly DROP_COUNT: number;
}

export interface HardwareInput {
  /** How many frames the sensor will see. */
  readonly frames: number;
  readonly frameRate: Ratio;
  /** Frames that fit into the FIFO; one that is being transferred has left it. At least 1. */
  readonly fifoDepth: number;
  /** How long a transfer takes. */
  readonly dmaMs: number;
  /** Bytes of a frame; a transfer ends there. Default: a transfer fills its descriptors. */
  readonly frameBytes?: number;
}

interface Hardware extends HardwareInput {
  readonly registers: HardwareRegisters;
  /** The number of the frame that the sensor sees next. */
  readonly nextFrame: number;
  readonly fifo: readonly number[];
  /** The frame that is being transferred. */
  readonly transferring: number | undefined;
}

const resetRegisters: HardwareRegisters = {
  CONTROL: 0,
  STATUS: 0,
  DMA_DESCRIPTORS: [],
  FRAME_NUMBER: 0,
  FRAME_BYTES: 0,
  DROP_COUNT: 0,
};

function elementsOf(descriptors: readonly number[]): KSSCATTER_GATHER[] {
  const elements: KSSCATTER_GATHER[] = [];
  for (let i = 0; i + 1 < descriptors.length; i += 2) {
    elements.push({ PhysicalAddress: descriptors[i] ?? 0, Length: descriptors[i + 1] ?? 0 });
  }
  return elements;
}

type HardwareEvent = HardwareMessage | { readonly type: 'TransferDone' };

function isWrite(event: HardwareEvent): event is WriteRegister {
  return event.type === 'WriteRegister';
}

/** What a write puts into CONTROL; `undefined` when it goes elsewhere. */
function controlOf(event: HardwareEvent): number | undefined {
  return isWrite(event) && event.register === 'CONTROL' && typeof event.value === 'number'
    ? event.value
    : undefined;
}

/** What a write puts into DMA_DESCRIPTORS; `undefined` when it goes elsewhere. */
function descriptorsOf(event: HardwareEvent): readonly number[] | undefined {
  return isWrite(event) && event.register === 'DMA_DESCRIPTORS' && typeof event.value === 'object'
    ? event.value
    : undefined;
}

function resets(event: HardwareEvent): boolean {
  return ((controlOf(event) ?? 0) & CONTROL_RESET) !== 0;
}

function enablesInterrupt(control: number): boolean {
  return (control & CONTROL_INTERRUPT_ENABLE) !== 0;
}

function isFrameDone(status: number): boolean {
  return (status & STATUS_FRAME_DONE) !== 0;
}

/**
 * A capture device on a bus (B-008): a sensor with a FIFO of frames, a DMA engine that is armed for one frame at a time, and an
 * interrupt line. Frame n is complete when n + 1 frame periods have passed since RUN was set, stops not counted.
 *
 * Four regions share the registers. `bus` takes the writes; `sensor` fills the FIFO while RUN is set; `engine` moves its head
 * to memory; `line` is up while a finished transfer is enabled to interrupt, and its rising edge is the interrupt (M-110).
 * Clearing RUN lets a transfer under way finish; RESET ends it and empties the FIFO.
 *
 * Bytes do not pass through here: whoever carries them listens to what is emitted (architecture 5.3).
 */
export const hardware = setup({
  types: {
    context: {} as Hardware,
    input: {} as HardwareInput,
    events: {} as HardwareEvent,
    emitted: {} as HardwareEmission,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  delays: {
    framePeriod: ({ context: { nextFrame, frameRate } }) =>
      frameTimeMs(frameRate, nextFrame + 1) - frameTimeMs(frameRate, nextFrame),
    transfer: ({ context }) => context.dmaMs,
  },
  actions: {
    writeControl: assign({
      registers: ({ context: { registers }, event }) => ({
        ...registers,
        CONTROL: controlOf(event) ?? registers.CONTROL,
      }),
    }),
    clearStatus: assign({
      registers: ({ context: { registers }, event }) => {
        assertEvent(event, 'WriteRegister');
        return { ...registers, STATUS: registers.STATUS & ~Number(event.value) };
      },
    }),
    writeDescriptors: assign({
      registers: ({ context: { registers }, event }) => ({
        ...registers,
        DMA_DESCRIPTORS: descriptorsOf(event) ?? registers.DMA_DESCRIPTORS,
      }),
    }),
    flushFifo: enqueueActions(({ context, enqueue }) => {
      if (context.fifo.length > 0) enqueue.emit({ type: 'FifoFlushed', frames: context.fifo });
      enqueue.assign({ fifo: [] });
    }),
    reset: assign({
      registers: ({ event }) => ({ ...resetRegisters, CONTROL: (controlOf(event) ?? 0) & ~CONTROL_RESET }),
    }),
    capture: enqueueActions(({ context: { nextFrame, fifo }, enqueue }) => {
      enqueue.emit({ type: 'FrameCaptured', frame: nextFrame });
      enqueue.assign({ fifo: [...fifo, nextFrame], nextFrame: nextFrame + 1 });
    }),
    drop: enqueueActions(({ context: { nextFrame, registers }, enqueue }) => {
      enqueue.emit({ type: 'FrameDropped', frame: nextFrame });
      enqueue.assign({
        registers: { ...registers, DROP_COUNT: registers.DROP_COUNT + 1 },
        nextFrame: nextFrame + 1,
      });
    }),
    beginTransfer: enqueueActions(({ context, enqueue }) => {
      const [frame, ...fifo] = context.fifo;
      if (frame === undefined) return;
      enqueue.emit({ type: 'DmaTransfer', frame, elements: elementsOf(context.registers.DMA_DESCRIPTORS) });
      enqueue.assign({ fifo, transferring: frame });
    }),
    finishTransfer: assign({
      registers: ({ context: { registers, transferring, frameBytes = Number.POSITIVE_INFINITY } }) => {
        const armedBytes = elementsOf(registers.DMA_DESCRIPTORS).reduce((sum, { Length }) => sum + Length, 0);
        return {
          ...registers,
          STATUS: registers.STATUS | STATUS_FRAME_DONE,
          FRAME_NUMBER: transferring ?? 0,
          FRAME_BYTES: Math.min(armedBytes, frameBytes),
          DMA_DESCRIPTORS: [],
        };
      },
      transferring: undefined,
    }),
    dropTransfer: assign({ transferring: undefined }),
    tellLine: raise({ type: 'TransferDone' }),
    interrupt: sendTo(({ system }) => system.get('synchronizer'), { type: 'Interrupt' }),
  },
  guards: {
    writesControl: ({ event }) => isWrite(event) && controlOf(event) !== undefined,
    writesStatus: ({ event }) => isWrite(event) && event.register === 'STATUS' && !Array.isArray(event.value),
    writesDescriptors: ({ event }) => descriptorsOf(event) !== undefined,
    arms: ({ event }) => (descriptorsOf(event)?.length ?? 0) > 0,
    disarms: ({ event }) => resets(event) || descriptorsOf(event)?.length === 0,
    resets: ({ event }) => resets(event),
    setsRun: ({ event }) => ((controlOf(event) ?? 0) & CONTROL_RUN) !== 0,
    clearsRun: ({ event }) => ((controlOf(event) ?? CONTROL_RUN) & CONTROL_RUN) === 0,
    hasSeenAll: ({ context }) => context.nextFrame >= context.frames,
    isLastFrame: ({ context }) => context.nextFrame + 1 >= context.frames,
    fifoHasRoom: ({ context }) => context.fifo.length < context.fifoDepth,
    isTransferring: stateIn({ engine: 'transferring' }),
    canTransfer: ({ context: { registers, fifo } }) =>
      (registers.CONTROL & CONTROL_RUN) !== 0 && fifo.length > 0,
    interruptsAreEnabled: ({ context }) => enablesInterrupt(context.registers.CONTROL),
    enablesAfterTransfer: ({ context, event }) =>
      !resets(event) && enablesInterrupt(controlOf(event) ?? 0) && isFrameDone(context.registers.STATUS),
    lowersLine: ({ event }) =>
      resets(event) ||
      !enablesInterrupt(controlOf(event) ?? CONTROL_INTERRUPT_ENABLE) ||
      (isWrite(event) && event.register === 'STATUS' && isFrameDone(Number(event.value))),
  },
}).createMachine({
  id: 'hardware',
  meta: { strict: true },
  tags: ['idle'],
  context: ({ input }) => ({
    ...input,
    registers: resetRegisters,
    nextFrame: 0,
    fifo: [],
    transferring: undefined,
  }),
  type: 'parallel',
  states: {
    bus: {
      on: {
        WriteRegister: [
          { guard: 'resets', actions: ['flushFifo', 'reset'] },
          { guard: 'writesControl', actions: 'writeControl' },
          { guard: 'writesStatus', actions: 'clearStatus' },
          // The engine has latched its descriptors.
          { guard: and(['writesDescriptors', 'isTransferring']) },
          { guard: 'writesDescriptors', actions: 'writeDescriptors' },
        ],
      },
    },
    sensor: {
      initial: 'dark',
      states: {
        dark: {
          on: { WriteRegister: { guard: and(['setsRun', not('hasSeenAll')]), target: 'exposing' } },
        },
        exposing: {
          on: { WriteRegister: { guard: 'clearsRun', target: 'dark' } },
          after: {
            framePeriod: [
              { guard: and(['isLastFrame', 'fifoHasRoom']), target: 'dark', actions: 'capture' },
              { guard: 'isLastFrame', target: 'dark', actions: 'drop' },
              { guard: 'fifoHasRoom', target: 'exposing', reenter: true, actions: 'capture' },
              { target: 'exposing', reenter: true, actions: 'drop' },
            ],
          },
        },
      },
    },
    engine: {
      initial: 'disarmed',
      states: {
        disarmed: {
          on: { WriteRegister: { guard: 'arms', target: 'armed' } },
        },
        armed: {
          on: { WriteRegister: { guard: 'disarms', target: 'disarmed' } },
          always: { guard: 'canTransfer', target: 'transferring' },
        },
        transferring: {
          entry: 'beginTransfer',
          on: { WriteRegister: { guard: 'resets', target: 'disarmed', actions: 'dropTransfer' } },
          after: { transfer: { target: 'disarmed', actions: ['finishTransfer', 'tellLine'] } },
        },
      },
    },
    line: {
      initial: 'low',
      states: {
        low: {
          on: {
            TransferDone: [{ guard: 'interruptsAreEnabled', target: 'high' }, {}],
            WriteRegister: { guard: 'enablesAfterTransfer', target: 'high' },
          },
        },
        high: {
          entry: 'interrupt',
          on: {
            TransferDone: {},
            WriteRegister: { guard: 'lowersLine', target: 'low' },
          },
        },
      },
    },
  },
});
