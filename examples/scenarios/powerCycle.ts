import type { StreamScenario } from 'interlace/stream-class';
import { cameraSystem } from './cameraSystem.js';

/** The system sleeps for a second: the camera loses its power and all its registers hold, and then the stream goes on. */
export const powerCycleScenario: StreamScenario = {
  name: 'power-cycle',
  summary: 'the system goes to sleep for a second while the camera streams',
  system: (options) =>
    cameraSystem('power-cycle', options, {
      life: [
        { type: 'Sleep', when: { afterMs: 410 } },
        { type: 'Wake', when: { afterMs: 1000 } },
        { type: 'Eject', when: 'ClientDone' },
      ],
    }),
};
