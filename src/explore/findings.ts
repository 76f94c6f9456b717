import type { Choice } from '../runtime/choice.js';
import type { Finding } from './claims.js';
import type { Order } from './frontier.js';
import type { Found } from './strategy.js';

/**
 * What an exhaustive search has found. What is wrong with a state is found when the state is looked at, what is wrong with a step
 * when it is taken. Breadth first, the latter lies one step further, so it waits until all states of that depth are through:
 * what is found first is shortest.
 */
export class Findings {
  readonly found: Found[] = [];
  readonly #order: Order;
  readonly #most: number;
  readonly #isShortest: boolean;
  /** Found one step further than the states that are looked at now. */
  readonly #pending: Found[] = [];

  /**
   * @param most how many are looked for
   * @param isWhole whether no schedule is left out: breadth first, what is found first is then shortest
   */
  constructor(order: Order, most: number, isWhole: boolean) {
    this.#order = order;
    this.#most = most;
    this.#isShortest = order === 'bfs' && isWhole;
  }

  get isEnough(): boolean {
    return this.found.length >= this.#most;
  }

  /** No more states of the present depth come: all are through, or else the search ends here, and a shorter run may be unseen. */
  settle(areAllThrough: boolean): void {
    if (this.#pending.length === 0) return;
    const settled = this.#pending.splice(0, this.#most - this.found.length);
    this.found.push(...settled.map((one) => ({ ...one, shortest: one.shortest && areAllThrough })));
    this.#pending.length = 0;
  }

  /** Something is wrong with a state. */
  ofState(findings: readonly Finding[], path: readonly Choice[]): void {
    const shortest = this.#isShortest;
    const left = this.#most - this.found.length;
    this.found.push(...findings.slice(0, left).map((finding) => ({ ...finding, path, shortest })));
  }

  /** Something is wrong with the last step of a path. */
  ofStep(findings: readonly Finding[], path: readonly Choice[]): void {
    if (this.#order === 'dfs') this.ofState(findings, path);
    else this.#pending.push(...findings.map((finding) => ({ ...finding, path, shortest: this.#isShortest })));
  }
}
