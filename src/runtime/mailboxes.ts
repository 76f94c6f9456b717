import { present } from '../kernel/invariant.js';
import type { ActorIndex, ActorPlace } from './actors.js';
import { type ContentId, type Contents, slotHash } from './contents.js';
import type { MessageId, Messages } from './messages.js';
import { PairMap } from './pairMap.js';

/** The content of a mailbox that is not empty; the empty one is content 0. */
interface Mailbox {
  readonly actor: ActorPlace;
  readonly messages: readonly MessageId[];
}

/**
 * FIFO mailboxes as contents. Taking the head, dropping it and appending are look-ups; a mailbox is put together only when
 * it is met for the first time.
 */
export class Mailboxes {
  readonly #contents: Contents;
  readonly #messages: Messages;
  readonly #all = new Map<ContentId, Mailbox>();
  readonly #byKey = new Map<string, ContentId>();
  readonly #appended = new PairMap();
  readonly #heads = new PairMap();
  readonly #rests = new PairMap();

  constructor(contents: Contents, messages: Messages) {
    this.#contents = contents;
    this.#messages = messages;
  }

  /** The messages, head first. */
  messages(mailbox: ContentId): readonly MessageId[] {
    return mailbox === 0 ? [] : present(this.#all.get(mailbox), `content ${mailbox} is a mailbox`).messages;
  }

  /** The addresses mentioned by any message in it. */
  mentions(mailbox: ContentId): readonly ActorIndex[] {
    return this.messages(mailbox).flatMap((id) => this.#messages.get(id).value.mentions);
  }

  /** The first message of a mailbox that is not empty. */
  head(mailbox: ContentId): MessageId {
    const known = this.#heads.get(mailbox, 0);
    if (known !== -1) return known;
    const head = present(this.messages(mailbox)[0], 'only a mailbox with messages has a head');
    this.#heads.set(mailbox, 0, head);
    return head;
  }

  /** What is left of a mailbox when its head is gone. */
  rest(mailbox: ContentId): ContentId {
    const known = this.#rests.get(mailbox, 0);
    if (known !== -1) return known;
    const { actor, messages } = present(this.#all.get(mailbox), `content ${mailbox} is a mailbox`);
    const rest = this.#intern(actor, messages.slice(1));
    this.#rests.set(mailbox, 0, rest);
    return rest;
  }

  /** The mailbox of `actor` with a message more at its end. */
  append(actor: ActorPlace, mailbox: ContentId, message: MessageId): ContentId {
    const key = mailbox === 0 ? -2 - actor.index : mailbox;
    const known = this.#appended.get(key, message);
    if (known !== -1) return known;
    const appended = this.#intern(actor, [...this.messages(mailbox), message]);
    this.#appended.set(key, message, appended);
    return appended;
  }

  #intern(actor: ActorPlace, messages: readonly MessageId[]): ContentId {
    if (messages.length === 0) return 0;
    const key = `${actor.index}:${messages.join(',')}`;
    let id = this.#byKey.get(key);
    if (id === undefined) {
      const hash = slotHash('mailbox', actor.address);
      for (const message of messages) for (const word of this.#messages.get(message).words) hash.number(word);
      id = this.#contents.add(hash.words());
      this.#byKey.set(key, id);
      this.#all.set(id, { actor, messages });
    }
    return id;
  }
}
