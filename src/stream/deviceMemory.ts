import { invariant } from '../kernel/invariant.js';
import {
  type HeapObject,
  isHeapObject,
  LENGTH,
  type MemoryValue,
  RoutineName,
} from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';

/** In a structure that is laid out: an object that is in memory already. */
export class Reference {
  constructor(readonly object: HeapObject) {}
}

/** Plain data and references: what a structure is laid out from. */
export type Laid =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Reference
  | readonly Laid[]
  | LaidRecord;

export interface LaidRecord {
  readonly [key: string]: Laid;
}

/**
 * Lays a structure out in memory. Its nested records and arrays become objects of their own, named by the path to them, as in C.
 *
 * @returns the object that `name` names now
 */
export function layOut(
  name: string,
  structure: readonly Laid[] | LaidRecord,
  memory: Memory,
  state: HostState,
): HeapObject {
  const isArray = Array.isArray(structure);
  const object = memory.object(name, isArray);
  const value = (key: string, laid: Laid): MemoryValue => {
    if (laid instanceof Reference) return laid.object;
    return typeof laid === 'object' && laid !== null ? layOut(`${name}->${key}`, laid, memory, state) : laid;
  };
  const cells = new Map(Object.entries<Laid>({ ...structure }).map(([key, laid]) => [key, value(key, laid)]));
  if (isArray) cells.set(LENGTH, structure.length);
  state.set(object.slot, memory.intern(object, cells).id);
  return object;
}

/** The content of a structure as plain data; an object that `nameOf` names is given by that name. */
export function takeOut(
  value: MemoryValue,
  memory: Memory,
  state: StateReader,
  nameOf: (object: HeapObject) => string | undefined,
): unknown {
  if (value instanceof RoutineName) return value.name;
  if (!isHeapObject(value)) return value;
  const name = nameOf(value);
  if (name !== undefined) return name;
  const content = state.valueAt(value.slot);
  const cells = content === 0 ? new Map<string, MemoryValue>() : memory.content(content).cells;
  const entries = [...cells].map(([key, inner]) => [key, takeOut(inner, memory, state, nameOf)] as const);
  if (!value.isArray) return Object.fromEntries(entries);
  const items: unknown[] = [];
  for (const [key, inner] of entries) if (key !== LENGTH) items[Number(key)] = inner;
  return items;
}

/** The value of a cell; `undefined` when the object is gone. */
export function cellOf(object: HeapObject, key: string, memory: Memory, state: StateReader): MemoryValue {
  const content = state.valueAt(object.slot);
  return content === 0 ? undefined : memory.content(content).cells.get(key);
}

/** Narrows unknown data to a record. */
export function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A record of plain data, as something that can be laid out. */
export function laidRecord(data: object): LaidRecord {
  return Object.fromEntries(Object.entries<unknown>({ ...data }).map(([key, value]) => [key, asLaid(value)]));
}

/**
 * Plain data of a message, as something that can be laid out.
 *
 * @throws InvariantError for what no message of ours holds
 */
export function asLaid(data: unknown): Laid {
  if (Array.isArray(data)) return data.map(asLaid);
  if (isPlainRecord(data)) return laidRecord(data);
  switch (typeof data) {
    case 'undefined':
    case 'boolean':
    case 'number':
    case 'bigint':
    case 'string':
      return data;
    default:
      invariant(data === null, 'messages hold plain data');
      return null;
  }
}
