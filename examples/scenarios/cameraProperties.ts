import { never, reachable, type WorldView } from 'interlace';
import { CONTROL_INTERRUPT_ENABLE } from 'interlace/stream-class';
import { classDriverRules } from '../classDriverRules.js';

const isTransferring = (world: WorldView): boolean =>
  world.snapshot('hardware')?.matches({ engine: 'transferring' }) === true;
const isIn = (world: WorldView, state: 'KSSTATE_STOP' | 'KSSTATE_RUN'): boolean =>
  world.snapshot('classDriver/pin:0')?.matches({ open: { state: { resting: state } } }) === true;
const isConnected = (world: WorldView): boolean =>
  world.snapshot('synchronizer')?.matches({ line: 'connected' }) === true &&
  world.mailbox('synchronizer', { type: 'IoDisconnectInterrupt' }).length === 0;
const isRemoved = (world: WorldView): boolean => world.snapshot('classDriver')?.value === 'removed';
const registers = (world: WorldView) => world.snapshot('hardware')?.context.registers;

/** What must hold of the camera's stack in every state, and what has to happen in some. */
export const cameraProperties = [
  ...classDriverRules,
  // A transfer that has begun may end in PAUSE: the camera does not wait for it.
  never(
    'INV-043: a frame is moved for a stream that is stopped',
    (world) => isTransferring(world) && isIn(world, 'KSSTATE_STOP'),
  ),
  never(
    'INV-055: the device is removed with its interrupt connected',
    (world) => isRemoved(world) && isConnected(world),
  ),
  never(
    'INV-064: the device may interrupt where nobody listens',
    (world) => (registers(world)?.CONTROL & CONTROL_INTERRUPT_ENABLE) !== 0 && !isConnected(world),
  ),
  reachable('the stream runs', (world) => isIn(world, 'KSSTATE_RUN')),
  reachable('the engine moves a frame', isTransferring),
  reachable(
    'an interrupt waits for the lock',
    (world) => world.snapshot('synchronizer')?.matches({ line: { connected: 'raised' } }) === true,
  ),
  reachable('the application is told of a frame', (world) => world.snapshot('client')?.context.eventIsSet),
  reachable('the device is removed', isRemoved),
];
