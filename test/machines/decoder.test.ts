import { defineSystem, simulate, type TraceStep } from 'interlace';
import { decoder, type WriteRegister } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { enqueueActions, setup } from 'xstate';

type Write = readonly [atMs: number, register: string, value: WriteRegister['value']];

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

/** Drives the decoder alone: 25 samples a second, room for two, 5 ms for a fetch. */
function drive(...writes: readonly Write[]) {
  const channel = { rate: { num: 25, den: 1 }, fifoDepth: 2, dmaMs: 5 };
  const steps: TraceStep[] = [];
  const system = defineSystem({
    name: 'decoder',
    timers: 'urgent',
    actors: {
      hardware: { logic: decoder, input: { VIDEO: channel, AUDIO: channel } },
      bus: { logic: bus, input: writes },
      synchronizer: { logic: setup({}).createMachine({}) },
    },
  });
  const run = simulate(system, { onStep: (step) => steps.push(step) });
  return {
    told: steps.flatMap(({ emitted, atMs }) =>
      emitted.map((event) =>
        [atMs, event.type, Reflect.get(event, 'stream'), Reflect.get(event, 'sample')].join(' '),
      ),
    ),
    interrupts: steps.flatMap(({ sent, atMs }) =>
      sent.filter(({ event }) => event.type === 'Interrupt').map(() => atMs),
    ),
    registers: run.world.snapshot('hardware')?.context.registers,
  };
}

const RUN = 1;
const RUN_AND_INTERRUPT = 3;
const ARM = [4096, 10, 8192, 5];

describe('the decoder', () => {
  it('fetches nothing before RUN, then one sample for each arming, and presents one a period', () => {
    const { told, registers } = drive(
      [0, 'VIDEO_DMA_DESCRIPTORS', ARM],
      [20, 'VIDEO_CONTROL', RUN],
      [30, 'VIDEO_DMA_DESCRIPTORS', ARM],
      [100, 'VIDEO_CONTROL', 0],
    );
    expect(told).toEqual([
      '25 SampleFetched video 0',
      '35 SampleFetched video 1',
      '60 SamplePresented video 0',
      '100 SamplePresented video 1',
    ]);
    expect(registers).toMatchObject({ VIDEO_POSITION: 2, AUDIO_POSITION: 0 });
  });

  it('waits with a fetch until there is room, and latches its list', () => {
    const { told } = drive(
      [0, 'AUDIO_CONTROL', RUN],
      ...[0, 6, 12].map((at): Write => [at, 'AUDIO_DMA_DESCRIPTORS', ARM]),
      // The engine is fetching: this list goes nowhere.
      [2, 'AUDIO_DMA_DESCRIPTORS', ARM],
      [50, 'AUDIO_CONTROL', 0],
    );
    expect(told).toEqual([
      '5 SampleFetched audio 0',
      '11 SampleFetched audio 1',
      '40 SamplePresented audio 0',
      '45 SampleFetched audio 2',
    ]);
  });

  it('misses a sample in a period without one, and does not count it', () => {
    const { told, registers } = drive([0, 'VIDEO_CONTROL', RUN], [90, 'VIDEO_CONTROL', 0]);
    expect(told).toEqual(['40 SampleMissing video ', '80 SampleMissing video ']);
    expect(registers).toMatchObject({ VIDEO_POSITION: 0, VIDEO_STATUS: 4 });
  });

  it('interrupts on a rising edge, and again when an acknowledgement leaves something', () => {
    const { interrupts } = drive(
      [0, 'VIDEO_CONTROL', RUN_AND_INTERRUPT],
      [0, 'VIDEO_DMA_DESCRIPTORS', ARM],
      [0, 'AUDIO_CONTROL', RUN_AND_INTERRUPT],
      [0, 'AUDIO_DMA_DESCRIPTORS', ARM],
      // Both have fetched at 5; one edge. VIDEO is acknowledged, AUDIO is left.
      [7, 'VIDEO_STATUS', 1],
      [8, 'AUDIO_STATUS', 1],
      [30, 'VIDEO_CONTROL', 0],
      [30, 'AUDIO_CONTROL', 0],
    );
    expect(interrupts).toEqual([5, 7]);
  });

  it('ends a fetch and empties the FIFO at RESET, and numbers samples on', () => {
    const { told, registers } = drive(
      [0, 'VIDEO_CONTROL', RUN],
      [0, 'VIDEO_DMA_DESCRIPTORS', ARM],
      [10, 'VIDEO_DMA_DESCRIPTORS', ARM],
      [12, 'VIDEO_CONTROL', 4],
      [20, 'VIDEO_CONTROL', RUN],
      [20, 'VIDEO_DMA_DESCRIPTORS', ARM],
      [70, 'VIDEO_CONTROL', 0],
    );
    expect(told).toEqual([
      '5 SampleFetched video 0',
      '25 SampleFetched video 1',
      '60 SamplePresented video 1',
    ]);
    expect(registers).toMatchObject({ VIDEO_POSITION: 1 });
  });
});
