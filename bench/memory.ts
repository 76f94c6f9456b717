/** Looks at the memory of the process now and then. */
export class Memory {
  readonly #every: number;
  readonly #resident: number[] = [];
  readonly #heap: number[] = [];
  #ticks = 0;

  /** @param every so many ticks make a sample */
  constructor(every: number) {
    this.#every = every;
  }

  tick(): void {
    if (++this.#ticks % this.#every > 0) return;
    const { rss, heapUsed } = process.memoryUsage();
    this.#resident.push(Math.round(rss / 1e6));
    this.#heap.push(Math.round(heapUsed / 1e6));
  }

  get samples(): { readonly megabytes: readonly number[]; readonly heapMegabytes: readonly number[] } {
    return { megabytes: this.#resident, heapMegabytes: this.#heap };
  }
}
