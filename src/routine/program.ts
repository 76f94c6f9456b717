import type { Routine } from './execution.js';

/** One thread, checked. */
export interface ThreadDeclaration {
  readonly name: string;
  readonly priority: number;
  readonly run: Routine;
}

/** A checked program: what a {@link ThreadHost} runs. */
export interface ThreadsProgram {
  readonly memory: object;
  readonly locks: readonly string[];
  readonly processors: number;
  readonly threads: readonly ThreadDeclaration[];
  readonly races: 'violation' | 'ignore';
}
