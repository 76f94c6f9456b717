import type { StreamScenario } from 'interlace/stream-class';
import { cameraSystem } from './cameraSystem.js';

/** Other resources for the camera: refused while it streams, done when nobody uses it any more. */
export const rebalanceScenario: StreamScenario = {
  name: 'rebalance',
  summary: 'the camera is to be stopped and started again: first in vain, then with success',
  system: (options) =>
    cameraSystem('rebalance', options, {
      life: [
        { type: 'Rebalance', when: { afterMs: 410 } },
        { type: 'Rebalance', when: 'ClientDone' },
        { type: 'Eject', when: 'ClientDone' },
      ],
    }),
};
