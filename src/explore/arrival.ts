import type { World } from '../runtime/world.js';

/**
 * Looks at the state that a step has just led to, and turns back to the one before it: the changes of the step are then gone, and
 * what can be chosen is found anew.
 *
 * @param look gets the number of the step
 */
export function atArrival<T>({ stepper, finder }: World, look: (lastStep: number) => T): T {
  const { changes } = stepper;
  const { cells, offset, width } = changes;
  const arrived = new Int32Array(stepper.width);
  arrived.set(cells.subarray(offset, offset + width));
  changes.writeInto(arrived);
  changes.turnTo(arrived, 0, arrived.length);
  finder.find();
  const seen = look(stepper.label);
  changes.turnTo(cells, offset, width);
  finder.find();
  return seen;
}
