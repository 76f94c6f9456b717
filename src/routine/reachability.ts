import type { HostState } from '../runtime/host.js';
import type { HeapObject } from './heapObject.js';
import { noteBeing } from './holding.js';
import type { HeapContent, Memory } from './memory.js';

/** Forgets objects that are reached from none of `roots`: their slots are empty again, so that states merge. */
export function forgetUnreachable(memory: Memory, roots: Iterable<HeapObject>, state: HostState): void {
  const reached = new Set<HeapObject>(roots);
  for (const object of reached) {
    const content = state.valueAt(object.slot);
    // A set that grows is iterated to its end.
    if (content !== 0) for (const inner of memory.content(content).holds) reached.add(inner);
  }
  for (const object of memory.objects) {
    const content = state.valueAt(object.slot);
    if (content === 0 || reached.has(object)) continue;
    if (state.footprint) noteBeing(memory.content(content), memory, state.footprint);
    state.set(object.slot, 0);
  }
}

/** Whether a content no longer holds some object that it held. */
export function dropsObject({ holds: before }: HeapContent, { holds: after }: HeapContent): boolean {
  return before.length > 0 && before.some((object) => !after.includes(object));
}
