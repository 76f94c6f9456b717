import { present } from '../kernel/invariant.js';
import type { Choice } from '../runtime/choice.js';
import type { State } from '../runtime/state.js';
import type { World } from '../runtime/world.js';
import { choiceNames } from './schedule.js';
import { type TraceStep, traceStep } from './step.js';

/** Takes a list of choices from the initial state, and writes each step down. */
export function tracePath(world: World, path: readonly Choice[]): TraceStep[] {
  const steps: TraceStep[] = [];
  let state: State = world.initial;
  let nowMs = 0;
  for (const choice of path) {
    const { choices } = world.enabled(state);
    const name = present(
      choiceNames(world, state, choices)[choices.indexOf(choice)],
      'the choice is enabled',
    );
    const taken = traceStep(world, state, choice, name, nowMs);
    ({ state } = taken);
    nowMs = taken.step.atMs;
    steps.push(taken.step);
  }
  return steps;
}
