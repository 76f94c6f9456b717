import { invariant } from '../kernel/invariant.js';
import { asChoice, type Choice } from '../runtime/choice.js';
import type { Stepper } from '../runtime/stepper.js';
import { SUCCESSOR_BITS, Successor, Successors } from '../runtime/successors.js';
import type { World } from '../runtime/world.js';
import type { Claims, Finding } from './claims.js';
import { exhaustiveName } from './exhaustiveName.js';
import { Findings } from './findings.js';
import type { FingerprintBits } from './fingerprintSet.js';
import { type Chunk, type Order, reopened, TRAILER, Trailer } from './frontier.js';
import type { Reduction } from './reduction/reduction.js';
import type { Found, Search, SearchCount, SearchEnd, SearchLimits } from './strategy.js';
import { VisitedStates } from './visitedStates.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const ROW = SUCCESSOR_BITS;
const BEHIND = TRAILER;
const {
  first: OWN_FIRST,
  second: OWN_SECOND,
  number: NUMBER,
  depth: DEPTH,
  asleep: ASLEEP,
  touched: TOUCHED,
} = Trailer;

/** How many successors a batch may hold; no state may have more. */
const BATCH = 4096;
/**
 * A batch with so many successors is drained. It must be long enough for waits for memory to overlap, and short enough for the pages
 * that it touches to stay known to the processor until they are touched again.
 */
const ENOUGH = 1024;
/** After so many steps others may have a turn. */
const TURN = 2048;
/** After so much effort too: a state looked at in the general way, or a property asked, is 1. */
const EFFORT = 16;
/** A run of XState, whose code is the user's. */
const EFFORT_OF_RUN = 8;

/**
 * Visits every state of a world and looks at each what the {@link Claims} say of it (architecture 4.2, 4.5).
 *
 * Walk through: {@link ExhaustiveSearch.run} takes states from the frontier, in an order that only the frontier knows;
 * {@link ExhaustiveSearch.#fill} looks at them, and {@link ExhaustiveSearch.#expand} takes their steps and keeps the
 * fingerprints and what changed, until a batch is full; {@link ExhaustiveSearch.#drain} touches the places of these
 * fingerprints in the visited set, so that the waits for memory overlap, and puts the states that are new into the frontier.
 *
 * With a {@link Reduction}, {@link ExhaustiveSearch.#expandReduced} keeps one step of a state alone where it may. If that leads
 * to a state with a lower number (condition C3, seen when the batch is drained), {@link ExhaustiveSearch.#expandAgain} takes the
 * other steps after all.
 *
 * Memory: 8 bytes a state for its fingerprint, at a load of 0.35 to 0.7, and 8 for its ancestry: at most 31, and 12 more with a
 * reduction; the states that wait on top.
 */
