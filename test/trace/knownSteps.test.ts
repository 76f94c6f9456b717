import { describe, expect, it } from 'vitest';
import { assign, enqueueActions, setup } from 'xstate';
import { cameraScenario } from '../../examples/scenarios/camera.js';
import { powerCycleScenario } from '../../examples/scenarios/powerCycle.js';
import { createRandom } from '../../src/kernel/random.js';
import type { State } from '../../src/runtime/state.js';
import { defineSystem, type System } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';
import { KnownSteps } from '../../src/trace/knownSteps.js';
import { choiceNames } from '../../src/trace/schedule.js';
import { type TraceStep, traceStep } from '../../src/trace/step.js';
import { draws, generate, type Mode } from '../runtime/abstractSystem.js';
import { translate } from '../runtime/translation.js';

const STEPS = 300;

/**
 * Plays a run, begun again whenever it has come to its end, in two worlds: one takes every step anew, the other remembers.
 *
 * @returns how many steps there were, how many were not remembered, and the first one that differs
 */
function playTwice(system: System, seed: number, most = STEPS) {
  const [anew, remembering] = [new World(system), new World(system)];
  const known = new KnownSteps(remembering);
  const random = createRandom(seed);
  let states: [State, State] = [anew.initial, remembering.initial];
  let [nowMs, steps, learned] = [0, 0, 0];
  for (; steps < most; steps++) {
    const [state, other] = states;
    const { choices } = anew.enabled(state);
    if (choices.length === 0) {
      if (steps === 0) break;
      states = [anew.initial, remembering.initial];
      continue;
    }
    const index = random.nextInt(choices.length);
    const choice = choices[index];
    const name = choiceNames(anew, state, choices)[index];
    if (choice === undefined || name === undefined) throw new Error('there is a choice');
    const one = traceStep(anew, state, choice, name, nowMs);
    const before = known.count;
    const two = known.take(other, remembering.enabled(other).choices, index, nowMs);
    if (known.count !== before) learned++;
    const differs = textOf(one.step) !== textOf(two.step);
    if (differs || one.state.fingerprint.some((word, i) => word !== two.state.fingerprint[i]))
      return { steps, learned, differs: textOf(one.step) };
    states = [one.state, two.state];
    nowMs = one.step.atMs;
  }
  return { steps, learned, differs: undefined };
}

/** All that is told of a step; of snapshots what a reader sees. */
function textOf({ before, after, ...step }: TraceStep): string {
  return JSON.stringify([step, before?.status, before, after?.status, after]);
}

const kid = setup({}).createMachine({ id: 'kid' });
/** Spawns a child, stops it, and spawns it again under a system id. */
const parent = setup({
  types: { context: {} as { round: number } },
  actors: { kid },
  actions: {
    act: enqueueActions(({ context: { round }, enqueue }) => {
      if (round === 0) enqueue.spawnChild('kid', { id: 'c' });
      if (round === 1) enqueue.stopChild('c');
      if (round === 2) enqueue.spawnChild('kid', { id: 'c', systemId: 'late' });
      enqueue.assign({ round: round + 1 });
    }),
  },
}).createMachine({
  id: 'parent',
  context: { round: 0 },
  initial: 'on',
  states: { on: { after: { 10: { target: 'on', reenter: true, actions: 'act' } } } },
});
/** Asks again and again who goes by that system id. */
const asker = setup({
  types: { context: {} as { found: boolean } },
  actions: { ask: assign({ found: ({ system }) => system.get('late') !== undefined }) },
}).createMachine({
  id: 'asker',
  context: { found: false },
  initial: 'on',
  states: { on: { after: { 1: { target: 'on', reenter: true, actions: 'ask' } } } },
});

describe('steps that are remembered', () => {
  it('are forgotten when a name is new to the world, which they did not ask', () => {
    const system = defineSystem({
      name: 'a late name',
      timers: 'urgent',
      actors: { parent: { logic: parent }, asker: { logic: asker } },
    });
    expect(playTwice(system, 1, 60).differs).toBeUndefined();
  });

  it.each<Mode>(['ordered', 'urgent', 'free'])(
    'are those that are taken anew, in generated systems (%s)',
    (mode) => {
      let [steps, learned] = [0, 0];
      for (let seed = 1; seed <= 60; seed++) {
        const result = playTwice(translate(generate(draws(seed), mode, true)), seed);
        expect(result.differs, `seed ${seed}`).toBeUndefined();
        steps += result.steps;
        learned += result.learned;
      }
      // Most steps are met again.
      expect(learned).toBeLessThan(steps / 2);
    },
  );

  it.each([cameraScenario, powerCycleScenario])(
    'are those that are taken anew, in the stack ($name)',
    (scenario) => {
      const options = {
        frames: 40,
        frameRate: { num: 25, den: 1 },
        frameBytes: 6000,
        buffers: 3,
        clientDelayMs: 0,
      };
      const { steps, learned, differs } = playTwice(scenario.system(options), 1, 2500);
      expect(differs).toBeUndefined();
      expect(learned).toBeLessThan(steps / 2);
    },
  );
});
