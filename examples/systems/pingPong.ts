import { defineSystem } from 'interlace';
import { assign, sendTo, setup } from 'xstate';

interface Player {
  readonly opponent: string;
  readonly hits: number;
}

/** A player returns every ball that still has bounces left, and rests when nothing comes. */
const player = setup({
  types: {
    context: {} as Player,
    input: {} as { opponent: string },
    events: {} as { type: 'BALL'; bounces: number },
  },
  actions: {
    hit: assign({ hits: ({ context }) => context.hits + 1 }),
    returnBall: sendTo(
      ({ context, system }) => system.get(context.opponent),
      ({ event }) => ({ type: 'BALL', bounces: event.bounces - 1 }),
    ),
  },
  guards: { stillBounces: ({ event }) => event.bounces > 0 },
}).createMachine({
  id: 'player',
  context: ({ input }) => ({ opponent: input.opponent, hits: 0 }),
  entry: sendTo(
    ({ system, context }) => system.get(context.opponent),
    () => ({ type: 'BALL', bounces: 2 }),
  ),
  initial: 'playing',
  states: {
    playing: {
      tags: ['idle'],
      on: {
        BALL: [{ guard: 'stillBounces', actions: ['hit', 'returnBall'] }, { actions: 'hit' }],
      },
    },
  },
});

/**
 * Both players serve one ball; how the two rallies interleave is the scheduler's choice.
 *
 * It has 10 states. Each ball is hit three times, and none overtakes the other: both have been hit equally often (0 to 3
 * times), or one of the two has been hit once more (1 to 3 times).
 */
export default defineSystem({
  name: 'ping-pong',
  actors: {
    ping: { logic: player, input: { opponent: 'pong' } },
    pong: { logic: player, input: { opponent: 'ping' } },
  },
});
