/**
 * The integer at an index that is known to be within the array. The one place where the runtime takes the compiler's "or
 * `undefined`" away: a read beyond the end would be a bug of ours, and a check in each read is what hot loops cannot afford.
 *
 * The hottest loops write `cells[index] ?? 0` out, which costs nothing in compiled code: V8 takes only so many calls into one
 * function (`--max-inlined-bytecode-size-cumulative`), and those to this one would crowd out others.
 */
export function intAt(cells: Int32Array, index: number): number {
  return cells[index] as number;
}

/** A copy with room for `least` integers, and for twice as many as before; the new ones are 0. */
export function grown(cells: Int32Array, least: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(least, cells.length * 2));
  larger.set(cells);
  return larger;
}

/** A growing list of 32-bit integers in one typed array; reading is a plain index into {@link cells}. */
export class Ints {
  cells: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.cells = new Int32Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.cells.length) this.cells = grown(this.cells, this.length + 1);
    this.cells[this.length] = value;
    return this.length++;
  }

  /** The value at an index below {@link length}; reads of unused space give 0. */
  at(index: number): number {
    return this.cells[index] ?? 0;
  }
}