export class ExhaustiveSearch implements Search {
  readonly strategy: string;
  readonly fingerprintBits: FingerprintBits;
  readonly world: World;
  /** Whether it gave the word only because what it does takes long: not the place to decide what else to do. */
  isMidway = false;
  readonly #claims: Claims;
  readonly #limits: SearchLimits;
  readonly #findings: Findings;
  readonly #reduction: Reduction | undefined;
  readonly #visited: VisitedStates;
  #transitions = 0;
  #depth = 0;
  /** Whether steps were left out because they lead too deep. */
  #isCut = false;
  /** States that were looked at. */
  #looked = 0;
  /** States from which steps were taken one by one. */
  #inGeneral = 0;
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
    this.strategy = exhaustiveName(order, reduction !== undefined);
    this.#claims = claims;
    this.#limits = limits;
    this.#findings = new Findings(order, limits.violations, !reduction);
    this.#reduction = reduction;
    this.fingerprintBits = bits;
    this.#batch = new Successors(BATCH);
    this.#visited = new VisitedStates(order, bits, BATCH, reduction !== undefined, limits.states);
  }

  get found(): readonly Found[] {
    return this.#findings.found;
  }

  get count(): SearchCount {
    const states = this.#visited.size;
    return {
      states,
      transitions: this.#transitions,
      depth: this.#visited.depthMax,
      frontier: states - this.#looked,
    };
  }

  pathTo(state: number): Choice[] {
    return this.#visited.pathTo(state);
  }

  *run(): Generator<void, SearchEnd, void> {
    try {
      return yield* this.#search();
    } finally {
      this.#findings.settle(false);
    }
  }

  *#search(): Generator<void, SearchEnd, void> {
    this.#visited.begin(this.world.initial, this.fingerprintBits);
    let taken = 0;
    let most = this.#effort + EFFORT;
    for (let chunk = this.#nextChunk(); chunk; chunk = this.#nextChunk()) {
      for (let row = 0; row < chunk.rows; ) {
        this.#beginBatch();
        for (row = this.#fill(chunk, row); this.isMidway; row = this.#fill(chunk, row)) yield;
        this.#transitions += this.#batch.count + this.#batch.leftOut;
        if (this.#findings.isEnough) return 'violations';
        this.#drain(chunk);
        while (this.#reduction && this.#again.length > 0) {
          taken += this.#batch.count;
          this.#expandAgain(chunk, this.#reduction);
          this.#drain(chunk);
          this.isMidway = true;
          yield;
        }
        if (this.#visited.isFull) return this.#end('states');
        taken += this.#batch.count;
        this.isMidway = taken < TURN;
        if (this.isMidway && this.#effort < most) continue;
        most = this.#effort + EFFORT;
        if (!this.isMidway) taken = 0;
        yield;
      }
    }
    return this.#end(this.#isCut ? 'depth' : 'exhausted');
  }

  /** The states whose turn it is. When none are left, those from which too few steps were taken, as it turned out. */
  #nextChunk(): Chunk | undefined {
    const chunk = this.#visited.take();
    if (chunk || !this.#reduction) return chunk;
    this.#visited.reopen(this.world, this.#reduction.verify(this.#visited.size));
    return this.#visited.take();
  }

  /** Ends the search as if its bounds were reached: only enough violations are an end. */
  giveUp(): 'violations' | undefined {
    this.#findings.settle(false);
    return this.#findings.isEnough ? 'violations' : undefined;
  }

  get #isWide(): boolean {
    return this.fingerprintBits === 128;
  }

  #end(end: SearchEnd): SearchEnd {
    this.#findings.settle(end !== 'states');
    return this.#findings.isEnough ? 'violations' : end;
  }

  #beginBatch(): void {
    this.#batch.clear();
    this.world.stepper.changes.forget();
  }

  /** Grows with what may take long. */
  get #effort(): number {
    return this.#inGeneral + this.#claims.asked + EFFORT_OF_RUN * this.world.executions;
  }

  /**
   * Looks at the states from `row` on and takes their steps, until the batch is full or, {@link isMidway}, it took enough effort;
   * the first state that is left.
   */
  #fill(chunk: Chunk, from: number): number {
    const { cells, width, rows } = chunk;
    const { stepper, finder } = this.world;
    const { changes } = stepper;
    const batch = this.#batch;
    const most = this.#effort + EFFORT;
    let row = from;
    this.isMidway = false;
    for (; row < rows && batch.count < ENOUGH; row++) {
      if (this.#effort >= most) {
        this.isMidway = true;
        break;
      }
      const at = row * (width + BEHIND);
      const number = cells[at + width + NUMBER] ?? 0;
      const depth = cells[at + width + DEPTH] ?? 0;
      const { count: before, leftOut } = batch;
      changes.turnTo(cells, at, width);
      if (depth < 0) {
        if (!this.#expandReopened(chunk, at, number)) break;
        continue;
      }
      if (depth > this.#depth) this.#deepen(depth);
      const isTaken = depth < this.#limits.depth && this.#takesAll(chunk, at);
      if (!isTaken) finder.find();
      const count = isTaken ? 0 : finder.choices.length;
      invariant(count <= BATCH, `a state has at most ${BATCH} choices`);
      if (before + count > BATCH) break;
      const inState = this.#claims.lookAt(number);
      if (inState.length > 0) this.#findings.ofState(inState, this.pathTo(number));
      if (this.#findings.isEnough) {
        batch.count = before;
        batch.leftOut = leftOut;
        break;
      }
      this.#looked++;
      if (isTaken) continue;
      this.#inGeneral++;
      if (depth < this.#limits.depth) this.#expandState(chunk, at, number);
      else this.#isCut ||= count > 0;
    }
    return row;
  }

  /** Takes all steps from the state at a place, if that goes at once; see {@link Stepper.takeAll}. */
  #takesAll({ cells, width }: Chunk, at: number): boolean {
    if (this.#reduction || this.#isWide) return false;
    const { stepper, tables, finder } = this.world;
    const batch = this.#batch;
    const before = batch.count + batch.leftOut;
    if (batch.count + tables.actors.places.length > BATCH) return false;
    const trailer = at + width;
    const first = cells[trailer + OWN_FIRST] ?? 0;
    const second = cells[trailer + OWN_SECOND] ?? 0;
    const asleep = cells[trailer + ASLEEP] ?? 0;
    if (!stepper.takeAll(batch, first, second, asleep, cells[trailer + TOUCHED] ?? 0)) return false;
    finder.owed = batch.count + batch.leftOut > before;
    return true;
  }

  /** Takes all steps from a state that was reopened. @returns whether there was room for them */
  #expandReopened(chunk: Chunk, at: number, number: number): boolean {
    const { finder } = this.world;
    const depthAt = at + chunk.width + DEPTH;
    finder.find();
    if (this.#batch.count + finder.choices.length > BATCH) return false;
    this.#inGeneral++;
    const depth = reopened(chunk.cells[depthAt] ?? 0);
    chunk.cells[depthAt] = depth;
    if (depth < this.#limits.depth) this.#expand(chunk, at, number);
    return true;
  }

  #deepen(depth: number): void {
    this.#depth = depth;
    this.#findings.settle(true);
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
      this.#takeOne(chunk, at, number, choice);
      if (watchesSteps) this.#lookAtArrival(number, choice);
    }
  }

  /** Takes the steps from the state at a place until one can be taken before all others: it alone is kept. */
  #expandReduced(chunk: Chunk, at: number, number: number, reduction: Reduction): void {
    const { choices } = this.world.finder;
    const count = choices.length;
    const start = this.#batch.count;
    reduction.lookAt();
    if (count === 1) return this.#takeOne(chunk, at, number, asChoice(choices.at(0)));
    // First those that may be taken alone: if one is, the others are not needed.
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      if (!reduction.isHopeful(choice)) continue;
      this.#take(number, choice);
      const isAmple = reduction.tookAmple(choice);
      if (isAmple) {
        this.#batch.count = start;
        reduction.takesAlone(number);
      }
      this.#isAlone[this.#batch.count] = isAmple ? 1 : 0;
      this.#record(chunk, at, choice);
      if (isAmple) return;
    }
    if (this.#batch.count - start === count) return;
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      if (!reduction.isHopeful(choice)) this.#takeOne(chunk, at, number, choice);
    }
  }

  /** Takes the steps, but one, from states where that one may not stay alone, as far as the batch goes. */
  #expandAgain(chunk: Chunk, reduction: Reduction): void {
    const { stepper, finder } = this.world;
    const { choices } = finder;
    const { cells, width } = chunk;
    const most = this.#effort + EFFORT;
    this.#beginBatch();
    for (let again = this.#again.at(-1); again; again = this.#again.at(-1)) {
      const { at, alone } = again;
      stepper.changes.turnTo(cells, at, width);
      finder.find();
      const count = choices.length;
      if (this.#batch.count + count > BATCH || this.#effort >= most) break;
      this.#again.pop();
      this.#inGeneral++;
      const number = cells[at + width + NUMBER] ?? 0;
      reduction.takesAll(number);
      for (let i = 0; i < count; i++) {
        const choice = asChoice(choices.at(i));
        if (choice !== alone) this.#takeOne(chunk, at, number, choice);
      }
    }
    this.#transitions += this.#batch.count;
  }

  /** Takes a step from the state at a place, as one of several. */
  #takeOne(chunk: Chunk, at: number, number: number, choice: Choice): void {
    this.#take(number, choice);
    this.#reduction?.took(choice);
    this.#isAlone[this.#batch.count] = 0;
    this.#record(chunk, at, choice);
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
    const { rows } = batch;
    const first = (cells[at + width + OWN_FIRST] ?? 0) ^ changes.first;
    const second = (cells[at + width + OWN_SECOND] ?? 0) ^ changes.second;
    const row = batch.count++ << ROW;
    rows[row + Successor.first] = first;
    rows[row + Successor.second] = second;
    if (this.#isWide) {
      rows[row + Successor.third] = changes.wordBefore(2) ^ changes.word(2);
      rows[row + Successor.fourth] = changes.wordBefore(3) ^ changes.word(3);
    } else rows[row + Successor.asleep] = 0;
    rows[row + Successor.parent] = at;
    rows[row + Successor.choice] = choice;
    rows[row + Successor.changesStart] = changes.start;
    rows[row + Successor.changesEnd] = changes.end;
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

  #reportStep(number: number, choice: Choice, findings: readonly Finding[]): void {
    if (findings.length > 0) this.#findings.ofStep(findings, [...this.pathTo(number), choice]);
  }

  /** Keeps the states of the batch that are new. */
  #drain(chunk: Chunk): void {
    const { changes, width } = this.world.stepper;
    this.#visited.add(this.#batch, chunk, changes.log, width);
    if (this.#reduction) this.#reconsider(chunk, this.#reduction);
  }

  /** Notes the states from which one step was taken that may not stay alone (C3). */
  #reconsider({ cells, width }: Chunk, reduction: Reduction): void {
    const batch = this.#batch;
    for (let n = 0; n < batch.count; n++) {
      if (this.#isAlone[n] !== 1) continue;
      const at = batch.at(n, Successor.parent);
      if (!reduction.goesForward(cells[at + width + NUMBER] ?? 0, this.#visited.numbers[n] ?? 0))
        this.#again.push({ at, alone: asChoice(batch.at(n, Successor.choice)) });
    }
  }
}
