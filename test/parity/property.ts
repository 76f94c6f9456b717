import fc from 'fast-check';
import { compare, differenceOf } from './comparison.js';
import { Tally } from './features.js';
import type { Image } from './image.js';
import { type GeneratedCase, generatedCase, scriptOf } from './machineArbitrary.js';
import type { Bend } from './planActions.js';
import { machineOf } from './planMachine.js';
import type { Case } from './reference.js';

/** How long a machine is watched after the last event of its script, in ms. */
const AFTERMATH_MS = 600;

/** What a run of the property did, to see that it compared something. */
export class Coverage {
  readonly tally = new Tally();
  cases = 0;
  /** Instants at which something changed and both sides were compared. */
  changes = 0;
  readonly cuts = new Map<string, number>();

  get cutShare(): number {
    return [...this.cuts.values()].reduce((sum, n) => sum + n, 0) / this.cases;
  }

  report(): string {
    const cuts = [...this.cuts].map(([reason, n]) => `  ${n} × ${reason}`).join('\n');
    return `${this.cases} machines, ${this.changes} changes compared; comparison ended early:\n${cuts}\n${this.tally.table()}`;
  }
}

/** Compares one generated machine; returns what differs. */
function difference(generated: GeneratedCase, coverage: Coverage, bend: Bend = 'none'): string | undefined {
  const { tally } = coverage;
  const script = scriptOf(generated);
  const logic = machineOf(generated.plan, () => {});
  // Equal machines, built twice: only what XState does is counted, and only as far as it is compared.
  const reference = machineOf(generated.plan, tally.count, bend);
  const test: Case = { logic, script, untilMs: (script.at(-1)?.[0] ?? 0) + AFTERMATH_MS };
  tally.on = true;
  const comparison = compare(test, reference);
  coverage.cases++;
  coverage.changes += comparison.reference.length;
  const { cut } = comparison;
  if (cut) coverage.cuts.set(cut.reason, (coverage.cuts.get(cut.reason) ?? 0) + 1);
  const last = comparison.reference.at(-1)?.root;
  if (last !== undefined && last !== 'gone' && failedWithChild(last)) tally.count('failed: with the child');
  tally.on = false;
  return differenceOf(comparison);
}

function failedWithChild({ status, error }: Image): boolean {
  return status === 'error' && !error.includes('boom of m"');
}

/**
 * The property: XState and a world agree about every generated machine.
 *
 * @param suite how to run the suite again, for the message of a failure
 * @param coverage what was covered before, to go on with another round
 */
export function checkParity(
  numRuns: number,
  suite: string,
  coverage: Coverage = new Coverage(),
  round = 0,
): Coverage {
  const { seed = 1 } = fc.readConfigureGlobal();
  const shown = { text: '' };
  const details = fc.check(
    fc.property(generatedCase, (generated) => {
      const found = difference(generated, coverage);
      if (found !== undefined) shown.text = found;
      return found === undefined;
    }),
    { numRuns, seed: seed + 1_000_000 * round },
  );
  if (!details.failed) return coverage;
  const [smallest] = details.counterexample ?? [];
  const last = smallest && difference(smallest, coverage);
  throw new Error(
    [
      `XState and Interlace differ after ${details.numRuns} machines (${details.numShrinks} times made smaller):`,
      last ?? String(details.errorInstance ?? shown.text),
      `plan and script: ${JSON.stringify(smallest)}`,
      `again: INTERLACE_SEED=${seed} ${suite}`,
    ].join('\n'),
  );
}

/** Looks for a machine with which a bent reference is noticed. */
export function counterexampleTo(bend: Bend, numRuns: number): GeneratedCase | undefined {
  const coverage = new Coverage();
  const property = fc.property(
    generatedCase,
    (generated) =>
      difference(generated, coverage, bend) === undefined || difference(generated, coverage) !== undefined,
  );
  return fc.check(property, { numRuns, endOnFailure: true }).counterexample?.[0];
}
