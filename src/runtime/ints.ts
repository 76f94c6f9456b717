/** A growing list of 32-bit integers in one typed array; reading is a plain index into {@link cells}. */
export class Ints {
  cells: Int32Array;
  length = 0;

  constructor(capacity = 64) {
    this.cells = new Int32Array(capacity);
  }

  push(value: number): number {
    if (this.length === this.cells.length) {
      const larger = new Int32Array(this.cells.length * 2);
      larger.set(this.cells);
      this.cells = larger;
    }
    this.cells[this.length] = value;
    return this.length++;
  }

  /** The value at an index below {@link length}; reads of unused space give 0. */
  at(index: number): number {
    return this.cells[index] as number;
  }
}
