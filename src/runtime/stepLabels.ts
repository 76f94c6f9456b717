import type { ActorIndex } from './actors.js';
import { asChoice, type Choice, choiceActor, choiceKind } from './choice.js';
import type { ContentId } from './contents.js';
import { Ints } from './ints.js';
import { START } from './memo.js';
import type { MessageId } from './messages.js';
import { PairMap } from './pairMap.js';
import type { StepListener } from './stepListener.js';
import type { Tables } from './tables.js';
import type { EventObject, Snapshot } from './vocabulary.js';

/** What was sent in a step, in order. */
export interface SentMessage {
  readonly from: string;
  readonly to: string;
  readonly event: EventObject;
  /** The receiver had ended, or was never there. */
  readonly dropped?: true;
}

/** A step as it can be seen from outside. */
export interface SeenStep {
  readonly actor: string;
  readonly kind: 'message' | 'timer' | 'offer' | 'thread';
  /**
   * The event that the actor took; of a timer that delivers to a mailbox, the event that it delivered; of a thread, its type says
   * what the thread did, e.g. `write memory.x 42`.
   */
  readonly event: EventObject;
  readonly before: Snapshot<unknown> | undefined;
  readonly after: Snapshot<unknown> | undefined;
  readonly sent: readonly SentMessage[];
  readonly emitted: readonly EventObject[];
}

/** No step: the state is the first. */
export const NO_STEP = 0;

const STEP_KINDS = ['message', 'timer', 'offer', 'thread'] as const;
const START_EVENT: EventObject = { type: 'xstate.init' };

/** A note: what it begins with; then come its operands. */
const Note = { ran: 0, sent: 1, emitted: 2 } as const;
const NOTE = 5;
/** In front of the notes: kind, actor, text, snapshot before; behind them the snapshot after. */
const HEAD = 4;

/**
 * Numbers steps by all that can be seen of them, so that who watches steps can remember by number what he made of one.
 *
 * Walk through: {@link StepLabels.begin} and the listener's calls note a step down as integers; {@link StepLabels.end} follows
 * them through a tree of pairs to the step's number, without an allocation unless the step is new; {@link StepLabels.step}
 * tells the step of a number.
 */
export class StepLabels implements StepListener {
  #next: StepListener | undefined;
  readonly #tables: Tables;
  readonly #notes = new Ints();
  #choice = asChoice(0);
  readonly #tree = new PairMap();
  #nodes = 0;
  /** Of each node that ends a step, its number. */
  readonly #ends = new Map<number, number>();
  readonly #steps: SeenStep[] = [];

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  /**
   * Begins to note a step.
   *
   * @param text of a thread what it is about to do, else empty
   * @param before the actor's snapshot
   * @param next hears everything too
   */
  begin(choice: Choice, text: string, before: ContentId, next: StepListener | undefined): void {
    this.#choice = choice;
    this.#next = next;
    this.#notes.length = 0;
    this.#notes.push(choiceKind(choice));
    this.#notes.push(choiceActor(choice));
    this.#notes.push(text === '' ? -1 : this.#tables.texts.intern(text));
    this.#notes.push(before);
  }

  ran(
    actor: ActorIndex,
    message: MessageId,
    before: ContentId,
    after: ContentId,
    entry: number | undefined,
  ): void {
    this.#note(Note.ran, actor, message, before, after);
    this.#next?.ran(actor, message, before, after, entry);
  }

  sent(from: ActorIndex, to: ActorIndex, message: MessageId, dropped: boolean): void {
    this.#note(Note.sent, from, to, message, dropped ? 1 : 0);
    this.#next?.sent(from, to, message, dropped);
  }

  emitted(from: ActorIndex, message: MessageId): void {
    this.#note(Note.emitted, from, message, 0, 0);
    this.#next?.emitted(from, message);
  }

  elapsed(delay: number): void {
    this.#next?.elapsed(delay);
  }

  /**
   * Ends the notes of a step.
   *
   * @param after the actor's snapshot now
   * @returns the step's number, above {@link NO_STEP}
   */
  end(after: ContentId): number {
    this.#notes.push(after);
    let node = 0;
    for (let i = 0; i < this.#notes.length; i++) node = this.#follow(node, this.#notes.at(i));
    let number = this.#ends.get(node);
    if (number === undefined) {
      number = this.#steps.push(this.#seen());
      this.#ends.set(node, number);
    }
    return number;
  }

  /** The step with a number; `undefined` for {@link NO_STEP}. */
  step(number: number): SeenStep | undefined {
    return this.#steps[number - 1];
  }

  #note(kind: number, a: number, b: number, c: number, d: number): void {
    for (const value of [kind, a, b, c, d]) this.#notes.push(value);
  }

  #follow(node: number, value: number): number {
    let next = this.#tree.get(node, value);
    if (next === -1) {
      next = ++this.#nodes;
      this.#tree.set(node, value, next);
    }
    return next;
  }

  #seen(): SeenStep {
    const { actors, messages, snapshots, texts } = this.#tables;
    const at = (i: number): number => this.#notes.at(i);
    const [actor, text, last] = [at(1), at(2), this.#notes.length - 1];
    const kind = STEP_KINDS[choiceKind(this.#choice)];
    const addressOf = (index: number): string => actors.place(index).address;
    const snapshotOf = (content: ContentId) => (content === 0 ? undefined : snapshots.get(content).snapshot);
    const sent: SentMessage[] = [];
    const emitted: EventObject[] = [];
    const isThread = kind === 'thread';
    let event: EventObject | undefined = isThread ? { type: text === -1 ? '' : texts.get(text) } : undefined;
    let before = isThread ? snapshotOf(at(3)) : undefined;
    let after = isThread ? snapshotOf(at(last)) : undefined;
    for (let i = HEAD; i < last; i += NOTE) {
      if (at(i) === Note.ran) {
        if (at(i + 1) !== actor || event) continue;
        event = at(i + 2) === START ? START_EVENT : messages.get(at(i + 2)).event;
        before = snapshotOf(at(i + 3));
        after = snapshotOf(at(i + 4));
      } else if (at(i) === Note.sent) {
        const { event: carried } = messages.get(at(i + 3));
        if (kind === 'timer') event ??= carried;
        const line = { from: addressOf(at(i + 1)), to: addressOf(at(i + 2)), event: carried };
        sent.push(at(i + 4) === 1 ? { ...line, dropped: true } : line);
      } else emitted.push(messages.get(at(i + 2)).event);
    }
    return Object.freeze({
      actor: addressOf(actor),
      kind,
      event: event ?? START_EVENT,
      before,
      after,
      sent: Object.freeze(sent),
      emitted: Object.freeze(emitted),
    });
  }
}
