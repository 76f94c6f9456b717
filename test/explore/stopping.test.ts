import { expect, test } from 'vitest';
import { assign, setup } from 'xstate';
import { check } from '../../src/explore/check.js';
import { exhaustive } from '../../src/explore/exhaustive.js';
import { never } from '../../src/property/property.js';
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

const saved = (property: string, schedule: string) => ({ name: 'run', property, schedule });

test('a check that is stopped while it plays saved runs says what became of those that are through', async () => {
  const controller = new AbortController();
  let runs = 0;
  const onRun = (): void => {
    if (++runs === 200) controller.abort();
  };
  const outcome = await check(counters(onRun), {
    saved: [saved('no failures', 'counter?UP '.repeat(20)), saved('no failures', 'counter?UP '.repeat(1000))],
    signal: controller.signal,
  });
  expect(outcome).toMatchObject({ verdict: 'inconclusive', exhausted: false, stoppedBy: 'abort' });
  expect(outcome.saved).toEqual([{ name: 'run', property: 'no failures', now: 'mended' }]);
  expect(outcome.statistics.transitions).toBe(20);
  expect(runs).toBe(200);
});

const long = saved('no failures', `${'counter?SIDE '.repeat(60)}${'counter?UP '.repeat(4)}counter?BANG`);

test('a run that there is no time to shorten is told as it was found', async () => {
  const controller = new AbortController();
  let bangs = 0;
  const whenBang = (): void => {
    // Each run of a machine is computed twice: the third is the first try to make the run shorter.
    if (++bangs === 3) controller.abort();
  };
  const outcome = await check(
    counters(() => {}, whenBang),
    { saved: [long], signal: controller.signal },
  );
  expect(outcome).toMatchObject({ verdict: 'violated', stoppedBy: 'abort', saved: [{ now: 'violated' }] });
  expect(outcome.violations).toMatchObject([{ schedule: long.schedule, shortest: false }]);
  expect(bangs).toBe(4);
  const atLeisure = await check(
    counters(
      () => {},
      () => {},
    ),
    { saved: [long] },
  );
  expect(atLeisure.violations).toMatchObject([
    { schedule: 'counter?UP counter?UP counter?UP counter?UP counter?BANG' },
  ]);
});

test('a shorter run in which a property throws is not tried further', async () => {
  const picky = never('up without side', (world) => {
    const { up, side } = world.snapshot('counter')?.context ?? {};
    if (up === 1 && side === 0) throw new Error('not yet');
    return up === 1;
  });
  const run = saved('up without side', 'counter?SIDE counter?UP');
  const outcome = await check(
    counters(() => {}),
    { properties: [picky], saved: [run] },
  );
  expect(outcome.violations).toMatchObject([{ schedule: run.schedule }]);
});
