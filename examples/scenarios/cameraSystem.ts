import type { System } from 'interlace';
import {
  type ClientQuestion,
  type ClientStep,
  type DataFormatQuestion,
  framePeriod100ns,
  type KSDATAFORMAT,
  type Minidriver,
  type StreamClassSystemConfig,
  type StreamOptions,
  streamClassSystem,
} from 'interlace/stream-class';
import { camera } from '../minidrivers/camera.js';
import { CAMERA_EVENT_FRAMES_CAPTURED, CAMERA_EVENTSET } from '../minidrivers/cameraEvents.js';

/** The capture engine has room for two frames, and moves one to memory in a millisecond. */
const FIFO_DEPTH = 2;
const DMA_MS = 1;

/** What is otherwise than in a life without trouble. */
interface Trouble extends Pick<StreamClassSystemConfig, 'life' | 'timeoutTicks'> {
  /** So many transfers until the engine hangs. */
  readonly transfersUntilHang?: number;
  readonly steps?: readonly ClientStep[];
  /** What the application asks about the format before it streams; the argument is that of the sensor. */
  readonly formats?: (sensor: KSDATAFORMAT) => readonly DataFormatQuestion[];
  /** What the application asks while it streams. It wants no event then: one distraction at a time. */
  readonly questions?: readonly ClientQuestion[];
  /** Default: the camera as it should be. */
  readonly minidriver?: (sensor: KSDATAFORMAT) => Minidriver;
}

/** A bus-master camera and an application that captures from it, and is told of every frame by an event. */
export function cameraSystem(name: string, options: StreamOptions, trouble: Trouble = {}): System {
  const { frames, frameRate, frameBytes, buffers, clientDelayMs } = options;
  const { transfersUntilHang, steps, formats, questions, minidriver = camera, ...rest } = trouble;
  const period = framePeriod100ns(frameRate);
  const dataFormat: KSDATAFORMAT = {
    FormatSize: 64,
    Flags: 0,
    SampleSize: frameBytes,
    MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO',
    SubFormat: 'MEDIASUBTYPE_IYUV',
    Specifier: 'KSDATAFORMAT_SPECIFIER_VIDEOINFO',
    VideoInfoHeader: { AvgTimePerFrame: Math.floor(period.num / period.den), biSizeImage: frameBytes },
  };
  const engine = { frames, frameRate, fifoDepth: FIFO_DEPTH, dmaMs: DMA_MS, frameBytes };
  const event = { Set: CAMERA_EVENTSET, Id: CAMERA_EVENT_FRAMES_CAPTURED, Parameters: { Frames: 1 } };
  const script = {
    ...{ buffers, clientDelayMs, frameBytes, dataFormat },
    ...(questions ? { questions } : { event }),
    ...(steps ? { steps } : {}),
    ...(formats ? { formats: formats(dataFormat) } : {}),
  };
  return streamClassSystem({
    name,
    minidriver: minidriver(dataFormat),
    hardware: transfersUntilHang === undefined ? engine : { ...engine, transfersUntilHang },
    client: script,
    ...rest,
  });
}
