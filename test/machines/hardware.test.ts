import { defineSystem, simulate, type TraceStep } from 'interlace';
import { type HardwareInput, hardware, scene, type WriteRegister } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { enqueueActions, setup } from 'xstate';
import { emitted, type Play, play } from './play.js';

type Write = readonly [atMs: number, register: WriteRegister['register'], value: WriteRegister['value']];

/** Somebody on the bus who writes at given times. */
const bus = setup({
  types: { input: {} as readonly Write[] },
  actions: {
    schedule: enqueueActions(({ event, enqueue }) => {
      // At the start the event carries the input.
      const writes: readonly Write[] = Reflect.get(event, 'input');
      for (const [delay, register, value] of writes) {
        const write: WriteRegister = { type: 'WriteRegister', register, value };
        enqueue.sendTo(({ system }) => system.get('hardware'), write, { delay });
      }
    }),
  },
}).createMachine({ entry: 'schedule' });

const listener = setup({}).createMachine({});

function drive(writes: readonly Write[], change: Partial<HardwareInput> = {}) {
  const input = { frames: 10, frameRate: { num: 25, den: 1 }, fifoDepth: 3, dmaMs: 5, ...change };
  const steps: TraceStep[] = [];
  const system = defineSystem({
    name: 'hardware',
    timers: 'urgent',
    actors: {
      scene: { logic: scene, input },
      hardware: { logic: hardware, input },
      bus: { logic: bus, input: writes },
      synchronizer: { logic: listener },
    },
  });
  const run = simulate(system, { onStep: (step) => steps.push(step) });
  const p: Play = { run, steps };
  const frames = (type: string) => emitted(p, type).map(({ frame }) => frame);
  const at = steps.flatMap(({ emitted: events, atMs }) => events.map(({ type }) => `${atMs} ${type}`));
  const interrupts = steps.flatMap(({ sent, atMs }) =>
    sent.filter(({ event }) => event.type === 'Interrupt').map(() => atMs),
  );
  return { frames, at, interrupts, registers: run.world.snapshot('hardware')?.context.registers, p };
}

const RUN = 1;
const RUN_AND_INTERRUPT = 3;
const RESET = 4;
/** Where the times of frames go. */
const TIME = 512;

