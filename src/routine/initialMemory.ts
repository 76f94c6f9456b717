import { UsageError } from '../kernel/usageError.js';
import { type HeapContent, type HeapObject, LENGTH, type Memory, type MemoryValue } from './memory.js';

/**
 * The contents of memory at the start. Objects are named by the path on which they are met first; one object that is met twice
 * stays one object, cycles included.
 *
 * @throws UsageError for what memory cannot hold, with its path
 */
export function initialMemory(literal: object, memory: Memory, root: HeapObject): readonly HeapContent[] {
  const known = new Map<object, HeapObject>();
  const contents: HeapContent[] = [];
  const place = (value: object, object: HeapObject): void => {
    known.set(value, object);
    const cells = new Map<string, MemoryValue>();
    for (const [key, inner] of Object.entries<unknown>({ ...value })) {
      cells.set(key, memoryValue(inner, `${object.name}.${key}`));
    }
    if (Array.isArray(value)) cells.set(LENGTH, value.length);
    contents.push(memory.intern(object, cells));
  };
  const memoryValue = (value: unknown, path: string): MemoryValue => {
    switch (typeof value) {
      case 'undefined':
      case 'boolean':
      case 'number':
      case 'bigint':
      case 'string':
        return value;
      case 'object': {
        if (value === null) return null;
        const met = known.get(value);
        if (met) return met;
        mustBePlain(value, path);
        const object = memory.object(path, Array.isArray(value));
        place(value, object);
        return object;
      }
      default:
        throw unfit(path, `a ${typeof value}`);
    }
  };
  if (typeof literal !== 'object' || literal === null) throw unfit('memory', typeof literal);
  mustBePlain(literal, 'memory');
  place(literal, root);
  return contents;
}

function mustBePlain(value: object, path: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null) return;
  throw unfit(path, `an instance of ${value.constructor?.name ?? 'a class'}`);
}

function unfit(path: string, what: string): UsageError {
  return new UsageError(`${path} is ${what}`, 'memory holds primitives, plain objects and arrays');
}
