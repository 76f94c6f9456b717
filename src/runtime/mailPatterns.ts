import { present } from '../kernel/invariant.js';
import type { ContentId } from './contents.js';
import type { Mailboxes } from './mailboxes.js';
import type { MessageId, Messages } from './messages.js';
import { PairMap } from './pairMap.js';
import { Texts } from './texts.js';

/** Members that an event must have. */
export type MailPattern = Readonly<Record<string, string | number | boolean | null>>;

/** The number of a list of events in {@link MailPatterns}; 0 is the empty one. */
export type MailList = number;

/** Which events in a mailbox match a pattern, as integers. */
export class MailPatterns {
  readonly #mailboxes: Mailboxes;
  readonly #messages: Messages;
  readonly #texts = new Texts();
  readonly #patterns: MailPattern[] = [];
  readonly #matches = new PairMap();
  readonly #numbers = new Map<string, MailList>([['', 0]]);
  readonly #lists: (readonly MessageId[])[] = [[]];
  readonly #found = new PairMap();

  constructor(mailboxes: Mailboxes, messages: Messages) {
    this.#mailboxes = mailboxes;
    this.#messages = messages;
  }

  /** The number of a pattern; patterns with the same members in the same order are one. */
  intern(pattern: MailPattern): number {
    const number = this.#texts.intern(JSON.stringify(pattern));
    this.#patterns[number] ??= { ...pattern };
    return number;
  }

  #isLike(pattern: number, message: MessageId): boolean {
    let known = this.#matches.get(pattern, message);
    if (known === -1) {
      const { event } = this.#messages.get(message);
      const members = Object.entries(present(this.#patterns[pattern], `there is a pattern ${pattern}`));
      known = members.every(([key, value]) => Reflect.get(event, key) === value) ? 1 : 0;
      this.#matches.set(pattern, message, known);
    }
    return known === 1;
  }

  /** The events in a mailbox that match. */
  find(pattern: number, mailbox: ContentId): MailList {
    if (mailbox === 0) return 0;
    const list = this.#found.get(pattern, mailbox);
    return list === -1 ? this.#look(pattern, mailbox) : list;
  }

  #look(pattern: number, mailbox: ContentId): MailList {
    const messages = this.#mailboxes.messages(mailbox).filter((message) => this.#isLike(pattern, message));
    const text = messages.join();
    const list = this.#numbers.get(text) ?? this.#lists.push(messages) - 1;
    this.#numbers.set(text, list);
    this.#found.set(pattern, mailbox, list);
    return list;
  }

  messages(list: MailList): readonly MessageId[] {
    return present(this.#lists[list], `there is a list of events number ${list}`);
  }
}
