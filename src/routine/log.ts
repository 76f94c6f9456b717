import { type CellWrite, type HeapObject, type MemoryValue, valueText } from './memory.js';

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
      return `r ${entry.object.name}.${entry.key}${entry.present ? `=${valueText(entry.value)}` : ' missing'}`;
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
      return `reads ${entry.object.name}.${entry.key}`;
    case 'keys':
      return `lists the keys of ${entry.object.name}`;
    case 'write':
      return `writes ${writeText(entry.write)}`;
    case 'allocate':
      return `allocates ${entry.text}`;
    case 'operation':
      return entry.text;
  }
}

function writeText({ object, key, value, deleted }: CellWrite): string {
  return `${object.name}.${key}${deleted ? ' deleted' : `=${valueText(value)}`}`;
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

export function objectsIn(...values: readonly MemoryValue[]): readonly HeapObject[] {
  return values.filter((value): value is HeapObject => typeof value === 'object' && value !== null);
}
