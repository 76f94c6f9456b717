import { defineSystem, eventually, reachable, type WorldView } from 'interlace';
import { assign, enqueueActions, sendTo, setup } from 'xstate';

type ForkEvent = { readonly type: 'TAKE'; readonly philosopher: string } | { readonly type: 'PUT' };

/** Lies on the table or is in somebody's hand; who asks for it meanwhile waits in line. */
const fork = setup({
  types: {
    context: {} as { readonly waiting: readonly string[] },
    events: {} as ForkEvent,
    tags: {} as 'idle',
  },
  actions: {
    give: sendTo(({ system, event }) => system.get(event.type === 'TAKE' ? event.philosopher : ''), {
      type: 'GOT',
    }),
    wait: assign({
      waiting: ({ context, event }) =>
        event.type === 'TAKE' ? [...context.waiting, event.philosopher] : context.waiting,
    }),
    giveToNext: enqueueActions(({ context: { waiting }, enqueue }) => {
      const [next = '', ...others] = waiting;
      enqueue.sendTo(({ system }) => system.get(next), { type: 'GOT' });
      enqueue.assign({ waiting: others });
    }),
  },
  guards: { somebodyWaits: ({ context }) => context.waiting.length > 0 },
}).createMachine({
  id: 'fork',
  meta: { strict: true },
  context: { waiting: [] },
  initial: 'free',
  states: {
    free: { tags: ['idle'], on: { TAKE: { target: 'taken', actions: 'give' } } },
    taken: {
      tags: ['idle'],
      on: { TAKE: { actions: 'wait' }, PUT: [{ guard: 'somebodyWaits', actions: 'giveToNext' }, 'free'] },
    },
  },
});

interface Forks {
  readonly first: string;
  readonly second: string;
}

/** Takes one fork, then the other, eats, and goes home. */
const philosopher = setup({
  types: { context: {} as Forks, input: {} as Forks, events: {} as { readonly type: 'GOT' } },
  actions: {
    takeFirst: sendTo(
      ({ system, context }) => system.get(context.first),
      ({ self }): ForkEvent => ({ type: 'TAKE', philosopher: self.id }),
    ),
    takeSecond: sendTo(
      ({ system, context }) => system.get(context.second),
      ({ self }): ForkEvent => ({ type: 'TAKE', philosopher: self.id }),
    ),
    putFirst: sendTo(({ system, context }) => system.get(context.first), { type: 'PUT' }),
    putSecond: sendTo(({ system, context }) => system.get(context.second), { type: 'PUT' }),
  },
}).createMachine({
  id: 'philosopher',
  context: ({ input }) => input,
  initial: 'hungry',
  states: {
    hungry: { entry: 'takeFirst', on: { GOT: 'withOneFork' } },
    withOneFork: { entry: 'takeSecond', on: { GOT: 'fed' } },
    fed: { type: 'final', entry: ['putFirst', 'putSecond'] },
  },
});

/**
 * Dijkstra's philosophers round a table, with a fork between each two (Cooperating Sequential Processes, EWD 123, 1965).
 *
 * Three of them have 52 states when all take the left fork first, and 84 when the forks are numbered. A state is who has how
 * many forks, and of each fork who waits and which letters are unread; counting those alone gives the same.
 *
 * @param count at least two
 * @param order `left`: everybody takes the left fork first, and all may starve; `numbered`: everybody takes the fork with the
 *   smaller number first, and nobody can
 */
export function diningPhilosophers(count: number, order: 'left' | 'numbered') {
  const philosophers = Array.from({ length: count }, (_, i) => {
    const [left, right] = [i, (i + 1) % count];
    const [first, second] = order === 'numbered' && left > right ? [right, left] : [left, right];
    return [
      `philosopher${i}`,
      { logic: philosopher, input: { first: `fork${first}`, second: `fork${second}` } },
    ];
  });
  const forks = Array.from({ length: count }, (_, i) => [`fork${i}`, { logic: fork }]);
  const system = defineSystem({
    name: `${count} dining philosophers, ${order === 'left' ? 'left fork' : 'smaller number'} first`,
    actors: Object.fromEntries([...philosophers, ...forks]),
  });
  const fed = (world: WorldView): number =>
    world.addresses().filter((address) => world.snapshot(address)?.value === 'fed').length;
  const properties = [
    eventually('all are fed', (world) => fed(world) === count),
    reachable('one is fed and others are hungry', (world) => fed(world) === 1),
  ];
  return { system, properties };
}
