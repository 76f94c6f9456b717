/** In which order states are looked at. */
export type Order = 'bfs' | 'dfs';

const ROWS = 4096;

/**
 * Some states of one width. Behind the cells of each lies what {@link Trailer} says.
 */
export interface Chunk {
  readonly width: number;
  readonly cells: Int32Array;
  /** How many states there are. */
  rows: number;
}

/** Where things lie behind the cells of a state. */
export const Trailer = {
  /** the two words of the fingerprint */
  first: 0,
  second: 1,
  /** the state's number */
  number: 2,
  /** how many steps it is from the initial state */
  depth: 3,
  /** whose steps are asleep in the state, and what the step touched that led there; see `Asleep` */
  asleep: 4,
  touched: 5,
} as const;
export const TRAILER = 6;

const NO_CHUNK: Chunk = { width: -1, cells: new Int32Array(0), rows: 0 };

/**
 * The states that wait to be looked at: a queue when the search goes breadth first, a stack when it goes depth first. Chunks
 * are used again; nothing is ever copied to grow.
 */
export class Frontier {
  readonly #order: Order;
  #chunks: Chunk[] = [];
  readonly #pool: Chunk[] = [];
  #last: Chunk = NO_CHUNK;
  #taken: Chunk = NO_CHUNK;

  constructor(order: Order) {
    this.#order = order;
  }

  /** The chunk into which the next state of a width goes, as row number `rows`. */
  room(width: number): Chunk {
    const last = this.#last;
    return last.width === width && last.rows < ROWS ? last : this.#begin(width);
  }

  /** The states whose turn it is, or `undefined` when none waits. Those that were taken before are not needed any more. */
  take(): Chunk | undefined {
    return this.#order === 'bfs' ? this.#takeFirst() : this.#takeLast();
  }

  #takeFirst(): Chunk | undefined {
    this.#free(this.#taken);
    const chunk = this.#chunks.shift();
    if (chunk === this.#last) this.#last = NO_CHUNK;
    this.#taken = chunk ?? NO_CHUNK;
    return chunk;
  }

  /** One state, out of the way of its successors, which go on top of the others. */
  #takeLast(): Chunk | undefined {
    const last = this.#last;
    if (last.rows === 0) return undefined;
    const length = last.width + TRAILER;
    if (this.#taken.width !== last.width)
      this.#taken = { width: last.width, cells: new Int32Array(length), rows: 1 };
    const at = --last.rows * length;
    this.#taken.cells.set(last.cells.subarray(at, at + length));
    if (last.rows === 0) {
      this.#chunks.pop();
      this.#free(last);
      this.#last = this.#chunks.at(-1) ?? NO_CHUNK;
    }
    return this.#taken;
  }

  #begin(width: number): Chunk {
    const used = this.#pool.pop();
    const chunk =
      used?.width === width ? used : { width, cells: new Int32Array((width + TRAILER) * ROWS), rows: 0 };
    chunk.rows = 0;
    this.#chunks.push(chunk);
    this.#last = chunk;
    return chunk;
  }

  #free(chunk: Chunk): void {
    if (chunk !== NO_CHUNK) this.#pool.push(chunk);
  }
}

/** The depth of a state as the frontier holds it when the state was looked at before and waits once more; and back. */
export function reopened(depth: number): number {
  return -1 - depth;
}
