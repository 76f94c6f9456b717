import { asChoice } from '../src/runtime/choice.js';
import { intAt } from '../src/runtime/ints.js';
import type { World } from '../src/runtime/world.js';
import { FingerprintSet } from './fingerprintSet.js';
import { type Chunk, Frontier } from './frontier.js';

export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** States in which nothing can happen. */
  readonly ends: number;
  readonly depth: number;
}

const BATCH = 2048;

/**
 * Visits every state of a world, breadth first: a measuring device for the runtime, not a checker. It has no properties, no
 * reduction, no bounds and no way back to a counterexample.
 *
 * Walk through: {@link search} goes from level to level; {@link Search.#fill} computes the fingerprints of some successors and
 * keeps what changed in each; {@link Search.#drain} touches their places in the visited set, so that the waits for memory
 * overlap, and writes those that are new into the next level.
 */
export function search(world: World, capacityBits = 22): SearchResult {
  return new Search(world, capacityBits).run();
}

class Search {
  readonly #world: World;
  readonly #visited: FingerprintSet;
  readonly #pool: Chunk[] = [];
  #level = new Frontier();
  #next = new Frontier();
  #transitions = 0;
  #ends = 0;
  readonly #first = new Int32Array(BATCH);
  readonly #second = new Int32Array(BATCH);
  readonly #parents = new Int32Array(BATCH);
  readonly #changesEnd = new Int32Array(BATCH);
  #filled = 0;

  constructor(world: World, capacityBits: number) {
    this.#world = world;
    this.#visited = new FingerprintSet(capacityBits);
  }

  run(): SearchResult {
    const { cells, fingerprint } = this.#world.initial;
    const root = this.#level.room(cells.length, this.#pool);
    root.cells.set(cells);
    root.cells[cells.length] = fingerprint[0];
    root.cells[cells.length + 1] = fingerprint[1];
    this.#level.added(root);
    this.#visited.add(fingerprint[0], fingerprint[1]);
    let depth = 0;
    for (; this.#level.size > 0; depth++) {
      for (const chunk of this.#level.chunks) {
        for (let row = 0; row < chunk.rows; ) {
          row = this.#fill(chunk, row);
          this.#drain(chunk);
        }
      }
      this.#level.release(this.#pool);
      [this.#level, this.#next] = [this.#next, this.#level];
    }
    return { states: this.#visited.size, transitions: this.#transitions, ends: this.#ends, depth };
  }

  /** Takes every step from the states at `row` and after, until the batch is full; the first state that is left. */
  #fill({ cells, width, rows }: Chunk, from: number): number {
    const { stepper, finder } = this.#world;
    const { changes } = stepper;
    const { choices } = finder;
    let row = from;
    this.#filled = 0;
    changes.forget();
    for (; row < rows; row++) {
      const at = row * (width + 2);
      changes.turnTo(cells, at, width);
      finder.find();
      if (choices.length > BATCH) throw new Error(`more than ${BATCH} choices in one state`);
      if (this.#filled + choices.length > BATCH) break;
      if (choices.length === 0) this.#ends++;
      this.#transitions += choices.length;
      for (let i = 0; i < choices.length; i++) {
        stepper.take(asChoice(choices.at(i)));
        const n = this.#filled++;
        this.#first[n] = intAt(cells, at + width) ^ changes.first;
        this.#second[n] = intAt(cells, at + width + 1) ^ changes.second;
        this.#parents[n] = at;
        this.#changesEnd[n] = changes.end;
      }
    }
    return row;
  }

  /** Keeps the states of the batch that are new. */
  #drain({ cells, width }: Chunk): void {
    const visited = this.#visited;
    const { log } = this.#world.stepper.changes;
    const wide = this.#world.stepper.width;
    visited.reserve(this.#filled);
    visited.touch(this.#first, this.#filled);
    for (let n = 0, change = 0; n < this.#filled; n++) {
      const end = intAt(this.#changesEnd, n);
      const first = intAt(this.#first, n);
      const second = intAt(this.#second, n);
      if (visited.add(first, second)) {
        const chunk = this.#next.room(wide, this.#pool);
        const at = chunk.rows * (wide + 2);
        const parent = intAt(this.#parents, n);
        const rows = chunk.cells;
        for (let slot = 0; slot < width; slot++) rows[at + slot] = intAt(cells, parent + slot);
        for (let slot = width; slot < wide; slot++) rows[at + slot] = 0;
        for (let i = change; i < end; i += 2) rows[at + intAt(log, i)] = intAt(log, i + 1);
        rows[at + wide] = first;
        rows[at + wide + 1] = second;
        this.#next.added(chunk);
      }
      change = end;
    }
  }
}
