import { frameTimeMs, type PlayEvent, type WriteRegister } from 'interlace/streaming';
import { and, assertEvent, assign, enqueueActions, not, raise, sendTo, setup } from 'xstate';
import {
  type Channel,
  type ChannelInput,
  type ChannelName,
  canFetch,
  channelNames,
  fetched,
  fetching,
  interrupts,
  newChannel,
  presented,
  runs,
  written,
} from './decoderChannel.js';

export type DecoderInput = Readonly<Record<ChannelName, ChannelInput>>;

interface Decoder {
  readonly channels: Readonly<Record<ChannelName, Channel>>;
  /** What the minidriver can read, by the names that it knows. */
  readonly registers: Readonly<Record<string, number>>;
}

/** `Changed`: a channel's registers are not what they were. `Acknowledged`: the minidriver has cleared bits of a STATUS. */
type DecoderEvent = WriteRegister | { readonly type: 'Changed' | 'Acknowledged' };

/** The channel that a register belongs to, and the register's name in it. */
function channelOf(register: string): readonly [ChannelName, string] | undefined {
  const name = channelNames.find((channel) => register.startsWith(`${channel}_`));
  return name && [name, register.slice(name.length + 1)];
}

function withChannel({ channels }: Decoder, name: ChannelName, channel: Channel): Decoder {
  const all = { ...channels, [name]: channel };
  return { channels: all, registers: registersOf(all) };
}

function registersOf(channels: Decoder['channels']): Record<string, number> {
  return Object.fromEntries(
    channelNames.flatMap((name) => {
      const { CONTROL, STATUS, POSITION } = channels[name];
      return Object.entries({ CONTROL, STATUS, POSITION }).map(([register, value]) => [
        `${name}_${register}`,
        value,
      ]);
    }),
  );
}

function periodMs({ rate, periods }: Channel): number {
  return frameTimeMs(rate, periods + 1) - frameTimeMs(rate, periods);
}

const of = <Type extends string>(type: Type, channel: ChannelName) => ({ type, params: channel }) as const;

function afterFetch(channel: ChannelName) {
  return { target: 'disarmed', actions: [of('fetch', channel), 'tellAll'] } as const;
}

function afterPeriod(channel: ChannelName) {
  return { target: 'running', reenter: true, actions: [of('present', channel), 'tellAll'] } as const;
}

/** The two regions of a channel. */
function channelRegions<Fetch extends object, Period extends object>(
  channel: ChannelName,
  fetch: Fetch,
  period: Period,
) {
  return {
    type: 'parallel',
    states: {
      engine: {
        initial: 'disarmed',
        states: {
          disarmed: { on: { Changed: { guard: of('canFetch', channel), target: 'fetching' } } },
          fetching: {
            entry: of('latch', channel),
            on: { Changed: { guard: of('isUnlatched', channel), target: 'disarmed' } },
            after: fetch,
          },
        },
      },
      presenter: {
        initial: 'still',
        states: {
          still: { on: { Changed: { guard: of('runs', channel), target: 'running' } } },
          running: {
            on: { Changed: { guard: of('stands', channel), target: 'still' } },
            after: period,
          },
        },
      },
    },
  } as const;
}

/**
 * A decoder on a bus (B-008), of the kind that plays a DVD: two channels, each with a DMA engine that *reads* memory and is armed
 * for one sample at a time, a FIFO of samples, and a presenter that takes one of them a period while RUN is set. When none is
 * there the channel underruns: POSITION stands still. One interrupt line serves both channels (M-110); it is a level, and rises
 * again when an acknowledgement leaves something to acknowledge.
 *
 * Clearing RUN lets a fetch under way finish and holds the FIFO; RESET ends the one and empties the other.
 *
 * Bytes do not pass through here: whoever carries them listens to what is emitted (architecture 5.3). The bytes of a sample are
 * those that are in memory when its fetch ends.
 */
