import type { Probe, Probes, StateReader } from '../runtime/probes.js';
import { type Cell, cellName, type HeapObject, holdName, keysName, LENGTH } from './heapObject.js';
import type { Memory } from './memory.js';
import type { LiveMemory } from './overlay.js';

/** A question that an execution asked of the state, with the answer it was given. */
export interface Asked {
  readonly probe: Probe;
  readonly answer: number;
}

/** The memory of a state, which remembers what it was asked: that is the key of a segment in the memo. */
export class AskedMemory implements LiveMemory {
  readonly asked: Asked[] = [];
  /** Names of the cells that were read. */
  readonly read = new Set<string>();
  readonly #answers = new Map<string, Asked>();
  readonly #probes: Probes;
  readonly #memory: Memory;
  readonly #state: StateReader;
  readonly #thread: string;

  /** @param thread the name that what it allocates gets */
  constructor(probes: Probes, memory: Memory, state: StateReader, thread: string) {
    this.#probes = probes;
    this.#memory = memory;
    this.#state = state;
    this.#thread = thread;
  }

  cell(object: HeapObject, key: string): Cell {
    this.read.add(cellName(object, key));
    const memory = this.#memory;
    const keyNumber = memory.keyNumber(key);
    const number = this.ask(
      `cell ${object.index} ${key}`,
      (state) => memory.cellNumber(state.valueAt(object.slot), keyNumber),
      [cellName(object, key)],
    );
    return { present: number !== 0, value: number === 0 ? undefined : memory.value(number) };
  }

  isPresent(object: HeapObject, key: string): boolean {
    const memory = this.#memory;
    const keyNumber = memory.keyNumber(key);
    return (
      this.ask(
        `present ${object.index} ${key}`,
        (state) => (memory.cellNumber(state.valueAt(object.slot), keyNumber) === 0 ? 0 : 1),
        [cellName(object, key)],
      ) === 1
    );
  }

  isWithin(object: HeapObject, index: number): boolean {
    const memory = this.#memory;
    return (
      this.ask(
        `within ${object.index} ${index}`,
        (state) => (index < memory.length(state.valueAt(object.slot)) ? 1 : 0),
        [cellName(object, LENGTH)],
      ) === 1
    );
  }

  keys(object: HeapObject): readonly string[] {
    this.read.add(keysName(object));
    const memory = this.#memory;
    this.ask(`keys ${object.index}`, (state) => memory.keysNumber(state.valueAt(object.slot)), [
      keysName(object),
    ]);
    return memory.keys(this.#state.valueAt(object.slot));
  }

  /** The smallest index that no object bears, neither in memory nor among those that this segment has made. */
  fresh(isArray: boolean, given: readonly HeapObject[]): HeapObject {
    const bearer = (k: number): HeapObject =>
      this.#memory.object(`${this.#thread}${isArray ? '[]' : ''}#${k}`, isArray);
    const taken = new Set(given);
    const question = `fresh ${this.#thread} ${isArray} ${given.map((object) => object.index).join()}`;
    const smallest = (state: StateReader): number => {
      let index = 0;
      while (taken.has(bearer(index)) || state.valueAt(bearer(index).slot) !== 0) index++;
      return index;
    };
    const k = this.ask(question, smallest, [holdName(bearer(0))]);
    return bearer(k);
  }

  /**
   * Asks the state; a question that was asked before keeps its answer.
   *
   * @param cells names of the cells that the answer depends on; a host that says what its threads touch must give them
   */
  ask(question: string, answer: (state: StateReader) => number, cells: readonly string[] = []): number {
    const before = this.#answers.get(question);
    if (before) return before.answer;
    const looks = cells.map((name) => ({ at: 'hosted', cell: this.#memory.cell(name) }) as const);
    const probe = this.#probes.intern(question, looks, answer);
    const asked = { probe, answer: probe.answer(this.#state) };
    this.#answers.set(question, asked);
    this.asked.push(asked);
    return asked.answer;
  }
}
