import {
  type ClassDriverMessage,
  type DeviceArrived,
  type DevicePowerState,
  type DriverUnload,
  type IrpId,
  ntSuccess,
  type PnpIrp,
  type PnpManagerMessage,
  type PowerIrp,
  type SetDevicePower,
  type Unplug,
} from 'interlace/streaming';
import { assertEvent, enqueueActions, or, sendTo, setup, stateIn } from 'xstate';
import { type PnpDecision, uneventfulLife } from './pnpScript.js';

export interface PnpManagerInput {
  /** What happens to the device, in order. Default {@link uneventfulLife}. */
  readonly script?: readonly PnpDecision[];
}

/** What the PnP manager remembers. */
export interface PnpManager {
  /** Decisions that have not been taken. */
  readonly script: readonly PnpDecision[];
}

/** What the PnP manager can do and ask: the words of the chart in `pnpManager.ts`. */
export const pnpManagerSetup = setup({
  types: {
    context: {} as PnpManager,
    input: {} as PnpManagerInput | undefined,
    events: {} as PnpManagerMessage | PnpDecision,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  delays: {
    untilNext: ({ context: { script } }) => {
      const when = script[0]?.when;
      return typeof when === 'object' ? when.afterMs : 0;
    },
  },
  actions: {
    addDevice: sendTo(({ system }) => system.get('classDriver'), { type: 'AddDevice' }),
    unloadDriver: sendTo(
      ({ system }) => system.get('classDriver'),
      (): DriverUnload => ({ type: 'DriverUnload' }),
    ),
    send: sendTo(
      ({ system }) => system.get('classDriver'),
      ({ self }, { request }: { request: PnpIrp['type'] }): ClassDriverMessage => {
        const irp: IrpId = `${self.id}.irp0`;
        return { type: request, irp };
      },
    ),
    sendPower: sendTo(
      ({ system }) => system.get('classDriver'),
      (
        { self },
        { request, DeviceState }: { request: PowerIrp['type']; DeviceState: DevicePowerState },
      ): PowerIrp => ({ type: request, irp: `${self.id}.irp0`, DeviceState }),
    ),
    setDevicePower: sendTo(
      ({ system }) => system.get('hardware'),
      (_, { DeviceState }: { DeviceState: DevicePowerState }): SetDevicePower => ({
        type: 'SetDevicePower',
        DeviceState,
      }),
    ),
    pullPlug: sendTo(
      ({ system }) => system.get('hardware'),
      (): Unplug => ({ type: 'Unplug' }),
    ),
    tellClient: sendTo(
      ({ system }) => system.get('client'),
      (): DeviceArrived => ({ type: 'DeviceArrived' }),
    ),
    decide: enqueueActions(({ context: { script }, enqueue }) => {
      const [decision, ...rest] = script;
      if (!decision) return;
      enqueue.assign({ script: rest });
      enqueue.raise(decision);
    }),
  },
  guards: {
    succeeded: ({ event }) => {
      assertEvent(event, ['AddDeviceComplete', 'IoCompleteRequest']);
      return ntSuccess(event.Status);
    },
    isVetoed: ({ event }) => 'isVetoed' in event && event.isVetoed === true,
    scriptIsOver: ({ context }) => context.script.length === 0,
    nextIsUnplug: ({ context }) => context.script[0]?.type === 'Unplug',
    nextAwaitsClient: ({ context }) => context.script[0]?.when === 'ClientDone',
    nobodyUsesIt: or([stateIn({ life: { users: 'none' } }), stateIn({ life: { users: 'gone' } })]),
    clientIsGone: stateIn({ life: { users: 'gone' } }),
    nodeRests: stateIn({ life: { node: 'resting' } }),
    hasVanished: stateIn({ life: { plug: 'pulled' } }),
  },
});
