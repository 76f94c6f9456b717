/** An object of a memory: a name and a slot. What is in it is the content of the slot. */
export interface HeapObject {
  readonly index: number;
  /** `memory` for the root, its path for what memory begins with (`memory.k[0]`), `<thread>#<n>` for what a thread allocated. */
  readonly name: string;
  readonly slot: number;
  readonly isArray: boolean;
}

/** A function that memory knows by name: the one kind of code that may be stored. */
export class RoutineName {
  constructor(readonly name: string) {}
}

/** What a cell can hold. */
export type MemoryValue = undefined | null | boolean | number | bigint | string | HeapObject | RoutineName;

export function isHeapObject(value: MemoryValue): value is HeapObject {
  return typeof value === 'object' && value !== null && !(value instanceof RoutineName);
}

/** What a cell holds now: `present` tells a missing key from one that holds `undefined`. */
export interface Cell {
  readonly present: boolean;
  readonly value: MemoryValue;
}

/** The key of an array's length among its cells. */
export const LENGTH = 'length';

/** Whether a key is one of an array's cells: an index or its length. Everything is a cell of a record. */
export function isCellOf({ isArray }: { readonly isArray: boolean }, key: string): boolean {
  return !isArray || isIndex(key) || key === LENGTH;
}

export function isIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

/** The name of a cell as people write it, and different for different cells: `memory.x`, `memory["a b"]`, `memory.k[0]`. */
export function cellName({ name, isArray }: Pick<HeapObject, 'name' | 'isArray'>, key: string): string {
  if (isArray && isIndex(key)) return `${name}[${key}]`;
  return IDENTIFIER.test(key) ? `${name}.${key}` : `${name}[${JSON.stringify(key)}]`;
}

/** The name of the cell that stands for which keys an object has. */
export function keysName({ name }: HeapObject): string {
  return `${name}.*`;
}

/** The name of the cell that stands for whether an object is still held; objects that bear the same name by turns share one. */
export function holdName({ name }: HeapObject): string {
  return `${name.replace(/#\d+$/, '#')} is held`;
}

/** Canonical text of a value; objects by name. */
export function valueText(value: MemoryValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      if (value === null) return 'null';
      if (value instanceof RoutineName) return `*${value.name}`;
      return `&${value.name}${value.isArray ? '[]' : ''}`;
    default:
      return String(value);
  }
}

/** Canonical text of an object's cells. */
export function contentText(cells: ReadonlyMap<string, MemoryValue>): string {
  return [...cells].map(([key, value]) => `${JSON.stringify(key)}:${valueText(value)}`).join(',');
}

export function objectsIn(...values: readonly MemoryValue[]): readonly HeapObject[] {
  return values.filter(isHeapObject);
}
