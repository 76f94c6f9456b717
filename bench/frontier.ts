const ROWS = 4096;

/** Some states of one width. Behind the cells of each lie the two words of its fingerprint. */
export interface Chunk {
  readonly width: number;
  readonly cells: Int32Array;
  /** How many states there are. */
  rows: number;
}

/** The states of one level of the search, in order. Chunks are used again; nothing is ever copied to grow. */
export class Frontier {
  readonly chunks: Chunk[] = [];
  #last: Chunk = { width: -1, cells: new Int32Array(0), rows: 0 };

  /** The chunk into which the next state of a width goes, as row number `rows`. */
  room(width: number, pool: Chunk[]): Chunk {
    const last = this.#last;
    return last.width === width && last.rows < ROWS ? last : this.#begin(width, pool);
  }

  /** Lets all chunks be used again. */
  release(pool: Chunk[]): void {
    pool.push(...this.chunks);
    this.chunks.length = 0;
    this.#last = { width: -1, cells: new Int32Array(0), rows: 0 };
  }

  #begin(width: number, pool: Chunk[]): Chunk {
    const used = pool.pop();
    const chunk =
      used?.width === width ? used : { width, cells: new Int32Array((width + 2) * ROWS), rows: 0 };
    chunk.rows = 0;
    this.chunks.push(chunk);
    this.#last = chunk;
    return chunk;
  }
}
