import { defineSystem, never, reachable, type WorldView } from 'interlace';
import { sendTo, setup } from 'xstate';

const TOKEN = { type: 'TOKEN' } as const;

/** Works only while it has the token, and passes it on. When it wants to work is its own affair. */
const station = setup({
  types: {
    context: {} as { readonly next: string },
    input: {} as { readonly next: string },
    events: {} as { readonly type: 'TOKEN' | 'WANT' | 'FINISH' },
    tags: {} as 'idle',
  },
  actions: { passToken: sendTo(({ system, context }) => system.get(context.next), TOKEN) },
}).createMachine({
  id: 'station',
  context: ({ input }) => input,
  initial: 'resting',
  states: {
    resting: {
      tags: ['idle'],
      meta: { offers: ['WANT'] },
      on: { WANT: 'waiting', TOKEN: { actions: 'passToken' } },
    },
    waiting: { on: { TOKEN: 'working' } },
    working: {
      meta: { offers: [{ type: 'FINISH', expected: true }] },
      on: { FINISH: { target: 'resting', actions: 'passToken' } },
    },
  },
});

/** Makes the token; and when it is impatient, another one a second later. */
const monitor = setup({
  types: { context: {} as { readonly isImpatient: boolean }, input: {} as { readonly isImpatient: boolean } },
  actions: { makeToken: sendTo(({ system }) => system.get('station0'), TOKEN) },
  guards: { isContent: ({ context }) => !context.isImpatient },
}).createMachine({
  id: 'monitor',
  context: ({ input }) => input,
  initial: 'watching',
  states: {
    watching: {
      entry: 'makeToken',
      always: { guard: 'isContent', target: 'gone' },
      after: { 1000: { target: 'gone', actions: 'makeToken' } },
    },
    gone: { type: 'final' },
  },
});

/**
 * A token ring: mutual exclusion without a lock (Le Lann, Distributed Systems: Towards a Formal Approach, 1977).
 *
 * Three stations have 36 states, n stations 3n · 2ⁿ⁻¹: either the token is on its way to one of the n stations, and each of
 * them rests or waits; or it is with one of the n, which works, and each of the others rests or waits.
 *
 *     n · 2ⁿ  +  n · 2ⁿ⁻¹
 *
 * With a monitor that takes a slow token for a lost one there are two of them, and two stations work at once.
 *
 * @param count how many stations, at least one
 */
export function tokenRing(count: number, monitorIs: 'content' | 'impatient' = 'content') {
  const stations = Array.from({ length: count }, (_, i) => `station${i}`);
  const isImpatient = monitorIs === 'impatient';
  const working = (world: WorldView): number =>
    stations.filter((name) => world.snapshot(name)?.value === 'working').length;
  const system = defineSystem({
    name: `token ring of ${count}${isImpatient ? ' with an impatient monitor' : ''}`,
    actors: {
      monitor: { logic: monitor, input: { isImpatient } },
      ...Object.fromEntries(
        stations.map((name, i) => [name, { logic: station, input: { next: `station${(i + 1) % count}` } }]),
      ),
    },
  });
  const properties = [
    never('two work at once', (world) => working(world) > 1),
    ...stations.map((name) =>
      reachable(`${name} works`, (world) => world.snapshot(name)?.value === 'working'),
    ),
  ];
  return { system, properties };
}
