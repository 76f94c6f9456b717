import type { Probe, Probes, StateReader } from '../runtime/probes.js';
import { type Cell, cellName, type HeapObject, keysName } from './heapObject.js';
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
    const number = this.ask(`cell ${object.index} ${key}`, (state) =>
      memory.cellNumber(state.valueAt(object.slot), keyNumber),
    );
    return { present: number !== 0, value: number === 0 ? undefined : memory.value(number) };
  }

  isPresent(object: HeapObject, key: string): boolean {
    const memory = this.#memory;
    const keyNumber = memory.keyNumber(key);
    return (
      this.ask(`present ${object.index} ${key}`, (state) =>
        memory.cellNumber(state.valueAt(object.slot), keyNumber) === 0 ? 0 : 1,
      ) === 1
    );
  }

  isWithin(object: HeapObject, index: number): boolean {
    const memory = this.#memory;
    return (
      this.ask(`within ${object.index} ${index}`, (state) =>
        index < memory.length(state.valueAt(object.slot)) ? 1 : 0,
      ) === 1
    );
  }

  keys(object: HeapObject): readonly string[] {
    this.read.add(keysName(object));
    const memory = this.#memory;
    this.ask(`keys ${object.index}`, (state) => memory.keysNumber(state.valueAt(object.slot)));
    return memory.keys(this.#state.valueAt(object.slot));
  }

  /** The smallest index that no object bears, neither in memory nor among those that this segment has made. */
  fresh(isArray: boolean, given: readonly HeapObject[]): HeapObject {
    const bearer = (k: number): HeapObject =>
      this.#memory.object(`${this.#thread}${isArray ? '[]' : ''}#${k}`, isArray);
    const taken = new Set(given);
    const question = `fresh ${this.#thread} ${isArray} ${given.map((object) => object.index).join()}`;
    const k = this.ask(question, (state) => {
      let index = 0;
      while (taken.has(bearer(index)) || state.valueAt(bearer(index).slot) !== 0) index++;
      return index;
    });
    return bearer(k);
  }

  /** Asks the state; a question that was asked before keeps its answer. */
  ask(question: string, answer: (state: StateReader) => number): number {
    const before = this.#answers.get(question);
    if (before) return before.answer;
    const probe = this.#probes.intern(question, answer);
    const asked = { probe, answer: probe.answer(this.#state) };
    this.#answers.set(question, asked);
    this.asked.push(asked);
    return asked.answer;
  }
}
