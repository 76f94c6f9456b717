import type { StateReader } from '../runtime/probes.js';
import { type HeapObject, isIndex, type Memory, type MemoryValue } from './memory.js';

/** Memory as plain frozen data: one object per object, cycles kept. */
export function memoryView(root: HeapObject, memory: Memory, state: StateReader): unknown {
  const made = new Map<HeapObject, object>();
  const view = (value: MemoryValue): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    const known = made.get(value);
    if (known) return known;
    const copy: object = value.isArray ? [] : {};
    made.set(value, copy);
    const content = state.valueAt(value.slot);
    if (content !== 0) {
      for (const [key, inner] of memory.content(content).cells) {
        if (value.isArray && !isIndex(key)) Reflect.set(copy, 'length', inner);
        else Reflect.set(copy, key, view(inner));
      }
    }
    return Object.freeze(copy);
  };
  return view(root);
}
