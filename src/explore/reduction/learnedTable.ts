import { present } from '../../kernel/invariant.js';
import type { ActorIndex } from '../../runtime/actors.js';
import type { CellId } from '../../runtime/cells.js';
import type { ContentId } from '../../runtime/contents.js';
import { grown } from '../../runtime/ints.js';
import type { MessageId } from '../../runtime/messages.js';
import { BitSet } from './bitSet.js';
import { type LocalState, type Move, Touch, touch } from './futures.js';
import { KnownStep } from './knownStep.js';
import { type Process, type Reason, Reasons } from './reasons.js';

/**
 * What every process was seen to touch, in which of its local states, where these lead, and why: all that {@link Reduction} knows of
 * the future. It only grows.
 *
 * Each move has a *reason*: a message, the deed of another process (which stops the actor, say), or none. With it is known which
 * processes can bring it about, namely those that were seen to send that message.
 *
 * Walk through: {@link learn}, {@link sends} and {@link leadsTo} note what a step did. Who has drawn conclusions begins a generation
 * ({@link age}) and looks at what has grown since.
 */
export class LearnedTable {
  readonly reasons = new Reasons();
  /** By number. */
  readonly states: LocalState[] = [];
  /** The steps that are told apart. */
  readonly steps: KnownStep[] = [];
  /** How often it was brought up to date, plus one. */
  generation = 1;
  #hasGrown = false;
  #stepCount = 0;
  /** By content, the number of the local state plus one; of a process that holds nothing, by process. */
  #byContent = new Int32Array(1 << 10);
  readonly #absent = new Map<Process, number>();

  /** Notes what a process touches in a local state. */
  learn(
    process: Process,
    content: ContentId,
    reason: Reason,
    reads: readonly CellId[],
    writes: readonly CellId[],
  ): void {
    const state = this.state(process, content);
    const { touches } = this.#move(state, reason);
    for (const cell of reads) if (touches.add(touch(cell, Touch.reads))) this.#grow(state);
    for (const cell of writes) if (touches.add(touch(cell, Touch.writes))) this.#grow(state);
  }

  /** Notes that the local state of a process changed. */
  leadsTo(process: Process, before: ContentId, after: ContentId, reason: Reason): void {
    const state = this.state(process, before);
    const { successors } = this.#move(state, reason);
    const next = this.state(process, after);
    if (successors.has(next)) return;
    successors.add(next);
    state.edges.push({ reason, to: next });
    this.#grow(state);
  }

  /** Notes that a process sent a message when it stepped in a local state. */
  sends(process: Process, content: ContentId, reason: Reason, to: ActorIndex, message: MessageId): void {
    const sent = this.reasons.message(to, message);
    const state = this.state(process, content);
    this.reasons.sends(process, sent);
    if (this.#move(state, reason).sends.add(sent)) this.#grow(state);
  }

  /** The step of a process in a local state that touches just these cells. */
  step(
    process: Process,
    content: ContentId,
    reason: Reason,
    reads: readonly CellId[],
    writes: readonly CellId[],
  ): KnownStep {
    const { steps } = this.#move(this.state(process, content), reason);
    let step = steps.find((known) => known.touches(reads, writes));
    if (!step) {
      step = new KnownStep(this.newNumber(), process, reads, writes);
      steps.push(step);
      this.steps.push(step);
    }
    return step;
  }

  /** A number for a step that none has. */
  newNumber(): number {
    return this.#stepCount++;
  }

  /** Begins a generation. @returns false when nothing was learned in the last one, which then goes on */
  age(): boolean {
    if (!this.#hasGrown) return false;
    this.#hasGrown = false;
    this.generation++;
    return true;
  }

  /** The local state of that number. */
  stateAt(number: number): LocalState {
    return present(this.states[number], 'a local state has a number');
  }

  /** What is known of a process that holds a content; 0: it is not there. */
  state(process: Process, content: ContentId): LocalState {
    const known = this.#numberOf(process, content);
    if (known !== -1) return this.stateAt(known);
    const state: LocalState = {
      number: this.states.length,
      grown: this.generation,
      moves: new Map(),
      edges: [],
    };
    this.states.push(state);
    if (content === 0) this.#absent.set(process, state.number);
    else {
      if (content >= this.#byContent.length) this.#byContent = grown(this.#byContent, content + 1);
      this.#byContent[content] = state.number + 1;
    }
    this.#hasGrown = true;
    return state;
  }

  /** The number of a local state, or -1 when it was never met. */
  #numberOf(process: Process, content: ContentId): number {
    if (content === 0) return this.#absent.get(process) ?? -1;
    return (this.#byContent[content] ?? 0) - 1;
  }

  #grow(state: LocalState): void {
    state.grown = this.generation;
    this.#hasGrown = true;
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
