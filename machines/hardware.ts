import { type BusReport, framePattern, type HardwareEmission, type NextPictures } from 'interlace/streaming';
import { and, assertEvent, assign, emit, enqueueActions, or, raise, sendTo, setup, stateIn } from 'xstate';
import {
  CONTROL_INTERRUPT_ENABLE,
  CONTROL_RESET,
  CONTROL_RUN,
  controlOf,
  deadRegisters,
  descriptorsOf,
  elementsOf,
  enablesInterrupt,
  framePeriodMs,
  freeFifoSlot,
  type Hardware,
  type HardwareEvent,
  type HardwareInput,
  isFrameDone,
  isWrite,
  needsScene,
  PICTURES_AHEAD,
  resetRegisters,
  resets,
  STATUS_AFTER_GAP,
  STATUS_FRAME_DONE,
} from './hardwareRegisters.js';

/** What a part of the device does when power goes, or the plug is pulled. */
function dies<Target extends string>(target: Target, actions: 'dropTransfer'[] = []) {
  return { SetDevicePower: { guard: 'losesPower', target, actions }, Unplug: { target, actions } } as const;
}

/**
 * A capture device on a bus (B-008): a sensor with a FIFO of frames, a DMA engine that is armed for one frame at a time, and an
 * interrupt line. Frame n is complete when n + 1 frame periods have passed since RUN was set, stops not counted.
 *
 * Four regions share the registers. `bus` takes the writes; `sensor` looks at the scene once a period while RUN is set, and
 * fills the FIFO; `engine` moves its head to memory; `line` is up while a finished transfer is enabled to interrupt, and its
 * rising edge is the interrupt (M-110).
 * Nothing here counts frames, so that a run of any length comes back to where it was: how many there are is the scene's
 * affair, and which is which that of those who carry the bytes.
 * Without power `bus` answers with all ones and takes nothing, and the others rest (M-113). Clearing RUN lets a transfer under way finish; RESET ends it and empties the FIFO.
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
    framePeriod: ({ context }) => framePeriodMs(context),
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
      if (context.fifo.length > 0) enqueue.emit({ type: 'FifoFlushed', frames: context.fifo.length });
      enqueue.assign({ fifo: [], hasLostFrame: false });
    }),
    reset: assign({
      registers: ({ event }) => ({ ...resetRegisters, CONTROL: (controlOf(event) ?? 0) & ~CONTROL_RESET }),
    }),
    /** Another picture has been seen. */
    see: enqueueActions(({ context: { picturesLeft, areLast, phase, frameRate }, enqueue }) => {
      const left = picturesLeft - 1;
      enqueue.assign({ picturesLeft: left, phase: (phase + 1) % framePattern(frameRate) });
      const next: NextPictures = { type: 'NextPictures' };
      if (left === PICTURES_AHEAD / 2 && !areLast) enqueue.sendTo(({ system }) => system.get('scene'), next);
    }),
    addPictures: assign(({ context: { picturesLeft }, event }) => {
      assertEvent(event, 'Pictures');
      return { picturesLeft: picturesLeft + event.count, areLast: event.areLast };
    }),
    capture: enqueueActions(({ context: { fifo, hasLostFrame }, enqueue }) => {
      const slot = freeFifoSlot(fifo);
      enqueue.emit({ type: 'FrameCaptured', slot });
      enqueue.assign({ fifo: [...fifo, { slot, isAfterGap: hasLostFrame }], hasLostFrame: false });
    }),
    drop: enqueueActions(({ enqueue }) => {
      enqueue.emit({ type: 'FrameDropped' });
      enqueue.assign({ hasLostFrame: true });
    }),
    beginTransfer: enqueueActions(({ context, enqueue }) => {
      const [frame, ...fifo] = context.fifo;
      const { DMA_DESCRIPTORS } = context.registers;
      const [timeAddress] = DMA_DESCRIPTORS;
      if (frame === undefined || timeAddress === undefined) return;
      const elements = elementsOf(DMA_DESCRIPTORS);
      enqueue.emit({ type: 'DmaTransfer', slot: frame.slot, timeAddress, elements });
      enqueue.assign({ fifo, transferring: frame });
    }),
    finishTransfer: assign({
      registers: ({ context: { registers, transferring, frameBytes = Number.POSITIVE_INFINITY } }) => {
        const armedBytes = elementsOf(registers.DMA_DESCRIPTORS).reduce((sum, { Length }) => sum + Length, 0);
        const gap = transferring?.isAfterGap ? STATUS_AFTER_GAP : 0;
        return {
          ...registers,
          STATUS: STATUS_FRAME_DONE | gap,
          FRAME_BYTES: Math.min(armedBytes, frameBytes),
          DMA_DESCRIPTORS: [],
        };
      },
      transfersUntilHang: ({ context: { transfersUntilHang } }) =>
        transfersUntilHang === undefined ? undefined : transfersUntilHang - 1,
      transferring: undefined,
    }),
    hang: assign({ transfersUntilHang: undefined }),
    dropTransfer: assign({ transferring: undefined }),
    loseEverything: enqueueActions(({ context, enqueue }) => {
      if (context.fifo.length > 0) enqueue.emit({ type: 'FifoFlushed', frames: context.fifo.length });
      enqueue.assign({ fifo: [], hasLostFrame: false, registers: deadRegisters });
    }),
    loseWrite: emit(({ event }) => {
      assertEvent(event, 'WriteRegister');
      return { type: 'WriteLost', register: event.register };
    }),
    wakeUp: assign({ registers: resetRegisters }),
    reportPower: sendTo(
      ({ system }) => system.get('pnpManager'),
      (): BusReport => ({ type: 'DevicePowerSet' }),
    ),
    reportVanished: sendTo(
      ({ system }) => system.get('pnpManager'),
      (): BusReport => ({ type: 'DeviceVanished' }),
    ),
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
    isPowered: stateIn({ bus: 'powered' }),
    losesPower: ({ event }) => event.type === 'SetDevicePower' && event.DeviceState !== 'D0',
    hasPictures: ({ context }) => context.picturesLeft > 0,
    fifoHasRoom: ({ context }) => context.fifo.length < context.fifoDepth,
    isTransferring: or([stateIn({ engine: 'transferring' }), stateIn({ engine: 'hanging' })]),
    canTransfer: ({ context: { registers, fifo } }) =>
      (registers.CONTROL & CONTROL_RUN) !== 0 && fifo.length > 0,
    hangs: ({ context }) => context.transfersUntilHang === 0,
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
  context: ({ input: { frames, ...input } }) => ({
    ...input,
    picturesLeft: Math.min(frames, PICTURES_AHEAD),
    areLast: !needsScene({ frames }),
    phase: 0,
    registers: resetRegisters,
    fifo: [],
    transferring: undefined,
    hasLostFrame: false,
  }),
  type: 'parallel',
  states: {
    bus: {
      initial: 'powered',
      states: {
        powered: {
          on: {
            WriteRegister: [
              { guard: 'resets', actions: ['flushFifo', 'reset'] },
              { guard: 'writesControl', actions: 'writeControl' },
              { guard: 'writesStatus', actions: 'clearStatus' },
              // The engine has latched its descriptors.
              { guard: and(['writesDescriptors', 'isTransferring']) },
              { guard: 'writesDescriptors', actions: 'writeDescriptors' },
            ],
            SetDevicePower: [
              { guard: 'losesPower', target: 'dead', actions: ['loseEverything', 'reportPower'] },
              { actions: 'reportPower' },
            ],
            Unplug: { target: 'unplugged', actions: ['loseEverything', 'reportVanished'] },
          },
        },
        dead: {
          on: {
            WriteRegister: { actions: 'loseWrite' },
            SetDevicePower: [
              { guard: 'losesPower', actions: 'reportPower' },
              { target: 'powered', actions: ['wakeUp', 'reportPower'] },
            ],
            Unplug: { target: 'unplugged', actions: 'reportVanished' },
          },
        },
        unplugged: {
          on: {
            WriteRegister: { actions: 'loseWrite' },
            SetDevicePower: { actions: 'reportPower' },
            Unplug: {},
          },
        },
      },
    },
    sensor: {
      initial: 'dark',
      on: { Pictures: { actions: 'addPictures' } },
      states: {
        dark: {
          on: {
            WriteRegister: { guard: and(['isPowered', 'setsRun']), target: 'waiting' },
          },
        },
        exposing: {
          on: { WriteRegister: { guard: 'clearsRun', target: 'dark' }, ...dies('dark') },
          after: {
            framePeriod: [
              { guard: 'fifoHasRoom', target: 'waiting', actions: ['capture', 'see'] },
              { target: 'waiting', actions: ['drop', 'see'] },
            ],
          },
        },
        // It goes on at once, unless nothing is to be seen or the scene has not told of it yet.
        waiting: {
          always: { guard: 'hasPictures', target: 'exposing' },
          on: { WriteRegister: { guard: 'clearsRun', target: 'dark' }, ...dies('dark') },
        },
      },
    },
    engine: {
      initial: 'disarmed',
      states: {
        disarmed: {
          on: { WriteRegister: { guard: and(['isPowered', 'arms']), target: 'armed' } },
        },
        armed: {
          on: { WriteRegister: { guard: 'disarms', target: 'disarmed' }, ...dies('disarmed') },
          always: { guard: 'canTransfer', target: 'transferring' },
        },
        transferring: {
          entry: 'beginTransfer',
          on: {
            WriteRegister: { guard: 'resets', target: 'disarmed', actions: 'dropTransfer' },
            ...dies('disarmed', ['dropTransfer']),
          },
          after: {
            transfer: [
              { guard: 'hangs', target: 'hanging', actions: 'hang' },
              { target: 'disarmed', actions: ['finishTransfer', 'tellLine'] },
            ],
          },
        },
        hanging: {
          on: {
            WriteRegister: { guard: 'resets', target: 'disarmed', actions: 'dropTransfer' },
            ...dies('disarmed', ['dropTransfer']),
          },
        },
      },
    },
    line: {
      initial: 'low',
      states: {
        low: {
          on: {
            TransferDone: [{ guard: 'interruptsAreEnabled', target: 'high' }, {}],
            WriteRegister: { guard: and(['isPowered', 'enablesAfterTransfer']), target: 'high' },
          },
        },
        high: {
          entry: 'interrupt',
          on: {
            TransferDone: {},
            WriteRegister: { guard: 'lowersLine', target: 'low' },
            ...dies('low'),
          },
        },
      },
    },
  },
});
