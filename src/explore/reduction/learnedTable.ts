import { present } from '../../kernel/invariant.js';
import type { ActorIndex } from '../../runtime/actors.js';
import type { CellId } from '../../runtime/cells.js';
import type { ContentId } from '../../runtime/contents.js';
import type { MessageId } from '../../runtime/messages.js';
import { PairMap } from '../../runtime/pairMap.js';
import { type Futures, futuresOf, type LocalState, type Move, mayTouch, Touch } from './futures.js';
import { KnownStep, Verdict } from './knownStep.js';

/** A process goes by the slot that holds its local state: an actor's snapshot, or a thread. */
export type Process = number;

/** Why a process moves: see {@link LearnedTable}. */
export type Reason = number;

/** A process moves of its own accord: a timer, an offer, a thread. */
export const OWN_ACCORD: Reason = 0;

/** Where processes are in the present state. */
export interface Present {
  localState(process: Process): ContentId;
  /** What waits for a process: its mailbox, 0 when it is empty. */
  mail(process: Process): ContentId;
  /** The reasons that the messages in a mailbox are. */
  reasons(mail: ContentId): readonly Reason[];
}

const NOBODY: Process = -1;

/**
 * What every process was seen to touch, in which of its local states, where these lead, and why: all that {@link Reduction} knows of
 * the future. It only grows.
 *
 * Each move has a *reason*: a message, the deed of another process (which stops the actor, say), or none. With it is known which
 * processes can bring it about, namely those that were seen to send that message. So it can be told what a process may do **before
 * one other process steps**: what only that one brings about cannot happen, unless the message is there already.
 *
 * Walk through: {@link learn} and {@link leadsTo} note what a step did, {@link sends} whom it wrote to. {@link isIndependent} asks of
 * every process whether it may touch, from where it is, what a step touches; the answers are kept per step and local state, and
 * those that were relied upon are marked. {@link update} works out the futures anew; if an answer that was relied upon is another
 * one now, the table {@link isRefuted}.
 */
export class LearnedTable {
  /** Whether something was relied upon that is not so. */
  isRefuted = false;
  readonly #processes: Process[] = [];
  readonly #isProcess = new Set<Process>();
  readonly #states: LocalState[] = [];
  /** By content, the number of the local state plus one; of a process that holds nothing, by process. */
  #byContent = new Int32Array(1 << 10);
  readonly #absent = new Map<Process, number>();
  readonly #steps: KnownStep[] = [];
  /** (actor, message), or (-1, process) for its deeds, to the reason. */
  readonly #reasons = new PairMap();
  /** By reason, who can bring it about. */
  readonly #causes: Process[][] = [[]];
  /** (mailbox, process) to whether it holds what only that process sends, as far as is known. */
  #mailOf = new PairMap();
  /** What may happen before a process steps, as far as it is needed. */
  readonly #futures = new Map<Process, Futures>();
  #hasGrown = false;
  #cellCount = 0;

  /** The reason of taking a message. */
  message(actor: ActorIndex, message: MessageId): Reason {
    return this.#reason(actor, message, []);
  }

  /** The reason of what another process does to one. */
  deedOf(process: Process): Reason {
    return this.#reason(-1, process, [process]);
  }

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
    for (const cell of reads) this.#touch(touches, cell, Touch.reads);
    for (const cell of writes) this.#touch(touches, cell, Touch.writes);
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

