import { Ints, intAt } from '../runtime/ints.js';

/** A step from a state, as {@link StateGraph.add} keeps it. */
export interface Edges {
  /** The state that the step leads to. */
  readonly targets: Int32Array;
  /** Whose step it is; negative when it is owed to nobody. */
  readonly processes: Int32Array;
  /** The choice. */
  readonly choices: Int32Array;
}

/** States and all their steps, twelve bytes a step. States are expanded in the order of their numbers, each once. */
export class StateGraph {
  readonly #begins = new Ints(1024);
  readonly #targets = new Ints(1024);
  readonly #processes = new Ints(1024);
  readonly #choices = new Ints(1024);

  /** Goes on to the next state; steps that are added from now on are its. A state whose turn never comes has none. */
  next(): void {
    this.#begins.push(this.#targets.length);
  }

  add(target: number, process: number, choice: number): void {
    this.#targets.push(target);
    this.#processes.push(process);
    this.#choices.push(choice);
  }

  /** How many states have had their turn. */
  get size(): number {
    return this.#begins.length;
  }

  get edges(): Edges {
    const [targets, processes, choices] = [this.#targets.cells, this.#processes.cells, this.#choices.cells];
    return { targets, processes, choices };
  }

  /** Where in {@link edges} the steps of a state begin. */
  begin(state: number): number {
    return intAt(this.#begins.cells, state);
  }

  /** Where they end. */
  end(state: number): number {
    return state + 1 < this.#begins.length ? intAt(this.#begins.cells, state + 1) : this.#targets.length;
  }
}
