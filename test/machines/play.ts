import { isDeepStrictEqual } from 'node:util';
import {
  defineSystem,
  type LogicSource,
  type Simulation,
  type System,
  simulator,
  type TimerMode,
  type TraceStep,
} from 'interlace';
import {
  type ClientScript,
  classDriver,
  client,
  defaultDataFormat,
  type HardwareInput,
  hardware,
  type PnpDecision,
  pnpManager,
  type SrbResult,
  scene,
  synchronizer,
  watchdog,
} from 'interlace/stream-class';
import { isMachineSnapshot } from 'xstate';
import { camera } from '../../examples/minidrivers/camera.js';
import { type NumberedEmission, numberedEmissions } from './frameNumbers.js';
import { remembered } from './remembered.js';
import { type Request, scriptedRequester } from './scriptedRequester.js';
import { type StubInput, stubMinidriver } from './stubMinidriver.js';

export interface Setting {
  readonly seed?: number;
  readonly timers?: TimerMode;
  readonly stub?: StubInput;
  readonly life?: readonly PnpDecision[];
  readonly pageOutWhenUnopened?: boolean;
  /** Takes the place of the class driver. */
  readonly classDriver?: LogicSource;
  /** Takes the place of the stub. */
  readonly minidriver?: LogicSource;
  readonly hardware?: Partial<HardwareInput>;
  readonly script?: Partial<ClientScript>;
  /** Takes the place of the client. */
  readonly bursts?: readonly (readonly Request[])[];
}

export interface Play {
  readonly run: Simulation;
  readonly steps: readonly TraceStep[];
}

const frameBytes = 10_000;

/** Plays the assembled stack with the stub minidriver. 25 frames a second; a transfer takes 5 ms. */
export function play({ seed = 1, ...setting }: Setting = {}): Play {
  const steps: TraceStep[] = [];
  const run = playerOf(setting)({ seed, onStep: (step) => steps.push(step) });
  return { run, steps };
}

const playerOf = remembered((setting: Setting) => simulator(stackOf(setting)), isSame);

/** Equal values, and the very same logics: two that look alike may have closed over different things. */
function isSame(
  { classDriver: driverA, minidriver: minidriverA, ...a }: Setting,
  { classDriver: driverB, minidriver: minidriverB, ...b }: Setting,
): boolean {
  return driverA === driverB && minidriverA === minidriverB && isDeepStrictEqual(a, b);
}

function stackOf(setting: Setting): System {
  const script: ClientScript = { buffers: 3, clientDelayMs: 0, frameBytes, ...setting.script };
  const engine: HardwareInput = {
    frames: 6,
    frameRate: { num: 25, den: 1 },
    fifoDepth: 2,
    dmaMs: 5,
    ...setting.hardware,
  };
  return defineSystem({
    name: 'stack',
    timers: setting.timers ?? 'urgent',
    actors: {
      pnpManager: { logic: pnpManager, input: setting.life ? { script: setting.life } : {} },
      classDriver: {
        logic: setting.classDriver ?? classDriver,
        input: { pageOutWhenUnopened: setting.pageOutWhenUnopened ?? false },
      },
      synchronizer: { logic: synchronizer },
      watchdog: { logic: watchdog },
      scene: { logic: scene, input: engine },
      hardware: { logic: hardware, input: engine },
      client: setting.bursts
        ? { logic: scriptedRequester, input: { bursts: setting.bursts } }
        : { logic: client, input: { script } },
      minidriver: setting.minidriver
        ? { logic: setting.minidriver }
        : { logic: stubMinidriver, input: setting.stub },
    },
  });
}

/** Seeds and timer modes that every claim about all schedules is tried with. */
export const schedules = [1, 2, 3, 4, 5, 6].flatMap((seed) =>
  (['urgent', 'ordered'] as const).map((timers) => ({ seed, timers })),
);

/** All emissions of a type, in order; those about frames with their numbers. */
export function emitted({ steps }: Play, type: string): NumberedEmission[] {
  return numberedEmissions(steps).filter((event) => event['type'] === type);
}

const { VideoInfoHeader: _, ...range } = defaultDataFormat;

/** The camera of the examples, for the format that the client opens by default. */
export const realCamera = camera(range);

/**
 * Follows every IRP and every SRB through a run.
 *
 * @returns those that are not over at its end, and what happened twice or to the wrong one
 */
export function ledger({ steps }: Play): { irps: string[]; srbs: string[]; errors: string[] } {
  const irps = new Set<string>();
  const srbs = new Set<string>();
  const errors: string[] = [];
  const close = (open: Set<string>, id: string, what: string): void => {
    if (!open.delete(id)) errors.push(`${what} ${id}`);
  };
  for (const { from, to, event } of steps.flatMap(({ sent }) => sent)) {
    const irp: unknown = Reflect.get(event, 'irp');
    // A callback that returns says only its SRB's id, and may not own it any more.
    const srb: SrbResult | undefined =
      event.type === 'CallbackReturned' ? undefined : Reflect.get(event, 'srb');
    const isCancel = event.type === 'IoCancelIrp' || Reflect.get(event, 'callback') === 'HwCancelPacket';
    if (to === 'classDriver' && typeof irp === 'string' && irp.startsWith(`${from}.`) && !isCancel) {
      if (irps.has(irp)) errors.push(`sent again ${irp}`);
      irps.add(irp);
    }
    if (event.type === 'IoCompleteRequest') close(irps, String(irp), 'completed again');
    if (event.type === 'CallMinidriver' && srb && !isCancel) srbs.add(srb.id);
    if (event.type === 'DeliveryWithdrawn' && srb) close(srbs, srb.id, 'withdrawn again');
    const aborted: readonly SrbResult[] = Reflect.get(event, 'srbs') ?? [];
    if (from === 'minidriver')
      for (const { id } of srb ? [srb] : aborted) close(srbs, id, 'given back again');
  }
  return { irps: [...irps], srbs: [...srbs], errors };
}

/** Events that a machine took no transition for. */
export function unhandled({ steps }: Play): string[] {
  return steps.flatMap(({ actor, event, before }) =>
    before && isMachineSnapshot(before) && before.machine.getTransitionData(before, event).length === 0
      ? [`${actor} ${event.type}`]
      : [],
  );
}
