import { type HeapObject, isHeapObject, type MemoryValue } from '../routine/heapObject.js';
import type { Answer } from '../routine/segment.js';
import { STREAM_HEADER_SIZE } from './irp.js';
import { DMA_BUFFER_ADDRESS, scatterGather } from './physicalMemory.js';

/**
 * Answers StreamClassGetPhysicalAddress: the pages of a data request's header are locked down as long as the minidriver owns the
 * request, and those of the DMA buffer for ever, so the call only translates (F-007, J65).
 *
 * @param dmaBuffer the one of the device, if there is one
 * @param addressOf the cell `Address` of an object
 */
export function physicalAddress(
  [, , virtual, type]: readonly MemoryValue[],
  dmaBuffer: HeapObject | null,
  addressOf: (header: HeapObject) => MemoryValue,
): Answer {
  if (type === 'DmaBuffer') {
    return dmaBuffer && virtual === dmaBuffer
      ? { value: DMA_BUFFER_ADDRESS }
      : wrong('for what is not the DMA buffer: pass what StreamClassGetDmaBuffer gives (F-007)');
  }
  const address = isHeapObject(virtual) && virtual !== dmaBuffer ? addressOf(virtual) : undefined;
  const [piece] = typeof address === 'number' ? scatterGather(address, STREAM_HEADER_SIZE) : [];
  return piece && type === 'SRBDataBuffer'
    ? { value: piece.PhysicalAddress }
    : wrong('for what is no header of a request');
}

function wrong(what: string): Answer {
  return { error: new Error(`StreamClassGetPhysicalAddress was called ${what}`) };
}
