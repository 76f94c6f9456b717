import {
  CLOCK_SUPPORT_CAN_RETURN_STREAM_TIME,
  defineMinidriver,
  type HW_EVENT_DESCRIPTOR,
  type HW_STREAM_OBJECT,
  type HW_STREAM_REQUEST_BLOCK,
  type HW_TIME_CONTEXT,
  type KSDATARANGE,
  KSEVENT_CONNECTION_ENDOFSTREAM,
  KSEVENT_CONNECTION_POSITIONUPDATE,
  KSEVENTDATA_SIZE,
  KSEVENTSETID_Connection,
  type KSSTATE,
  READ_REGISTER_ULONG,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
  StreamClassQueryMasterClock,
  StreamClassStreamNotification,
  WRITE_REGISTER_BUFFER_ULONG,
  WRITE_REGISTER_ULONG,
} from 'interlace/stream-class';
import { giveFormat } from './dataFormats.js';

/** Bits of a channel's registers. */
const CONTROL_RUN = 1;
const CONTROL_INTERRUPT_ENABLE = 2;
const CONTROL_RESET = 4;
const STATUS_FETCHED = 1;
const STATUS_PRESENTED = 2;
const STATUS_UNDERRUN = 4;

/** Of the sound: 48,000 samples of 16 bits. */
const BYTES_PER_SECOND = 96_000;

/** The decoder's channels, by stream number. */
const CHANNELS = ['VIDEO', 'AUDIO'] as const;

interface StreamExtension {
  state: KSSTATE;
  /** Writes that wait for the DMA engine, in the order of their delivery. */
  queue: HW_STREAM_REQUEST_BLOCK[];
  /** The write whose buffer the DMA engine is reading. */
  current: HW_STREAM_REQUEST_BLOCK | null;
  /** Samples that the decoder has fetched since the stream left STOP. */
  fetched: number;
  /** The handle of the clock that this stream is; 0 when it is none. */
  ownClock: number;
  /** The handle of the clock that it follows; 0 when it runs free. */
  masterClock: number;
  /** Whether that clock has been asked and has not answered yet. */
  asksClock: boolean;
  /** Bytes of a sample. */
  sampleSize: number;
  /** Periods in which it had nothing to present. */
  underruns: number;
  /** How many want to be told of each sample that is presented. */
  followers: number;
}

interface DeviceExtension {
  streams: (HW_STREAM_OBJECT | null)[];
}

/** What a vendor may get wrong, for the tests: how the list of elements goes into the engine. */
export interface PlayerVariant {
  readonly program?: (list: readonly number[]) => readonly number[];
  /** Gives a buffer back when the DMA has been programmed, not when it has ended. */
  readonly completesTooEarly?: boolean;
  /** With every sample that the video has fetched it says what the master clock shows. */
  readonly tellsTime?: boolean;
}

/** Names of streams in the decoder's registers. */
function channelOf(object: HW_STREAM_OBJECT) {
  return CHANNELS[object.StreamNumber === 0 ? 0 : 1];
}

/**
 * A decoder that plays a video and an audio stream, with one interrupt for both; written for a class driver that synchronizes
 * (TurnOffSynchronization = FALSE).
 */
