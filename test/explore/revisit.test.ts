import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { Ancestry } from '../../src/explore/ancestry.js';
import { revisit } from '../../src/explore/revisit.js';
import { defineSystem } from '../../src/index.js';
import { World } from '../../src/runtime/world.js';

test('states are come to again, and others get a turn now and then', () => {
  const counter = setup({ types: { context: {} as { n: number } } }).createMachine({
    context: { n: 0 },
    initial: 'counting',
    states: {
      counting: {
        meta: { offers: ['UP'] },
        on: { UP: { actions: assign({ n: ({ context }) => context.n + 1 }) } },
      },
    },
  });
  const world = new World(defineSystem({ name: 'counter', actors: { counter: { logic: counter } } }));
  const ancestry = new Ancestry();
  ancestry.add(0, 0);
  let { initial: state } = world;
  for (let number = 0; number < 999; number++) {
    const [up] = world.enabled(state).choices;
    if (up === undefined) throw new Error('it can go up');
    ancestry.add(number, up);
    state = world.step(state, up);
  }
  const executions = world.executions;
  const met: [number: number, n: number, depth: number][] = [];
  const steps = revisit(world, ancestry, [999, 500], (number, there, depth) => {
    met.push([number, world.view(there).snapshot('counter')?.context.n, depth]);
  });
  let turns = 0;
  while (!steps.next().done) turns++;
  expect(met).toEqual([
    [500, 500, 500],
    [999, 999, 999],
  ]);
  // 256 states to a turn; what was computed once is remembered.
  expect(turns).toBe(3);
  expect(world.executions).toBe(executions);
});
