import { invariant } from '../kernel/invariant.js';
import { asChoice, type Choice } from '../runtime/choice.js';
import { intAt } from '../runtime/ints.js';
import type { World } from '../runtime/world.js';
import { Ancestry } from './ancestry.js';
import type { Claims, Finding } from './claims.js';
import { FingerprintSet } from './fingerprintSet.js';
import { type Chunk, Frontier, type Order, TRAILER, Trailer } from './frontier.js';
import type { Found, Search, SearchCount, SearchEnd, SearchLimits } from './strategy.js';

const BATCH = 4096;

/**
 * Visits every state of a world and looks at each what the {@link Claims} say of it (architecture 4.2, 4.5).
 *
 * Walk through: {@link ExhaustiveSearch.run} takes states from the frontier, in an order that only the frontier knows;
 * {@link ExhaustiveSearch.#fill} looks at them, and {@link ExhaustiveSearch.#expand} takes their steps and keeps the
 * fingerprints and what changed, until a batch is full; {@link ExhaustiveSearch.#drain} touches the places of these
 * fingerprints in the visited set, so that the waits for memory overlap, and puts the states that are new into the frontier.
 *
 * What is wrong with a state is found when the state is looked at, what is wrong with a step when it is taken. Breadth first,
 * the latter lies one step further, so it waits until all states of that depth are through: what is found first is shortest.
 *
 * Memory: 8 bytes a state for its fingerprint, at a load of 0.3 to 0.6, and 8 for its ancestry; the states that wait on top.
 */
export class ExhaustiveSearch implements Search {
  readonly found: Found[] = [];
  readonly fingerprintBits = 64;
  readonly #world: World;
  readonly #claims: Claims;
  readonly #limits: SearchLimits;
  readonly #order: Order;
  readonly #visited = new FingerprintSet(14);
  readonly #ancestry = new Ancestry();
  readonly #frontier: Frontier;
  #transitions = 0;
  #depth = 0;
  /** Whether steps were left out because they lead too deep. */
  #isCut = false;
  /** States that were looked at. */
  #looked = 0;
  /** Found one step further than the states that are looked at now. */
  #pending: Found[] = [];
  // The batch: for each successor its fingerprint, where its predecessor lies, the choice, and where its changes end.
  readonly #firsts = new Int32Array(BATCH);
  readonly #seconds = new Int32Array(BATCH);
  readonly #rows = new Int32Array(BATCH);
  readonly #choices = new Int32Array(BATCH);
  readonly #changesEnd = new Int32Array(BATCH);
  #filled = 0;

  constructor(world: World, claims: Claims, limits: SearchLimits, order: Order) {
    this.#world = world;
    this.#claims = claims;
    this.#limits = limits;
    this.#order = order;
    this.#frontier = new Frontier(order);
  }

  get count(): SearchCount {
    const states = this.#visited.size;
    return {
      states,
      transitions: this.#transitions,
      depth: this.#depth,
      frontier: states - this.#looked,
    };
  }

  pathTo(state: number): Choice[] {
    return this.#ancestry.path(state);
  }

  *run(): Generator<void, SearchEnd, void> {
    this.#begin();
    let taken = 0;
    for (let chunk = this.#frontier.take(); chunk; chunk = this.#frontier.take()) {
      for (let row = 0; row < chunk.rows; ) {
        row = this.#fill(chunk, row);
        if (this.#isEnough) return 'violations';
        this.#drain(chunk);
        if (this.#visited.size > this.#limits.states) return this.#end('states');
        taken += this.#filled;
        if (taken < BATCH / 2) continue;
        taken = 0;
        yield;
      }
    }
    return this.#end(this.#isCut ? 'depth' : 'exhausted');
  }

  get #isEnough(): boolean {
    return this.found.length >= this.#limits.violations;
  }

  #end(end: SearchEnd): SearchEnd {
    this.#settle();
    return this.#isEnough ? 'violations' : end;
  }

  /** What was pending is found now, as far as violations may be reported. */
  #settle(): void {
    this.found.push(...this.#pending.splice(0, this.#limits.violations - this.found.length));
    this.#pending.length = 0;
  }

