import { FingerprintSet } from '../src/explore/fingerprintSet.js';
import { type Chunk, Frontier } from '../src/explore/frontier.js';
import { asChoice } from '../src/runtime/choice.js';
import { intAt } from '../src/runtime/ints.js';
import type { World } from '../src/runtime/world.js';

export interface SearchResult {
  readonly states: number;
  readonly transitions: number;
  /** States in which nothing can happen. */
  readonly ends: number;
  readonly depth: number;
}

const BATCH = 4096;

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
    const root = this.#level.room(cells.length, 0, this.#pool);
    root.cells.set(cells);
    root.cells[cells.length] = fingerprint[0];
    root.cells[cells.length + 1] = fingerprint[1];
    root.rows = 1;
    this.#visited.add(fingerprint[0], fingerprint[1]);
    let depth = 0;
    for (; this.#level.chunks.length > 0; depth++) {
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
    const first = this.#first;
    const second = this.#second;
    const parents = this.#parents;
    const changesEnd = this.#changesEnd;
    let row = from;
    let filled = 0;
    changes.forget();
    for (; row < rows; row++) {
      const at = row * (width + 2);
      changes.turnTo(cells, at, width);
      finder.find();
      const found = choices.length;
      if (found > BATCH) throw new Error(`more than ${BATCH} choices in one state`);
      if (filled + found > BATCH) break;
      if (found === 0) this.#ends++;
      for (let i = 0; i < found; i++) {
        stepper.take(asChoice(choices.at(i)));
        first[filled] = intAt(cells, at + width) ^ changes.first;
        second[filled] = intAt(cells, at + width + 1) ^ changes.second;
        parents[filled] = at;
        changesEnd[filled] = changes.end;
        filled++;
      }
    }
    this.#transitions += filled;
    this.#filled = filled;
    return row;
  }

  /** Keeps the states of the batch that are new. */
  #drain({ cells, width }: Chunk): void {
    const visited = this.#visited;
    const next = this.#next;
    const { log } = this.#world.stepper.changes;
    const wide = this.#world.stepper.width;
    const firsts = this.#first;
    const seconds = this.#second;
    const parents = this.#parents;
    const changesEnd = this.#changesEnd;
    const filled = this.#filled;
    visited.reserve(filled);
    visited.touch(firsts, filled);
    for (let n = 0, change = 0; n < filled; n++) {
      const end = intAt(changesEnd, n);
      const first = intAt(firsts, n);
      const second = intAt(seconds, n);
      if (visited.add(first, second)) {
        const chunk = next.room(wide, 0, this.#pool);
        const rows = chunk.cells;
        const at = chunk.rows++ * (wide + 2);
        const parent = intAt(parents, n);
        for (let slot = 0; slot < width; slot++) rows[at + slot] = intAt(cells, parent + slot);
        for (let slot = width; slot < wide; slot++) rows[at + slot] = 0;
        for (let i = change; i < end; i += 2) rows[at + intAt(log, i)] = intAt(log, i + 1);
        rows[at + wide] = first;
        rows[at + wide + 1] = second;
      }
      change = end;
    }
  }
}
