import { expect, it } from 'vitest';
import { sendTo, setup } from 'xstate';
import { Claims } from '../../../src/explore/claims.js';
import { type Omission, ReducedSearch } from '../../../src/explore/reduction/reducedSearch.js';
import { defineSystem, preempt, restart, type System, threads, until, write } from '../../../src/index.js';
import { World } from '../../../src/runtime/world.js';
import { defineMinidriver, StreamClassDebugPrint, WRITE_REGISTER_ULONG } from '../../../src/stream/index.js';
import { runToEnd } from './agreement.js';

// One of two waits for what the other takes again and again, and has never gone on from there before: nobody knows what it will
// do. Round the other's cycle a step is put off in a state in which the one cannot go on, so that it would never be seen to.

/** So many steps that by then it is known who was seen to do what. */
const LONG = 40;

function endOf(system: System, omissions: readonly Omission[]): string {
  const world = new World(system);
  const limits = { states: 10_000, depth: 1000, violations: 1 };
  return runToEnd(new ReducedSearch(world, new Claims(world, []), limits, 'bfs', 64, new Set(omissions)));
}

it('is known of a thread that waits for a processor', () => {
  const logic = threads({
    memory: { started: 0, open: 0, x: 0 },
    processors: 1,
    races: 'ignore',
    threads: {
      a: function* (memory) {
        if (memory.open === 0) {
          yield* until(() => memory.started === 1);
          for (let i = 0; i < LONG; i++) yield* write(memory, 'x', i);
          memory.open = 1;
        }
        yield* preempt();
        yield* write(memory, 'x', 0);
        return restart();
      },
      b: function* (memory) {
        yield* write(memory, 'started', 1);
        yield* until(() => memory.open === 1);
        throw new Error('it was let in');
      },
    },
  });
  const system = defineSystem({ name: 'processor', actors: { program: { logic } } });
  expect([endOf(system, []), endOf(system, ['C1 waits'])]).toEqual(['violations', 'exhausted']);
});

it('is known of a callback of a minidriver that waits for a processor', () => {
  interface Extension {
    isPractised: boolean;
  }
  const srb = { id: 'request', Command: 'SRB_SURPRISE_REMOVAL', Flags: 1, TimeoutOriginal: 1 };
  // One write brings the request, each other one the next interrupt.
  const hardware = setup({
    types: { events: {} as { readonly type: 'WriteRegister'; readonly value: number } },
    actions: {
      interrupt: sendTo(({ system: { get } }) => get('minidriver'), { type: 'HwInterrupt' }),
      request: sendTo(({ system: { get } }) => get('minidriver'), { type: 'HwReceivePacket', ...{ srb } }),
    },
  }).createMachine({
    tags: ['idle'],
    entry: 'interrupt',
    on: {
      WriteRegister: [
        { guard: ({ event }) => event.value === 1, actions: 'request' },
        { actions: 'interrupt' },
      ],
    },
  });
  const logic = defineMinidriver(
    {
      name: 'interrupted',
      registration: {
        DeviceExtension: { isPractised: false } satisfies Extension,
        TurnOffSynchronization: false,
        *HwInterrupt(extension) {
          const own = extension as Extension;
          if (!own.isPractised) {
            yield* WRITE_REGISTER_ULONG('R', 1);
            for (let i = 0; i < LONG; i++) yield* StreamClassDebugPrint('DebugLevelTrace', `${i}`);
            own.isPractised = true;
          }
          yield* WRITE_REGISTER_ULONG('R', 2);
          return true;
        },
        // biome-ignore lint/correctness/useYield: it fails at once
        *HwReceivePacket() {
          throw new Error('it was let in');
        },
      },
      routines: {},
    },
    1,
  );
  const system = defineSystem({
    name: 'processor',
    actors: { hardware: { logic: hardware }, minidriver: { logic } },
  });
  expect([endOf(system, []), endOf(system, ['C1 waits'])]).toEqual(['violations', 'exhausted']);
});
