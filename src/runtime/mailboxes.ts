import { present } from '../kernel/invariant.js';
import type { ActorIndex, ActorPlace, Actors } from './actors.js';
import { type ContentId, type Contents, Fact, slotHash } from './contents.js';
import { intAt } from './ints.js';
import type { Mentioners } from './mentioners.js';
import type { MessageId, Messages } from './messages.js';
import { PairRows } from './pairRows.js';

/** The content of a mailbox that is not empty; the empty one is content 0. */
interface Mailbox {
  readonly actor: ActorPlace;
  readonly messages: readonly MessageId[];
  /** The addresses mentioned by any message in it. */
  readonly mentions: readonly ActorIndex[];
}

/** What a row of {@link Mailboxes.appended} holds behind its pair. */
export const Appended = {
  /** the mailbox with the message at its end */
  content: 2,
  /** what appending does to the two words of the fingerprint */
  first: 3,
  second: 4,
} as const;

const NO_MESSAGES: readonly MessageId[] = [];
const NOBODY: readonly ActorIndex[] = [];

/**
 * FIFO mailboxes as contents. Taking the head, dropping it and appending are look-ups; a mailbox is put together only when
 * it is met for the first time.
 */
export class Mailboxes {
  readonly #contents: Contents;
  readonly #mentioners: Mentioners;
  readonly #messages: Messages;
  readonly #actors: Actors;
  readonly #all: Mailbox[] = [];
  readonly #byKey = new Map<string, ContentId>();
  readonly #byActor = new Map<ActorIndex, ContentId[]>();
  /** How many messages the longest mailbox holds that was ever met. */
  longest = 0;
  /** Whose that one is. */
  longestOf: ActorPlace | undefined;
  /**
   * (mailbox, message) → what {@link Appended} says, as far as anybody has asked. An empty mailbox, which has no identity of its
   * own, goes by `-2 - actor`.
   */
  readonly appended = new PairRows();

  constructor(contents: Contents, messages: Messages, actors: Actors, mentioners: Mentioners) {
    this.#mentioners = mentioners;
    this.#actors = actors;
    this.#contents = contents;
    this.#messages = messages;
  }

  /** The messages, head first. */
  messages(mailbox: ContentId): readonly MessageId[] {
    return mailbox === 0 ? NO_MESSAGES : this.#mailbox(mailbox).messages;
  }

  /** All that one actor has had so far, but the empty one. */
  of(actor: ActorIndex): readonly ContentId[] {
    return this.#byActor.get(actor) ?? [];
  }

  /** Whose it is, if it is not empty. */
  owner(mailbox: ContentId): ActorIndex {
    return this.#mailbox(mailbox).actor.index;
  }

  /** The addresses mentioned by any message in it. */
  mentions(mailbox: ContentId): readonly ActorIndex[] {
    return mailbox === 0 ? NOBODY : this.#mailbox(mailbox).mentions;
  }

  /** The first message of a mailbox that is not empty. */
  head(mailbox: ContentId): MessageId {
    return this.#contents.fact(mailbox, Fact.head);
  }

  /** What is left of a mailbox when its head is gone. */
  rest(mailbox: ContentId): ContentId {
    const known = this.#contents.fact(mailbox, Fact.rest);
    if (known !== -1) return known;
    const { actor, messages } = this.#mailbox(mailbox);
    const rest = this.#intern(actor, messages.slice(1));
    this.#contents.setFact(mailbox, Fact.rest, rest);
    return rest;
  }

  /** The mailbox of `actor` with a message more at its end. */
  append(actor: ActorIndex, mailbox: ContentId, message: MessageId): ContentId {
    const key = mailbox === 0 ? -2 - actor : mailbox;
    const known = this.appended.find(key, message);
    if (known !== -1) return intAt(this.appended.cells, known + Appended.content);
    const appended = this.#intern(this.#actors.place(actor), [...this.messages(mailbox), message]);
    const row = this.appended.add(key, message);
    this.appended.cells[row + Appended.content] = appended;
    this.appended.cells[row + Appended.first] = this.#contents.wordChange(mailbox, appended, 0);
    this.appended.cells[row + Appended.second] = this.#contents.wordChange(mailbox, appended, 1);
    return appended;
  }

  #intern(actor: ActorPlace, messages: readonly MessageId[]): ContentId {
    if (messages.length === 0) return 0;
    const key = `${actor.index}:${messages.join(',')}`;
    let id = this.#byKey.get(key);
    if (id === undefined) {
      const hash = slotHash('mailbox', actor.address);
      for (const message of messages) for (const word of this.#messages.get(message).words) hash.number(word);
      id = this.#contents.add(hash.words(), this.#all.length);
      this.#contents.setFact(id, Fact.head, present(messages[0], 'the mailbox is not empty'));
      this.#contents.setFact(id, Fact.rest, -1);
      this.#byKey.set(key, id);
      if (messages.length > this.longest) {
        this.longest = messages.length;
        this.longestOf = actor;
      }
      const mentions = messages.flatMap((message) => this.#messages.get(message).value.mentions);
      this.#all.push({ actor, messages, mentions });
      this.#mentioners.note(mentions, actor.index);
      const own = this.#byActor.get(actor.index);
      if (own) own.push(id);
      else this.#byActor.set(actor.index, [id]);
    }
    return id;
  }

  #mailbox(mailbox: ContentId): Mailbox {
    return present(this.#all[this.#contents.fact(mailbox, Fact.number)], `content ${mailbox} is a mailbox`);
  }
}
