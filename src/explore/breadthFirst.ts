import { invariant } from '../kernel/invariant.js';
import { asChoice, type Choice } from '../runtime/choice.js';
import { intAt } from '../runtime/ints.js';
import type { World } from '../runtime/world.js';
import { Ancestry } from './ancestry.js';
import type { Claims, Finding } from './claims.js';
import { FingerprintSet } from './fingerprintSet.js';
import { type Chunk, Frontier } from './frontier.js';

/** Where a search may stop before it has seen everything. */
export interface SearchLimits {
  readonly states: number;
  readonly depth: number;
  readonly violations: number;
}

/** How a search ended. */
export type SearchEnd = 'exhausted' | 'violations' | 'states' | 'depth';

/** Something that was found, and the choices that lead there. */
export interface Found extends Finding {
  readonly path: readonly Choice[];
}

/** How far a search has come. */
export interface SearchCount {
  /** Distinct states, the initial one included. */
  readonly states: number;
  /** Steps that were taken. */
  readonly transitions: number;
  /** The number of steps to the states that are looked at now. */
  readonly depth: number;
  /** States that were not looked at yet. */
  readonly frontier: number;
}

const BATCH = 4096;

/**
 * Visits every state of a world, breadth first, and looks at each what the {@link Claims} say of it (architecture 4.2).
 *
 * Walk through: {@link BreadthFirst.run} goes from level to level; {@link BreadthFirst.#fill} looks at states, takes all their
 * steps, and keeps the fingerprints and what changed; {@link BreadthFirst.#drain} touches the places of these fingerprints in
 * the visited set, so that the waits for memory overlap, and writes the states that are new into the next level.
 *
 * What is wrong with a state is found when the state is looked at, what is wrong with a step when it is taken; the latter lies
 * one step further, so it waits until the level is through. Hence what is found first is shortest.
 *
 * Memory: 8 bytes a state for its fingerprint, at a load of 0.3 to 0.6, and 8 for its ancestry; a level's states on top.
 */
export class BreadthFirst {
  readonly found: Found[] = [];
  readonly #world: World;
  readonly #claims: Claims;
  readonly #limits: SearchLimits;
  readonly #visited = new FingerprintSet(14);
  readonly #ancestry = new Ancestry();
  readonly #pool: Chunk[] = [];
  #level = new Frontier();
  #next = new Frontier();
  #transitions = 0;
  #depth = 0;
  /** Whether steps were left out because they lead too deep. */
  #isCut = false;
  /** States of this level that were looked at. */
  #looked = 0;
  #levelStart = 0;
  /** Found in this level, and one step further than its states. */
  #pending: Found[] = [];
  readonly #first = new Int32Array(BATCH);
  readonly #second = new Int32Array(BATCH);
  readonly #parents = new Int32Array(BATCH);
  readonly #rows = new Int32Array(BATCH);
  readonly #choices = new Int32Array(BATCH);
  readonly #changesEnd = new Int32Array(BATCH);
  #filled = 0;

  constructor(world: World, claims: Claims, limits: SearchLimits) {
    this.#world = world;
    this.#claims = claims;
    this.#limits = limits;
  }

  get count(): SearchCount {
    const states = this.#visited.size;
    return {
      states,
      transitions: this.#transitions,
      depth: this.#depth,
      frontier: states - this.#levelStart - this.#looked,
    };
  }

  /** The choices that lead to a state that was found. */
  pathTo(state: number): Choice[] {
    return this.#ancestry.path(state);
  }

