import { present } from '../../kernel/invariant.js';
import type { ActorIndex } from '../../runtime/actors.js';
import type { CellId } from '../../runtime/cells.js';
import type { ContentId } from '../../runtime/contents.js';
import type { MessageId } from '../../runtime/messages.js';
import { PairMap } from '../../runtime/pairMap.js';
import { BitSet } from './bitSet.js';
import {
  conflictsWith,
  type Futures,
  futuresOf,
  type LocalState,
  type Move,
  Touch,
  touch,
} from './futures.js';
import { isFree, type Judgement, KnownStep, type Place, placeOf, stateOf, Verdict } from './knownStep.js';
import { NOBODY, OWN_ACCORD, type Process, type Reason, Reasons } from './reasons.js';

/** Where processes are in the present state. */
export interface Present {
  localState(process: Process): ContentId;
  /** What waits for a process: its mailbox, 0 when it is empty. */
  mail(process: Process): ContentId;
  /** The reasons that the messages in a mailbox are. */
  reasons(mail: ContentId): readonly Reason[];
}

const NOTHING = new BitSet();

/**
 * What every process was seen to touch, in which of its local states, where these lead, and why: all that {@link Reduction} knows of
 * the future. It only grows.
 *
 * Each move has a *reason*: a message, the deed of another process (which stops the actor, say), or none. With it is known which
 * processes can bring it about, namely those that were seen to send that message. So it can be told what a process may do **before
 * one other process steps**: what only that one brings about cannot happen, unless the message is there already. And where a
 * process has to get a message before it can touch what matters, the message has to wait somewhere, or somebody must be able to
 * send it from where he is now.
 *
 * Walk through: {@link learn}, {@link sends} and {@link leadsTo} note what a step did. {@link isIndependent} asks of every process
 * whether it may touch, from where it is, what a step touches; the answers are kept per step and local state. Some answers are: only
 * if one of these messages comes; then it asks whether one may come. What a step was taken alone for is marked ({@link rely}).
 * {@link update} works out the futures anew; a step for which an answer was relied upon that is another one now is {@link refuted}.
 */
export class LearnedTable {
  readonly reasons = new Reasons();
  /** Numbers of steps that were taken alone because of something that is not so. */
  readonly refuted = new Set<number>();
  #stepCount = 0;
  readonly #processes: Process[] = [];
  readonly #isProcess = new Set<Process>();
  readonly #states: LocalState[] = [];
  /** By content, the number of the local state plus one; of a process that holds nothing, by process. */
  #byContent = new Int32Array(1 << 10);
  readonly #absent = new Map<Process, number>();
  readonly #steps: KnownStep[] = [];
  /** (mailbox, process) to whether it holds what only that process sends, as far as is known. */
  #mailOf = new PairMap();
  /** By mailbox, the messages in it. */
  readonly #waiting = new Map<ContentId, BitSet>();
  /** What may happen before a process steps, as far as it is needed. */
  readonly #futures = new Map<Process, Futures>();
  /** The messages that were looked for when a step was found to be independent. */
  readonly #awaited = new BitSet();
  #awaitsAny = false;
  #hasGrown = false;

