import type { Actors } from './actors.js';

/** An address that a property asked for, and that no actor had. */
export interface UnknownAddress {
  readonly property: string;
  readonly address: string;
}

/** The addresses that properties asked for when a world had met no actor of that name. Perhaps it met one later. */
export class Strangers {
  readonly #addresses = new Map<string, Set<string>>();

  note(property: string, address: string): void {
    let addresses = this.#addresses.get(property);
    if (!addresses) {
      addresses = new Set();
      this.#addresses.set(property, addresses);
    }
    addresses.add(address);
  }

  /** Those that the world has not met to this day, sorted. */
  among(actors: Actors): readonly UnknownAddress[] {
    return [...this.#addresses].flatMap(([property, addresses]) =>
      [...addresses]
        .filter((address) => !actors.find(address))
        .sort()
        .map((address) => ({ property, address })),
    );
  }
}
