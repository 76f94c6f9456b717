import type { AnyMachineSnapshot, StateValue } from 'xstate';
import { computedOnce } from '../kernel/computedOnce.js';
import type { Actors } from './actors.js';
import { hasStates, hasStateWithTag, isStateValue } from './machineNames.js';
import { isMachineSnapshot } from './snapshotShape.js';
import type { SeenStep } from './stepLabels.js';

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
    return computedOnce(this.#asked, property, () => new NamesAskedFor(property));
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
  #asksEverybody = false;
  /** By their text. */
  readonly #states = new Map<string, UnknownState>();
  /** What was asked of some machine that has it, as text; noted of who asks everybody. */
  readonly #meant = new Set<string>();
  /** By the snapshot that it stands for. */
  readonly #listening = new WeakMap<AnyMachineSnapshot, AnyMachineSnapshot>();
  /** Of each listening snapshot, whose it is. */
  readonly #whose = new WeakMap<object, string>();
  readonly #steps = new WeakMap<SeenStep, SeenStep>();
  /** By XState's own: two snapshots differ in their data alone, as those of XState do. */
  readonly #matches = new WeakMap<Matches, Matches>();
  readonly #hasTag = new WeakMap<HasTag, HasTag>();

  constructor(property: string) {
    this.#property = property;
  }

  /** Notes an address that no actor had so far; perhaps the world meets one later. */
  noteAddress(address: string): void {
    this.#addresses.add(address);
  }

  /** Notes that it looks at whoever is there, or steps: it is enough that one of them has the state that it asks for. */
  noteEverybody(): void {
    this.#asksEverybody = true;
  }

  /** The snapshot of the actor at an address, which notes states and tags that it is asked for in vain. The same one each time. */
  listening(address: string, snapshot: AnyMachineSnapshot): AnyMachineSnapshot {
    return computedOnce(this.#listening, snapshot, () => {
      const listening = Object.freeze({
        ...snapshot,
        matches: computedOnce(this.#matches, snapshot.matches, () => this.#listenToMatches(snapshot.matches)),
        hasTag: computedOnce(this.#hasTag, snapshot.hasTag, () => this.#listenToHasTag(snapshot.hasTag)),
      });
      this.#whose.set(listening, address);
      return listening;
    });
  }

  /** A step between listening snapshots. The same one each time. */
  listeningStep(step: SeenStep): SeenStep {
    this.noteEverybody();
    return computedOnce(this.#steps, step, () => {
      const listening = (snapshot: Snapshot | undefined): Snapshot | undefined =>
        snapshot && isMachineSnapshot(snapshot) ? this.listening(step.actor, snapshot) : snapshot;
      return Object.freeze({ ...step, before: listening(step.before), after: listening(step.after) });
    });
  }

  addressesBeside(actors: Actors): readonly UnknownAddress[] {
    const property = this.#property;
    const unknown = [...this.#addresses].filter((address) => !actors.find(address));
    return unknown.sort().map((address) => ({ property, address }));
  }

  get states(): readonly UnknownState[] {
    return [...this.#states.entries()]
      .filter(([, { asked }]) => !this.#meant.has(JSON.stringify(asked)))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, state]) => state);
  }

  #listenToMatches(original: Matches): Matches {
    const names = this;
    return function matches(this: AnyMachineSnapshot, asked: StateValue): boolean {
      const does: boolean = Reflect.apply(original, this, [asked]);
      if (isStateValue(asked))
        names.#note(this, { matches: asked }, does || hasStates(this.machine, original, asked));
      return does;
    };
  }

  #listenToHasTag(original: HasTag): HasTag {
    const names = this;
    return function hasTag(this: AnyMachineSnapshot, tag: string): boolean {
      const has: boolean = Reflect.apply(original, this, [tag]);
      if (typeof tag === 'string')
        names.#note(this, { hasTag: tag }, has || hasStateWithTag(this.machine, tag));
      return has;
    };
  }

  #note(snapshot: object, asked: UnknownState['asked'], isThere: boolean): void {
    if (isThere && !this.#asksEverybody) return;
    const address = this.#whose.get(snapshot);
    // A copy, made by who asks: it answers as XState's does, and that is all.
    if (address === undefined) return;
    const text = JSON.stringify(asked);
    if (isThere) this.#meant.add(text);
    // Who asks may go on with the object that he asked with.
    else
      this.#states.set(`${address} ${text}`, { property: this.#property, address, asked: JSON.parse(text) });
  }
}

type Matches = AnyMachineSnapshot['matches'];
type HasTag = AnyMachineSnapshot['hasTag'];
type Snapshot = NonNullable<SeenStep['before']>;
