import { type CheckOptions, check } from '../explore/check.js';
import type { Outcome } from '../explore/outcome.js';
import type { System } from '../runtime/system.js';
import { reportLines } from './report.js';

/** A check that found a violation, in a test. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  readonly outcome: Outcome;

  /** The message is the whole report. */
  constructor(outcome: Outcome) {
    super(reportLines(outcome).join('\n'));
    this.outcome = outcome;
  }
}

/**
 * Checks a system in a test.
 *
 * @returns the outcome, when nothing is violated; a bound that was reached is no violation: look at `verdict`
 * @throws CheckFailure when something is; UsageError as `check` does
 */
export async function assertCheck(system: System, options: CheckOptions = {}): Promise<Outcome> {
  const outcome = await check(system, options);
  if (outcome.verdict === 'violated') throw new CheckFailure(outcome);
  return outcome;
}
