import type { KSDATAFORMAT, Minidriver, StreamScenario } from 'interlace/stream-class';
import { camera } from '../minidrivers/camera.js';
import { cameraProperties } from './cameraProperties.js';
import { cameraSystem } from './cameraSystem.js';

/** A camera that an application captures from: start, open, enable an event, stream, stop, disable it, close, remove. */
export function cameraScenarioOf(minidriver: (sensor: KSDATAFORMAT) => Minidriver): StreamScenario {
  return {
    name: 'camera',
    summary: 'an application captures a clip through a bus-master camera with an interrupt',
    properties: cameraProperties,
    system: (options) => cameraSystem('camera', options, { minidriver }),
  };
}

export const cameraScenario = cameraScenarioOf(camera);
