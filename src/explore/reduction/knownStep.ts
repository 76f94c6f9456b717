import type { CellId } from '../../runtime/cells.js';
import { BitSet } from './bitSet.js';

/** What is known of a step and another process in some local state. */
export const Verdict = {
  /** nobody has asked */
  unknown: 0,
  /** the process does not touch what the step touches */
  none: 1,
  /** it may, but only after it was brought to by a message: see {@link KnownStep.messages} */
  conditional: 2,
  /** it may */
  conflict: 3,
} as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** A verdict, and the messages on which it depends. */
export interface Judgement {
  readonly verdict: Verdict;
  /** By reason; of any verdict but `conditional` there are none. */
  readonly messages: BitSet;
  /** Whether a step was taken alone because of it. */
  isRelied: boolean;
}

/** Where another process is, as far as it matters to a step: its local state, and whether it may do whatever it can. */
export type Place = number;

/** @param isFree whether the process may do whatever it can, not only what it may before the step */
export function placeOf(state: number, isFree: boolean): Place {
  return 2 * state + Number(isFree);
}

/** The number of the local state. */
export function stateOf(place: Place): number {
  return place >> 1;
}

export function isFree(place: Place): boolean {
  return (place & 1) === 1;
}

const UNJUDGED: Judgement = { verdict: Verdict.unknown, messages: new BitSet(), isRelied: false };

/** A step of one process in one local state: what it touches, and whom it would conflict with. */
export class KnownStep {
  /** The slot that the process goes by. */
  readonly process: number;
  readonly reads: readonly CellId[];
  readonly writes: readonly CellId[];
  /** Another one after each refutation, see {@link LearnedTable}. */
  number: number;
  /** Whether it was taken before all others. */
  isReliedUpon = false;
  /** By place: the messages that a process in that place was relied upon not to send before the step. */
  readonly silences = new Map<Place, BitSet>();
  readonly #judgements: (Judgement | undefined)[] = [];

  constructor(number: number, process: number, reads: readonly CellId[], writes: readonly CellId[]) {
    this.number = number;
    this.process = process;
    this.reads = [...reads];
    this.writes = [...writes];
  }

  touches(reads: readonly CellId[], writes: readonly CellId[]): boolean {
    return isSame(this.reads, reads) && isSame(this.writes, writes);
  }

  judgement(place: Place): Judgement {
    return this.#judgements[place] ?? UNJUDGED;
  }

  judge(place: Place, verdict: Verdict, messages: BitSet): Judgement {
    const judgement = { verdict, messages, isRelied: false };
    while (this.#judgements.length <= place) this.#judgements.push(undefined);
    this.#judgements[place] = judgement;
    return judgement;
  }

  /** A process in a place was relied upon not to send some messages. */
  relyOnSilence(place: Place, messages: BitSet): void {
    let known = this.silences.get(place);
    if (!known) {
      known = new BitSet();
      this.silences.set(place, known);
    }
    known.addAll(messages);
  }

  /** A process was not there that nobody knew of, and was relied upon not to be. */
  relyOnAbsence(state: number): void {
    if (!this.isReliedUpon) return;
    this.judge(placeOf(state, false), Verdict.none, new BitSet()).isRelied = true;
    for (const messages of [...this.silences.values()]) this.relyOnSilence(placeOf(state, false), messages);
  }

  /** Asks again about all that was relied upon; the rest is unknown again. @returns whether each is so still */
  reconsider(isSo: (place: Place, before: Judgement) => boolean): boolean {
    let areSo = true;
    this.#judgements.forEach((judgement, place) => {
      if (judgement?.isRelied) areSo = areSo && isSo(place, judgement);
      else this.#judgements[place] = undefined;
    });
    return areSo;
  }

  forget(): void {
    this.isReliedUpon = false;
    this.#judgements.length = 0;
    this.silences.clear();
  }
}

function isSame(some: readonly CellId[], others: readonly CellId[]): boolean {
  return some.length === others.length && some.every((cell, i) => cell === others[i]);
}
