import type { Choice } from '../../src/runtime/choice.js';
import type { LogicSource } from '../../src/runtime/logic.js';
import type { State } from '../../src/runtime/state.js';
import { defineSystem } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';

/** Everything that a program of threads can do, found by brute force over fingerprints. */
export interface Explored {
  readonly states: number;
  /** Contents of memory (as JSON) in states where nothing can step, sorted, each once. */
  readonly ends: readonly string[];
  readonly statuses: readonly string[];
  readonly world: World;
  readonly all: readonly State[];
}

export function exploreAll(logic: LogicSource): Explored {
  const world = new World(defineSystem({ name: 'program', actors: { program: { logic } } }));
  const seen = new Map<string, State>();
  const ends = new Set<string>();
  const statuses = new Set<string>();
  const queue: State[] = [];
  const add = (state: State): void => {
    const key = state.fingerprint.join();
    if (seen.has(key)) return;
    seen.set(key, state);
    queue.push(state);
  };
  add(world.initial);
  for (let state = queue.shift(); state; state = queue.shift()) {
    const choices: readonly Choice[] = world.enabled(state).choices;
    for (const choice of choices) add(world.step(state, choice));
    if (choices.length > 0) continue;
    const snapshot = world.view(state).snapshot('program');
    ends.add(JSON.stringify(snapshot?.context['memory']));
    statuses.add(String(snapshot?.status));
  }
  return {
    states: seen.size,
    ends: [...ends].sort(),
    statuses: [...statuses].sort(),
    world,
    all: [...seen.values()],
  };
}

/** The number of complete schedules, by enumeration: only for tiny programs. */
export function countSchedules(logic: LogicSource): number {
  const world = new World(defineSystem({ name: 'program', actors: { program: { logic } } }));
  const count = (state: State): number => {
    const { choices } = world.enabled(state);
    return choices.length === 0
      ? 1
      : choices.reduce((sum, choice) => sum + count(world.step(state, choice)), 0);
  };
  return count(world.initial);
}
