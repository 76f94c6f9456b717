import type { StreamScenario } from 'interlace/stream-class';
import { cameraSystem } from './cameraSystem.js';

/** The engine hangs at the sixth frame. The watchdog has patience for a second or less; the application waits longer. */
export const timeoutScenario: StreamScenario = {
  name: 'timeout',
  summary: 'the camera hangs; the watchdog has its driver reset it, and the stream goes on',
  system: (options) => cameraSystem('timeout', options, { hangsAtFrame: 5, timeoutTicks: 1 }),
};
