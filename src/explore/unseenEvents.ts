import type { World } from '../runtime/world.js';
import { neverSent } from './coverage.js';

/** An event that a monitor waits for, and that no step was. */
export interface UnseenEvent {
  readonly property: string;
  /** The descriptor of a transition, e.g. `lamp.TURN` or `lamp.*`. */
  readonly event: string;
}

/** What the monitors of a world wait for, and were not shown in any step that was taken. */
export function unseenEvents({ monitors }: World): readonly UnseenEvent[] {
  return monitors.visited.flatMap(({ name, machine, visits }) =>
    neverSent(machine, visits).map((event) => ({ property: name, event })),
  );
}
