import type { Choice } from '../runtime/choice.js';
import type { World } from '../runtime/world.js';
import type { Claims, Finding } from './claims.js';

/** A way to go through the schedules of a system; `exhaustive()` makes one. */
export interface Strategy {
  /** What it is called, as it is meant. */
  readonly name: string;
  /** Gets ready to search; determinism: the same world, claims and limits, the same search. */
  begin(world: World, claims: Claims, limits: SearchLimits): Search;
}

/** One search through a world. */
export interface Search {
  /** What an outcome calls what was done: a strategy may find out that another way is better. */
  readonly strategy: string;
  readonly found: readonly Found[];
  readonly count: SearchCount;
  /** Bits by which states are told apart. */
  readonly fingerprintBits: number;
  /** Searches; gives the word now and then. May be left there, and has what it has. */
  run(): Generator<void, SearchEnd, void>;
  /** The world whose choices {@link pathTo} gives. */
  readonly world: World;
  /** The choices that lead to a state with a number that the {@link Claims} were told. */
  pathTo(state: number): Choice[];
}

/** Where a search may stop before it has seen everything. */
export interface SearchLimits {
  readonly states: number;
  readonly depth: number;
  readonly violations: number;
}

/** How a search ended. */
export type SearchEnd = 'exhausted' | 'violations' | 'states' | 'depth';

/** Something that was found, and the choices that lead there. */
export interface Found extends Finding {
  readonly path: readonly Choice[];
  /** The world whose choices these are, if it is not the search's. */
  readonly world?: World;
  /** Whether no shorter run violates anything. */
  readonly shortest: boolean;
}

/** How far a search has come. */
export interface SearchCount {
  /** Distinct states, the initial one included. */
  readonly states: number;
  /** Steps that were taken. */
  readonly transitions: number;
  /** The greatest number of steps from the initial state to one of them, as they were first met. */
  readonly depth: number;
  /** States that were not looked at yet. */
  readonly frontier: number;
}
