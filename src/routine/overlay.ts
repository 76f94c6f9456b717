import {
  type Cell,
  cellName,
  type HeapObject,
  isIndex,
  keysName,
  LENGTH,
  type MemoryValue,
} from './heapObject.js';
import type { CellWrite } from './memory.js';

/** Memory as it was when an execution went live; what is asked of it is remembered. */
export interface LiveMemory {
  cell(object: HeapObject, key: string): Cell;
  keys(object: HeapObject): readonly string[];
  /** Whether a key is there; unlike {@link cell} this is no access, it only says what a write will do. */
  isPresent(object: HeapObject, key: string): boolean;
  /** Whether an index is below an array's length; no access either. */
  isWithin(object: HeapObject, index: number): boolean;
  /** A name for an object that the thread allocates now, none of `given`. */
  fresh(isArray: boolean, given: readonly HeapObject[]): HeapObject;
}

/** An object that was allocated, with its first cells. */
export interface Allocation {
  readonly object: HeapObject;
  readonly cells: ReadonlyMap<string, MemoryValue>;
}

/**
 * What one execution has written and allocated since it went live, over the memory of that moment: it sees its own writes, the
 * others see them when the step is over.
 *
 * A write may do more than it says (an array grows or is cut, an object gets or loses a key), so {@link written} names all
 * cells that it touches.
 */
export class Overlay {
  readonly writes: CellWrite[] = [];
  readonly allocations: Allocation[] = [];
  /** Names of the cells that were written. */
  readonly written = new Set<string>();
  readonly #live: LiveMemory;
  readonly #allocated = new Set<HeapObject>();
  readonly #cells = new Map<HeapObject, Map<string, Cell>>();

  constructor(live: LiveMemory) {
    this.#live = live;
  }

  cell(object: HeapObject, key: string): Cell {
    return this.#own(object, key) ?? this.#live.cell(object, key);
  }

  /** The keys of an object in JavaScript's order: indices ascending, then the others as they came. */
  keys(object: HeapObject): readonly string[] {
    const allocation = this.allocations.find((made) => made.object === object);
    const keys = new Set(allocation ? allocation.cells.keys() : this.#live.keys(object));
    for (const write of this.writes) {
      if (write.object !== object) continue;
      if (write.deleted) keys.delete(write.key);
      else keys.add(write.key);
    }
    if (object.isArray) keys.delete(LENGTH);
    const list = [...keys];
    const indices = list.filter(isIndex).sort((a, b) => Number(a) - Number(b));
    return [...indices, ...list.filter((key) => !isIndex(key))];
  }

  write(write: CellWrite): void {
    const { object, key, value, deleted } = write;
    if (object.isArray && isIndex(key) && !deleted && !this.#isWithin(object, Number(key))) {
      this.#put({ object, key: LENGTH, value: Number(key) + 1, deleted: false });
    }
    if (object.isArray && key === LENGTH) this.#cut(object, Number(value));
    this.#put(write);
  }

  /** Names a new object; {@link fill} gives it its first cells. */
  allocate(isArray: boolean): HeapObject {
    const object = this.#live.fresh(isArray, [...this.#allocated]);
    this.#allocated.add(object);
    return object;
  }

  fill(object: HeapObject, cells: ReadonlyMap<string, MemoryValue>): void {
    this.allocations.push({ object, cells });
    this.#cells.set(object, new Map([...cells].map(([key, value]) => [key, { present: true, value }])));
  }

  /** An array gets a length that may be less: what is beyond goes, and whoever fills a hole there would notice. */
  #cut(object: HeapObject, length: number): void {
    if (!this.#isWithin(object, length)) return;
    this.written.add(keysName(object));
    for (const key of this.keys(object)) {
      if (isIndex(key) && Number(key) >= length) {
        this.#put({ object, key, value: undefined, deleted: true });
      }
    }
  }

  #put(write: CellWrite): void {
    const { object, key, value, deleted } = write;
    const isThere = this.#own(object, key)?.present ?? this.#live.isPresent(object, key);
    if (isThere === deleted) this.written.add(keysName(object));
    this.written.add(cellName(object, key));
    let cells = this.#cells.get(object);
    if (!cells) {
      cells = new Map();
      this.#cells.set(object, cells);
    }
    cells.set(key, { present: !deleted, value });
    this.writes.push(write);
  }

  #own(object: HeapObject, key: string): Cell | undefined {
    return this.#cells.get(object)?.get(key);
  }

  #isWithin(object: HeapObject, index: number): boolean {
    const length = this.#own(object, LENGTH);
    return length ? index < Number(length.value) : this.#live.isWithin(object, index);
  }
}