  #begin(): void {
    const { cells, fingerprint } = this.#world.initial;
    const [first, second] = fingerprint;
    this.#visited.add(first, second);
    const number = this.#ancestry.add(0, 0);
    const chunk = this.#frontier.room(cells.length);
    chunk.cells.set([...cells, first, second, number, 0]);
    chunk.rows = 1;
  }

  /** Looks at the states from `row` on and takes their steps, until the batch is full; the first state that is left. */
  #fill(chunk: Chunk, from: number): number {
    const { cells, width, rows } = chunk;
    const { stepper, finder } = this.#world;
    const { changes } = stepper;
    const { choices } = finder;
    let row = from;
    this.#filled = 0;
    changes.forget();
    for (; row < rows; row++) {
      const at = row * (width + TRAILER);
      changes.turnTo(cells, at, width);
      finder.find();
      const count = choices.length;
      invariant(count <= BATCH, `a state has at most ${BATCH} choices`);
      if (this.#filled + count > BATCH) break;
      const depth = intAt(cells, at + width + Trailer.depth);
      if (depth > this.#depth) this.#deepen(depth);
      const number = intAt(cells, at + width + Trailer.number);
      const inState = this.#claims.lookAt(number);
      if (inState.length > 0) this.#report(inState, this.#ancestry.path(number));
      if (this.#isEnough) break;
      this.#looked++;
      if (depth < this.#limits.depth) this.#expand(chunk, at, number);
      else this.#isCut ||= count > 0;
    }
    this.#transitions += this.#filled;
    return row;
  }

  #deepen(depth: number): void {
    this.#depth = depth;
    if (this.#pending.length > 0) this.#settle();
  }

  /** Takes the steps from the state at a place. */
  #expand({ cells, width }: Chunk, at: number, number: number): void {
    const { stepper, finder } = this.#world;
    const { changes } = stepper;
    const { choices } = finder;
    const count = choices.length;
    const first = intAt(cells, at + width + Trailer.first);
    const second = intAt(cells, at + width + Trailer.second);
    const { watchesSteps } = this.#claims;
    let filled = this.#filled;
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      stepper.take(choice);
      if (stepper.threw || stepper.firstRuns.length > 0 || this.#claims.overflows)
        this.#reportStep(number, choice, this.#claims.lookAtStep());
      this.#firsts[filled] = first ^ changes.first;
      this.#seconds[filled] = second ^ changes.second;
      this.#rows[filled] = at;
      this.#choices[filled] = choice;
      this.#changesEnd[filled] = changes.end;
      filled++;
      if (watchesSteps) this.#lookAtArrival(cells.subarray(at, at + width), number, choice);
    }
    this.#filled = filled;
  }

  /** Looks at the state that a step has just led to, and turns back to the one before it. */
  #lookAtArrival(before: Int32Array, number: number, choice: Choice): void {
    const { stepper, finder } = this.#world;
    const { changes } = stepper;
    const arrived = new Int32Array(stepper.width);
    arrived.set(before);
    for (let i = changes.start; i < changes.end; i += 2)
      arrived[intAt(changes.log, i)] = intAt(changes.log, i + 1);
    changes.turnTo(arrived, 0, arrived.length);
    finder.find();
    this.#reportStep(number, choice, this.#claims.lookAtArrival({ state: number, choice }, stepper.label));
    changes.turnTo(before, 0, before.length);
    finder.find();
  }

  #report(findings: readonly Finding[], path: readonly Choice[]): void {
    const shortest = this.#order === 'bfs';
    const left = this.#limits.violations - this.found.length;
    this.found.push(...findings.slice(0, left).map((finding) => ({ ...finding, path, shortest })));
  }

  #reportStep(number: number, choice: Choice, findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    const path = [...this.#ancestry.path(number), choice];
    if (this.#order === 'dfs') this.#report(findings, path);
    else this.#pending.push(...findings.map((finding) => ({ ...finding, path, shortest: true })));
  }

  /** Keeps the states of the batch that are new. */
  #drain({ cells, width }: Chunk): void {
    const visited = this.#visited;
    const frontier = this.#frontier;
    const { log } = this.#world.stepper.changes;
    const wide = this.#world.stepper.width;
    const firsts = this.#firsts;
    const seconds = this.#seconds;
    const changesEnd = this.#changesEnd;
    const filled = this.#filled;
    visited.reserve(filled);
    visited.touch(firsts, filled);
    for (let n = 0, change = 0; n < filled; n++) {
      const end = intAt(changesEnd, n);
      const first = intAt(firsts, n);
      const second = intAt(seconds, n);
      if (visited.add(first, second)) {
        const parent = intAt(this.#rows, n);
        const trailer = parent + width;
        const number = this.#ancestry.add(intAt(cells, trailer + Trailer.number), intAt(this.#choices, n));
        const chunk = frontier.room(wide);
        const rows = chunk.cells;
        const at = chunk.rows++ * (wide + TRAILER);
        for (let slot = 0; slot < width; slot++) rows[at + slot] = intAt(cells, parent + slot);
        for (let slot = width; slot < wide; slot++) rows[at + slot] = 0;
        for (let i = change; i < end; i += 2) rows[at + intAt(log, i)] = intAt(log, i + 1);
        rows[at + wide + Trailer.first] = first;
        rows[at + wide + Trailer.second] = second;
        rows[at + wide + Trailer.number] = number;
        rows[at + wide + Trailer.depth] = intAt(cells, trailer + Trailer.depth) + 1;
      }
      change = end;
    }
  }
}
