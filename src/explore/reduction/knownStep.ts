import type { CellId } from '../../runtime/cells.js';

/** What is known of a step and another process in some local state. */
export const Verdict = {
  /** nobody has asked */
  unknown: 0,
  /** the process does not touch what the step touches */
  none: 1,
  /** it may */
  conflict: 2,
  /** it does not, and a step was taken alone because of that */
  relied: 3,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

const NOTHING = new Uint8Array(0);

/** A step of one process in one local state: what it touches, and whom it would conflict with. */
export class KnownStep {
  /** The slot that the process goes by. */
  readonly process: number;
  readonly reads: readonly CellId[];
  readonly writes: readonly CellId[];
  /** Whether it was taken before all others since the search began. */
  isReliedUpon = false;
  /** Verdicts by local state: about what others may do before the step is taken, and about what they may do at all. */
  #before = NOTHING;
  #ever = NOTHING;

  constructor(process: number, reads: readonly CellId[], writes: readonly CellId[]) {
    this.process = process;
    this.reads = [...reads];
    this.writes = [...writes];
  }

  touches(reads: readonly CellId[], writes: readonly CellId[]): boolean {
    return isSame(this.reads, reads) && isSame(this.writes, writes);
  }

  /** @param isFree whether the other process may do whatever it can, not only what it may before the step */
  verdict(state: number, isFree: boolean): number {
    return (isFree ? this.#ever : this.#before)[state] ?? Verdict.unknown;
  }

  judge(state: number, isFree: boolean, verdict: Verdict): void {
    if (isFree) this.#ever = written(this.#ever, state, verdict);
    else this.#before = written(this.#before, state, verdict);
  }

  /** A process was not there that nobody knew of, and was relied upon not to be. */
  relyOnAbsence(state: number): void {
    if (this.isReliedUpon) this.judge(state, false, Verdict.relied);
  }

  /** Asks again about all that was relied upon; the rest is unknown again. */
  reconsider(ask: (state: number, isFree: boolean) => void): void {
    for (const isFree of [false, true]) {
      const verdicts = isFree ? this.#ever : this.#before;
      verdicts.forEach((verdict, state) => {
        if (verdict === Verdict.relied) ask(state, isFree);
        else verdicts[state] = Verdict.unknown;
      });
    }
  }

  forget(): void {
    this.isReliedUpon = false;
    this.#before.fill(Verdict.unknown);
    this.#ever.fill(Verdict.unknown);
  }
}

function isSame(some: readonly CellId[], others: readonly CellId[]): boolean {
  return some.length === others.length && some.every((cell, i) => cell === others[i]);
}

function written(
  verdicts: Uint8Array<ArrayBuffer>,
  state: number,
  verdict: Verdict,
): Uint8Array<ArrayBuffer> {
  let larger = verdicts;
  if (state >= verdicts.length) {
    larger = new Uint8Array(Math.max(state + 1, verdicts.length * 2));
    larger.set(verdicts);
  }
  larger[state] = verdict;
  return larger;
}