export const decoder = setup({
  types: {
    context: {} as Decoder,
    input: {} as DecoderInput,
    events: {} as DecoderEvent,
    emitted: {} as PlayEvent,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  delays: {
    videoFetch: ({ context }) => context.channels.VIDEO.dmaMs,
    audioFetch: ({ context }) => context.channels.AUDIO.dmaMs,
    videoPeriod: ({ context }) => periodMs(context.channels.VIDEO),
    audioPeriod: ({ context }) => periodMs(context.channels.AUDIO),
  },
  actions: {
    write: assign(({ context, event }) => {
      assertEvent(event, 'WriteRegister');
      const [name, register] = channelOf(event.register) ?? [];
      if (!name || !register) return {};
      return withChannel(context, name, written(context.channels[name], register, event.value));
    }),
    latch: assign(({ context }, name: ChannelName) =>
      withChannel(context, name, fetching(context.channels[name])),
    ),
    fetch: enqueueActions(({ context, enqueue }, name: ChannelName) => {
      const { nextSample: sample, latched: elements = [] } = context.channels[name];
      enqueue.emit({ type: 'SampleFetched', stream: name.toLowerCase(), sample, elements });
      enqueue.assign(withChannel(context, name, fetched(context.channels[name])));
    }),
    present: enqueueActions(({ context, enqueue }, name: ChannelName) => {
      const [sample] = context.channels[name].fifo;
      const stream = name.toLowerCase();
      if (sample === undefined) enqueue.emit({ type: 'SampleMissing', stream });
      else enqueue.emit({ type: 'SamplePresented', stream, sample });
      enqueue.assign(withChannel(context, name, presented(context.channels[name])));
    }),
    tellAll: raise({ type: 'Changed' }),
    tellLine: raise({ type: 'Acknowledged' }),
    interrupt: sendTo(({ system }) => system.get('synchronizer'), { type: 'Interrupt' }),
  },
  guards: {
    isOurs: ({ event }) => event.type === 'WriteRegister' && channelOf(event.register) !== undefined,
    acknowledges: ({ event }) => event.type === 'WriteRegister' && event.register.endsWith('_STATUS'),
    canFetch: ({ context }, name: ChannelName) => canFetch(context.channels[name]),
    isUnlatched: ({ context }, name: ChannelName) => context.channels[name].latched === undefined,
    runs: ({ context }, name: ChannelName) => runs(context.channels[name]),
    stands: ({ context }, name: ChannelName) => !runs(context.channels[name]),
    wantsInterrupt: ({ context }) => channelNames.some((name) => interrupts(context.channels[name])),
  },
}).createMachine({
  id: 'decoder',
  meta: { strict: true },
  tags: ['idle'],
  context: ({ input }) => {
    const channels = { VIDEO: newChannel(input.VIDEO), AUDIO: newChannel(input.AUDIO) };
    return { channels, registers: registersOf(channels) };
  },
  type: 'parallel',
  on: {
    // Whom it concerns takes it.
    Changed: {},
    Acknowledged: {},
  },
  states: {
    bus: {
      on: {
        WriteRegister: [
          { guard: and(['isOurs', 'acknowledges']), actions: ['write', 'tellAll', 'tellLine'] },
          { guard: 'isOurs', actions: ['write', 'tellAll'] },
          {},
        ],
      },
    },
    VIDEO: channelRegions(
      'VIDEO',
      { videoFetch: afterFetch('VIDEO') },
      { videoPeriod: afterPeriod('VIDEO') },
    ),
    AUDIO: channelRegions(
      'AUDIO',
      { audioFetch: afterFetch('AUDIO') },
      { audioPeriod: afterPeriod('AUDIO') },
    ),
    line: {
      initial: 'low',
      states: {
        low: { on: { Changed: { guard: 'wantsInterrupt', target: 'high' } } },
        high: {
          entry: 'interrupt',
          on: {
            Changed: { guard: not('wantsInterrupt'), target: 'low' },
            Acknowledged: { guard: 'wantsInterrupt', target: 'high', reenter: true },
          },
        },
      },
    },
  },
});
