import { type HeapObject, isHeapObject, type MemoryValue } from '../routine/heapObject.js';
import type { Answer } from '../routine/segment.js';
import { STREAM_HEADER_SIZE } from './irp.js';
import { scatterGather } from './physicalMemory.js';

/**
 * Answers StreamClassGetPhysicalAddress for the header of a data request: its pages are locked down as long as the minidriver owns
 * the request, so the call only translates (F-007, J65).
 *
 * @param addressOf the cell `Address` of an object
 */
export function physicalAddress(
  [, , header, type]: readonly MemoryValue[],
  addressOf: (header: HeapObject) => MemoryValue,
): Answer {
  const address = isHeapObject(header) ? addressOf(header) : undefined;
  const [piece] = typeof address === 'number' ? scatterGather(address, STREAM_HEADER_SIZE) : [];
  return piece && type === 'SRBDataBuffer'
    ? { value: piece.PhysicalAddress }
    : { error: new Error('StreamClassGetPhysicalAddress was called for what is no header of a request') };
}
