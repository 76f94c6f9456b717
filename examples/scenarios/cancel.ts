import type { StreamScenario } from 'interlace/stream-class';
import { cameraSystem } from './cameraSystem.js';

/** An application changes its mind, comes back, and dies: its requests are cancelled each time, and the camera is none the worse. */
export const cancelScenario: StreamScenario = {
  name: 'cancel',
  summary: 'an application cancels its reads, opens the camera again, and crashes while it streams',
  system: (options) =>
    cameraSystem('cancel', options, {
      steps: [
        { type: 'cancelAfter', frames: 10 },
        { type: 'wait', ms: 100 },
        { type: 'crashAfter', frames: 10 },
      ],
    }),
};
