import { present } from '../kernel/invariant.js';
import type { ActorPlace } from './actors.js';
import { type ContentId, type Contents, slotHash } from './contents.js';
import type { Offer } from './snapshots.js';

/** What is left of the offers of an address, as contents; untouched budgets are content 0. */
export class Budgets {
  readonly #contents: Contents;
  readonly #left = new Map<ContentId, ReadonlyMap<string, number>>();
  readonly #byText = new Map<string, ContentId>();

  constructor(contents: Contents) {
    this.#contents = contents;
  }

  /** How often an offer may still be taken; `Infinity` without a budget. */
  left(budget: ContentId, offer: Offer): number {
    if (offer.times === undefined) return Number.POSITIVE_INFINITY;
    return (budget === 0 ? undefined : this.#of(budget).get(offer.key)) ?? offer.times;
  }

  /** The budgets after an offer was taken once. */
  spend(actor: ActorPlace, budget: ContentId, offer: Offer): ContentId {
    if (offer.times === undefined) return budget;
    const left = new Map(budget === 0 ? [] : this.#of(budget));
    left.set(offer.key, this.left(budget, offer) - 1);
    const text = JSON.stringify([...left].sort(([a], [b]) => (a < b ? -1 : 1)));
    const key = `${actor.index}:${text}`;
    let id = this.#byText.get(key);
    if (id === undefined) {
      id = this.#contents.add(slotHash('budget', actor.address).text(text).words());
      this.#byText.set(key, id);
      this.#left.set(id, left);
    }
    return id;
  }

  #of(budget: ContentId): ReadonlyMap<string, number> {
    return present(this.#left.get(budget), `content ${budget} is what is left of budgets`);
  }
}
