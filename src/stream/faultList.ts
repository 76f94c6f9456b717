/** How many faults are kept in words; the rest is counted. */
const keptMax = 10;

/** What went wrong, in words, as far as memory allows. */
export class FaultList {
  readonly #kept: string[] = [];
  #count = 0;

  /** The first 10. */
  get kept(): readonly string[] {
    return this.#kept;
  }

  get count(): number {
    return this.#count;
  }

  add(what: string): void {
    this.#count++;
    if (this.#kept.length < keptMax) this.#kept.push(what);
  }
}
