import { type HeapObject, isHeapObject, type MemoryValue, valueText } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { Answer } from '../routine/segment.js';
import type { StateReader } from '../runtime/probes.js';
import { cellOf } from './deviceMemory.js';
import { STREAM_HEADER_SIZE } from './irp.js';
import type { MinidriverParts } from './minidriverParts.js';
import { DMA_BUFFER_ADDRESS, type KSSCATTER_GATHER, PAGE_SIZE, scatterGather } from './physicalMemory.js';
import { extensionNumber } from './srbExtension.js';
import { srbId } from './srbNames.js';

type Parts = Pick<MinidriverParts, 'memory' | 'registration' | 'dmaBuffer'>;

/**
 * Answers StreamClassGetPhysicalAddress: the pages of a data request are locked down as long as the minidriver owns it, those of
 * extensions and of the DMA buffer for ever, so the call only translates (F-007, J65).
 *
 * @param asked what a function of the state says; it depends on nothing but its arguments, which `question` names
 */
export function physicalAddress(
  [, srb, virtual, type]: readonly MemoryValue[],
  { memory, registration, dmaBuffer }: Parts,
  asked: (question: string, look: (state: StateReader) => string) => MemoryValue,
): Answer {
  const { DmaBufferSize = 0, PerRequestExtensionSize = 0 } = registration;
  switch (type) {
    case 'DmaBuffer':
      return dmaBuffer && virtual === dmaBuffer
        ? { value: text({ PhysicalAddress: DMA_BUFFER_ADDRESS, Length: DmaBufferSize }) }
        : wrong('for what is not the DMA buffer: pass what StreamClassGetDmaBuffer gives (F-007)');
    case 'PerRequestExtension': {
      const number = isHeapObject(virtual) ? extensionNumber(virtual) : undefined;
      const isOwned = asked(`owner of ${valueText(virtual)}`, (state) =>
        memory.objects.some(
          (object) =>
            srbId(object) !== undefined && cellOf(object, 'SRBExtension', memory, state) === virtual,
        )
          ? 'minidriver'
          : '',
      );
      if (number === undefined || isOwned === '')
        return wrong('for what is no SRBExtension of a request (A-063, A-128)');
      const first = DMA_BUFFER_ADDRESS + pagesOf(DmaBufferSize);
      const PhysicalAddress = first + number * pagesOf(PerRequestExtensionSize);
      return { value: text({ PhysicalAddress, Length: PerRequestExtensionSize }) };
    }
    default: {
      if (type !== 'SRBDataBuffer' || !isHeapObject(srb) || virtual === dmaBuffer)
        return wrong('for what is no header of a request, and in no buffer of one');
      const what = isHeapObject(virtual) ? virtual.name : String(virtual);
      const piece = asked(`address of ${what} of ${srb.name}`, (state) => {
        const found = isHeapObject(virtual)
          ? headerPiece(virtual, memory, state)
          : bufferPiece(srb, Number(virtual), memory, state);
        return found ? text(found) : '';
      });
      return piece === ''
        ? wrong('for what is no header of a request, and in no buffer of one')
        : { value: piece };
    }
  }
}

function text({ PhysicalAddress, Length }: KSSCATTER_GATHER): string {
  return `${PhysicalAddress} ${Length}`;
}

/** Whole pages, so that nothing else lies beside it. */
function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE;
}

/** A header crosses no page. */
function headerPiece(header: HeapObject, memory: Memory, state: StateReader): KSSCATTER_GATHER | undefined {
  const address = cellOf(header, 'Address', memory, state);
  return typeof address === 'number' ? scatterGather(address, STREAM_HEADER_SIZE)[0] : undefined;
}

/** From an address in one of the buffers of a data request to the end of the page, or of the buffer. */
function bufferPiece(
  srb: HeapObject,
  address: number,
  memory: Memory,
  state: StateReader,
): KSSCATTER_GATHER | undefined {
  const data = cellOf(srb, 'CommandData', memory, state);
  const headers = isHeapObject(data) ? cellOf(data, 'DataBufferArray', memory, state) : undefined;
  const count = isHeapObject(headers) ? Number(cellOf(srb, 'NumberOfBuffers', memory, state)) : 0;
  for (let i = 0; i < count; i++) {
    const header = isHeapObject(headers) ? cellOf(headers, String(i), memory, state) : undefined;
    if (!isHeapObject(header)) continue;
    const start = Number(cellOf(header, 'Data', memory, state));
    const end = start + Number(cellOf(header, 'FrameExtent', memory, state));
    if (address >= start && address < end) return scatterGather(address, end - address)[0];
  }
  return undefined;
}

function wrong(what: string): Answer {
  return { error: new Error(`StreamClassGetPhysicalAddress was called ${what}`) };
}
