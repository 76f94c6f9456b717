/** One thread, checked. */
export interface ThreadDeclaration {
  readonly name: string;
  readonly priority: number;
  /** The user's generator function; what it gives is looked at when the thread starts. */
  readonly run: (...args: readonly unknown[]) => unknown;
}

/** A checked program: what a `ThreadHost` runs. */
export interface ThreadsProgram {
  readonly memory: object;
  readonly locks: readonly string[];
  readonly processors: number;
  readonly threads: readonly ThreadDeclaration[];
  readonly races: 'violation' | 'ignore';
}
