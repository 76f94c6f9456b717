import { always, check, defineSystem, reachable, type WorldView } from 'interlace';
import {
  classDriver,
  hardware,
  type IrpId,
  pnpManager,
  synchronizer,
  watchdog,
} from 'interlace/stream-class';
import { expect, it } from 'vitest';
import { disable, enable, eventfulStub } from './eventRequests.js';
import { freeClient, unplug } from './freeClient.js';
import { property } from './ioctlRequests.js';
import {
  cancel,
  cleanup,
  close,
  closeClock,
  createClock,
  follow,
  opened,
  openPin,
  read,
  setState,
} from './requests.js';
import type { Request } from './scriptedRequester.js';
import { type StubInput, stubMinidriver } from './stubMinidriver.js';

type Moves = readonly (Request | typeof unplug)[];

/** Every order of `left` moves, in every schedule. */
function everyUse(moves: Moves, left: number, stub: StubInput) {
  const engine = { frames: 0, frameRate: { num: 25, den: 1 }, fifoDepth: 2, dmaMs: 5 };
  const system = defineSystem({
    name: 'free client',
    actors: {
      pnpManager: { logic: pnpManager, input: {} },
      classDriver: { logic: classDriver },
      synchronizer: { logic: synchronizer },
      watchdog: { logic: watchdog },
      hardware: { logic: hardware, input: engine },
      minidriver: { logic: stubMinidriver, input: { instances: 2, ...stub } },
      client: { logic: freeClient(moves), input: { first: opened.flat(), left } },
    },
  });
  const isIn = (world: WorldView, actor: string, state: string): boolean =>
    world.snapshot(actor)?.matches(state) === true;
  const ends = ['waiting', 'free', 'dead'];
  return check(system, {
    properties: [
      always(
        'whoever dies is let go',
        (world) => !world.quiescent || ends.some((state) => isIn(world, 'client', state)),
      ),
      always(
        'what nobody uses can be removed',
        (world) => !world.quiescent || !isIn(world, 'client', 'dead') || isIn(world, 'pnpManager', 'removed'),
      ),
      reachable('the client dies', (world) => isIn(world, 'client', 'dead')),
    ],
    bounds: { states: 500_000 },
  });
}

const cancelled = (['client.irp0', 'client.irp1'] satisfies IrpId[]).map(cancel);
const reset = (Value: 'KSRESET_BEGIN' | 'KSRESET_END'): Request => ({
  ...{ type: 'IOCTL_KS_RESET_STATE', FileObject: 'pin:0', InputLength: 4 },
  Value,
});
const ends = [cleanup('pin:0'), close('pin:0')];
interface Use {
  /** How often it does something in `npm test`, and in the long suite. */
  readonly left: readonly [number, number];
  readonly moves: Moves;
  readonly stub?: StubInput;
}

const uses: Readonly<Record<string, Use>> = {
  'opens and closes': { left: [2, 3], moves: [openPin(), ...ends, cleanup('filter:0'), close('filter:0')] },
  'opens and closes, and pulls the plug': {
    left: [1, 2],
    moves: [openPin(), cleanup('pin:0'), cleanup('filter:0'), unplug],
  },
  'reads and cancels': { left: [2, 3], moves: [setState('KSSTATE_PAUSE'), read(), ...cancelled] },
  'reads, and pulls the plug': {
    left: [2, 2],
    moves: [setState('KSSTATE_PAUSE'), read(), ...cancelled, ...ends, unplug],
  },
  'enables and disables events': {
    left: [2, 2],
    moves: [enable(), disable(), ...ends, unplug],
    stub: eventfulStub(2),
  },
  'makes clocks and follows them': {
    left: [2, 2],
    moves: [createClock, closeClock, follow('clock:0'), ...cancelled, ...ends, unplug],
  },
  resets: {
    left: [2, 2],
    moves: [reset('KSRESET_BEGIN'), reset('KSRESET_END'), read(), ...cancelled, ...ends, unplug],
  },
  'asks for properties': {
    left: [2, 2],
    moves: [property(), property({ FileObject: 'pin:0' }), ...cancelled, cleanup('filter:0'), unplug],
  },
};

/** The tests of a suite; the long one has only those in which a client does more than in `npm test`. */
export function everyUseIsSound(suite: 'short' | 'long'): void {
  for (const [use, { left, moves, stub }] of Object.entries(uses)) {
    const [few, many] = left;
    if (suite === 'long' && many === few) continue;
    for (const off of [false, true]) {
      it(`and ${use} gets each answer once, whenever it dies (synchronization ${off ? 'off' : 'on'}; A-014, A-039, C-032, C-040)`, async () => {
        const times = suite === 'long' ? many : few;
        const { verdict, violations, witnesses } = await everyUse(moves, times, { ...stub, off });
        expect(violations.map(({ property, message }) => `${property}: ${message}`)).toEqual([]);
        expect(verdict).toBe('holds');
        expect(Object.values(witnesses).every(({ reached }) => reached)).toBe(true);
      });
    }
  }
}