describe('the hardware', () => {
  it('fills its FIFO and drops what finds no room, when nobody takes frames', () => {
    const { frames } = drive([[0, 'CONTROL', RUN]]);
    expect(frames('FrameCaptured')).toEqual([0, 1, 2]);
    expect(frames('FrameDropped')).toEqual([3, 4, 5, 6, 7, 8, 9]);
  });

  it('sees a frame per period while RUN is set, and no more than there are', () => {
    const { at } = drive(
      [
        [0, 'CONTROL', RUN],
        [100, 'CONTROL', 0],
        [1000, 'CONTROL', RUN],
      ],
      { frames: 4, fifoDepth: 9 },
    );
    expect(at).toEqual(['40 FrameCaptured', '80 FrameCaptured', '1040 FrameCaptured', '1080 FrameCaptured']);
  });

  it('keeps to the time stamps of an odd frame rate', () => {
    const { p } = drive([[0, 'CONTROL', RUN]], {
      frames: 30,
      frameRate: { num: 30_000, den: 1001 },
      fifoDepth: 99,
    });
    expect(p.run.virtualTimeMs).toBeCloseTo(1001, 6);
  });

  it('transfers the head of the FIFO for each arming, and interrupts once per rising edge', () => {
    const { frames, interrupts, registers } = drive([
      [0, 'CONTROL', RUN_AND_INTERRUPT],
      [0, 'DMA_DESCRIPTORS', [TIME, 4096, 100, 8192, 50]],
      [60, 'DMA_DESCRIPTORS', [TIME, 4096, 100]],
      [90, 'STATUS', 1],
      [91, 'DMA_DESCRIPTORS', [TIME, 4096, 100]],
    ]);
    expect(frames('DmaTransfer')).toEqual([0, 1, 2]);
    // The second transfer finishes at 85 while the line is still up from the first.
    expect(interrupts).toEqual([45, 125]);
    expect(registers).toMatchObject({ STATUS: 1, FRAME_BYTES: 100, DMA_DESCRIPTORS: [] });
  });

  it('tells where it writes, and how much', () => {
    const { p, registers } = drive(
      [
        [0, 'CONTROL', RUN],
        [0, 'DMA_DESCRIPTORS', [TIME, 4096, 100, 8192, 50]],
      ],
      { frameBytes: 120 },
    );
    expect(emitted(p, 'DmaTransfer')[0]).toMatchObject({
      timeAddress: TIME,
      elements: [
        { PhysicalAddress: 4096, Length: 100 },
        { PhysicalAddress: 8192, Length: 50 },
      ],
    });
    expect(registers.FRAME_BYTES).toBe(120);
  });

  it('interrupts when the interrupt is enabled after the transfer, and not at all while it is masked', () => {
    const armed: Write[] = [
      [0, 'CONTROL', RUN],
      [0, 'DMA_DESCRIPTORS', [TIME, 4096, 100]],
    ];
    expect(drive(armed).interrupts).toEqual([]);
    expect(drive([...armed, [300, 'CONTROL', RUN_AND_INTERRUPT]]).interrupts).toEqual([300]);
  });

  it('finishes a transfer although RUN is cleared, and begins none', () => {
    const { frames, registers } = drive([
      [0, 'CONTROL', RUN],
      [0, 'DMA_DESCRIPTORS', [TIME, 4096, 100]],
      [82, 'CONTROL', 0],
      [83, 'DMA_DESCRIPTORS', [TIME, 4096, 100]],
    ]);
    expect(frames('FrameCaptured')).toEqual([0, 1]);
    expect(frames('DmaTransfer')).toEqual([0]);
    expect(registers.DMA_DESCRIPTORS).toEqual([TIME, 4096, 100]);
    const cut = drive([
      [0, 'CONTROL', RUN],
      [0, 'DMA_DESCRIPTORS', [TIME, 4096, 100]],
      [42, 'CONTROL', 0],
    ]);
    expect(cut.registers).toMatchObject({ STATUS: 1, FRAME_BYTES: 100 });
  });

  it('forgets everything but the next frame at RESET, a transfer under way included', () => {
    const { p, frames, registers } = drive(
      [
        [0, 'CONTROL', RUN_AND_INTERRUPT],
        [130, 'DMA_DESCRIPTORS', [TIME, 4096, 100]],
        [132, 'CONTROL', RESET],
        [200, 'CONTROL', RUN],
      ],
      { frames: 5 },
    );
    expect(emitted(p, 'FifoFlushed')).toEqual([{ type: 'FifoFlushed', frames: 2 }]);
    expect(frames('FrameCaptured')).toEqual([0, 1, 2, 3, 4]);
    expect(registers).toMatchObject({ STATUS: 0, FRAME_BYTES: 0 });
  });
});

/** The loss by arithmetic: times in ms, one client that lends its only buffer `delayMs` after each frame. */
function predictedDrops(frames: number, fifoDepth: number, dmaMs: number, delayMs: number): number[] {
  const fifo: number[] = [];
  const drops: number[] = [];
  let bufferFreeAt = 0;
  for (let frame = 0; frame < frames; frame++) {
    const at = 40 * (frame + 1);
    while (fifo.length > 0 && bufferFreeAt < at) {
      fifo.shift();
      bufferFreeAt += dmaMs + delayMs;
    }
    if (fifo.length === fifoDepth) drops.push(frame);
    else fifo.push(frame);
    if (bufferFreeAt < at && fifo.length > 0) {
      fifo.shift();
      bufferFreeAt = at + dmaMs + delayMs;
    }
  }
  return drops;
}

describe('a client that is too slow', () => {
  it.each([
    [1, 2, 501],
    [1, 1, 303],
    [1, 3, 43.3],
    [1, 2, 0],
  ])(
    'with %d buffer, a FIFO of %d and a delay of %d ms loses the frames that arithmetic says',
    (buffers, fifoDepth, delay) => {
      const p = play({ script: { buffers, clientDelayMs: delay }, hardware: { frames: 60, fifoDepth } });
      const drops = emitted(p, 'FrameDropped').map(({ frame }) => frame);
      expect(drops).toEqual(predictedDrops(60, fifoDepth, 5, delay));
      expect(emitted(p, 'FrameDelivered')).toHaveLength(60 - drops.length);
    },
  );

  it('loses nothing with buffers enough for its delay', () => {
    const p = play({ script: { buffers: 14, clientDelayMs: 501 }, hardware: { frames: 60, fifoDepth: 2 } });
    expect(emitted(p, 'FrameDropped')).toEqual([]);
    expect(emitted(p, 'FrameDelivered')).toHaveLength(60);
  });
});
