import { present } from '../kernel/invariant.js';

/** Texts by number, for operands of memo entries. */
export class Texts {
  readonly #all: string[] = [];
  readonly #numbers = new Map<string, number>();

  intern(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#all.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  get(number: number): string {
    return present(this.#all[number], `there is a text number ${number}`);
  }
}
