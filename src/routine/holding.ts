/**
 * What a step touches of the question whether an object of memory is still held (see `Footprint`): that is what its life and its
 * name hang on. Each object has a cell for it; objects that bear a name by turns have one together.
 *
 * A step that puts a reference into memory, or takes one out, writes the cell. A thread that forgets an object only reads it as
 * long as memory holds the object, for it then makes no difference: whoever takes it out of memory conflicts. When only threads
 * remember it, the last one to forget it lets it go, so that all of them write.
 */
import type { Footprint } from '../runtime/footprint.js';
import type { StateReader } from '../runtime/probes.js';
import { type HeapObject, holdName } from './heapObject.js';
import type { HeapContent, Memory } from './memory.js';

const NOTHING: readonly HeapObject[] = [];

/** Notes that an object's content changed; `undefined`: it was not there, or is no longer. */
export function noteContent(
  before: HeapContent | undefined,
  after: HeapContent | undefined,
  memory: Memory,
  footprint: Footprint,
): void {
  const held = before?.holds ?? NOTHING;
  const holds = after?.holds ?? NOTHING;
  if (held.length === 0 && holds.length === 0) return;
  for (const object of new Set([...held, ...holds])) {
    if (count(held, object) !== count(holds, object)) footprint.write(memory.cell(holdName(object)));
  }
}

/** Notes that an object comes into being, or is forgotten. */
export function noteBeing(content: HeapContent, memory: Memory, footprint: Footprint): void {
  footprint.write(memory.cell(holdName(content.object)));
  noteContent(content, undefined, memory, footprint);
}

/** Notes that a thread no longer remembers some objects. */
export function noteForgetting(
  before: readonly HeapObject[],
  after: readonly HeapObject[],
  memory: Memory,
  state: StateReader,
  footprint: Footprint,
): void {
  for (const object of before) {
    if (after.includes(object)) continue;
    const cell = memory.cell(holdName(object));
    if (isInMemory(object, memory, state)) footprint.read(cell);
    else footprint.write(cell);
  }
}

function isInMemory(object: HeapObject, memory: Memory, state: StateReader): boolean {
  return memory.objects.some((holder) => {
    const content = state.valueAt(holder.slot);
    return content !== 0 && memory.content(content).holds.includes(object);
  });
}

function count(objects: readonly HeapObject[], object: HeapObject): number {
  return objects.filter((other) => other === object).length;
}
