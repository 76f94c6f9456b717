import {
  type ActorDeclaration,
  defineSystem,
  type LogicSource,
  type System,
  type TimerMode,
} from 'interlace';
import { classDriver } from './classDriver.js';
import { client } from './client.js';
import { type ClientScript, SILENCE_MS } from './clientScript.js';
import { type DecoderInput, decoder } from './decoder.js';
import { hardware } from './hardware.js';
import { type HardwareInput, needsScene } from './hardwareRegisters.js';
import { playerClient } from './playerClient.js';
import type { PlayerScript } from './playerRequests.js';
import { pnpManager } from './pnpManager.js';
import type { PnpDecision } from './pnpScript.js';
import { scene } from './scene.js';
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
  /** What the registry says: whether the minidriver is paged out while nothing is open (C-066, C.11). Default no. */
  readonly pageOutWhenUnopened?: boolean;
  /** Default `urgent`: a machine that is fast against its frame rate. */
  readonly timers?: TimerMode;
}

/** A stack around a minidriver whose device is a decoder, which is never without power, with an application that plays. */
export interface PlayerSystemConfig extends Omit<StreamClassSystemConfig, 'hardware' | 'client' | 'life'> {
  readonly decoder: DecoderInput;
  readonly client: PlayerScript;
}

/** Of seconds, so many that a client that sees nothing happen is gone before its last request is taken for a hang. */
function patience({ silenceMs = SILENCE_MS, clientDelayMs }: ClientScript | PlayerScript): number {
  return Math.ceil((silenceMs + clientDelayMs) / 1000) + 2;
}

/** The whole stack around a minidriver: PnP manager, class driver, synchronizer, watchdog, hardware and one application. */
export function streamClassSystem(config: StreamClassSystemConfig): System {
  return stack(config, {
    ...(needsScene(config.hardware) ? { scene: { logic: scene, input: config.hardware } } : {}),
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
  config: StreamClassSystemConfig | PlayerSystemConfig,
  around: Readonly<Record<string, ActorDeclaration>>,
): System {
  const { name, timers = 'urgent', client: script, pageOutWhenUnopened = false } = config;
  const { timeoutTicks = patience(script) } = config;
  return defineSystem({
    name,
    timers,
    actors: {
      pnpManager: { logic: pnpManager, input: 'life' in config ? { script: config.life } : {} },
      classDriver: { logic: classDriver, input: { timeoutTicks, pageOutWhenUnopened } },
      synchronizer: { logic: synchronizer },
      watchdog: { logic: watchdog },
      ...around,
    },
  });
}
