import type { StreamScenario } from 'interlace/stream-class';
import { classDriverRules } from '../classDriverRules.js';
import { cameraSystem } from './cameraSystem.js';

/** An application changes its mind, comes back, and dies: its requests are cancelled each time, and the camera is none the worse. */
export const cancelScenario: StreamScenario = {
  name: 'cancel',
  summary: 'an application cancels its reads, opens the camera again, and crashes while it streams',
  properties: classDriverRules,
  system(options) {
    // Of a short clip a third each time, so that it comes to that.
    const frames = Math.min(10, Math.ceil(options.frames / 3));
    return cameraSystem('cancel', options, {
      steps: [
        { type: 'cancelAfter', frames },
        { type: 'wait', ms: 100 },
        { type: 'crashAfter', frames },
      ],
    });
  },
};
