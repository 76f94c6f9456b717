import type { ContentId } from '../runtime/contents.js';
import { PairMap } from '../runtime/pairMap.js';
import type { Question, Questions } from './questions.js';
import { type Consultant, Reply } from './reply.js';

/** A change of what a slot holds. */
export interface Change {
  readonly slot: number;
  readonly before: ContentId;
  readonly after: ContentId;
}

/** How often a predicate is consulted at most about one change; who needs more is taken for one that may lose its answer. */
const CONSULTATIONS_MAX = 4096;

/**
 * Whether a change of one slot can make a predicate lose the answer that is sought, whatever the other slots hold of all that they
 * were ever seen to hold. That may turn out otherwise when they are seen to hold more: see {@link verify}.
 */
export class Losses {
  readonly #predicate: Consultant;
  readonly #questions: Pick<Questions, 'answers'>;
  readonly #sought: boolean;
  /** (content before, content after) to 1 where nothing can be lost, else 0. */
  readonly #harmless = new PairMap();
  /** Changes that were called harmless. */
  readonly #relied: Change[] = [];
  #left = 0;

  constructor(predicate: Consultant, questions: Pick<Questions, 'answers'>, sought: boolean) {
    this.#predicate = predicate;
    this.#questions = questions;
    this.#sought = sought;
  }

  isHarmless(slot: number, before: ContentId, after: ContentId): boolean {
    const known = this.#harmless.get(before, after);
    if (known !== -1) return known === 1;
    if (!this.#judge(slot, before, after)) return false;
    this.#relied.push({ slot, before, after });
    return true;
  }

  /** Asks again about all changes that were called harmless. @returns those that are no longer */
  verify(): readonly Change[] {
    const harmful: Change[] = [];
    for (const change of this.#relied.splice(0)) {
      const isHarmless = this.#judge(change.slot, change.before, change.after);
      (isHarmless ? this.#relied : harmful).push(change);
    }
    return harmful;
  }

  #judge(slot: number, before: ContentId, after: ContentId): boolean {
    this.#left = CONSULTATIONS_MAX;
    const isHarmless = !this.#losesGiven(new Map(), slot, before, after);
    this.#harmless.set(before, after, isHarmless ? 1 : 0);
    return isHarmless;
  }

  /** Goes through all that the slots may hold which the predicate looks at, as long as it has the sought answer before. */
  #losesGiven(given: Map<Question, number>, slot: number, before: ContentId, after: ContentId): boolean {
    for (const content of [before, after]) {
      if (this.#left-- === 0) return true;
      given.set(slot, content);
      const { reply, asks } = this.#predicate.consult(given);
      if (reply === Reply.unclear) return true;
      if (reply === Reply.asks) return this.#losesForSome(asks, given, slot, before, after);
      if ((reply === Reply.yes) !== this.#sought) return content === after;
    }
    return false;
  }

  #losesForSome(
    question: Question,
    given: Map<Question, number>,
    slot: number,
    before: ContentId,
    after: ContentId,
  ): boolean {
    const answers = this.#questions.answers(question);
    if (!answers) return true;
    for (const answer of answers) {
      given.set(question, answer);
      if (this.#losesGiven(given, slot, before, after)) return true;
    }
    given.delete(question);
    return false;
  }
}