  /** Every process must be known before a step is taken in a state of which it is part. */
  add(process: Process): void {
    if (this.#isProcess.has(process)) return;
    this.#isProcess.add(process);
    this.#processes.push(process);
    const { number } = this.#state(process, 0);
    for (const step of this.#steps) step.relyOnAbsence(number);
  }

  /** Notes what a process touches in a local state. */
  learn(
    process: Process,
    content: ContentId,
    reason: Reason,
    reads: readonly CellId[],
    writes: readonly CellId[],
  ): void {
    const { touches } = this.#move(this.#state(process, content), reason);
    for (const cell of reads) if (touches.add(touch(cell, Touch.reads))) this.#hasGrown = true;
    for (const cell of writes) if (touches.add(touch(cell, Touch.writes))) this.#hasGrown = true;
  }

  /** Notes that the local state of a process changed. */
  leadsTo(process: Process, before: ContentId, after: ContentId, reason: Reason): void {
    const state = this.#state(process, before);
    const { successors } = this.#move(state, reason);
    const next = this.#state(process, after);
    if (successors.has(next)) return;
    successors.add(next);
    state.edges.push({ reason, to: next });
    this.#hasGrown = true;
  }

  /** Notes that a process sent a message when it stepped in a local state. */
  sends(process: Process, content: ContentId, reason: Reason, to: ActorIndex, message: MessageId): void {
    const sent = this.reasons.message(to, message);
    const isNew = this.#move(this.#state(process, content), reason).sends.add(sent);
    if (this.reasons.sends(process, sent) || isNew) this.#hasGrown = true;
  }

  /** The step of a process in a local state that touches just these cells. */
  step(
    process: Process,
    content: ContentId,
    reason: Reason,
    reads: readonly CellId[],
    writes: readonly CellId[],
  ): KnownStep {
    const { steps } = this.#move(this.#state(process, content), reason);
    let step = steps.find((known) => known.touches(reads, writes));
    if (!step) {
      step = new KnownStep(this.#stepCount++, process, reads, writes);
      steps.push(step);
      this.#steps.push(step);
    }
    return step;
  }

  /** Whether no other process may touch a cell in a way that conflicts with a step, before that is taken. */
  isIndependent(step: KnownStep, now: Present): boolean {
    if (this.#awaitsAny) this.#awaited.clear();
    this.#awaitsAny = false;
    for (const other of this.#processes) {
      if (other === step.process) continue;
      const { verdict, messages } = this.#judged(step, this.#place(step.process, other, now));
      if (verdict === Verdict.conflict) return false;
      if (verdict !== Verdict.conditional) continue;
      this.#awaited.addAll(messages);
      this.#awaitsAny = true;
    }
    return !this.#awaitsAny || !this.#mayCome(step.process, now);
  }

  /** Relies on the step's {@link isIndependent}, of which the answer was yes just now. */
  rely(step: KnownStep, now: Present): void {
    const { process } = step;
    for (const other of this.#processes) {
      if (other === process) continue;
      const place = this.#place(process, other, now);
      this.#judged(step, place).isRelied = true;
      if (this.#awaitsAny) step.relyOnSilence(place, this.#awaited);
    }
    step.isReliedUpon = true;
  }

  /** Works out anew what may happen, after what was learned. */
  update(): void {
    if (!this.#hasGrown) return;
    this.#hasGrown = false;
    this.#mailOf = new PairMap();
    this.#futures.clear();
    for (const step of this.#steps) {
      const isSo = step.reconsider((place, before) => this.#isStillSo(step, place, before));
      if (!isSo || !this.#areSilent(step)) this.refute(step);
    }
  }

  /** A step must not have been taken alone so far. */
  refute(step: KnownStep): void {
    this.refuted.add(step.number);
    step.number = this.#stepCount++;
    step.forget();
  }

  /** Nothing is relied upon any more. */
  startOver(): void {
    this.refuted.clear();
    for (const step of this.#steps) step.forget();
  }

  #judged(step: KnownStep, place: Place): Judgement {
    const known = step.judgement(place);
    return known.verdict === Verdict.unknown ? this.#judge(step, place) : known;
  }

  #isStillSo(step: KnownStep, place: Place, before: Judgement): boolean {
    const now = this.#judge(step, place);
    now.isRelied = true;
    return now.verdict <= before.verdict && now.messages.isWithin(before.messages);
  }

  #areSilent({ process, silences }: KnownStep): boolean {
    for (const [place, messages] of silences) {
      const sends = this.#futuresIn(place, process)[stateOf(place)]?.sends;
      if (!sends || sends.meets(messages)) return false;
    }
    return true;
  }

  /** Where a process is, as far as it matters to another one. It may do whatever it can if that one has sent it something. */
  #place(process: Process, other: Process, now: Present): Place {
    const { number } = this.#state(other, now.localState(other));
    return placeOf(number, this.#hasMailOf(process, other, now));
  }

  #futuresIn(place: Place, process: Process): Futures {
    return this.#futuresBefore(isFree(place) ? NOBODY : process);
  }

  /** Whether a process may, from where it is, touch what a step touches before that is taken. */
  #judge(step: KnownStep, place: Place): Judgement {
    const number = stateOf(place);
    const without = isFree(place) ? NOBODY : step.process;
    const futures = this.#futuresBefore(without);
    const future = futures[number];
    if (!future) return step.judge(place, Verdict.conflict, NOTHING);
    if (!conflictsWith(future.touches, step)) return step.judge(place, Verdict.none, NOTHING);
    const messages = new BitSet();
    for (const [reason, { touches, successors }] of this.#stateAt(number).moves) {
      if (!this.reasons.isPossible(reason, without)) continue;
      const leadsToConflict = (next: LocalState): boolean => {
        const later = futures[next.number];
        return next.number !== number && (!later || conflictsWith(later.touches, step));
      };
      if (!conflictsWith(touches, step) && ![...successors].some(leadsToConflict)) continue;
      const message = this.reasons.messageOf(reason);
      if (message === OWN_ACCORD) return step.judge(place, Verdict.conflict, NOTHING);
      messages.add(message);
    }
    return step.judge(place, Verdict.conditional, messages);
  }

  /** Whether one of the awaited messages waits for somebody, or may be sent before a process steps. */
  #mayCome(process: Process, now: Present): boolean {
    for (const other of this.#processes) {
      const mail = now.mail(other);
      if (mail !== 0 && this.#messagesIn(mail, now).meets(this.#awaited)) return true;
      if (other === process) continue;
      const place = this.#place(process, other, now);
      const sends = this.#futuresIn(place, process)[stateOf(place)]?.sends;
      if (!sends || sends.meets(this.#awaited)) return true;
    }
    return false;
  }

  #messagesIn(mail: ContentId, now: Present): BitSet {
    let messages = this.#waiting.get(mail);
    if (!messages) {
      messages = new BitSet();
      for (const reason of now.reasons(mail)) messages.add(reason);
      this.#waiting.set(mail, messages);
    }
    return messages;
  }

  /** Whether something waits for a process that, as far as is known, only one other could have sent. */
  #hasMailOf(process: Process, receiver: Process, now: Present): boolean {
    const mail = now.mail(receiver);
    if (mail === 0) return false;
    let answer = this.#mailOf.get(mail, process);
    if (answer === -1) {
      const isIts = (reason: Reason): boolean => !this.reasons.isPossible(reason, process);
      answer = now.reasons(mail).some(isIts) ? 1 : 0;
      this.#mailOf.set(mail, process, answer);
    }
    return answer === 1;
  }

  #futuresBefore(process: Process): Futures {
    let futures = this.#futures.get(process);
    if (!futures) {
      const possible = Array.from({ length: this.reasons.size }, (_, reason) =>
        this.reasons.isPossible(reason, process),
      );
      futures = futuresOf(this.#states, (reason) => possible[reason] === true);
      this.#futures.set(process, futures);
    }
    return futures;
  }

  #stateAt(number: number): LocalState {
    return present(this.#states[number], 'a local state has a number');
  }

  /** The number of a local state, or -1 when it was never met. */
  #numberOf(process: Process, content: ContentId): number {
    if (content === 0) return this.#absent.get(process) ?? -1;
    return (this.#byContent[content] ?? 0) - 1;
  }

  #state(process: Process, content: ContentId): LocalState {
    const known = this.#numberOf(process, content);
    if (known !== -1) return this.#stateAt(known);
    const state = { number: this.#states.length, moves: new Map<Reason, Move>(), edges: [] };
    this.#states.push(state);
    if (content === 0) this.#absent.set(process, state.number);
    else {
      if (content >= this.#byContent.length) {
        const larger = new Int32Array(Math.max(content + 1, this.#byContent.length * 2));
        larger.set(this.#byContent);
        this.#byContent = larger;
      }
      this.#byContent[content] = state.number + 1;
    }
    this.#hasGrown = true;
    return state;
  }

  #move({ moves }: LocalState, reason: Reason): Move {
    let move = moves.get(reason);
    if (!move) {
      move = { touches: new BitSet(), sends: new BitSet(), successors: new Set(), steps: [] };
      moves.set(reason, move);
    }
    return move;
  }
}
