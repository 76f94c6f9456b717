import { Watched } from '../../property/watched.js';
import type { Choice } from '../../runtime/choice.js';
import type { World } from '../../runtime/world.js';
import type { Claims } from '../claims.js';
import { ExhaustiveSearch } from '../exhaustiveSearch.js';
import type { FingerprintBits } from '../fingerprintSet.js';
import type { Order } from '../frontier.js';
import type { Found, Search, SearchCount, SearchEnd, SearchLimits } from '../strategy.js';
import { type Condition, Reduction } from './reduction.js';

/** What a test may leave out: what {@link Reduction} does, the second question in quiescent states, or starting over. */
export type Omission = Condition | 'asking twice' | 'giving up';

/** When a search has come to so many states, it must have taken one step alone from such a share of them. */
const JUDGED_AFTER = 1 << 14;
const SHARE_MIN = 1 / 8;

/**
 * An exhaustive search that takes one step alone wherever it can stand for all of a state ({@link Reduction}). It has the same
 * verdict, quiescent states and failing steps as the search without reduction, in fewer states.
 *
 * What it relies upon is learned on the way; when that is refuted it starts over, knowing more, or if it has come far goes back
 * to the states that are concerned. When little is saved it starts over without reduction. A run that it finds need not be shortest.
 * So it then looks, breadth first and without reduction, at all runs that are shorter, as far as the bounds allow.
 */
export class ReducedSearch implements Search {
  readonly fingerprintBits: FingerprintBits;
  readonly #world: World;
  readonly #claims: Claims;
  readonly #limits: SearchLimits;
  readonly #order: Order;
  readonly #omissions: ReadonlySet<Omission>;
  #search: ExhaustiveSearch;
  /** What attempts that were given up have found. */
  #foundBefore: readonly Found[] = [];
  #shortened: readonly Found[] | undefined;
  /** Where a property threw, if not in {@link #search}. */
  #failed: { readonly world: World; readonly search: ExhaustiveSearch } | undefined;

  constructor(
    world: World,
    claims: Claims,
    limits: SearchLimits,
    order: Order,
    bits: FingerprintBits = 64,
    omissions: ReadonlySet<Omission> = new Set(),
  ) {
    this.#world = world;
    this.#claims = claims;
    this.#limits = limits;
    this.#order = order;
    this.fingerprintBits = bits;
    this.#omissions = omissions;
    this.#search = this.#begin();
  }

  get world(): World {
    return this.#failed?.world ?? this.#world;
  }

  get strategy(): string {
    return this.#search.strategy;
  }

  get found(): readonly Found[] {
    if (this.#shortened) return this.#shortened;
    const found = [...this.#kept, ...this.#search.found];
    // The next attempt finds it again, unless something stops it before.
    const missing = this.#foundBefore.filter(
      ({ once, property }) => !once && !found.some((one) => one.property === property),
    );
    return [...found, ...missing].slice(0, this.#limits.violations);
  }

  /** What attempts that were given up have found, and no other finds again. */
  get #kept(): readonly Found[] {
    return this.#foundBefore.filter(({ once }) => once);
  }

  get count(): SearchCount {
    return this.#search.count;
  }

  pathTo(state: number): Choice[] {
    return (this.#failed?.search ?? this.#search).pathTo(state);
  }

  *run(): Generator<void, SearchEnd, void> {
    const end = yield* this.#runReduced();
    if (end !== undefined) {
      if (this.found.length > 0) yield* this.#shorten();
      return end;
    }
    this.#search = this.#begin();
    return yield* this.#search.run();
  }

  #begin(reduction?: Reduction): ExhaustiveSearch {
    const violations = this.#limits.violations - this.#kept.length;
    return new ExhaustiveSearch(
      this.#world,
      this.#claims,
      { ...this.#limits, violations },
      this.#order,
      this.fingerprintBits,
      reduction,
    );
  }

  /** The end; there is none when no reduction can tell what a property looks at, or little is saved by one. */
  *#runReduced(): Generator<void, SearchEnd | undefined, void> {
    const watched = new Watched(!this.#omissions.has('asking twice'));
    const reduction = new Reduction(this.#world, watched, this.#omissions);
    this.#claims.watch(watched);
    try {
      for (;;) {
        this.#search = this.#begin(reduction);
        const end = yield* this.#attempt(reduction, watched);
        if (end !== 'again' && end !== 'unreduced') return end;
        this.#foundBefore = this.found;
        this.#claims.startOver();
        reduction.startOver();
        if (end === 'unreduced') return undefined;
        yield;
      }
    } finally {
      reduction.end();
      this.#claims.watch(undefined);
    }
  }

  /** Searches to the end, or until it turns out that it must begin again, or that a reduction is no use. */
  *#attempt(
    reduction: Reduction,
    watched: Watched,
  ): Generator<void, SearchEnd | 'again' | 'unreduced', void> {
    const steps = this.#search.run();
    let patience = Number.POSITIVE_INFINITY;
    let isJudged = this.#omissions.has('giving up');
    for (;;) {
      const { done, value: end } = steps.next();
      if (!done && this.#search.isMidway) {
        yield;
        continue;
      }
      const { transitions, states } = this.count;
      if (done && (end === 'violations' || end === 'states')) return end;
      if (watched.isBlind) return this.#search.giveUp() ?? 'unreduced';
      if (reduction.isRefuted && (reduction.startsOver(states) || patience < Number.POSITIVE_INFINITY)) {
        // What it took to find out is worth to be spent again on learning.
        patience = Math.min(patience, 2 * transitions);
        if (done || transitions >= patience) return this.#search.giveUp() ?? 'again';
      } else if (done) return end;
      if (!isJudged && states >= JUDGED_AFTER) {
        isJudged = true;
        if (reduction.aloneCount < states * SHARE_MIN) return this.#search.giveUp() ?? 'unreduced';
      }
      yield;
    }
  }

  /** Looks for runs that are shorter than what was found, in a world that has seen nothing yet: each wrong step is a first one. */
  *#shorten(): Generator<void, void, void> {
    const { found } = this;
    this.#shortened = found;
    const longest = Math.max(...found.map(({ path }) => path.length));
    const states = this.#limits.states - this.count.states;
    if (states < 1) return;
    const { world, claims } = this.#claims.afresh();
    const limits = { states, depth: longest - 1, violations: this.#limits.violations };
    const search = new ExhaustiveSearch(world, claims, limits, 'bfs', this.fingerprintBits);
    let end: SearchEnd = 'exhausted';
    try {
      if (longest > 0) end = yield* search.run();
    } catch (error) {
      this.#failed = { world, search };
      throw error;
    }
    if (end === 'states') return;
    const shorter = search.found.map((violation) => ({ ...violation, world }));
    const others = found.filter(({ path }) => path.length === longest);
    this.#shortened = [...shorter, ...others.map((violation) => ({ ...violation, shortest: true }))].slice(
      0,
      this.#limits.violations,
    );
  }
}
