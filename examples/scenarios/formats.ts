import type { DataFormatQuestion, KSDATAFORMAT, StreamScenario } from 'interlace/stream-class';
import { cameraSystem } from './cameraSystem.js';

/** A picture of a quarter of the size, which the camera cannot make; half of its frame rate, which it can. */
function wishes(sensor: KSDATAFORMAT): readonly DataFormatQuestion[] {
  const { AvgTimePerFrame = 0, biSizeImage = 0 } = sensor.VideoInfoHeader ?? {};
  const small = {
    ...sensor,
    SampleSize: biSizeImage / 4,
    VideoInfoHeader: { AvgTimePerFrame, biSizeImage: biSizeImage / 4 },
  };
  const slow = { ...sensor, VideoInfoHeader: { AvgTimePerFrame: 2 * AvgTimePerFrame, biSizeImage } };
  return [
    { type: 'propose', format: small },
    { type: 'propose', format: slow },
    { type: 'set', format: slow },
    { type: 'get' },
  ];
}

/** An application proposes formats to the camera, sets the one that it takes, and streams: every other picture arrives. */
export const formatsScenario: StreamScenario = {
  name: 'formats',
  summary: 'an application proposes two formats to the camera, and streams at half of its frame rate',
  system: (options) => cameraSystem('formats', options, { formats: wishes }),
};
