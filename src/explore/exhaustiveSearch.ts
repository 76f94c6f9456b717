import { invariant } from '../kernel/invariant.js';
import { asChoice, type Choice } from '../runtime/choice.js';
import type { Stepper } from '../runtime/stepper.js';
import { Successors } from '../runtime/successors.js';
import type { World } from '../runtime/world.js';
import { Ancestry } from './ancestry.js';
import type { Claims, Finding } from './claims.js';
import { type FingerprintBits, FingerprintSet } from './fingerprintSet.js';
import { type Chunk, Frontier, type Order, TRAILER, Trailer } from './frontier.js';
import type { Reduction } from './reduction/reduction.js';
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
 * With a {@link Reduction}, {@link ExhaustiveSearch.#expandReduced} keeps one step of a state alone where it may. If that leads
 * to a state with a lower number (condition C3, seen when the batch is drained), {@link ExhaustiveSearch.#expandAgain} takes the
 * other steps after all.
 *
 * Memory: 8 bytes a state for its fingerprint, at a load of 0.35 to 0.7, and 8 for its ancestry: at most 31, and 12 more with a
 * reduction; the states that wait on top.
 */
export class ExhaustiveSearch implements Search {
  readonly found: Found[] = [];
  readonly fingerprintBits: FingerprintBits;
  readonly world: World;
  readonly #claims: Claims;
  readonly #limits: SearchLimits;
  readonly #order: Order;
  readonly #reduction: Reduction | undefined;
  readonly #visited: FingerprintSet;
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
  readonly #batch: Successors;
  /** Of this batch, by index, whether the step was taken alone. */
  readonly #isAlone = new Uint8Array(BATCH);
  /** States, by place, from which one step was taken that may not stay alone. */
  readonly #again: { readonly at: number; readonly alone: Choice }[] = [];

  /** @param reduction says which steps can be taken before all others; without it, every step is taken from every state */
  constructor(
    world: World,
    claims: Claims,
    limits: SearchLimits,
    order: Order,
    bits: FingerprintBits,
    reduction?: Reduction,
  ) {
    this.world = world;
    this.#claims = claims;
    this.#limits = limits;
    this.#order = order;
    this.#frontier = new Frontier(order);
    this.#reduction = reduction;
    this.fingerprintBits = bits;
    this.#batch = new Successors(BATCH, bits);
    this.#visited = new FingerprintSet(14, bits, reduction !== undefined);
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
        while (this.#reduction && this.#again.length > 0) {
          taken += this.#batch.count;
          this.#expandAgain(chunk, this.#reduction);
          this.#drain(chunk);
        }
        if (this.#visited.size > this.#limits.states) return this.#end('states');
        taken += this.#batch.count;
        if (taken < BATCH / 2) continue;
        taken = 0;
        yield;
      }
    }
    return this.#end(this.#isCut ? 'depth' : 'exhausted');
  }

  /** Ends the search as if its bounds were reached: only enough violations are an end. */
  giveUp(): 'violations' | undefined {
    this.#settle();
    return this.#isEnough ? 'violations' : undefined;
  }

  get #isWide(): boolean {
    return this.fingerprintBits === 128;
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
    const { cells, fingerprint } = this.world.initial;
    const [first, second, third, fourth] = fingerprint;
    if (this.#isWide) this.#visited.add(first, second, third, fourth);
    else this.#visited.add(first, second);
    const number = this.#ancestry.add(0, 0);
    const chunk = this.#frontier.room(cells.length);
    chunk.cells.set([...cells, first, second, number, 0]);
    chunk.rows = 1;
  }

  /** Looks at the states from `row` on and takes their steps, until the batch is full; the first state that is left. */
  #fill(chunk: Chunk, from: number): number {
    const { cells, width, rows } = chunk;
    const { stepper, finder } = this.world;
    const { changes } = stepper;
    const batch = this.#batch;
    let row = from;
    batch.count = 0;
    changes.forget();
    for (; row < rows; row++) {
      const at = row * (width + TRAILER);
      const number = cells[at + width + Trailer.number] ?? 0;
      const depth = cells[at + width + Trailer.depth] ?? 0;
      const before = batch.count;
      changes.turnTo(cells, at, width);
      if (depth > this.#depth) this.#deepen(depth);
      const isTaken = depth < this.#limits.depth && this.#takesAll(chunk, at);
      if (!isTaken) finder.find();
      const count = isTaken ? 0 : finder.choices.length;
      invariant(count <= BATCH, `a state has at most ${BATCH} choices`);
      if (before + count > BATCH) break;
      const inState = this.#claims.lookAt(number);
      if (inState.length > 0) this.#report(inState, this.#ancestry.path(number));
      if (this.#isEnough) {
        batch.count = before;
        break;
      }
      this.#looked++;
      if (isTaken) continue;
      if (depth < this.#limits.depth) this.#expandState(chunk, at, number);
      else this.#isCut ||= count > 0;
    }
    this.#transitions += batch.count;
    return row;
  }

  /** Takes all steps from the state at a place, if that goes at once; see {@link Stepper.takeAll}. */
  #takesAll({ cells, width }: Chunk, at: number): boolean {
    if (this.#reduction || this.#isWide) return false;
    const { stepper, tables, finder } = this.world;
    const batch = this.#batch;
    const before = batch.count;
    if (before + tables.actors.places.length > BATCH) return false;
    const trailer = at + width;
    const first = cells[trailer + Trailer.first] ?? 0;
    const second = cells[trailer + Trailer.second] ?? 0;
    if (!stepper.takeAll(batch, first, second)) return false;
    finder.owed = batch.count > before;
    return true;
  }

  #deepen(depth: number): void {
    this.#depth = depth;
    if (this.#pending.length > 0) this.#settle();
  }

  #expandState(chunk: Chunk, at: number, number: number): void {
    if (this.#reduction) this.#expandReduced(chunk, at, number, this.#reduction);
    else this.#expand(chunk, at, number);
  }

  /** Takes the steps from the state at a place. */
  #expand(chunk: Chunk, at: number, number: number): void {
    const { choices } = this.world.finder;
    const count = choices.length;
    const { watchesSteps } = this.#claims;
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      this.#take(number, choice);
      this.#record(chunk, at, choice);
      if (watchesSteps) this.#lookAtArrival(number, choice);
    }
  }

  /** Takes the steps from the state at a place until one can be taken before all others: it alone is kept. */
  #expandReduced(chunk: Chunk, at: number, number: number, reduction: Reduction): void {
    const { choices } = this.world.finder;
    const count = choices.length;
    const start = this.#batch.count;
    reduction.lookAt();
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      this.#take(number, choice);
      const isAmple = reduction.took(choice) && count > 1;
      if (isAmple) this.#batch.count = start;
      this.#isAlone[this.#batch.count] = isAmple ? 1 : 0;
      this.#record(chunk, at, choice);
      if (isAmple) return;
    }
  }

  /** Takes the steps, but one, from states where that one may not stay alone, as far as the batch goes. */
  #expandAgain(chunk: Chunk, reduction: Reduction): void {
    const { stepper, finder } = this.world;
    const { choices } = finder;
    const { cells, width } = chunk;
    this.#batch.count = 0;
    stepper.changes.forget();
    for (let again = this.#again.at(-1); again; again = this.#again.at(-1)) {
      const { at, alone } = again;
      stepper.changes.turnTo(cells, at, width);
      finder.find();
      const count = choices.length;
      if (this.#batch.count + count > BATCH) break;
      this.#again.pop();
      const number = cells[at + width + Trailer.number] ?? 0;
      for (let i = 0; i < count; i++) {
        const choice = asChoice(choices.at(i));
        if (choice === alone) continue;
        this.#take(number, choice);
        reduction.took(choice);
        this.#isAlone[this.#batch.count] = 0;
        this.#record(chunk, at, choice);
      }
    }
    this.#transitions += this.#batch.count;
  }

  #take(number: number, choice: Choice): void {
    const { stepper } = this.world;
    stepper.take(choice);
    if (stepper.threw || stepper.firstRuns.length > 0 || this.#claims.overflows)
      this.#reportStep(number, choice, this.#claims.lookAtStep());
  }

  /** Puts the step that was just taken into the batch. */
  #record({ cells, width }: Chunk, at: number, choice: Choice): void {
    const { changes } = this.world.stepper;
    const batch = this.#batch;
    const filled = batch.count++;
    batch.first[filled] = (cells[at + width + Trailer.first] ?? 0) ^ changes.first;
    batch.second[filled] = (cells[at + width + Trailer.second] ?? 0) ^ changes.second;
    if (this.#isWide) {
      batch.third[filled] = changes.wordBefore(2) ^ changes.word(2);
      batch.fourth[filled] = changes.wordBefore(3) ^ changes.word(3);
    }
    batch.parent[filled] = at;
    batch.choice[filled] = choice;
    batch.changesStart[filled] = changes.start;
    batch.changesEnd[filled] = changes.end;
  }

  /** Looks at the state that a step has just led to, and turns back to the one before it. */
  #lookAtArrival(number: number, choice: Choice): void {
    const { stepper, finder } = this.world;
    const { changes } = stepper;
    const { cells, offset, width, log } = changes;
    const arrived = new Int32Array(stepper.width);
    arrived.set(cells.subarray(offset, offset + width));
    for (let i = changes.start; i < changes.end; i += 2) arrived[log[i] ?? 0] = log[i + 1] ?? 0;
    changes.turnTo(arrived, 0, arrived.length);
    finder.find();
    this.#reportStep(number, choice, this.#claims.lookAtArrival({ state: number, choice }, stepper.label));
    changes.turnTo(cells, offset, width);
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
    const { log } = this.world.stepper.changes;
    const wide = this.world.stepper.width;
    const { count: filled, first: firsts, second: seconds, parent: parents, choice: choices } = this.#batch;
    const { changesStart, changesEnd } = this.#batch;
    const { third: thirds, fourth: fourths } = this.#batch;
    const isWide = this.#isWide;
    const isAlone = this.#isAlone;
    const reduction = this.#reduction;
    visited.reserve(filled);
    visited.touch(firsts, filled);
    for (let n = 0; n < filled; n++) {
      const end = changesEnd[n] ?? 0;
      const first = firsts[n] ?? 0;
      const second = seconds[n] ?? 0;
      const isNew = isWide ? visited.add(first, second, thirds[n], fourths[n]) : visited.add(first, second);
      if (isNew) {
        const parent = parents[n] ?? 0;
        const trailer = parent + width;
        const number = this.#ancestry.add(cells[trailer + Trailer.number] ?? 0, choices[n] ?? 0);
        const chunk = frontier.room(wide);
        const rows = chunk.cells;
        const at = chunk.rows++ * (wide + TRAILER);
        for (let slot = 0; slot < width; slot++) rows[at + slot] = cells[parent + slot] ?? 0;
        for (let slot = width; slot < wide; slot++) rows[at + slot] = 0;
        for (let i = changesStart[n] ?? 0; i < end; i += 2) rows[at + (log[i] ?? 0)] = log[i + 1] ?? 0;
        rows[at + wide + Trailer.first] = first;
        rows[at + wide + Trailer.second] = second;
        rows[at + wide + Trailer.number] = number;
        rows[at + wide + Trailer.depth] = (cells[trailer + Trailer.depth] ?? 0) + 1;
        visited.number = number;
      } else if (reduction && isAlone[n] === 1) {
        const at = parents[n] ?? 0;
        if (reduction.goesForward(cells[at + width + Trailer.number] ?? 0, visited.number)) continue;
        this.#again.push({ at, alone: asChoice(choices[n] ?? 0) });
      }
    }
  }
}
