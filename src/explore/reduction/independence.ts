import type { ContentId } from '../../runtime/contents.js';
import { grown } from '../../runtime/ints.js';
import { PairMap } from '../../runtime/pairMap.js';
import { BitSet } from './bitSet.js';
import { conflictsWith, Futures, type LocalState } from './futures.js';
import { isFree, type KnownStep, type Place, placeOf, stateOf, Verdict } from './knownStep.js';
import type { LearnedTable } from './learnedTable.js';
import { NOBODY, OWN_ACCORD, type Process, type Reason } from './reasons.js';

/** Where processes are in the present state. */
export interface Present {
  localState(process: Process): ContentId;
  /** What waits for a process: its mailbox, 0 when it is empty. */
  mail(process: Process): ContentId;
  /** The reasons that the messages in a mailbox are. */
  reasons(mail: ContentId): readonly Reason[];
}

/**
 * Whether a step can be taken before all others because no process may touch, before it, what the step touches: condition C1 of
 * {@link Reduction}, by the {@link LearnedTable}.
 *
 * What a process may do is asked **before one other process steps**: what only that one brings about cannot happen, unless the
 * message is there already. And where a process has to get a message before it can touch what matters, the message has to wait
 * somewhere, or somebody must be able to send it from where he is now.
 *
 * Walk through: {@link turn} looks where everybody is; {@link isIndependent} asks of every process whether it may touch, from where
 * it is, what a step touches; the answers are kept per step and local state, as long as nothing is learned that could change them.
 * Some answers are: only if one of these messages comes; then it asks whether one may come. What a step was taken alone for is marked
 * ({@link rely}). {@link update} works out the futures anew; a step for which an answer was relied upon that is another one now is
 * {@link refuted}.
 */
export class Independence {
  /** Numbers of steps that were taken alone because of something that is not so. */
  readonly refuted = new Set<number>();
  readonly #table: LearnedTable;
  readonly #now: Present;
  readonly #processes: Process[] = [];
  readonly #isProcess = new Set<Process>();
  /** In the present state, by the order of processes: the number of each one's local state, and its mail. */
  #whereabouts = new Int32Array(16);
  #mail = new Int32Array(16);
  /** Where each process was, as far as it matters to the step that was asked about last. */
  #places = new Int32Array(16);
  /** (mailbox, process) to whether it holds what only that process sends, as far as is known. */
  #mailOf = new PairMap();
  /** By mailbox, the messages in it. */
  readonly #waiting: (BitSet | undefined)[] = [];
  /** What may happen before a process steps, as far as it is needed. */
  readonly #futures = new Map<Process, Futures>();
  /** The messages that were looked for when a step was found to be independent. */
  readonly #awaited = new BitSet();
  #awaitsAny = false;

  constructor(table: LearnedTable, now: Present) {
    this.#table = table;
    this.#now = now;
  }

