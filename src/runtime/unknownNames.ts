import type { AnyMachineSnapshot, StateValue } from 'xstate';
import type { Actors } from './actors.js';
import { hasStates, hasStateWithTag } from './machineNames.js';

/** An address that a property asked for, and that no actor had. */
export interface UnknownAddress {
  readonly property: string;
  readonly address: string;
}

/** States that a property asked an actor's snapshot for, and that its machine does not have: by name, or by a tag. */
export interface UnknownState {
  readonly property: string;
  readonly address: string;
  /** What XState's function of that name was given. */
  readonly asked: { readonly matches: StateValue } | { readonly hasTag: string };
}

/** The names that the properties of a world asked for, and that mean nothing in it. */
export class UnknownNames {
  readonly #asked = new Map<string, NamesAskedFor>();

  /** Those of one property. */
  of(property: string): NamesAskedFor {
    let asked = this.#asked.get(property);
    if (!asked) {
      asked = new NamesAskedFor(property);
      this.#asked.set(property, asked);
    }
    return asked;
  }

  /** The addresses that the world has not met to this day; of each property sorted. */
  addressesBeside(actors: Actors): readonly UnknownAddress[] {
    return [...this.#asked.values()].flatMap((asked) => asked.addressesBeside(actors));
  }

  /** The states and tags; of each property sorted. */
  get states(): readonly UnknownState[] {
    return [...this.#asked.values()].flatMap(({ states }) => states);
  }
}

/** What one property asked for in vain. */
export class NamesAskedFor {
  readonly #property: string;
  readonly #addresses = new Set<string>();
  /** By their text. */
  readonly #states = new Map<string, UnknownState>();
  readonly #listening = new WeakMap<AnyMachineSnapshot, AnyMachineSnapshot>();

  constructor(property: string) {
    this.#property = property;
  }

  /** Notes an address that no actor had so far; perhaps the world meets one later. */
  noteAddress(address: string): void {
    this.#addresses.add(address);
  }

  /** The snapshot of the actor at an address, which notes states and tags that it is asked for in vain. The same one each time. */
  listening(address: string, snapshot: AnyMachineSnapshot): AnyMachineSnapshot {
    let listening = this.#listening.get(snapshot);
    if (!listening) {
      listening = this.#listen(address, snapshot);
      this.#listening.set(snapshot, listening);
    }
    return listening;
  }

  addressesBeside(actors: Actors): readonly UnknownAddress[] {
    const property = this.#property;
    const unknown = [...this.#addresses].filter((address) => !actors.find(address));
    return unknown.sort().map((address) => ({ property, address }));
  }

  get states(): readonly UnknownState[] {
    return [...this.#states.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, state]) => state);
  }

  #listen(address: string, snapshot: AnyMachineSnapshot): AnyMachineSnapshot {
    const note = (asked: UnknownState['asked']): void => {
      const unknown = { property: this.#property, address, asked };
      this.#states.set(JSON.stringify(unknown), unknown);
    };
    return Object.freeze({
      ...snapshot,
      matches(asked: StateValue): boolean {
        const does = snapshot.matches(asked);
        if (!does && !hasStates(snapshot, asked)) note({ matches: asked });
        return does;
      },
      hasTag(tag: string): boolean {
        const has = snapshot.hasTag(tag);
        if (!has && !hasStateWithTag(snapshot, tag)) note({ hasTag: tag });
        return has;
      },
    });
  }
}
