/** What the class driver does with the buffers of data requests (F-002, F-006), for those who watch. */
import type { IrpId } from './irp.js';
import type { BufferAccess, DataSrb } from './srb.js';

/** The pages of a request's buffer stay where they are from `BuffersLocked` to `BuffersUnlocked`: while the minidriver owns it. */
export interface BufferEmission {
  readonly type: 'BuffersLocked' | 'BuffersUnlocked';
  readonly irp: IrpId;
  /** Virtual address. */
  readonly address: number;
  readonly bytes: number;
  /** Caches and adapter buffers that are flushed with it (F-006). */
  readonly flushes: readonly ('KeFlushIoBuffers' | 'FlushAdapterBuffers')[];
}

function emission(
  type: BufferEmission['type'],
  srb: DataSrb,
  flushes: BufferEmission['flushes'],
): BufferEmission {
  const address = srb.DataBufferArray[0]?.Data ?? 0;
  return { type, irp: srb.id, address, bytes: srb.NumberOfBytesToTransfer, flushes };
}

/** Before the minidriver gets a request: what the processor has in its cache must be in memory when a DMA starts. */
export function buffersLocked(srb: DataSrb, { Dma }: BufferAccess): BufferEmission {
  return emission('BuffersLocked', srb, Dma ? ['KeFlushIoBuffers'] : []);
}

/** When the minidriver has given it back: what the adapter still holds goes to memory, as does what PIO has read. */
export function buffersUnlocked(srb: DataSrb, { Dma, Pio }: BufferAccess): BufferEmission {
  const isPioRead = Pio && srb.Command === 'SRB_READ_DATA';
  return emission('BuffersUnlocked', srb, [
    ...(Dma ? (['FlushAdapterBuffers'] as const) : []),
    ...(isPioRead ? (['KeFlushIoBuffers'] as const) : []),
  ]);
}
