import type { ActorIndex } from './actors.js';

/** What kind of thing may happen next. `message` is also the start of an actor under `start: 'any'`. */
export const ChoiceKind = { message: 0, timer: 1, offer: 2, thread: 3 } as const;
export type ChoiceKind = (typeof ChoiceKind)[keyof typeof ChoiceKind];

declare const choiceBrand: unique symbol;

/**
 * One thing that may happen next, packed into an integer: an actor, a kind, and which of that kind (a timer's place among the
 * armed ones, an offer's place in its list). Meaningful for the state in which it was found.
 */
export type Choice = number & { readonly [choiceBrand]: true };

const INDEX_BITS = 8;
const KIND_BITS = 2;

/** At most this many timers, offers or threads of one actor can be told apart. */
export const CHOICES_PER_KIND = 1 << INDEX_BITS;

export function packChoice(actor: ActorIndex, kind: ChoiceKind, index: number): Choice {
  return ((((actor << KIND_BITS) | kind) << INDEX_BITS) | index) as Choice;
}

/** Takes a choice back out of a list of integers that {@link packChoice} has made. */
export function asChoice(packed: number): Choice {
  return packed as Choice;
}

export function choiceActor(choice: Choice): ActorIndex {
  return choice >>> (INDEX_BITS + KIND_BITS);
}

export function choiceKind(choice: Choice): ChoiceKind {
  return ((choice >>> INDEX_BITS) & ((1 << KIND_BITS) - 1)) as ChoiceKind;
}

export function choiceIndex(choice: Choice): number {
  return choice & (CHOICES_PER_KIND - 1);
}
