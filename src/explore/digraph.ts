import { Ints, intAt } from '../runtime/ints.js';

/** A directed graph; its vertices get their edges in the order of their numbers, each once. */
export class Digraph {
  readonly #begins = new Ints(1024);
  readonly #targets = new Ints(1024);

  /** Goes on to the next vertex; edges that are added from now on are its. A vertex whose turn never comes has none. */
  next(): void {
    this.#begins.push(this.#targets.length);
  }

  add(target: number): void {
    this.#targets.push(target);
  }

  clear(): void {
    this.#begins.length = 0;
    this.#targets.length = 0;
  }

  /** How many vertices have had their turn. */
  get size(): number {
    return this.#begins.length;
  }

  /** Where the edges lead to, those of one vertex after those of another. */
  get targets(): Int32Array {
    return this.#targets.cells;
  }

  /** Where in {@link targets} the edges of a vertex begin. */
  begin(vertex: number): number {
    return intAt(this.#begins.cells, vertex);
  }

  /** Where they end. */
  end(vertex: number): number {
    return vertex + 1 < this.#begins.length ? intAt(this.#begins.cells, vertex + 1) : this.#targets.length;
  }
}
