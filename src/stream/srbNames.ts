import type { HeapObject } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { StateReader } from '../runtime/probes.js';

const SRB = 'srb ';
const STREAM = 'stream ';

/** Behind the id in the name of an SRB while others of that id are remembered. */
const AGAIN = '~';

/** The object of device memory that an SRB is while the minidriver owns it; its name holds the SRB's id. */
export function srbName(id: string): string {
  return `${SRB}${id}`;
}

/** The SRB of an id that the minidriver owns; `undefined` when it owns none. */
export function ownedSrb(id: string, memory: Memory, state: StateReader): HeapObject | undefined {
  return memory.objects.find((object) => srbId(object) === id && state.valueAt(object.slot) !== 0);
}

/** A name for an SRB that no callback remembers: what it remembers is an SRB that was, of an IRP of the same name (D-045, D-057). */
export function unrememberedName(id: string, remembered: readonly HeapObject[]): string {
  for (let k = 0; ; k++) {
    const name = k === 0 ? srbName(id) : `${srbName(id)}${AGAIN}${k}`;
    const isOf = (object: HeapObject): boolean => object.name === name || object.name.startsWith(`${name}->`);
    if (!remembered.some(isOf)) return name;
  }
}

/** The object of device memory that an open stream is; its name holds the pin's file object. */
export function streamName(fileObject: string): string {
  return `${STREAM}${fileObject}`;
}

/** The id of the SRB that an object is; `undefined` for any other object. */
export function srbId(object: HeapObject): string | undefined {
  if (!object.name.startsWith(SRB) || object.name.includes('->')) return undefined;
  const [id] = object.name.slice(SRB.length).split(AGAIN);
  return id;
}

/** The file object of the stream that an object is; `undefined` for any other object. */
export function streamFileObject(object: HeapObject): string | undefined {
  return object.name.startsWith(STREAM) && !object.name.includes('->')
    ? object.name.slice(STREAM.length)
    : undefined;
}

/** Whether the class driver keeps an object alive while it is there: SRBs until they are completed, streams until they are closed. */
export function isOwnedByClass(object: HeapObject): boolean {
  return srbId(object) !== undefined || streamFileObject(object) !== undefined;
}
