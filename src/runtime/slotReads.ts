/** Which slots of a state a step has looked at, each once, in the order of the first look. */
export class SlotReads {
  readonly slots: number[] = [];
  readonly #seen = new Set<number>();

  note(slot: number): void {
    if (this.#seen.has(slot)) return;
    this.#seen.add(slot);
    this.slots.push(slot);
  }
}
