import { asChoice, type Choice } from '../../runtime/choice.js';
import { Successor } from '../../runtime/successors.js';
import type { World } from '../../runtime/world.js';
import { BATCH, type Expansion } from '../expansion.js';
import { type Chunk, Trailer } from '../frontier.js';
import type { Reduction } from './reduction.js';

/**
 * Takes steps from states as an {@link Expansion} does, but keeps one step of a state alone where the {@link Reduction} says that
 * it may. If that leads to a state with a lower number (condition C3, which is seen when the states of the batch have theirs), the
 * other steps are taken after all.
 */
export class ReducedExpansion {
  readonly reduction: Reduction;
  readonly #world: World;
  readonly #expansion: Expansion;
  /** Of the batch, by index, whether the step was taken alone. */
  readonly #isAlone = new Uint8Array(BATCH);
  /** States, by place, from which one step was taken that may not stay alone. */
  readonly #again: { readonly at: number; readonly alone: Choice }[] = [];

  constructor(world: World, expansion: Expansion, reduction: Reduction) {
    this.#world = world;
    this.#expansion = expansion;
    this.reduction = reduction;
  }

  /** Takes the steps from the state at a place until one can be taken before all others: it alone is kept. */
  take(chunk: Chunk, at: number, number: number): void {
    const { reduction } = this;
    const { batch } = this.#expansion;
    const { choices } = this.#world.finder;
    const count = choices.length;
    const start = batch.count;
    reduction.lookAt();
    if (count === 1) return this.#takeOne(chunk, at, number, asChoice(choices.at(0)));
    // First those that may be taken alone: if one is, the others are not needed.
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      if (!reduction.isHopeful(choice)) continue;
      this.#expansion.take(number, choice);
      const isAmple = reduction.tookAmple(choice);
      if (isAmple) {
        batch.count = start;
        reduction.takesAlone(number);
      }
      this.#isAlone[batch.count] = isAmple ? 1 : 0;
      this.#expansion.record(chunk, at, choice);
      if (isAmple) return;
    }
    if (batch.count - start === count) return;
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      if (!reduction.isHopeful(choice)) this.#takeOne(chunk, at, number, choice);
    }
  }

  /** Takes the steps, but perhaps one that was taken before, from the state at a place. */
  takeAll(chunk: Chunk, at: number, number: number, alone?: Choice): void {
    const { choices } = this.#world.finder;
    const count = choices.length;
    for (let i = 0; i < count; i++) {
      const choice = asChoice(choices.at(i));
      if (choice !== alone) this.#takeOne(chunk, at, number, choice);
    }
  }

  /**
   * Notes from which states of a chunk one step was taken that may not stay alone (C3).
   *
   * @param numbers those of the states to which the steps of the batch lead
   * @returns whether there are any
   */
  reconsider({ cells, width }: Chunk, numbers: Int32Array): boolean {
    const { batch } = this.#expansion;
    for (let n = 0; n < batch.count; n++) {
      if (this.#isAlone[n] !== 1) continue;
      const at = batch.at(n, Successor.parent);
      if (!this.reduction.goesForward(cells[at + width + Trailer.number] ?? 0, numbers[n] ?? 0))
        this.#again.push({ at, alone: asChoice(batch.at(n, Successor.choice)) });
    }
    return this.#again.length > 0;
  }

  /**
   * Takes the other steps from states where one may not stay alone, as far as there is room.
   *
   * @param mayGoOn is asked before each state
   */
  takeOthers(chunk: Chunk, mayGoOn: () => boolean): void {
    const { stepper, finder } = this.#world;
    const { cells, width } = chunk;
    for (let again = this.#again.at(-1); again; again = this.#again.at(-1)) {
      const { at, alone } = again;
      stepper.changes.turnTo(cells, at, width);
      finder.find();
      if (this.#expansion.batch.count + finder.choices.length > BATCH || !mayGoOn()) return;
      this.#again.pop();
      const number = cells[at + width + Trailer.number] ?? 0;
      this.reduction.takesAll(number);
      this.takeAll(chunk, at, number, alone);
    }
  }

  /** Takes a step from the state at a place, as one of several. */
  #takeOne(chunk: Chunk, at: number, number: number, choice: Choice): void {
    this.#expansion.take(number, choice);
    this.reduction.took(choice);
    this.#isAlone[this.#expansion.batch.count] = 0;
    this.#expansion.record(chunk, at, choice);
  }
}