export function player(
  ranges: readonly [video: KSDATARANGE, audio: KSDATARANGE],
  variant: PlayerVariant = {},
) {
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as DeviceExtension;
    switch (srb.Command) {
      case 'SRB_INITIALIZE_DEVICE':
        for (const channel of CHANNELS) yield* WRITE_REGISTER_ULONG(`${channel}_CONTROL`, CONTROL_RESET);
        if (srb.CommandData.ConfigInfo) srb.CommandData.ConfigInfo.StreamDescriptorSize = CHANNELS.length;
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_GET_STREAM_INFO':
        srb.CommandData.StreamBuffer = {
          NumberOfStreams: CHANNELS.length,
          StreamInfo: ranges.map((range) => ({
            NumberOfPossibleInstances: 1,
            DataFlow: 'KSPIN_DATAFLOW_IN',
            NumberOfFormatArrayEntries: 1,
            StreamFormatsArray: [{ ...range }],
            NumStreamEventArrayEntries: 1,
            StreamEventsArray: [
              {
                Set: KSEVENTSETID_Connection,
                EventsCount: 2,
                EventItem: [
                  {
                    EventId: KSEVENT_CONNECTION_POSITIONUPDATE,
                    DataInput: KSEVENTDATA_SIZE,
                    ExtraEntryData: 0,
                  },
                  { EventId: KSEVENT_CONNECTION_ENDOFSTREAM, DataInput: KSEVENTDATA_SIZE, ExtraEntryData: 0 },
                ],
              },
            ],
          })),
        };
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_INITIALIZATION_COMPLETE':
      case 'SRB_UNINITIALIZE_DEVICE':
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_OPEN_STREAM':
        srb.Status = openStream(extension, srb);
        break;
      case 'SRB_CLOSE_STREAM':
        if (srb.StreamObject) yield* closeStream(extension, srb.StreamObject);
        srb.Status = 'STATUS_SUCCESS';
        break;
      default:
        srb.Status = 'STATUS_NOT_IMPLEMENTED';
    }
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  function openStream(extension: DeviceExtension, srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (!object || object.StreamNumber >= CHANNELS.length) return 'STATUS_NOT_IMPLEMENTED';
    if (extension.streams[object.StreamNumber]) return 'STATUS_TOO_MANY_NODES';
    object.ReceiveDataPacket = ReceiveDataPacket;
    object.ReceiveControlPacket = ReceiveControlPacket;
    object.HwEventRoutine = HwEventRoutine;
    object.Dma = true;
    const stream = object.HwStreamExtension as StreamExtension;
    stream.state = 'KSSTATE_STOP';
    stream.queue = [];
    stream.current = null;
    stream.fetched = 0;
    stream.underruns = 0;
    stream.followers = 0;
    stream.ownClock = 0;
    stream.masterClock = 0;
    stream.asksClock = false;
    stream.sampleSize = srb.CommandData.OpenFormat?.SampleSize ?? 0;
    // What sounds is the clock; pictures follow.
    if (channelOf(object) === 'AUDIO') {
      object.HwClockObject.HwClockFunction = HwClockFunction;
      object.HwClockObject.ClockSupportFlags = CLOCK_SUPPORT_CAN_RETURN_STREAM_TIME;
    }
    extension.streams[object.StreamNumber] = object;
    return 'STATUS_SUCCESS';
  }

  /** Everybody may listen. Who follows the position is counted, so that nobody is looked for in vain with every sample. */
  // biome-ignore lint/correctness/useYield: a callback is a generator function, though it calls nothing.
  function* HwEventRoutine({ Enable, EventEntry, StreamObject }: HW_EVENT_DESCRIPTOR) {
    const isPosition = EventEntry.EventItem.EventId === KSEVENT_CONNECTION_POSITIONUPDATE;
    if (StreamObject && isPosition)
      (StreamObject.HwStreamExtension as StreamExtension).followers += Enable ? 1 : -1;
    return 'STATUS_SUCCESS' as const;
  }

  function* closeStream(extension: DeviceExtension, object: HW_STREAM_OBJECT) {
    yield* stopChannel(object);
    extension.streams[object.StreamNumber] = null;
  }

  /** Takes everything from the channel, and gives every write back that it has not consumed. */
  function* stopChannel(object: HW_STREAM_OBJECT) {
    const stream = object.HwStreamExtension as StreamExtension;
    yield* WRITE_REGISTER_ULONG(`${channelOf(object)}_CONTROL`, CONTROL_RESET);
    const held = stream.current ? [stream.current, ...stream.queue] : [...stream.queue];
    stream.current = null;
    stream.queue.length = 0;
    stream.fetched = 0;
    stream.state = 'KSSTATE_STOP';
    for (const srb of held) {
      srb.Status = 'STATUS_CANCELLED';
      yield* StreamClassStreamNotification('StreamRequestComplete', object, srb);
    }
  }

  function* ReceiveControlPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (!object) return;
    const stream = object.HwStreamExtension as StreamExtension;
    srb.Status = 'STATUS_SUCCESS';
    switch (srb.Command) {
      case 'SRB_SET_STREAM_STATE':
        yield* setState(object, srb.CommandData.StreamState ?? 'KSSTATE_STOP');
        break;
      case 'SRB_OPEN_MASTER_CLOCK':
        stream.ownClock = srb.CommandData.MasterClockHandle ?? 0;
        break;
      case 'SRB_CLOSE_MASTER_CLOCK':
        stream.ownClock = 0;
        break;
      case 'SRB_INDICATE_MASTER_CLOCK':
        stream.masterClock = srb.CommandData.MasterClockHandle ?? 0;
        break;
      case 'SRB_PROPOSE_DATA_FORMAT':
      case 'SRB_SET_DATA_FORMAT':
        // The channel's clock and FIFO are made for samples of this size.
        if (srb.CommandData.OpenFormat?.SampleSize !== stream.sampleSize) srb.Status = 'STATUS_NOT_SUPPORTED';
        break;
      case 'SRB_GET_DATA_FORMAT':
        srb.Status = getFormat(srb, ranges[object.StreamNumber]);
        break;
      default:
        srb.Status = 'STATUS_NOT_IMPLEMENTED';
    }
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  function getFormat(srb: HW_STREAM_REQUEST_BLOCK, format: KSDATARANGE | undefined) {
    const { OpenFormat } = srb.CommandData;
    if (!format || !OpenFormat) return 'STATUS_NOT_IMPLEMENTED';
    return giveFormat(srb, format, OpenFormat, srb.NumberOfBytesToTransfer);
  }

  function* setState(object: HW_STREAM_OBJECT, state: KSSTATE) {
    if (state === 'KSSTATE_STOP') {
      yield* stopChannel(object);
      return;
    }
    const stream = object.HwStreamExtension as StreamExtension;
    stream.state = state;
    const run = state === 'KSSTATE_RUN' ? CONTROL_RUN : 0;
    yield* WRITE_REGISTER_ULONG(`${channelOf(object)}_CONTROL`, run | CONTROL_INTERRUPT_ENABLE);
    if (run) yield* startNext(object);
  }

  function* ReceiveDataPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (!object) return;
    const stream = object.HwStreamExtension as StreamExtension;
    const takes = stream.state === 'KSSTATE_PAUSE' || stream.state === 'KSSTATE_RUN';
    if (srb.Command !== 'SRB_WRITE_DATA' || !takes) {
      srb.Status = srb.Command === 'SRB_WRITE_DATA' ? 'STATUS_CANCELLED' : 'STATUS_NOT_IMPLEMENTED';
      yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
      return;
    }
    srb.TimeoutCounter = 0;
    stream.queue.push(srb);
    if (stream.state === 'KSSTATE_RUN') yield* startNext(object);
    yield* StreamClassStreamNotification('ReadyForNextStreamDataRequest', object);
  }

  /**
   * Gives the DMA engine the buffer of the write that waits longest, if the engine is free. The end of the stream has no data;
   * it is over when everything before it has been presented, and then the channel need not run any more.
   */
  function* startNext(object: HW_STREAM_OBJECT) {
    const stream = object.HwStreamExtension as StreamExtension;
    const next = stream.queue[0];
    if (stream.current || !next) return;
    const channel = channelOf(object);
    if (next.CommandData.DataBufferArray?.[0]?.OptionsFlags.includes('ENDOFSTREAM')) {
      const position = yield* READ_REGISTER_ULONG(`${channel}_POSITION`);
      if (position < stream.fetched) return;
      yield* WRITE_REGISTER_ULONG(`${channel}_CONTROL`, CONTROL_INTERRUPT_ENABLE);
      stream.queue.shift();
      next.Status = 'STATUS_SUCCESS';
      yield* StreamClassStreamNotification('StreamRequestComplete', object, next);
      yield* StreamClassStreamNotification(
        'SignalMultipleStreamEvents',
        object,
        KSEVENTSETID_Connection,
        KSEVENT_CONNECTION_ENDOFSTREAM,
      );
      return;
    }
    stream.queue.shift();
    stream.current = next;
    const list = next.ScatterGatherBuffer.flatMap(({ PhysicalAddress, Length }) => [PhysicalAddress, Length]);
    yield* WRITE_REGISTER_BUFFER_ULONG(`${channel}_DMA_DESCRIPTORS`, variant.program?.(list) ?? list);
    if (variant.completesTooEarly) yield* completeCurrent(object);
  }

  function* completeCurrent(object: HW_STREAM_OBJECT) {
    const stream = object.HwStreamExtension as StreamExtension;
    const done = stream.current;
    if (!done) return;
    stream.current = null;
    stream.fetched++;
    done.Status = 'STATUS_SUCCESS';
    yield* StreamClassStreamNotification('StreamRequestComplete', object, done);
    if (variant.tellsTime && channelOf(object) === 'VIDEO' && stream.masterClock && !stream.asksClock) {
      stream.asksClock = true;
      yield* StreamClassQueryMasterClock(object, stream.masterClock, 'TIME_GET_STREAM_TIME', tellTime);
    }
  }

  function* tellTime({ HwDeviceExtension, Time }: HW_TIME_CONTEXT) {
    const video = (HwDeviceExtension as DeviceExtension).streams[0];
    if (video) (video.HwStreamExtension as StreamExtension).asksClock = false;
    yield* StreamClassDebugPrint('DebugLevelInfo', `stream time ${Time}`);
  }

  /** How long the sound has sounded. The decoder has no other clock, so that is also what it takes for the system's time. */
  function* HwClockFunction(context: HW_TIME_CONTEXT) {
    const { sampleSize } = context.HwStreamObject.HwStreamExtension as StreamExtension;
    const position = yield* READ_REGISTER_ULONG('AUDIO_POSITION');
    context.Time = Math.floor((position * sampleSize * 1e7) / BYTES_PER_SECOND);
    context.SystemTime = context.Time;
  }

  function* HwInterrupt(deviceExtension: object) {
    const { streams } = deviceExtension as DeviceExtension;
    let isOurs = false;
    for (const [number, channel] of CHANNELS.entries()) {
      const status = yield* READ_REGISTER_ULONG(`${channel}_STATUS`);
      if (status === 0) continue;
      isOurs = true;
      yield* WRITE_REGISTER_ULONG(`${channel}_STATUS`, status);
      const object = streams[number];
      if (!object) continue;
      const stream = object.HwStreamExtension as StreamExtension;
      if (status & STATUS_UNDERRUN) stream.underruns++;
      if (status & STATUS_PRESENTED && stream.followers > 0)
        yield* StreamClassStreamNotification(
          'SignalMultipleStreamEvents',
          object,
          KSEVENTSETID_Connection,
          KSEVENT_CONNECTION_POSITIONUPDATE,
        );
      if (status & STATUS_FETCHED && !variant.completesTooEarly) yield* completeCurrent(object);
      if (stream.state === 'KSSTATE_RUN') yield* startNext(object);
    }
    return isOurs;
  }

  return defineMinidriver({
    name: 'player',
    registration: {
      HwInterrupt,
      HwReceivePacket,
      DeviceExtension: { streams: [null, null] },
      TurnOffSynchronization: false,
      BusMasterDMA: true,
    },
    routines: { ReceiveDataPacket, ReceiveControlPacket, HwEventRoutine, HwClockFunction, tellTime },
  });
}
