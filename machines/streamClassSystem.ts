import { defineSystem, type LogicSource, type System, type TimerMode } from 'interlace';
import { classDriver } from './classDriver.js';
import { client } from './client.js';
import { type ClientScript, SILENCE_MS } from './clientSetup.js';
import { hardware } from './hardware.js';
import type { HardwareInput } from './hardwareRegisters.js';
import { pnpManager } from './pnpManager.js';
import type { PnpDecision } from './pnpScript.js';
import { synchronizer } from './synchronizer.js';
import { watchdog } from './watchdog.js';

/** The parts of a stack that are not the same in every system. */
export interface StreamClassSystemConfig {
  readonly name: string;
  /** What `defineMinidriver` gives. */
  readonly minidriver: LogicSource;
  readonly hardware: HardwareInput;
  readonly client: ClientScript;
  /** What happens to the device. Default: nothing, until it is removed in order. */
  readonly life?: readonly PnpDecision[];
  /** Seconds that the minidriver has for a request (J12). Default: longer than the client is patient. */
  readonly timeoutTicks?: number;
  /** Default `urgent`: a machine that is fast against its frame rate. */
  readonly timers?: TimerMode;
}

/** Of seconds, so many that a client that sees no more frames is gone before the last read is taken for a hang. */
function patience({ client: { silenceMs = SILENCE_MS, clientDelayMs } }: StreamClassSystemConfig): number {
  return Math.ceil((silenceMs + clientDelayMs) / 1000) + 2;
}

/** The whole stack around a minidriver: PnP manager, class driver, synchronizer, watchdog, hardware and one application. */
export function streamClassSystem(config: StreamClassSystemConfig): System {
  return defineSystem({
    name: config.name,
    timers: config.timers ?? 'urgent',
    actors: {
      pnpManager: { logic: pnpManager, input: config.life ? { script: config.life } : {} },
      classDriver: { logic: classDriver, input: { timeoutTicks: config.timeoutTicks ?? patience(config) } },
      synchronizer: { logic: synchronizer },
      watchdog: { logic: watchdog },
      hardware: { logic: hardware, input: config.hardware },
      minidriver: { logic: config.minidriver },
      client: { logic: client, input: { script: config.client } },
    },
  });
}
