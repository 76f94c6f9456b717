import { cellName, type HeapObject, type MemoryValue, objectsIn, valueText } from './heapObject.js';
import type { CellWrite } from './memory.js';

/** One thing in a thread's past. Together they let it be rebuilt: a generator is a function of what it was given. */
export type LogEntry =
  /** A cell was read; `present` tells a missing key from one that holds `undefined`. */
  | {
      readonly kind: 'read';
      readonly object: HeapObject;
      readonly key: string;
      readonly value: MemoryValue;
      readonly present: boolean;
    }
  /** The keys of an object were listed. */
  | { readonly kind: 'keys'; readonly object: HeapObject; readonly keys: readonly string[] }
  | { readonly kind: 'write'; readonly write: CellWrite }
  | { readonly kind: 'allocate'; readonly object: HeapObject; readonly text: string }
  /** A point was passed, with this answer. */
  | { readonly kind: 'operation'; readonly text: string; readonly answer: MemoryValue };

/** Canonical text of an entry; equal texts, equal pasts. */
export function entryText(entry: LogEntry): string {
  switch (entry.kind) {
    case 'read':
      return `r ${cellName(entry.object, entry.key)}${entry.present ? `=${valueText(entry.value)}` : ' missing'}`;
    case 'keys':
      return `k ${entry.object.name} ${JSON.stringify(entry.keys)}`;
    case 'write':
      return `w ${writeText(entry.write)}`;
    case 'allocate':
      return `a ${entry.object.name} ${entry.text}`;
    case 'operation':
      return `o ${entry.text} -> ${valueText(entry.answer)}`;
  }
}

/** What an entry asked or did, without the answer: what a re-execution must do again. */
export function requestText(entry: LogEntry): string {
  switch (entry.kind) {
    case 'read':
      return readText(entry.object, entry.key);
    case 'keys':
      return keysText(entry.object);
    case 'write':
      return `writes ${writeText(entry.write)}`;
    case 'allocate':
      return allocateText(entry.object);
    case 'operation':
      return pointText(entry.text);
  }
}

export function readText(object: HeapObject, key: string): string {
  return `reads ${cellName(object, key)}`;
}

export function keysText(object: HeapObject): string {
  return `lists the keys of ${object.name}`;
}

export function allocateText({ isArray }: { readonly isArray: boolean }): string {
  return isArray ? 'makes an array' : 'makes an object';
}

/** @param operation e.g. `acquire m` */
export function pointText(operation: string): string {
  return `comes to the point '${operation}'`;
}

function writeText({ object, key, value, deleted }: CellWrite): string {
  return deleted ? `${cellName(object, key)} deleted` : `${cellName(object, key)}=${valueText(value)}`;
}

/** The objects that an entry mentions: as long as a thread remembers them they are not forgotten. */
export function entryObjects(entry: LogEntry): readonly HeapObject[] {
  switch (entry.kind) {
    case 'read':
      return objectsIn(entry.object, entry.value);
    case 'keys':
    case 'allocate':
      return [entry.object];
    case 'write':
      return objectsIn(entry.write.object, entry.write.value);
    case 'operation':
      return objectsIn(entry.answer);
  }
}
