import { present } from '../kernel/invariant.js';
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
  answers(question: Question): Iterable<number> | undefined {
    const { snapshots, mailboxes, mailPatterns } = this.#world.tables;
    const mail = this.mail(question);
    if (mail) {
      const all = mailboxes.of(this.#layout.actorOf(mail.slot));
      return new Set([0, ...all.map((mailbox) => mailPatterns.find(mail.pattern, mailbox))]);
    }
    if (question < 0) return undefined;
    const actor = this.#layout.actorOf(question);
    const kind = this.#layout.kindOf(question);
    if (kind === Slot.snapshot) return [0, ...snapshots.of(actor)];
    return kind === Slot.mailbox ? [0, ...mailboxes.of(actor)] : undefined;
  }
}
