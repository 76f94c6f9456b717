import type { EventObject } from 'xstate';
import { ContentHash, type HashWords } from '../kernel/contentHash.js';
import { present } from '../kernel/invariant.js';
import type { InternedValue } from '../kernel/valueStore.js';

/** The identity of an event's content. */
export type MessageId = number;

/** An event as a value: frozen, one object per content. */
export interface Message {
  readonly id: MessageId;
  readonly event: EventObject;
  readonly value: InternedValue;
  readonly words: HashWords;
}

/** All distinct events that were ever sent, offered or armed. */
export class Messages {
  readonly #all: Message[] = [];
  readonly #byText = new Map<string, Message>();

  get size(): number {
    return this.#all.length;
  }

  get(id: MessageId): Message {
    return present(this.#all[id], `there is an event number ${id}`);
  }

  /** @param event the same event as `value.value`, typed */
  intern(value: InternedValue, event: EventObject): Message {
    const known = this.#byText.get(value.text);
    if (known) return known;
    const words = new ContentHash().text(value.text).words();
    const message: Message = { id: this.#all.length, event, value, words };
    this.#all.push(message);
    this.#byText.set(value.text, message);
    return message;
  }
}
