import { present } from '../kernel/invariant.js';
import type { ContentId } from '../runtime/contents.js';
import { type Layout, Slot } from '../runtime/layout.js';
import { PairMap } from '../runtime/pairMap.js';
import type { World } from '../runtime/world.js';

/**
 * Something that a predicate asks of a state, by number: from 0 on a slot, the answer is its content; {@link LAST_STEP}; below that,
 * which events in a mailbox match a pattern.
 */
export type Question = number;

/** The step that led to the state. */
export const LAST_STEP: Question = -1;

const FIRST_PATTERN = -2;

/** The events in a mailbox that match a pattern. */
export interface MailQuestion {
  readonly slot: number;
  readonly pattern: number;
}

/** What predicates ask of the states of a world. */
export class Questions {
  readonly #world: World;
  readonly #numbers = new PairMap();
  readonly #mail: MailQuestion[] = [];
  /** By question, the answers that there were when so many contents had been seen. */
  readonly #answers = new Map<Question, { readonly of: number; readonly answers: readonly number[] }>();

  constructor(world: World) {
    this.#world = world;
  }

  get #layout(): Layout {
    return this.#world.layout;
  }

  ofMail(slot: number, pattern: number): Question {
    let number = this.#numbers.get(slot, pattern);
    if (number === -1) {
      number = this.#mail.push({ slot, pattern }) - 1;
      this.#numbers.set(slot, pattern, number);
    }
    return FIRST_PATTERN - number;
  }

  /** What a question about mail asks; `undefined` for others. */
  mail(question: Question): MailQuestion | undefined {
    return this.#mail[FIRST_PATTERN - question];
  }

  /** Whether a question is about mail, all of it or what matches a pattern. */
  isMail(question: Question): boolean {
    return (
      this.mail(question) !== undefined || (question >= 0 && this.#layout.kindOf(question) === Slot.mailbox)
    );
  }

  /** The answer in the state that the world's stepper has turned to. */
  answer(question: Question, lastStep: number): number {
    const { stepper, tables } = this.#world;
    if (question >= 0) return stepper.valueAt(question);
    if (question === LAST_STEP) return lastStep;
    const { slot, pattern } = present(this.mail(question), 'a question below the others is about mail');
    return tables.mailPatterns.find(pattern, stepper.valueAt(slot));
  }

  /** All answers that there were so far to a question about snapshots or mail; `undefined` for others. */
  answers(question: Question): readonly number[] | undefined {
    const mail = this.mail(question);
    const slot = mail?.slot ?? question;
    if (slot < 0) return undefined;
    const contents = this.#contentsOf(slot);
    if (!contents) return undefined;
    let known = this.#answers.get(question);
    if (known?.of !== contents.length) {
      const { mailPatterns } = this.#world.tables;
      const answers = mail ? contents.map((mailbox) => mailPatterns.find(mail.pattern, mailbox)) : contents;
      known = { of: contents.length, answers: [...new Set([0, ...answers])] };
      this.#answers.set(question, known);
    }
    return known.answers;
  }

  /** What a slot for snapshots or mail was seen to hold, if anything; `undefined` for others. It only grows. */
  #contentsOf(slot: number): readonly ContentId[] | undefined {
    const { snapshots, mailboxes } = this.#world.tables;
    const actor = this.#layout.actorOf(slot);
    const kind = this.#layout.kindOf(slot);
    if (kind === Slot.snapshot) return snapshots.of(actor);
    return kind === Slot.mailbox ? mailboxes.of(actor) : undefined;
  }
}
