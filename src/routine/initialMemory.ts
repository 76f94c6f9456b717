import { UsageError } from '../kernel/usageError.js';
import { cellName, type HeapObject, LENGTH, type MemoryValue } from './heapObject.js';
import type { HeapContent, Memory } from './memory.js';
import { cellsOf, isUnfit, UNFIT_ADVICE } from './plainData.js';

/**
 * The contents of memory at the start. Objects are named by the path on which they are met first; one object that is met twice
 * stays one object, cycles included.
 */
export function initialMemory(literal: object, memory: Memory, root: HeapObject): readonly HeapContent[] {
  const known = new Map<object, HeapObject>();
  const contents: HeapContent[] = [];
  const place = (value: object, object: HeapObject): void => {
    known.set(value, object);
    const cells = new Map<string, MemoryValue>();
    for (const [key, inner] of checkedCells(value, object.name)) {
      cells.set(key, memoryValue(inner, cellName(object, key)));
    }
    if (Array.isArray(value)) cells.set(LENGTH, value.length);
    contents.push(memory.intern(object, cells));
  };
  const memoryValue = (value: unknown, path: string): MemoryValue => {
    const inner = storable(value, path);
    if (typeof inner !== 'object' || inner === null) return inner;
    const met = known.get(inner);
    if (met) return met;
    const object = memory.object(path, Array.isArray(inner));
    place(inner, object);
    return object;
  };
  place(literal, root);
  return contents;
}

/**
 * Freezes what memory is to begin with, all through: code that forgets its parameter and writes to the literal fails then.
 *
 * @throws UsageError for what memory cannot hold, with its path
 */
export function freezeInitialMemory(literal: unknown): object {
  const seen = new Set<object>();
  const freeze = (value: object, path: string): void => {
    if (seen.has(value)) return;
    seen.add(value);
    for (const [key, cell] of checkedCells(value, path)) {
      const name = cellName({ name: path, isArray: Array.isArray(value) }, key);
      const inner = storable(cell, name);
      if (typeof inner === 'object' && inner !== null) freeze(inner, name);
    }
    Object.freeze(value);
  };
  if (typeof literal !== 'object' || literal === null) throw unfit('memory', String(literal));
  freeze(literal, 'memory');
  return literal;
}

/** A value that may be in memory: a primitive, or an object to look into. */
function storable(value: unknown, path: string): Exclude<MemoryValue, object> | object {
  switch (typeof value) {
    case 'undefined':
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
    case 'object':
      return value;
    default:
      throw unfit(path, `a ${typeof value}`);
  }
}

function checkedCells(value: object, path: string): ReadonlyMap<string, unknown> {
  const cells = cellsOf(value);
  if (isUnfit(cells)) throw unfit([path, ...cells.path].join('.'), cells.what);
  return cells;
}

function unfit(path: string, what: string): UsageError {
  return new UsageError(`${path} is ${what}`, UNFIT_ADVICE);
}
