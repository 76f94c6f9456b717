import { type CheckOptions, check, exhaustive, type Outcome, type System } from '../../src/index.js';

/** Looks at every state, nearest first: for tests that compare numbers with those of somebody who takes no short cuts. */
export function everyState(system: System, options: CheckOptions = {}): Promise<Outcome> {
  return check(system, { ...options, strategy: exhaustive({ reduction: false }) });
}
