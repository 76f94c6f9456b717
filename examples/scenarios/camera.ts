import type { StreamScenario } from 'interlace/stream-class';
import { cameraSystem } from './cameraSystem.js';

/** A bus-master camera that an application captures from: start, open, stream, stop, close, remove. */
export const cameraScenario: StreamScenario = {
  name: 'camera',
  summary: 'an application captures a clip through a bus-master camera with an interrupt',
  system: (options) => cameraSystem('camera', options),
};
