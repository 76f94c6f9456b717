import type { TraceStep } from '../trace/step.js';
import type { Coverage } from './coverage.js';
import type { EmptyNames } from './emptyNames.js';

export type Verdict = 'holds' | 'violated' | 'inconclusive';

/** What made a search stop before it had seen everything. */
export type StoppedBy = 'states' | 'depth' | 'seconds' | 'abort';

/** A run that shows that a property does not hold. */
export interface Violation {
  readonly property: string;
  /** One sentence. */
  readonly message: string;
  /** The choices, separated by blanks: the run again, on any machine. */
  readonly schedule: string;
  /** Whether no shorter run violates anything. */
  readonly shortest: boolean;
  readonly steps: readonly TraceStep[];
  /** Of a run that goes round for ever: after how many steps the loop begins. It closes where the steps end. */
  readonly loopAt?: number;
}

export interface Witness {
  readonly reached: boolean;
  /** A run to it; a shortest one when the search goes breadth first. */
  readonly schedule?: string;
}

export interface Statistics {
  /** Distinct states of the world, the initial one included. */
  readonly states: number;
  /** Steps that the search took. */
  readonly transitions: number;
  /** Complete schedules; 0 where states are remembered. */
  readonly runs: number;
  /** The greatest number of steps from the initial state to one of them, as they were first met. */
  readonly depthMax: number;
  readonly seconds: number;
  /** How often XState really computed something. Everything else was remembered. */
  readonly xstateTransitions: number;
  /** How likely it is at most that two states were taken for one (architecture 4.2). */
  readonly omissionProbability: number;
}

/** What playing a saved run again has shown. */
export type SavedFate =
  | { readonly now: 'violated' }
  /** It fits, and nothing is violated any more. */
  | { readonly now: 'mended' }
  /** Nobody asks any more: the system has no property of that name, or it is switched off. Whatever else is asked, nothing is violated. */
  | { readonly now: 'unasked' }
  /** The choice with this number, from 1, cannot be taken any more, and nothing is violated up to it. */
  | { readonly now: 'misfit'; readonly step: number; readonly choice: string };

/** A saved run by its name, e.g. the file that it was read from, and what became of it. */
export type SavedResult = SavedFate & { readonly name: string; readonly property: string };

/** What `check` found out. */
export interface Outcome extends EmptyNames {
  /** `holds`: every property is decided. A bounded search that found nothing is `inconclusive`. */
  readonly verdict: Verdict;
  readonly exhausted: boolean;
  readonly stoppedBy?: StoppedBy;
  readonly strategy: string;
  readonly seed: number;
  readonly statistics: Statistics;
  readonly violations: readonly Violation[];
  /** For each `reachable` property, by name. */
  readonly witnesses: Readonly<Record<string, Witness>>;
  /** What became of the saved runs that were played first. A violation that one of them still shows ends the check. */
  readonly saved: readonly SavedResult[];
  /** What happened in the states that were looked at, and what never did. */
  readonly coverage: Coverage;
}
