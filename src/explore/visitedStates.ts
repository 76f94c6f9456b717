import type { Choice } from '../runtime/choice.js';
import type { State } from '../runtime/state.js';
import { SUCCESSOR_BITS, Successor, Successors } from '../runtime/successors.js';
import type { World } from '../runtime/world.js';
import { Ancestry } from './ancestry.js';
import { type FingerprintBits, FingerprintSet } from './fingerprintSet.js';
import { type Chunk, Frontier, type Order, reopened, TRAILER, Trailer } from './frontier.js';
import { revisit } from './revisit.js';

// V8 compiles a module's own constants into its code; what a module imports it looks up, and checks, at each use.
const ROW = SUCCESSOR_BITS;
const { first: FIRST, second: SECOND, choice: CHOICE, parent: PARENT } = Successor;
const { asleep: ASLEEP, touched: TOUCHED, changesStart: CHANGES_START, changesEnd: CHANGES_END } = Successor;
const BEHIND = TRAILER;
const { first: OWN_FIRST, second: OWN_SECOND, number: NUMBER, depth: DEPTH } = Trailer;
const { asleep: OWN_ASLEEP, touched: OWN_TOUCHED } = Trailer;

/** The logarithm of how many states there is room for at first. */
const CAPACITY_BITS = 14;

/**
 * The states that a search has met: what tells each apart, where it was first reached from, and, as long as it waits to be looked
 * at, the state itself. Numbers are given in the order in which states are met; the initial one is 0.
 */
export class VisitedStates {
  /** Of the last batch by index the state's number, if that is wanted. */
  readonly numbers: Int32Array;
  /** Whether a state was met that there was no room for: it is not kept. */
  isFull = false;
  /** The greatest number of steps to a state that is kept. */
  depthMax = 0;
  readonly #statesMax: number;
  readonly #fingerprints: FingerprintSet;
  readonly #ancestry = new Ancestry();
  readonly #frontier: Frontier;
  readonly #fresh: Int32Array;
  /** Whether sleep sets are kept: only then is a state looked at after all that were met before it. */
  readonly #sleeps: boolean;

  /**
   * @param batchMax no batch holds more successors
   * @param isNumbered whether {@link numbers} are wanted
   * @param statesMax how many states are kept
   */
  constructor(
    order: Order,
    bits: FingerprintBits,
    batchMax: number,
    isNumbered: boolean,
    statesMax = Number.POSITIVE_INFINITY,
  ) {
    this.#statesMax = statesMax;
    this.#frontier = new Frontier(order);
    this.#sleeps = order === 'bfs' && bits === 64;
    this.#fingerprints = new FingerprintSet(CAPACITY_BITS, bits, isNumbered);
    this.#fresh = new Int32Array(batchMax);
    this.numbers = new Int32Array(batchMax);
  }

  get size(): number {
    return this.#ancestry.size;
  }

  /** The states whose turn it is, see {@link Frontier.take}. */
  take(): Chunk | undefined {
    return this.#frontier.take();
  }

  /** The choices that lead from the initial state to a state. */
  pathTo(number: number): Choice[] {
    return this.#ancestry.path(number);
  }

  begin({ cells, fingerprint }: State, bits: FingerprintBits): void {
    const [first, second] = fingerprint;
    const initial = new Successors(1);
    initial.rows.set(bits === 128 ? fingerprint : [first, second]);
    initial.count = 1;
    this.#fingerprints.addAll(initial, this.#fresh, this.numbers);
    const chunk = this.#frontier.room(cells.length);
    chunk.cells.set([...cells, first, second, this.#ancestry.add(0, 0), 0, 0, 0]);
    chunk.rows = 1;
  }

  /** Lets states wait once more; their depth is then told as {@link reopened}. Gives the word now and then. */
  *reopen(world: World, states: readonly number[]): Generator<void, void, void> {
    if (states.length === 0) return;
    yield* revisit(world, this.#ancestry, states, (number, { cells, fingerprint }, depth) => {
      const [first, second] = fingerprint;
      const chunk = this.#frontier.room(cells.length);
      const row = [...cells, first, second, number, reopened(depth)];
      chunk.cells.set(row, chunk.rows++ * (cells.length + BEHIND));
    });
  }

  /**
   * Lets those states of a batch that are new wait.
   *
   * @param parents the states from which they were reached
   * @param log what the steps changed
   * @param width how many slots the states have
   */
  add(batch: Successors, parents: Chunk, log: Int32Array, width: number): void {
    const met = this.#fingerprints.addAll(batch, this.#fresh, this.numbers);
    const fresh = Math.min(met, this.#statesMax - this.size);
    if (fresh < met) this.isFull = true;
    for (let i = 0; i < fresh; i++) this.#keep(batch, this.#fresh[i] ?? 0, parents, log, width);
  }

  #keep(
    { rows }: Successors,
    n: number,
    { cells, width: before }: Chunk,
    log: Int32Array,
    width: number,
  ): void {
    const row = n << ROW;
    const parent = rows[row + PARENT] ?? 0;
    const trailer = parent + before;
    const chunk = this.#frontier.room(width);
    const to = chunk.cells;
    const at = chunk.rows++ * (width + BEHIND);
    for (let slot = 0; slot < before; slot++) to[at + slot] = cells[parent + slot] ?? 0;
    for (let slot = before; slot < width; slot++) to[at + slot] = 0;
    const end = rows[row + CHANGES_END] ?? 0;
    for (let i = rows[row + CHANGES_START] ?? 0; i < end; i += 2) to[at + (log[i] ?? 0)] = log[i + 1] ?? 0;
    to[at + width + OWN_FIRST] = rows[row + FIRST] ?? 0;
    to[at + width + OWN_SECOND] = rows[row + SECOND] ?? 0;
    to[at + width + NUMBER] = this.#ancestry.add(cells[trailer + NUMBER] ?? 0, rows[row + CHOICE] ?? 0);
    const depth = (cells[trailer + DEPTH] ?? 0) + 1;
    if (depth > this.depthMax) this.depthMax = depth;
    to[at + width + DEPTH] = depth;
    to[at + width + OWN_ASLEEP] = this.#sleeps ? (rows[row + ASLEEP] ?? 0) : 0;
    to[at + width + OWN_TOUCHED] = rows[row + TOUCHED] ?? 0;
  }
}
