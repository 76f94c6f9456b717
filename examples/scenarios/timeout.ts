import type { StreamScenario } from 'interlace/stream-class';
import { classDriverRules } from '../classDriverRules.js';
import { cameraSystem } from './cameraSystem.js';

/** The engine hangs at the sixth frame, in a short clip in the middle. The watchdog has patience for a second or less; the application waits longer. */
export const timeoutScenario: StreamScenario = {
  name: 'timeout',
  summary: 'the camera hangs; the watchdog has its driver reset it, and the stream goes on',
  properties: classDriverRules,
  system: (options) =>
    cameraSystem('timeout', options, {
      transfersUntilHang: Math.min(5, Math.floor(options.frames / 2)),
      timeoutTicks: 1,
    }),
};
