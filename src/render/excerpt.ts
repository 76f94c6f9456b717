/**
 * Begin and end of a sequence that may be very long: shows items up to the second marked one, leaves out what follows, and keeps
 * the last ones, from behind the last mark but one. Memory: what is kept for the end, at most `itemsMax`.
 */
export class Excerpt<T> {
  readonly #itemsMax: number;
  #shown = 0;
  #marksShown = 0;
  #leftOut = 0;
  /** Candidates for the end. */
  #kept: T[] = [];
  /** How many of them are before or at the last mark. */
  #keptToMark = 0;

  /** @param itemsMax limit of the begin, and of the end, when marks are rare */
  constructor(itemsMax: number) {
    this.#itemsMax = itemsMax;
  }

  /** Whether the begin is over: from now on nothing is shown. */
  get isCut(): boolean {
    return this.#marksShown >= 2 || this.#shown >= this.#itemsMax;
  }

  /**
   * Takes the next item.
   *
   * @returns whether to show it now
   */
  take(item: T, isMarked: boolean): boolean {
    if (!this.isCut) {
      this.#shown++;
      if (isMarked) this.#marksShown++;
      return true;
    }
    this.#kept.push(item);
    if (isMarked) {
      this.#leaveOut(this.#keptToMark);
      this.#keptToMark = this.#kept.length;
    } else if (this.#kept.length >= 2 * this.#itemsMax) {
      this.#leaveOut(this.#kept.length - this.#itemsMax);
    }
    return false;
  }

  /** The end: how many items were left out, and the last ones. */
  end(): { readonly leftOut: number; readonly last: readonly T[] } {
    this.#leaveOut(Math.max(0, this.#kept.length - this.#itemsMax));
    return { leftOut: this.#leftOut, last: this.#kept };
  }

  #leaveOut(count: number): void {
    this.#kept = this.#kept.slice(count);
    this.#keptToMark = Math.max(0, this.#keptToMark - count);
    this.#leftOut += count;
  }
}
