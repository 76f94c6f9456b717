import { sameList } from '../../kernel/sameList.js';
import type { CellId } from '../../runtime/cells.js';
import { grown } from '../../runtime/ints.js';
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

// How a verdict lies in an integer, with the generation in which it was given above it.
const VERDICT = 3;
const RELIED = 4;
const GENERATION_SHIFT = 3;

const NO_MESSAGES = new BitSet();

/** A step of one process in one local state: what it touches, and whom it would conflict with. */
export class KnownStep {
  /** The slot that the process goes by. */
  readonly process: number;
  readonly reads: readonly CellId[];
  readonly writes: readonly CellId[];
  /** Another one after each refutation, see `Independence`. */
  number: number;
  /** Whether it was taken before all others. */
  isReliedUpon = false;
  /** The places because of which it was. */
  readonly reliedPlaces: Place[] = [];
  /** By place: the messages that a process in that place was relied upon not to send before the step. */
  readonly silences = new Map<Place, BitSet>();
  /** Who was in the way last, and from whom the message comes that would bring him there: which of all processes. */
  obstacle = 0;
  bringer = 0;
  /** By place. */
  #verdicts = new Int32Array(16);
  /** By place, the messages on which a verdict depends. */
  readonly #messages = new Map<Place, BitSet>();

  constructor(number: number, process: number, reads: readonly CellId[], writes: readonly CellId[]) {
    this.number = number;
    this.process = process;
    this.reads = [...reads];
    this.writes = [...writes];
  }

  touches(reads: readonly CellId[], writes: readonly CellId[]): boolean {
    return sameList(this.reads, reads) && sameList(this.writes, writes);
  }

  /** The verdict about a place, unless it was given before a generation. */
  verdict(place: Place, since: number): Verdict {
    const known = this.#verdicts[place] ?? 0;
    return known >> GENERATION_SHIFT < since ? Verdict.unknown : verdictIn(known);
  }

  /** The last verdict about a place. */
  lastVerdict(place: Place): Verdict {
    return verdictIn(this.#verdicts[place] ?? 0);
  }

  /** The messages on which the last verdict about a place depends. */
  messages(place: Place): BitSet {
    return this.#messages.get(place) ?? NO_MESSAGES;
  }

  /** @param messages those on which it depends */
  judge(place: Place, verdict: Verdict, generation: number, messages?: BitSet): void {
    if (place >= this.#verdicts.length) this.#verdicts = grown(this.#verdicts, place + 1);
    const relied = (this.#verdicts[place] ?? 0) & RELIED;
    this.#verdicts[place] = (generation << GENERATION_SHIFT) | relied | verdict;
    if (messages) this.#messages.set(place, messages);
    else this.#messages.delete(place);
  }

  /** It was taken alone because of the last verdict about a place. */
  rely(place: Place): void {
    const verdict = this.#verdicts[place] ?? 0;
    if ((verdict & RELIED) !== 0) return;
    this.#verdicts[place] = verdict | RELIED;
    this.reliedPlaces.push(place);
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
  relyOnAbsence(state: number, generation: number): void {
    if (!this.isReliedUpon) return;
    const place = placeOf(state, false);
    this.judge(place, Verdict.none, generation);
    this.rely(place);
    for (const messages of [...this.silences.values()]) this.relyOnSilence(place, messages);
  }

  forget(): void {
    this.isReliedUpon = false;
    this.reliedPlaces.length = 0;
    this.#verdicts.fill(0);
    this.#messages.clear();
    this.silences.clear();
  }
}

const VERDICTS = [Verdict.unknown, Verdict.none, Verdict.conditional, Verdict.conflict] as const;

function verdictIn(known: number): Verdict {
  return VERDICTS[known & VERDICT] ?? Verdict.unknown;
}
