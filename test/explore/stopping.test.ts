import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { check } from '../../src/explore/check.js';
import { exhaustive } from '../../src/explore/exhaustive.js';
import { defineSystem, type System } from '../../src/runtime/system.js';

/** Two counters that go on for ever, and an offer that makes the actor fail when one is at 4. */
function counters(onRun: () => void, onBang?: () => void): System {
  const machine = setup({ types: { context: {} as { up: number; side: number } } }).createMachine({
    context: { up: 0, side: 0 },
    initial: 'counting',
    states: {
      counting: {
        tags: ['idle'],
        meta: { offers: ['BANG', 'UP', 'SIDE'] },
        on: {
          UP: { actions: [assign({ up: ({ context }) => context.up + 1 }), onRun] },
          SIDE: { actions: [assign({ side: ({ context }) => context.side + 1 }), onRun] },
          BANG: {
            guard: ({ context }) => onBang !== undefined && context.up === 4,
            actions: () => {
              onBang?.();
              throw new Error('bang');
            },
          },
        },
      },
    },
  });
  return defineSystem({ name: 'counters', actors: { counter: { logic: machine } } });
}

const ways = [
  ['breadth first', exhaustive({ reduction: false })],
  ['depth first', exhaustive({ reduction: false, order: 'dfs' })],
  ['with a reduction', exhaustive()],
] as const;

test.each(ways)('a search that is stopped takes few steps more: %s', async (_, strategy) => {
  const controller = new AbortController();
  let runs = 0;
  const onRun = (): void => {
    if (++runs === 200) controller.abort();
  };
  const { stoppedBy } = await check(counters(onRun), { strategy, signal: controller.signal });
  expect(stoppedBy).toBe('abort');
  expect(runs).toBeLessThan(240);
});

test('a search that is stopped tells of what goes wrong a step further than it has come', async () => {
  const controller = new AbortController();
  const system = counters(
    () => {},
    () => controller.abort(),
  );
  const strategy = exhaustive({ reduction: false });
  const outcome = await check(system, { strategy, signal: controller.signal });
  expect(outcome).toMatchObject({ verdict: 'violated', stoppedBy: 'abort' });
  expect(outcome.violations).toMatchObject([{ property: 'no failures', shortest: false }]);
});
