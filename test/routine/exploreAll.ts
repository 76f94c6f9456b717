import type { DataRace } from '../../src/routine/races.js';
import { ThreadHost } from '../../src/routine/threadHost.js';
import type { Choice } from '../../src/runtime/choice.js';
import type { LogicSource } from '../../src/runtime/logic.js';
import type { State } from '../../src/runtime/state.js';
import { defineSystem } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';

/** What a property sees of a program of threads. */
export interface ProgramView {
  readonly status: string;
  readonly error?: unknown;
  readonly context: {
    readonly memory: unknown;
    readonly threads: Readonly<Record<string, { readonly at: string; readonly running: boolean }>>;
    readonly locks: Readonly<Record<string, string | null>>;
  };
}

/** Everything that a program of threads can do, found by brute force over fingerprints. */
export interface Explored {
  readonly states: number;
  /** Contents of memory (as JSON) in states where nothing can step, sorted, each once. */
  readonly ends: readonly string[];
  readonly statuses: readonly string[];
  /** All races, as `a b: cell`, sorted, each once. */
  readonly races: readonly string[];
  readonly world: World;
  readonly all: readonly State[];
  /** The states where nothing can step. */
  readonly last: readonly ProgramView[];
}

export function worldOf(logic: LogicSource): World {
  return new World(defineSystem({ name: 'program', actors: { program: { logic } } }));
}

export function viewOf(world: World, state: State): ProgramView {
  const snapshot = world.view(state).snapshot('program');
  if (!snapshot) throw new Error('the program is gone');
  // Snapshots of hosted actors are typed like a machine's.
  return snapshot as unknown as ProgramView;
}

function racesIn(world: World, state: State): readonly DataRace[] {
  const { stepper, tables, hosts } = world;
  stepper.begin(state.cells, 0, state.cells.length);
  const record = tables.snapshots.get(stepper.snapshotAt(0));
  const host = hosts.of(record);
  return host instanceof ThreadHost && record.status === 'active' ? host.races(stepper) : [];
}

export function exploreAll(logic: LogicSource): Explored {
  const world = worldOf(logic);
  const seen = new Map<string, State>();
  const races = new Set<string>();
  const last: ProgramView[] = [];
  const queue: State[] = [];
  const add = (state: State): void => {
    const key = state.fingerprint.join();
    if (seen.has(key)) return;
    seen.set(key, state);
    queue.push(state);
  };
  add(world.initial);
  for (const state of queue) {
    for (const { threads, cell } of racesIn(world, state)) races.add(`${threads.join(' ')}: ${cell}`);
    const choices: readonly Choice[] = world.enabled(state).choices;
    for (const choice of choices) add(world.step(state, choice));
    if (choices.length === 0) last.push(viewOf(world, state));
  }
  return {
    states: seen.size,
    get ends() {
      return unique(last.map(({ context }) => JSON.stringify(context.memory)));
    },
    statuses: unique(last.map(({ status }) => status)),
    races: unique([...races]),
    world,
    all: [...seen.values()],
    last,
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** The number of complete schedules, by enumeration: only for tiny programs. */
export function countSchedules(logic: LogicSource): number {
  const world = worldOf(logic);
  const count = (state: State): number => {
    const { choices } = world.enabled(state);
    return choices.length === 0
      ? 1
      : choices.reduce((sum, choice) => sum + count(world.step(state, choice)), 0);
  };
  return count(world.initial);
}