  /** Searches; gives the word between batches of a few thousand steps. May be left there, and has what it has. */
  *run(): Generator<void, SearchEnd, void> {
    this.#begin();
    for (; this.#level.chunks.length > 0; this.#depth++) {
      this.#looked = 0;
      for (const chunk of this.#level.chunks) {
        for (let row = 0; row < chunk.rows; ) {
          row = this.#fill(chunk, row);
          if (this.found.length >= this.#limits.violations) return this.#end('violations');
          this.#drain(chunk);
          if (this.#visited.size > this.#limits.states) return this.#end('states');
          yield;
        }
      }
      this.found.push(...this.#pending.splice(0, this.#limits.violations - this.found.length));
      this.#pending.length = 0;
      if (this.found.length >= this.#limits.violations) return this.#end('violations');
      this.#levelStart += this.#looked;
      this.#level.release(this.#pool);
      [this.#level, this.#next] = [this.#next, this.#level];
    }
    this.#depth--;
    return this.#isCut ? 'depth' : 'exhausted';
  }

  /** What was pending counts too, as far as violations may be reported. */
  #end(end: SearchEnd): SearchEnd {
    this.found.push(...this.#pending.splice(0, this.#limits.violations - this.found.length));
    return this.found.length >= this.#limits.violations ? 'violations' : end;
  }

  #begin(): void {
    const { cells, fingerprint } = this.#world.initial;
    const [first, second] = fingerprint;
    const chunk = this.#level.room(cells.length, 0, this.#pool);
    chunk.cells.set(cells);
    chunk.cells[cells.length] = first;
    chunk.cells[cells.length + 1] = second;
    chunk.rows = 1;
    this.#visited.add(first, second);
    this.#ancestry.add(0, 0);
  }

  /** Looks at the states from `row` on and takes every step from them, until the batch is full; the first state that is left. */
  #fill({ cells, width, rows, first: firstNumber }: Chunk, from: number): number {
    const { stepper, finder } = this.#world;
    const { changes } = stepper;
    const { choices } = finder;
    const claims = this.#claims;
    const first = this.#first;
    const second = this.#second;
    let row = from;
    let filled = 0;
    changes.forget();
    for (; row < rows; row++) {
      const at = row * (width + 2);
      changes.turnTo(cells, at, width);
      finder.find();
      const count = choices.length;
      invariant(count <= BATCH, `a state has at most ${BATCH} choices`);
      if (filled + count > BATCH) break;
      const number = firstNumber + row;
      const inState = claims.lookAt(number);
      if (inState.length > 0) this.#report(inState, number);
      if (this.found.length >= this.#limits.violations) break;
      if (this.#depth >= this.#limits.depth) {
        this.#isCut ||= count > 0;
        continue;
      }
      for (let i = 0; i < count; i++) {
        const choice = asChoice(choices.at(i));
        stepper.take(choice);
        if (stepper.threw || stepper.firstRuns.length > 0 || claims.overflows) {
          for (const finding of claims.lookAtStep()) {
            this.#pending.push({ ...finding, path: [...this.#ancestry.path(number), choice] });
          }
        }
        first[filled] = intAt(cells, at + width) ^ changes.first;
        second[filled] = intAt(cells, at + width + 1) ^ changes.second;
        this.#parents[filled] = number;
        this.#rows[filled] = at;
        this.#choices[filled] = choice;
        this.#changesEnd[filled] = changes.end;
        filled++;
      }
    }
    this.#looked += row - from;
    this.#transitions += filled;
    this.#filled = filled;
    return row;
  }

  #report(findings: readonly Finding[], number: number): void {
    const left = this.#limits.violations - this.found.length;
    for (const finding of findings.slice(0, left)) {
      this.found.push({ ...finding, path: this.#ancestry.path(number) });
    }
  }

  /** Keeps the states of the batch that are new. */
  #drain({ cells, width }: Chunk): void {
    const visited = this.#visited;
    const next = this.#next;
    const { log } = this.#world.stepper.changes;
    const wide = this.#world.stepper.width;
    const firsts = this.#first;
    const seconds = this.#second;
    const changesEnd = this.#changesEnd;
    const filled = this.#filled;
    visited.reserve(filled);
    visited.touch(firsts, filled);
    for (let n = 0, change = 0; n < filled; n++) {
      const end = intAt(changesEnd, n);
      const first = intAt(firsts, n);
      const second = intAt(seconds, n);
      if (visited.add(first, second)) {
        const number = this.#ancestry.add(intAt(this.#parents, n), intAt(this.#choices, n));
        const chunk = next.room(wide, number, this.#pool);
        const rows = chunk.cells;
        const at = chunk.rows++ * (wide + 2);
        const parent = intAt(this.#rows, n);
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
