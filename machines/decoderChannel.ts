import type { KSSCATTER_GATHER, Ratio } from 'interlace/streaming';

/** The two streams that the decoder takes. Registers of a channel have its name in front: `VIDEO_CONTROL`. */
export const channelNames = ['VIDEO', 'AUDIO'] as const;
export type ChannelName = (typeof channelNames)[number];

/** Bits of a channel's CONTROL. RESET clears itself. */
const CHANNEL_RUN = 0x1;
const CHANNEL_INTERRUPT_ENABLE = 0x2;
const CHANNEL_RESET = 0x4;
/** Bits of a channel's STATUS; writing 1 clears. */
const CHANNEL_FETCHED = 0x1;
const CHANNEL_PRESENTED = 0x2;
const CHANNEL_UNDERRUN = 0x4;

export interface ChannelInput {
  /** Samples in a second of running. */
  readonly rate: Ratio;
  /** Samples that fit into the FIFO. At least 1. */
  readonly fifoDepth: number;
  /** How long the DMA engine needs to fetch one. */
  readonly dmaMs: number;
}

/** One channel of the decoder: its registers, and how far it has come. */
export interface Channel extends ChannelInput {
  readonly CONTROL: number;
  readonly STATUS: number;
  /** address, length, address, length, … of the next sample. Writing arms the engine for one, unless it is fetching. */
  readonly DMA_DESCRIPTORS: readonly number[];
  /** Samples presented since the last RESET. */
  readonly POSITION: number;
  /** The number of the sample that is fetched next; RESET does not touch it. */
  readonly nextSample: number;
  /** What the engine is fetching: it has latched its descriptors. */
  readonly latched: readonly KSSCATTER_GATHER[] | undefined;
  readonly fifo: readonly number[];
  /** Periods of running that have passed, of which each presented a sample or missed one. */
  readonly periods: number;
}

export function newChannel(input: ChannelInput): Channel {
  const registers = { CONTROL: 0, STATUS: 0, DMA_DESCRIPTORS: [], POSITION: 0 };
  return { ...input, ...registers, nextSample: 0, latched: undefined, fifo: [], periods: 0 };
}

/** What the engine was armed with. */
function elementsOf({ DMA_DESCRIPTORS: list }: Channel): KSSCATTER_GATHER[] {
  const elements: KSSCATTER_GATHER[] = [];
  for (let i = 0; i + 1 < list.length; i += 2) {
    elements.push({ PhysicalAddress: list[i] ?? 0, Length: list[i + 1] ?? 0 });
  }
  return elements;
}

export function runs({ CONTROL }: Channel): boolean {
  return (CONTROL & CHANNEL_RUN) !== 0;
}

/** Whether the engine is armed, may run, and has room for what it fetches. */
export function canFetch(channel: Channel): boolean {
  const { DMA_DESCRIPTORS, fifo, fifoDepth } = channel;
  return runs(channel) && DMA_DESCRIPTORS.length > 0 && fifo.length < fifoDepth;
}

/** Whether the channel wants to interrupt: something is in STATUS, and interrupts are enabled. */
export function interrupts({ CONTROL, STATUS }: Channel): boolean {
  return (CONTROL & CHANNEL_INTERRUPT_ENABLE) !== 0 && STATUS !== 0;
}

/** What a write to one of the channel's registers makes of it. */
export function written(channel: Channel, register: string, value: number | readonly number[]): Channel {
  if (register === 'DMA_DESCRIPTORS') {
    const isList = channel.latched === undefined && typeof value === 'object';
    return isList ? { ...channel, DMA_DESCRIPTORS: value } : channel;
  }
  if (typeof value !== 'number') return channel;
  if (register === 'STATUS') return { ...channel, STATUS: channel.STATUS & ~value };
  if (register !== 'CONTROL') return channel;
  if ((value & CHANNEL_RESET) === 0) return { ...channel, CONTROL: value };
  const { nextSample, rate, fifoDepth, dmaMs } = channel;
  return { ...newChannel({ rate, fifoDepth, dmaMs }), nextSample, CONTROL: value & ~CHANNEL_RESET };
}

/** The engine begins: it latches its descriptors. */
export function fetching(channel: Channel): Channel {
  return { ...channel, latched: elementsOf(channel), DMA_DESCRIPTORS: [] };
}

/** A fetched sample goes into the FIFO. */
export function fetched(channel: Channel): Channel {
  const { fifo, nextSample, STATUS } = channel;
  return {
    ...channel,
    STATUS: STATUS | CHANNEL_FETCHED,
    latched: undefined,
    nextSample: nextSample + 1,
    fifo: [...fifo, nextSample],
  };
}

/** A period of running has passed: the head of the FIFO is presented, or is missing. */
export function presented(channel: Channel): Channel {
  const { fifo, STATUS, POSITION, periods } = channel;
  const next = { ...channel, periods: periods + 1, fifo: fifo.slice(1) };
  return fifo.length > 0
    ? { ...next, POSITION: POSITION + 1, STATUS: STATUS | CHANNEL_PRESENTED }
    : { ...next, STATUS: STATUS | CHANNEL_UNDERRUN };
}
