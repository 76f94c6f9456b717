import type { UnknownAddress, UnknownState } from '../runtime/unknownNames.js';
import type { World } from '../runtime/world.js';
import { neverSent } from './coverage.js';

/** An event that a monitor waits for, and that no step was. */
export interface UnseenEvent {
  readonly property: string;
  /** The descriptor of a transition, e.g. `lamp.TURN` or `lamp.*`. */
  readonly event: string;
}

/** Names in properties that mean nobody, or nothing: misspelt, perhaps. Each list is left out when it is empty. */
export interface EmptyNames {
  /** Whom properties asked for, and no actor was called so in any state that was looked at. */
  readonly unknownAddresses?: readonly UnknownAddress[];
  /**
   * The states that properties asked a snapshot for (`matches`, `hasTag`), and its machine has none like it. Of a property that goes
   * through all addresses, or looks at whoever stepped, only what no machine has that it asked.
   */
  readonly unknownStates?: readonly UnknownState[];
  /** What monitors wait for, and no step is, in a search that has seen every schedule. */
  readonly unseenEvents?: readonly UnseenEvent[];
}

/** @param exhausted whether every schedule was seen in the world */
export function emptyNames({ unknownNames, tables, monitors }: World, exhausted: boolean): EmptyNames {
  const unknownAddresses = unknownNames.addressesBeside(tables.actors);
  const unknownStates = unknownNames.states;
  const unseenEvents = exhausted
    ? monitors.visited.flatMap(({ name, machine, visits }) =>
        neverSent(machine, visits).map((event) => ({ property: name, event })),
      )
    : [];
  return {
    ...(unknownAddresses.length === 0 ? {} : { unknownAddresses }),
    ...(unknownStates.length === 0 ? {} : { unknownStates }),
    ...(unseenEvents.length === 0 ? {} : { unseenEvents }),
  };
}
