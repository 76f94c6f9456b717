import type { StreamScenario } from 'interlace/stream-class';
import { cameraSystem } from './cameraSystem.js';

/** The plug is pulled in the middle: requests fail, the application closes what it has open, and only then is the device removed. */
export const unplugScenario: StreamScenario = {
  name: 'unplug',
  summary: 'somebody pulls the plug of the camera while it streams',
  system: (options) =>
    cameraSystem('unplug', options, { life: [{ type: 'Unplug', when: { afterMs: 410 } }] }),
};
