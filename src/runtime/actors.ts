import { type Address, childAddress, renewedAddress, unnamedChildAddress } from '../kernel/address.js';
import { present } from '../kernel/invariant.js';

/** The index of an address in {@link Actors}: addresses are numbered in the order in which a world meets them. */
export type ActorIndex = number;

/** Who an address belongs to, whether or not somebody lives there now. */
export interface ActorPlace {
  readonly index: ActorIndex;
  readonly address: Address;
  /** `undefined` for a top-level actor. */
  readonly parent: ActorPlace | undefined;
  /** XState's id: the key of a top-level actor, else the id that the parent gave. */
  readonly id: string;
  /** The key of the {@link NameFamily} that it belongs to: all addresses that the same spawn may be given. */
  readonly family: string | undefined;
  /** All addresses directly below, in the order in which they were met. */
  readonly children: ActorPlace[];
}

/** One family of names: the addresses that one spawn may be given, smallest index first. */
export interface NameFamily {
  readonly key: string;
  /** The `k`-th address of the family, made when it is met for the first time. */
  bearer(k: number): ActorPlace;
}

/** All addresses that a world has met. They are never forgotten: a state vector is laid out by them. */
export class Actors {
  readonly places: ActorPlace[] = [];
  readonly #byAddress = new Map<string, ActorPlace>();
  readonly #carriers = new Map<string, ActorPlace[]>();
  readonly #families = new Map<string, NameFamily>();
  #sorted: readonly ActorPlace[] | undefined;
  #order = new Int32Array(0);
  #version = 0;

  /** Counts addresses that were met, and system ids that an actor was given for the first time. */
  get version(): number {
    return this.#version;
  }

  addTopLevel(address: Address): ActorPlace {
    const place = this.#add(address, undefined, address, undefined);
    this.carries(place, address);
    return place;
  }

  /** The places whose actors were ever given a system id; the list grows in place. */
  carriers(systemId: string): readonly ActorPlace[] {
    let carriers = this.#carriers.get(systemId);
    if (!carriers) {
      carriers = [];
      this.#carriers.set(systemId, carriers);
    }
    return carriers;
  }

  /** Notes that an actor at a place was given a system id. */
  carries(place: ActorPlace, systemId: string): void {
    const carriers = this.carriers(systemId);
    if (carriers.includes(place)) return;
    this.#carriers.get(systemId)?.push(place);
    this.#version++;
  }

  place(index: ActorIndex): ActorPlace {
    return present(this.places[index], `there is an address number ${index}`);
  }

  find(address: string): ActorPlace | undefined {
    return this.#byAddress.get(address);
  }

  /** The family of a child that was given an id: `<parent>/<id>`, `<parent>/<id>~1`, … */
  namedFamily(parent: ActorPlace, id: string): NameFamily {
    const plain = childAddress(parent.address, id);
    return this.#family(plain, (k) => this.#add(renewedAddress(plain, k), parent, id, plain));
  }

  /** The family of unnamed children of one logic: `<parent>/<src>#0`, `<parent>/<src>#1`, … */
  unnamedFamily(parent: ActorPlace, src: string): NameFamily {
    const key = unnamedChildAddress(parent.address, src, 0);
    return this.#family(key, (k) => {
      const address = unnamedChildAddress(parent.address, src, k);
      return this.#add(address, parent, address.slice(parent.address.length + 1), key);
    });
  }

  /** Canonical order, the same however the world was explored: top-level actors as declared, each before its descendants. */
  get inOrder(): readonly ActorPlace[] {
    if (!this.#sorted) {
      const sorted: ActorPlace[] = [];
      const visit = (place: ActorPlace): void => {
        sorted.push(place);
        [...place.children].sort((a, b) => (a.address < b.address ? -1 : 1)).forEach(visit);
      };
      this.places.filter((place) => !place.parent).forEach(visit);
      this.#sorted = sorted;
    }
    return this.#sorted;
  }

  /** The indices of {@link inOrder}. */
  get order(): Int32Array {
    if (this.#order.length !== this.places.length)
      this.#order = Int32Array.from(this.inOrder, (place) => place.index);
    return this.#order;
  }

  #family(key: string, make: (k: number) => ActorPlace): NameFamily {
    let family = this.#families.get(key);
    if (!family) {
      const bearers: ActorPlace[] = [];
      family = {
        key,
        bearer: (k) => {
          for (let next = bearers.length; next <= k; next++) bearers.push(make(next));
          return present(bearers[k], 'a family has as many bearers as were asked for');
        },
      };
      this.#families.set(key, family);
    }
    return family;
  }

  #add(address: Address, parent: ActorPlace | undefined, id: string, family: string | undefined): ActorPlace {
    const known = this.#byAddress.get(address);
    if (known) return known;
    const place: ActorPlace = { index: this.places.length, address, parent, id, family, children: [] };
    this.places.push(place);
    this.#version++;
    this.#byAddress.set(address, place);
    parent?.children.push(place);
    this.#sorted = undefined;
    return place;
  }
}
