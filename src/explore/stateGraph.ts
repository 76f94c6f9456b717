import { Ints } from '../runtime/ints.js';
import { Digraph } from './digraph.js';

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
  /** Which step leads where. */
  readonly steps = new Digraph();
  readonly #processes = new Ints(1024);
  readonly #choices = new Ints(1024);

  /** Goes on to the next state; steps that are added from now on are its. A state whose turn never comes has none. */
  next(): void {
    this.steps.next();
  }

  add(target: number, process: number, choice: number): void {
    this.steps.add(target);
    this.#processes.push(process);
    this.#choices.push(choice);
  }

  /** How many states have had their turn. */
  get size(): number {
    return this.steps.size;
  }

  get edges(): Edges {
    return { targets: this.steps.targets, processes: this.#processes.cells, choices: this.#choices.cells };
  }

  /** Where in {@link edges} the steps of a state begin. */
  begin(state: number): number {
    return this.steps.begin(state);
  }

  /** Where they end. */
  end(state: number): number {
    return this.steps.end(state);
  }
}
