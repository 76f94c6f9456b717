import type { HeapObject } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostState } from '../runtime/host.js';
import { layOut, Reference } from './deviceMemory.js';

const PREFIX = 'SRBExtension ';

/**
 * Gives a request its extension: PerRequestExtensionSize bytes that are nobody else's until it is completed. Its number
 * says where it lies: the smallest that is free.
 *
 * @returns `null` when the minidriver has registered no size
 */
export function layExtension(size: number, memory: Memory, state: HostState): Reference | null {
  if (size === 0) return null;
  let number = 0;
  while (state.valueAt(memory.object(`${PREFIX}${number}`, false).slot) !== 0) number++;
  return new Reference(layOut(`${PREFIX}${number}`, {}, memory, state));
}

/** The number of the extension that an object is; `undefined` for any other object. */
export function extensionNumber({ name }: HeapObject): number | undefined {
  return name.startsWith(PREFIX) && !name.includes('->') ? Number(name.slice(PREFIX.length)) : undefined;
}
