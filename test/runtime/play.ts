import type { State } from '../../src/runtime/state.js';
import type { ActorDeclaration } from '../../src/runtime/system.js';
import { defineSystem, type SystemConfig } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';
import type { WorldView } from '../../src/runtime/worldView.js';
import { choiceNames } from '../../src/trace/schedule.js';
import { type TraceStep, traceStep } from '../../src/trace/step.js';

/** A world after some choices. */
export interface Played {
  readonly world: World;
  readonly state: State;
  readonly view: WorldView;
  readonly steps: readonly TraceStep[];
  /** The names of the choices that are enabled now. */
  readonly next: readonly string[];
}

/** A system of these logics, without input. */
export function systemOf(
  actors: Readonly<Record<string, ActorDeclaration['logic']>>,
  options: Partial<SystemConfig> = {},
) {
  const declared = Object.entries(actors).map(([name, logic]) => [name, { logic }] as const);
  return defineSystem({ name: 'test', actors: Object.fromEntries(declared), ...options });
}

/** What can happen next, by name. */
function nextNames(world: World, state: State): readonly string[] {
  return choiceNames(world, state, world.enabled(state).choices);
}

/** Takes the choices of a schedule, from a state on. */
export function playOn(world: World, from: State, schedule: string): Played {
  let state = from;
  let nowMs = 0;
  const steps: TraceStep[] = [];
  for (const name of schedule.split(' ').filter((part) => part !== '')) {
    const { choices } = world.enabled(state);
    const names = choiceNames(world, state, choices);
    const choice = choices[names.indexOf(name)];
    if (choice === undefined) throw new Error(`'${name}' is not enabled, but: ${names.join(' ')}`);
    const taken = traceStep(world, state, choice, name, nowMs);
    state = taken.state;
    nowMs = taken.step.atMs;
    steps.push(taken.step);
  }
  return { world, state, view: world.view(state), steps, next: nextNames(world, state) };
}

/** Takes the choices of a schedule, from the start of a new world. */
export function play(system: ReturnType<typeof systemOf>, schedule = ''): Played {
  const world = new World(system);
  return playOn(world, world.initial, schedule);
}
