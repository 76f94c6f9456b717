import type { Question } from './questions.js';

/** How a predicate replies to what it is given. */
export const Reply = {
  no: 0,
  yes: 1,
  /** it depends on more than what it reads, or fails: ask every time */
  unclear: 2,
  /** it asks something else first */
  asks: 3,
} as const;
export type Reply = (typeof Reply)[keyof typeof Reply];

/** What is given to a predicate, instead of the present state: answers to its questions. */
export type Given = ReadonlyMap<Question, number>;

/** What came of consulting a predicate. */
export interface Consulted {
  readonly reply: Reply;
  /** The question that has to be answered first, if that is the reply. */
  readonly asks: Question;
}

/** Who can be asked what a predicate says in a state of which no more is known than what is given. */
export interface Consultant {
  consult(given: Given): Consulted;
}
