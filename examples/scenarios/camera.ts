import {
  framePeriod100ns,
  type KSDATAFORMAT,
  type KSDATARANGE,
  type Minidriver,
  type StreamScenario,
  streamClassSystem,
} from 'interlace/stream-class';
import { CAMERA_EVENT_FRAMES_CAPTURED, CAMERA_EVENTSET, camera } from '../minidrivers/camera.js';

/** The capture engine has room for two frames, and moves one to memory in a millisecond. */
const FIFO_DEPTH = 2;
const DMA_MS = 1;

/** A camera that an application captures from: start, open, enable an event, stream, stop, disable it, close, remove. */
export function cameraScenarioOf(minidriver: (range: KSDATARANGE) => Minidriver): StreamScenario {
  return {
    name: 'camera',
    summary: 'an application captures a clip through a bus-master camera with an interrupt',
    system: ({ frames, frameRate, frameBytes, buffers, clientDelayMs }) => {
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
      const { VideoInfoHeader: _, ...range } = dataFormat;
      return streamClassSystem({
        name: 'camera',
        minidriver: minidriver(range),
        hardware: { frames, frameRate, fifoDepth: FIFO_DEPTH, dmaMs: DMA_MS, frameBytes },
        client: {
          buffers,
          clientDelayMs,
          frameBytes,
          dataFormat,
          event: { Set: CAMERA_EVENTSET, Id: CAMERA_EVENT_FRAMES_CAPTURED, Parameters: { Frames: 1 } },
        },
      });
    },
  };
}

export const cameraScenario = cameraScenarioOf(camera);
