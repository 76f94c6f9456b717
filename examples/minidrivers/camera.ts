import {
  defineMinidriver,
  type HW_STREAM_OBJECT,
  type HW_STREAM_REQUEST_BLOCK,
  type KSDATAFORMAT,
  READ_REGISTER_ULONG,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassGetPhysicalAddress,
  StreamClassStreamNotification,
  WRITE_REGISTER_BUFFER_ULONG,
  WRITE_REGISTER_ULONG,
} from 'interlace/stream-class';
import { HwEventRoutine, streamEvents, tellOfFrame } from './cameraEvents.js';
import { getFormat, type Pace, rangeOf, setFormat } from './cameraFormats.js';
import {
  BRIGHTNESS,
  dataIntersection,
  deviceProperties,
  deviceProperty,
  streamProperties,
  streamProperty,
} from './cameraProperties.js';

/** Bits of the capture engine's registers. */
const CONTROL_RUN = 1;
const CONTROL_INTERRUPT_ENABLE = 2;
const CONTROL_RESET = 4;
const STATUS_FRAME_DONE = 1;
const STATUS_AFTER_GAP = 2;
/** Where in a KSSTREAM_HEADER the time of the frame lies. */
const PRESENTATION_TIME_OFFSET = 8;
/** What every register reads when the device has vanished. */
const GONE = 0xffffffff;

const ULONG_SIZE = 4;

interface DeviceExtension extends Pace {
  stream: HW_STREAM_OBJECT | null;
  state: 'KSSTATE_STOP' | 'KSSTATE_ACQUIRE' | 'KSSTATE_PAUSE' | 'KSSTATE_RUN';
  /** Reads that wait for a frame, in the order of their delivery. */
  queue: HW_STREAM_REQUEST_BLOCK[];
  /** The read whose buffer the DMA engine is writing to. */
  current: HW_STREAM_REQUEST_BLOCK | null;
  /** Frames were lost that the engine does not know of. */
  hasGap: boolean;
  /** What the client has set, or the default. */
  brightness: number;
  /** Whether there is a device to talk to: it has power, and nobody has pulled the plug. */
  isReachable: boolean;
}

/**
 * A bus-master camera with an interrupt, written for a class driver that synchronizes (TurnOffSynchronization = FALSE).
 *
 * @param sensor the format of the sensor's pictures, at its rate
 */
