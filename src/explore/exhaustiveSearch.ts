import { invariant } from '../kernel/invariant.js';
import type { Choice } from '../runtime/choice.js';
import type { Stepper } from '../runtime/stepper.js';
import type { Successors } from '../runtime/successors.js';
import type { World } from '../runtime/world.js';
import type { Claims } from './claims.js';
import { exhaustiveName } from './exhaustiveName.js';
import { BATCH, Expansion } from './expansion.js';
import { Findings } from './findings.js';
import type { FingerprintBits } from './fingerprintSet.js';
import { type Chunk, type Order, reopened, TRAILER, Trailer } from './frontier.js';
import { ReducedExpansion } from './reduction/reducedExpansion.js';
import type { Reduction } from './reduction/reduction.js';
import type { Found, Search, SearchCount, SearchEnd, SearchLimits } from './strategy.js';
import { VisitedStates } from './visitedStates.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const BEHIND = TRAILER;
const {
  first: OWN_FIRST,
  second: OWN_SECOND,
  number: NUMBER,
  depth: DEPTH,
  asleep: ASLEEP,
  touched: TOUCHED,
} = Trailer;

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
 * {@link ExhaustiveSearch.#fill} looks at them and takes their steps, at once if the tables know all of them, or by an
 * {@link Expansion}, until a batch is full; {@link ExhaustiveSearch.#drain} touches the places of their fingerprints in the visited
 * set, so that the waits for memory overlap, and puts the states that are new into the frontier. With a {@link Reduction}, a
 * {@link ReducedExpansion} leaves steps out.
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
  readonly #expansion: Expansion;
  readonly #reduced: ReducedExpansion | undefined;
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
    this.fingerprintBits = bits;
    this.#expansion = new Expansion(world, claims, this.#findings, (state) => this.pathTo(state), bits);
    this.#batch = this.#expansion.batch;
    this.#reduced = reduction && new ReducedExpansion(world, this.#expansion, reduction);
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
    for (let chunk = yield* this.#nextChunk(); chunk; chunk = yield* this.#nextChunk()) {
      for (let row = 0; row < chunk.rows; ) {
        this.#beginBatch();
        for (row = this.#fill(chunk, row); this.isMidway; row = this.#fill(chunk, row)) yield;
        this.#transitions += this.#batch.count + this.#batch.leftOut;
        if (this.#findings.isEnough) return 'violations';
        this.#drain(chunk);
        while (this.#reduced?.reconsider(chunk, this.#visited.numbers)) {
          taken += this.#batch.count;
          this.#takeOthers(chunk, this.#reduced);
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
  *#nextChunk(): Generator<void, Chunk | undefined, void> {
    const chunk = this.#visited.take();
    if (chunk || !this.#reduced) return chunk;
    this.isMidway = true;
    yield* this.#visited.reopen(this.world, this.#reduced.reduction.verify(this.#visited.size));
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
    const claims = this.#claims;
    let isSlow = false;
    let row = from;
    this.isMidway = false;
    for (; row < rows && batch.count < ENOUGH; row++) {
      if (isSlow && this.#effort >= most) {
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
        isSlow = true;
        continue;
      }
      if (depth > this.#depth) this.#deepen(depth);
      const isTaken = depth < this.#limits.depth && this.#takesAll(chunk, at);
      if (!isTaken) finder.find();
      const count = isTaken ? 0 : finder.choices.length;
      invariant(count <= BATCH, `a state has at most ${BATCH} choices`);
      if (before + count > BATCH) break;
      const { asked } = claims;
      const inState = claims.lookAt(number);
      isSlow = !isTaken || claims.asked > asked;
      if (inState.length > 0) this.#findings.ofState(inState, this.pathTo(number));
      if (this.#findings.isEnough) {
        batch.count = before;
        batch.leftOut = leftOut;
        break;
      }
      this.#looked++;
      if (isTaken) continue;
      this.#inGeneral++;
      if (depth < this.#limits.depth) this.#take(chunk, at, number);
      else this.#isCut ||= count > 0;
    }
    return row;
  }

  /** Takes all steps from the state at a place, if that goes at once; see {@link Stepper.takeAll}. */
  #takesAll({ cells, width }: Chunk, at: number): boolean {
    if (this.#reduced || this.#isWide) return false;
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
    if (depth < this.#limits.depth) (this.#reduced ?? this.#expansion).takeAll(chunk, at, number);
    return true;
  }

  #take(chunk: Chunk, at: number, number: number): void {
    if (this.#reduced) this.#reduced.take(chunk, at, number);
    else this.#expansion.takeAll(chunk, at, number);
  }

  #deepen(depth: number): void {
    this.#depth = depth;
    this.#findings.settle(true);
  }

  /** Takes the steps that were left out from states where that turned out to be wrong, until it took enough effort. */
  #takeOthers(chunk: Chunk, reduced: ReducedExpansion): void {
    const most = this.#effort + EFFORT;
    this.#beginBatch();
    reduced.takeOthers(chunk, () => {
      this.#inGeneral++;
      return this.#effort <= most;
    });
    this.#transitions += this.#batch.count;
  }

  /** Keeps the states of the batch that are new. */
  #drain(chunk: Chunk): void {
    const { changes, width } = this.world.stepper;
    this.#visited.add(this.#batch, chunk, changes.log, width);
  }
}
