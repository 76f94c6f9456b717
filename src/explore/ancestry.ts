import { present } from '../kernel/invariant.js';
import { asChoice, type Choice } from '../runtime/choice.js';

const BLOCK_BITS = 16;
const BLOCK = 1 << BLOCK_BITS;

/**
 * Where each visited state was first reached from: eight bytes a state, in blocks, so that growing copies nothing. State 0 is
 * the initial one; a counterexample is a walk back to it.
 */
export class Ancestry {
  readonly #blocks: Int32Array[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds a state. Gives its number. */
  add(parent: number, choice: number): number {
    const number = this.#size++;
    const at = (number & (BLOCK - 1)) << 1;
    if (at === 0) this.#blocks.push(new Int32Array(BLOCK << 1));
    const block = present(this.#blocks[number >>> BLOCK_BITS], 'a state has a block');
    block[at] = parent;
    block[at + 1] = choice;
    return number;
  }

  /** The choices that lead from the initial state to a state. */
  path(number: number): Choice[] {
    const path: Choice[] = [];
    for (let at = number; at > 0; at = this.parent(at)) path.push(this.choice(at));
    return path.reverse();
  }

  /** The state from which one was first reached. */
  parent(number: number): number {
    return this.#block(number)[(number & (BLOCK - 1)) << 1] ?? 0;
  }

  /** The choice by which a state was first reached. */
  choice(number: number): Choice {
    return asChoice(this.#block(number)[((number & (BLOCK - 1)) << 1) + 1] ?? 0);
  }

  #block(number: number): Int32Array {
    return present(this.#blocks[number >>> BLOCK_BITS], 'a state has a block');
  }
}