export function camera(sensor: KSDATAFORMAT) {
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as DeviceExtension;
    switch (srb.Command) {
      case 'SRB_INITIALIZE_DEVICE':
        extension.isReachable = true;
        yield* WRITE_REGISTER_ULONG('CONTROL', CONTROL_RESET);
        if (srb.CommandData.ConfigInfo) srb.CommandData.ConfigInfo.StreamDescriptorSize = 1;
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_GET_STREAM_INFO':
        srb.CommandData.StreamBuffer = {
          NumberOfStreams: 1,
          NumDevPropArrayEntries: deviceProperties.length,
          DevicePropertiesArray: deviceProperties,
          StreamInfo: [
            {
              NumberOfPossibleInstances: 1,
              DataFlow: 'KSPIN_DATAFLOW_OUT',
              NumberOfFormatArrayEntries: 1,
              StreamFormatsArray: [rangeOf(sensor)],
              NumStreamPropArrayEntries: streamProperties.length,
              StreamPropertiesArray: streamProperties,
              NumStreamEventArrayEntries: streamEvents.length,
              StreamEventsArray: streamEvents,
            },
          ],
        };
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_INITIALIZATION_COMPLETE':
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_CHANGE_POWER_STATE':
        yield* changePower(extension, srb.CommandData.DeviceState ?? 'D0');
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_SURPRISE_REMOVAL':
        extension.isReachable = false;
        yield* returnAll(extension, 'STATUS_CANCELLED');
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_UNINITIALIZE_DEVICE':
        yield* reset(extension);
        extension.isReachable = false;
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_GET_DEVICE_PROPERTY':
      case 'SRB_SET_DEVICE_PROPERTY':
        srb.Status = deviceProperty(extension, srb);
        break;
      case 'SRB_GET_DATA_INTERSECTION':
        srb.Status = dataIntersection(rangeOf(sensor), srb);
        break;
      case 'SRB_OPEN_STREAM':
        srb.Status = openStream(extension, srb);
        break;
      case 'SRB_CLOSE_STREAM':
        yield* closeStream(extension);
        srb.Status = 'STATUS_SUCCESS';
        break;
      default:
        srb.Status = 'STATUS_NOT_IMPLEMENTED';
    }
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  /** Who opens says which stream and which format (C-044). */
  function openStream(extension: DeviceExtension, srb: HW_STREAM_REQUEST_BLOCK) {
    const object = srb.StreamObject;
    if (object?.StreamNumber !== 0) return 'STATUS_NOT_IMPLEMENTED';
    if (extension.stream) return 'STATUS_TOO_MANY_NODES';
    if (setFormat(extension, sensor, srb) !== 'STATUS_SUCCESS') return 'STATUS_NOT_IMPLEMENTED';
    object.ReceiveDataPacket = ReceiveDataPacket;
    object.ReceiveControlPacket = ReceiveControlPacket;
    object.HwEventRoutine = HwEventRoutine;
    object.Dma = true;
    extension.stream = object;
    extension.state = 'KSSTATE_STOP';
    return 'STATUS_SUCCESS';
  }

  function* closeStream(extension: DeviceExtension) {
    yield* reset(extension);
    yield* returnAll(extension, 'STATUS_CANCELLED');
    extension.state = 'KSSTATE_STOP';
    extension.stream = null;
  }

  function* ReceiveControlPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as DeviceExtension;
    switch (srb.Command) {
      case 'SRB_SET_STREAM_STATE':
        srb.Status = yield* setState(extension, srb.CommandData.StreamState ?? 'KSSTATE_STOP');
        break;
      case 'SRB_GET_STREAM_STATE':
        srb.CommandData.StreamState = extension.state;
        srb.ActualBytesTransferred = ULONG_SIZE;
        srb.Status = 'STATUS_SUCCESS';
        break;
      case 'SRB_PROPOSE_DATA_FORMAT':
      case 'SRB_SET_DATA_FORMAT':
        srb.Status = setFormat(extension, sensor, srb);
        break;
      case 'SRB_GET_DATA_FORMAT':
        srb.Status = getFormat(extension, sensor, srb);
        break;
      case 'SRB_GET_STREAM_PROPERTY':
        srb.Status = streamProperty(extension.queue.length + (extension.current ? 1 : 0), srb);
        break;
      default:
        srb.Status = 'STATUS_NOT_IMPLEMENTED';
    }
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }

  function* setState(extension: DeviceExtension, state: DeviceExtension['state']) {
    extension.state = state;
    if (state === 'KSSTATE_ACQUIRE') extension.hasGap = false;
    if (state === 'KSSTATE_STOP') {
      extension.picturesToSkip = 0;
      yield* reset(extension);
      yield* returnAll(extension, 'STATUS_SUCCESS');
    } else {
      yield* operate(extension);
    }
    return 'STATUS_SUCCESS' as const;
  }

  /** Stops the engine, which costs the frames in its FIFO. */
  function* reset(extension: DeviceExtension) {
    if (extension.isReachable) yield* WRITE_REGISTER_ULONG('CONTROL', CONTROL_RESET);
  }

  /** The engine forgets everything in D3: the read that it was armed for waits in front of the others until D0. */
  function* changePower(extension: DeviceExtension, power: 'D0' | 'D3') {
    if (power === 'D0') {
      extension.isReachable = true;
      if (extension.stream && extension.state !== 'KSSTATE_STOP') yield* operate(extension);
      return;
    }
    yield* reset(extension);
    extension.isReachable = false;
    extension.hasGap = true;
    if (!extension.current) return;
    extension.current.TimeoutCounter = 0;
    extension.queue.unshift(extension.current);
    extension.current = null;
  }

  /** Lets the engine do what the state asks for. A read that waits for RUN is not timed. */
  function* operate(extension: DeviceExtension) {
    const { current, state } = extension;
    if (!extension.isReachable) return;
    if (state === 'KSSTATE_RUN') {
      if (current) current.TimeoutCounter = current.TimeoutOriginal;
      yield* startNext(extension);
      yield* WRITE_REGISTER_ULONG('CONTROL', CONTROL_RUN | CONTROL_INTERRUPT_ENABLE);
    } else {
      if (current) current.TimeoutCounter = 0;
      yield* WRITE_REGISTER_ULONG('CONTROL', CONTROL_INTERRUPT_ENABLE);
    }
  }

  function* ReceiveDataPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    const extension = srb.HwDeviceExtension as DeviceExtension;
    const object = srb.StreamObject;
    if (!object) return;
    if (srb.Command !== 'SRB_READ_DATA') {
      srb.Status = 'STATUS_NOT_IMPLEMENTED';
      yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
      return;
    }
    const isGone = !extension.isReachable;
    if (isGone || extension.state === 'KSSTATE_STOP' || extension.state === 'KSSTATE_ACQUIRE') {
      srb.Status = isGone ? 'STATUS_CANCELLED' : 'STATUS_SUCCESS';
      yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
      return;
    }
    srb.TimeoutCounter = 0;
    extension.queue.push(srb);
    if (extension.state === 'KSSTATE_RUN') yield* startNext(extension);
    yield* StreamClassStreamNotification('ReadyForNextStreamDataRequest', object);
  }

  /** Gives the DMA engine the buffer of the read that waits longest, if the engine is free. */
  function* startNext(extension: DeviceExtension) {
    if (extension.current || !extension.isReachable) return;
    const next = extension.queue.shift();
    if (next) yield* arm(extension, next);
  }

  function* arm(extension: DeviceExtension, srb: HW_STREAM_REQUEST_BLOCK) {
    const header = srb.CommandData.DataBufferArray?.[0];
    if (!header) return;
    srb.TimeoutCounter = srb.TimeoutOriginal;
    extension.current = srb;
    const where = yield* StreamClassGetPhysicalAddress(extension, srb, header, 'SRBDataBuffer');
    const pieces = srb.ScatterGatherBuffer.flatMap(({ PhysicalAddress, Length }) => [
      PhysicalAddress,
      Length,
    ]);
    // The engine writes the time of the frame itself.
    const descriptors = [where.PhysicalAddress + PRESENTATION_TIME_OFFSET, ...pieces];
    yield* WRITE_REGISTER_BUFFER_ULONG('DMA_DESCRIPTORS', descriptors);
  }

  function* HwInterrupt(deviceExtension: object) {
    const extension = deviceExtension as DeviceExtension;
    if (!extension.isReachable) return false;
    const status = yield* READ_REGISTER_ULONG('STATUS');
    if (status === GONE || (status & STATUS_FRAME_DONE) === 0) return false;
    yield* WRITE_REGISTER_ULONG('STATUS', STATUS_FRAME_DONE);
    const bytes = yield* READ_REGISTER_ULONG('FRAME_BYTES');
    const done = extension.current;
    // Whoever pulls the plug does not wait for us: what was read last tells whether the rest is true.
    if (!done?.StreamObject || bytes === GONE) return true;
    const isAfterGap = (status & STATUS_AFTER_GAP) !== 0 || extension.hasGap;
    if (extension.picturesToSkip > 0) {
      // Not in the format that the client has set: the next picture goes into the same buffer.
      extension.picturesToSkip -= 1;
      extension.hasGap = isAfterGap;
      yield* arm(extension, done);
      return true;
    }
    extension.picturesToSkip = extension.picturesPerFrame - 1;
    extension.current = null;
    const header = done.CommandData.DataBufferArray?.[0];
    if (header) {
      header.DataUsed = bytes;
      header.OptionsFlags = isAfterGap ? ['TIMEVALID', 'DATADISCONTINUITY'] : ['TIMEVALID'];
    }
    extension.hasGap = false;
    done.Status = 'STATUS_SUCCESS';
    const stream = done.StreamObject;
    yield* StreamClassStreamNotification('StreamRequestComplete', stream, done);
    yield* tellOfFrame(extension, stream);
    yield* startNext(extension);
    return true;
  }

  function* HwCancelPacket(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* giveUp(srb, 'STATUS_CANCELLED');
  }

  function* HwRequestTimeoutHandler(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* giveUp(srb, 'STATUS_IO_TIMEOUT');
  }

  /** Completes one read without data, wherever the minidriver holds it. */
  function* giveUp(srb: HW_STREAM_REQUEST_BLOCK, status: 'STATUS_CANCELLED' | 'STATUS_IO_TIMEOUT') {
    const extension = srb.HwDeviceExtension as DeviceExtension;
    const isCurrent = extension.current === srb;
    const place = extension.queue.indexOf(srb);
    if (!srb.StreamObject || (!isCurrent && place < 0)) return;
    if (isCurrent) {
      // It may be writing to the buffer: only a reset stops it.
      yield* reset(extension);
      extension.current = null;
      extension.hasGap = true;
    } else {
      extension.queue.splice(place, 1);
    }
    srb.Status = status;
    yield* StreamClassStreamNotification('StreamRequestComplete', srb.StreamObject, srb);
    if (isCurrent) yield* operate(extension);
  }

  /** Completes every read that the minidriver holds (F-016); unfilled ones go back with DataUsed 0. */
  function* returnAll(extension: DeviceExtension, status: 'STATUS_SUCCESS' | 'STATUS_CANCELLED') {
    const held = extension.current ? [extension.current, ...extension.queue] : [...extension.queue];
    extension.current = null;
    extension.queue.length = 0;
    for (const srb of held) {
      srb.Status = status;
      if (srb.StreamObject)
        yield* StreamClassStreamNotification('StreamRequestComplete', srb.StreamObject, srb);
    }
  }

  return defineMinidriver({
    name: 'camera',
    registration: {
      HwInterrupt,
      HwReceivePacket,
      HwCancelPacket,
      HwRequestTimeoutHandler,
      DeviceExtension: {
        stream: null,
        state: 'KSSTATE_STOP',
        queue: [],
        current: null,
        hasGap: false,
        brightness: BRIGHTNESS.default,
        isReachable: false,
        picturesPerFrame: 1,
        picturesToSkip: 0,
      },
      TurnOffSynchronization: false,
      BusMasterDMA: true,
    },
    routines: { ReceiveDataPacket, ReceiveControlPacket, HwEventRoutine },
  });
}
