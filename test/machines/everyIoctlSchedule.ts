import { always, check, defineSystem, never, reachable, type WorldView } from 'interlace';
import {
  classDriver,
  hardware,
  type PnpDecision,
  pnpManager,
  synchronizer,
  watchdog,
} from 'interlace/stream-class';
import { type PropertyMinidriverInput, propertyMinidriver } from './propertyMinidriver.js';
import { opened } from './requests.js';
import { type Request, scriptedRequester } from './scriptedRequester.js';

/** Every schedule of some requests: each is answered exactly once, whatever happens when. */
export function everySchedule(
  bursts: readonly (readonly Request[])[],
  input: PropertyMinidriverInput,
  life: readonly PnpDecision[] = [],
) {
  const all = [...opened, ...bursts];
  const asking = all.flat().filter(({ type }) => type !== 'IoCancelIrp').length;
  const answers = (world: WorldView): readonly string[] => world.snapshot('client')?.context.answers ?? [];
  const isIdle = (world: WorldView): boolean => world.snapshot('client')?.hasTag('idle') === true;
  const waits = (world: WorldView, address: string, type: string): boolean =>
    world.mailbox(address).some((event) => event.type === type);
  const isAsleep = (world: WorldView): boolean =>
    world.snapshot('classDriver')?.matches({ present: { power: 'D3' } }) === true;
  const isGone = (world: WorldView): boolean =>
    world.snapshot('classDriver')?.matches({ present: { pnp: 'gone' } }) === true;
  const isQueued = (world: WorldView): boolean =>
    world.snapshot('classDriver')?.context.deviceQueue.some((srb: object) => 'FileObject' in srb);
  const asksMinidriver = (world: WorldView): boolean =>
    world.mailbox('minidriver').some((event) => Reflect.get(event, 'srb')?.Command.startsWith('SRB_GET_'));
  const engine = { frames: 0, frameRate: { num: 25, den: 1 }, fifoDepth: 2, dmaMs: 5 };
  const system = defineSystem({
    name: 'properties',
    actors: {
      pnpManager: { logic: pnpManager, input: life.length > 0 ? { script: life } : {} },
      classDriver: { logic: classDriver },
      synchronizer: { logic: synchronizer },
      watchdog: { logic: watchdog },
      hardware: { logic: hardware, input: engine },
      minidriver: { logic: propertyMinidriver(input) },
      client: { logic: scriptedRequester, input: { bursts: all, givesUp: true } },
    },
  });
  return check(system, {
    properties: [
      always('no request is answered twice', (world) => answers(world).length <= asking),
      always('all is answered in the end', (world) => !world.quiescent || isIdle(world)),
      never('nobody is asked without power', (world) => isAsleep(world) && asksMinidriver(world)),
      reachable('the minidriver is asked', (world) => waits(world, 'minidriver', 'HwCancelPacket')),
      never(
        'a request of a client waits for a device that is gone',
        (world) => isGone(world) && isQueued(world),
      ),
      reachable('a request of a client is queued', isQueued),
      reachable('a delivery to the device is withdrawn', (world) =>
        waits(world, 'classDriver', 'DeliveryWithdrawn'),
      ),
      reachable('a delivery to the stream is withdrawn', (world) =>
        waits(world, 'classDriver/pin:0', 'DeliveryWithdrawn'),
      ),
      reachable('a request is refused as gone', (world) => answers(world).includes('STATUS_DEVICE_REMOVED')),
      reachable(
        'a request waits for power',
        (world) =>
          isAsleep(world) &&
          world.snapshot('classDriver')?.context.heldRequests[0]?.type === 'IOCTL_KS_PROPERTY',
      ),
      reachable('a request is let go of', (world) => answers(world).includes('STATUS_CANCELLED')),
    ],
    bounds: { states: 300_000 },
  });
}
