import type { StateReader } from '../runtime/probes.js';
import { type HeapObject, isHeapObject, LENGTH, type MemoryValue, RoutineName } from './heapObject.js';
import type { Memory } from './memory.js';

/** Memory as plain frozen data: one object per object, cycles kept. */
export function memoryView(root: HeapObject, memory: Memory, state: StateReader): unknown {
  const made = new Map<HeapObject, object>();
  const view = (value: MemoryValue): unknown => {
    if (value instanceof RoutineName) return value.name;
    if (!isHeapObject(value)) return value;
    const known = made.get(value);
    if (known) return known;
    const copy: object = value.isArray ? [] : {};
    made.set(value, copy);
    const content = state.valueAt(value.slot);
    if (content !== 0) {
      for (const [key, inner] of memory.content(content).cells) {
        if (value.isArray && key === LENGTH) Reflect.set(copy, LENGTH, inner);
        else Object.defineProperty(copy, key, { value: view(inner), enumerable: true });
      }
    }
    return Object.freeze(copy);
  };
  return view(root);
}
