import { grown } from '../../runtime/ints.js';

/** From which states of a search one step was taken alone, and which: by number. Four bytes a state. */
export class AloneSteps {
  /** How many states that are. */
  count = 0;
  /** By state, the number of the step plus one. */
  #steps = new Int32Array(1 << 10);

  take(state: number, step: number): void {
    this.#set(state, step + 1);
  }

  /** All steps are taken from a state. */
  takeAll(state: number): void {
    this.#set(state, 0);
  }

  /** The states from which one of these steps was taken alone. */
  statesOf(steps: ReadonlySet<number>): readonly number[] {
    const states: number[] = [];
    this.#steps.forEach((step, state) => {
      if (step !== 0 && steps.has(step - 1)) states.push(state);
    });
    return states;
  }

  clear(): void {
    this.#steps.fill(0);
    this.count = 0;
  }

  #set(state: number, step: number): void {
    if (state >= this.#steps.length) this.#steps = grown(this.#steps, state + 1);
    this.count += Number(step !== 0) - Number(this.#steps[state] !== 0);
    this.#steps[state] = step;
  }
}
