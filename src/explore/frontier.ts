const ROWS = 4096;

/** Some states of one width. Behind the cells of each lie the two words of its fingerprint. */
export interface Chunk {
  readonly width: number;
  readonly cells: Int32Array;
  /** How many states there are. */
  rows: number;
  /** The number of the first state; those behind it count on. */
  first: number;
}

const NO_CHUNK: Chunk = { width: -1, cells: new Int32Array(0), rows: 0, first: 0 };

/** The states of one level of the search, in order. Chunks are used again; nothing is ever copied to grow. */
export class Frontier {
  readonly chunks: Chunk[] = [];
  #last: Chunk = NO_CHUNK;

  /** The chunk into which the next state of a width goes, as row number `rows`; `number` is the state's. */
  room(width: number, number: number, pool: Chunk[]): Chunk {
    const last = this.#last;
    return last.width === width && last.rows < ROWS ? last : this.#begin(width, number, pool);
  }

  /** Lets all chunks be used again. */
  release(pool: Chunk[]): void {
    pool.push(...this.chunks);
    this.chunks.length = 0;
    this.#last = NO_CHUNK;
  }

  #begin(width: number, number: number, pool: Chunk[]): Chunk {
    const used = pool.pop();
    const chunk =
      used?.width === width ? used : { ...NO_CHUNK, width, cells: new Int32Array((width + 2) * ROWS) };
    chunk.rows = 0;
    chunk.first = number;
    this.chunks.push(chunk);
    this.#last = chunk;
    return chunk;
  }
}
