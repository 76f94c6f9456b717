import { defineSystem, type LogicSource, type System, type TimerMode } from 'interlace';
import { classDriver } from './classDriver.js';
import { client } from './client.js';
import type { ClientScript } from './clientSetup.js';
import { type HardwareInput, hardware } from './hardware.js';
import { pnpManager } from './pnpManager.js';
import { synchronizer } from './synchronizer.js';

/** The parts of a stack that are not the same in every system. */
export interface StreamClassSystemConfig {
  readonly name: string;
  /** What `defineMinidriver` gives. */
  readonly minidriver: LogicSource;
  readonly hardware: HardwareInput;
  readonly client: ClientScript;
  /** Default `urgent`: a machine that is fast against its frame rate. */
  readonly timers?: TimerMode;
}

/** The whole stack around a minidriver: PnP manager, class driver, synchronizer, hardware and one application. */
export function streamClassSystem(config: StreamClassSystemConfig): System {
  return defineSystem({
    name: config.name,
    timers: config.timers ?? 'urgent',
    actors: {
      pnpManager: { logic: pnpManager },
      classDriver: { logic: classDriver, input: {} },
      synchronizer: { logic: synchronizer },
      hardware: { logic: hardware, input: config.hardware },
      minidriver: { logic: config.minidriver },
      client: { logic: client, input: { script: config.client } },
    },
  });
}