  /** Notes that a process sent a message. */
  sends(process: Process, to: ActorIndex, message: MessageId): void {
    const causes = this.#causesOf(this.message(to, message));
    if (causes.includes(process)) return;
    causes.push(process);
    this.#hasGrown = true;
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
      step = new KnownStep(process, reads, writes);
      steps.push(step);
      this.#steps.push(step);
    }
    return step;
  }

  /** Whether no other process may touch a cell in a way that conflicts with a step, before that is taken. */
  isIndependent(step: KnownStep, now: Present): boolean {
    const { process } = step;
    const processes = this.#processes;
    for (let i = 0; i < processes.length; i++) {
      const other = processes[i] ?? NOBODY;
      if (other === process) continue;
      const { number } = this.#state(other, now.localState(other));
      const isFree = this.#hasMailOf(process, other, now);
      const known = step.verdict(number, isFree);
      if (known === Verdict.conflict) return false;
      if (known !== Verdict.unknown) continue;
      const meets = this.#meets(step, number, isFree);
      step.judge(number, isFree, meets ? Verdict.conflict : Verdict.none);
      if (meets) return false;
    }
    return true;
  }

  /** Relies on the step's {@link isIndependent}, of which the answer was yes just now. */
  rely(step: KnownStep, now: Present): void {
    for (const other of this.#processes) {
      if (other === step.process) continue;
      const { number } = this.#state(other, now.localState(other));
      step.judge(number, this.#hasMailOf(step.process, other, now), Verdict.relied);
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
      step.reconsider((number, isFree) => {
        this.isRefuted ||= this.#meets(step, number, isFree);
      });
    }
  }

  /** Nothing is relied upon any more. */
  startOver(): void {
    this.isRefuted = false;
    for (const step of this.#steps) step.forget();
  }

  /** Whether a process may, from a local state on, touch what a step touches before that is taken; or at any time. */
  #meets({ process, reads, writes }: KnownStep, number: number, isFree: boolean): boolean {
    const futures = this.#futuresBefore(isFree ? NOBODY : process);
    return (
      writes.some((cell) => mayTouch(futures, number, cell, Touch.reads | Touch.writes)) ||
      reads.some((cell) => mayTouch(futures, number, cell, Touch.writes))
    );
  }

  /** Whether something waits for a process that, as far as is known, only one other could have sent. */
  #hasMailOf(process: Process, receiver: Process, now: Present): boolean {
    const mail = now.mail(receiver);
    if (mail === 0) return false;
    let answer = this.#mailOf.get(mail, process);
    if (answer === -1) {
      const isIts = (reason: Reason): boolean => !this.#isPossible(reason, process);
      answer = now.reasons(mail).some(isIts) ? 1 : 0;
      this.#mailOf.set(mail, process, answer);
    }
    return answer === 1;
  }

  #isPossible(reason: Reason, without: Process): boolean {
    if (reason === OWN_ACCORD || without === NOBODY) return true;
    return this.#causesOf(reason).some((cause) => cause !== without);
  }

  #futuresBefore(process: Process): Futures {
    let futures = this.#futures.get(process);
    if (!futures) {
      const possible = this.#causes.map((_, reason) => this.#isPossible(reason, process));
      futures = futuresOf(this.#states, this.#cellCount, (reason) => possible[reason] === true);
      this.#futures.set(process, futures);
    }
    return futures;
  }

  #touch(touches: Map<CellId, number>, cell: CellId, way: number): void {
    const known = touches.get(cell) ?? 0;
    if ((known & way) !== 0) return;
    touches.set(cell, known | way);
    this.#cellCount = Math.max(this.#cellCount, cell + 1);
    this.#hasGrown = true;
  }

  /** The number of a local state, or -1 when it was never met. */
  #numberOf(process: Process, content: ContentId): number {
    if (content === 0) return this.#absent.get(process) ?? -1;
    return (this.#byContent[content] ?? 0) - 1;
  }

  #state(process: Process, content: ContentId): LocalState {
    const known = this.#numberOf(process, content);
    if (known !== -1) return present(this.#states[known], 'a local state has a number');
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
      move = { touches: new Map(), successors: new Set(), steps: [] };
      moves.set(reason, move);
    }
    return move;
  }

  #reason(kind: number, what: number, causes: Process[]): Reason {
    let reason = this.#reasons.get(kind, what);
    if (reason === -1) {
      reason = this.#causes.push(causes) - 1;
      this.#reasons.set(kind, what, reason);
    }
    return reason;
  }

  #causesOf(reason: Reason): Process[] {
    return present(this.#causes[reason], 'every reason has causes');
  }
}