  /** Every process must be known before a step is taken in a state of which it is part. */
  add(process: Process): void {
    if (this.#isProcess.has(process)) return;
    this.#isProcess.add(process);
    const at = this.#processes.push(process) - 1;
    if (at >= this.#whereabouts.length) {
      this.#whereabouts = grown(this.#whereabouts, at + 1);
      this.#mail = grown(this.#mail, at + 1);
      this.#places = grown(this.#places, at + 1);
    }
    const { number } = this.#table.state(process, 0);
    this.#whereabouts[at] = number;
    for (const step of this.#table.steps) step.relyOnAbsence(number, this.#table.generation);
  }

  /** Looks where every process is in the present state, of which the next questions are. */
  turn(): void {
    const now = this.#now;
    for (let i = 0; i < this.#processes.length; i++) {
      const process = this.#processes[i] ?? NOBODY;
      this.#whereabouts[i] = this.#table.state(process, now.localState(process)).number;
      this.#mail[i] = now.mail(process);
    }
  }

  /** Whether no other process may touch a cell in a way that conflicts with a step, before that is taken. */
  isIndependent(step: KnownStep): boolean {
    const { process } = step;
    const futures = this.#futuresBefore(process);
    if (this.#isHinderedAgain(step, futures)) return false;
    if (this.#awaitsAny) this.#awaited.clear();
    this.#awaitsAny = false;
    for (let i = 0; i < this.#processes.length; i++) {
      if (this.#processes[i] === process) continue;
      const verdict = this.#verdict(step, i, futures);
      if (verdict === Verdict.conflict) {
        step.obstacle = i;
        return false;
      }
      if (verdict === Verdict.none) continue;
      this.#awaited.addAll(this.#messages(step, i));
      this.#awaitsAny = true;
    }
    return !this.#awaitsAny || !this.#isBrought(step);
  }

  /** Relies on the step's {@link isIndependent}, of which the answer was yes just now. */
  rely(step: KnownStep): void {
    for (let i = 0; i < this.#processes.length; i++) {
      if (this.#processes[i] === step.process) continue;
      const place = this.#places[i] ?? 0;
      step.rely(place);
      if (this.#awaitsAny) step.relyOnSilence(place, this.#awaited);
    }
    step.isReliedUpon = true;
  }

  /** Works out anew what may happen, after what was learned. */
  update(): void {
    if (!this.#table.age()) return;
    this.#mailOf = new PairMap();
    for (const step of this.#table.steps)
      if (!this.#areVerdictsSo(step) || !this.#areSilent(step)) this.refute(step);
  }

  /** A step must not have been taken alone so far. */
  refute(step: KnownStep): void {
    this.refuted.add(step.number);
    step.number = this.#table.newNumber();
    step.forget();
  }

  /** Nothing is relied upon any more. */
  startOver(): void {
    this.refuted.clear();
    for (const step of this.#table.steps) step.forget();
  }

  /** Whether who was in the way last is so again: most often he is. */
  #isHinderedAgain(step: KnownStep, futures: Futures): boolean {
    const { obstacle, bringer } = step;
    if (this.#processes[obstacle] === step.process) return false;
    const verdict = this.#verdict(step, obstacle, futures);
    if (verdict !== Verdict.conditional) return verdict === Verdict.conflict;
    return this.#mayBring(step.process, bringer, this.#messages(step, obstacle));
  }

  /**
   * Whether a process may, from where it is, touch what a step touches before that is taken.
   *
   * @param i which of all processes
   * @param futures what may happen before the step's process steps
   */
  #verdict(step: KnownStep, i: number, futures: Futures): Verdict {
    const place = this.#place(step.process, i);
    this.#places[i] = place;
    const before = isFree(place) ? this.#futuresBefore(NOBODY) : futures;
    const known = step.verdict(place, before.since(stateOf(place)));
    return known === Verdict.unknown ? this.#judge(step, place, before) : known;
  }

  /** The messages on which the {@link #verdict} about a process depends. */
  #messages(step: KnownStep, i: number): BitSet {
    return step.messages(this.#places[i] ?? 0);
  }

  /** Whether the verdicts are so still that were relied upon, or better ones. */
  #areVerdictsSo(step: KnownStep): boolean {
    for (const place of step.reliedPlaces) {
      const futures = this.#futuresIn(place, step.process);
      if (!this.#isNew(futures, place)) continue;
      const before = step.lastVerdict(place);
      const messages = step.messages(place);
      const now = this.#judge(step, place, futures);
      if (now > before || !step.messages(place).isWithin(messages)) return false;
    }
    return true;
  }

  #areSilent({ process, silences }: KnownStep): boolean {
    for (const [place, messages] of silences) {
      const futures = this.#futuresIn(place, process);
      if (this.#isNew(futures, place) && this.#maySend(futures, place, messages)) return false;
    }
    return true;
  }

  /** Whether a process in a place has another future since this generation began. */
  #isNew(futures: Futures, place: Place): boolean {
    return futures.since(stateOf(place)) === this.#table.generation;
  }

  /** Whether a process may send one of some messages from where it is. */
  #maySend(futures: Futures, place: Place, messages: BitSet): boolean {
    const future = futures.of(stateOf(place));
    return !future || future.sends.meets(messages);
  }

  /** Where a process is, as far as it matters to another one. It may do whatever it can if that one has sent it something. */
  #place(process: Process, other: number): Place {
    return placeOf(this.#whereabouts[other] ?? 0, this.#hasMailOf(process, this.#mail[other] ?? 0));
  }

  #futuresIn(place: Place, process: Process): Futures {
    return this.#futuresBefore(isFree(place) ? NOBODY : process);
  }

  #judge(step: KnownStep, place: Place, futures: Futures): Verdict {
    const number = stateOf(place);
    const without = isFree(place) ? NOBODY : step.process;
    const give = (verdict: Verdict, messages?: BitSet): Verdict => {
      step.judge(place, verdict, this.#table.generation, messages);
      return verdict;
    };
    const future = futures.of(number);
    if (!future) return give(Verdict.conflict);
    if (!conflictsWith(future.touches, step)) return give(Verdict.none);
    const messages = new BitSet();
    for (const [reason, { touches, successors }] of this.#table.stateAt(number).moves) {
      if (!this.#table.reasons.isPossible(reason, without)) continue;
      const leadsToConflict = (next: LocalState): boolean => {
        const later = futures.of(next.number);
        return next.number !== number && (!later || conflictsWith(later.touches, step));
      };
      if (!conflictsWith(touches, step) && ![...successors].some(leadsToConflict)) continue;
      const message = this.#table.reasons.messageOf(reason);
      if (message === OWN_ACCORD) return give(Verdict.conflict);
      messages.add(message);
    }
    return give(Verdict.conditional, messages);
  }

  /** Whether one of the awaited messages waits for somebody, or may be sent before the step; notes who is in the way then. */
  #isBrought(step: KnownStep): boolean {
    const { process } = step;
    const { length } = this.#processes;
    let bringer = 0;
    while (bringer < length && !this.#mayBring(process, bringer, this.#awaited)) bringer++;
    if (bringer === length) return false;
    step.bringer = bringer;
    step.obstacle = 0;
    while (!this.#isHinderedAgain(step, this.#futuresBefore(process))) step.obstacle++;
    return true;
  }

  /** Whether one of some messages waits for a process, or may be sent by it, before another one steps. */
  #mayBring(process: Process, i: number, messages: BitSet): boolean {
    const mail = this.#mail[i] ?? 0;
    if (mail !== 0 && this.#messagesIn(mail).meets(messages)) return true;
    if (this.#processes[i] === process) return false;
    const place = this.#place(process, i);
    return this.#maySend(this.#futuresIn(place, process), place, messages);
  }

  #messagesIn(mail: ContentId): BitSet {
    let messages = this.#waiting[mail];
    if (!messages) {
      messages = new BitSet();
      for (const reason of this.#now.reasons(mail)) messages.add(reason);
      while (this.#waiting.length <= mail) this.#waiting.push(undefined);
      this.#waiting[mail] = messages;
    }
    return messages;
  }

  /** Whether there is something in a mailbox that, as far as is known, only one process could have sent. */
  #hasMailOf(process: Process, mail: ContentId): boolean {
    if (mail === 0) return false;
    let answer = this.#mailOf.get(mail, process);
    if (answer === -1) {
      answer = this.#couldOnlySend(process, mail) ? 1 : 0;
      this.#mailOf.set(mail, process, answer);
    }
    return answer === 1;
  }

  #couldOnlySend(process: Process, mail: ContentId): boolean {
    return this.#now.reasons(mail).some((reason) => !this.#table.reasons.isPossible(reason, process));
  }

  #futuresBefore(process: Process): Futures {
    let futures = this.#futures.get(process);
    if (!futures) {
      futures = new Futures();
      this.#futures.set(process, futures);
    }
    if (futures.generation !== this.#table.generation)
      futures.update(
        this.#table.states,
        this.#table.reasons.possibleWithout(process),
        this.#table.generation,
      );
    return futures;
  }
}
