import {
  type ActorDeclaration,
  defineSystem,
  type LogicSource,
  type System,
  type TimerMode,
} from 'interlace';
import { classDriver } from './classDriver.js';
import { client } from './client.js';
import type { ClientScript } from './clientSetup.js';
import { type DecoderInput, decoder } from './decoder.js';
import { type HardwareInput, hardware } from './hardware.js';
import { playerClient } from './playerClient.js';
import type { PlayerScript } from './playerRequests.js';
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

/** A stack around a minidriver whose device is a decoder, with an application that plays. */
export interface PlayerSystemConfig extends Omit<StreamClassSystemConfig, 'hardware' | 'client'> {
  readonly decoder: DecoderInput;
  readonly client: PlayerScript;
}

/** The whole stack around a minidriver: PnP manager, class driver, synchronizer, hardware and one application. */
export function streamClassSystem(config: StreamClassSystemConfig): System {
  return stack(config, {
    hardware: { logic: hardware, input: config.hardware },
    minidriver: { logic: config.minidriver },
    client: { logic: client, input: { script: config.client } },
  });
}

/** The same around a decoder. */
export function playerSystem(config: PlayerSystemConfig): System {
  return stack(config, {
    hardware: { logic: decoder, input: config.decoder },
    minidriver: { logic: config.minidriver },
    client: { logic: playerClient, input: { script: config.client } },
  });
}

function stack(
  { name, timers = 'urgent' }: Pick<StreamClassSystemConfig, 'name' | 'timers'>,
  around: Readonly<Record<'hardware' | 'minidriver' | 'client', ActorDeclaration>>,
): System {
  return defineSystem({
    name,
    timers,
    actors: {
      pnpManager: { logic: pnpManager },
      classDriver: { logic: classDriver, input: {} },
      synchronizer: { logic: synchronizer },
      ...around,
    },
  });
}
