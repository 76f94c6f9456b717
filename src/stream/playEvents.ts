import { UsageError } from '../kernel/usageError.js';
import type { KSSCATTER_GATHER } from './physicalMemory.js';

/**
 * What actors emit on the way of frames *to* a device: the client the first, the decoder the others. Like frame events they carry
 * no payload; samples of a stream are numbered from 0 in the order in which the decoder fetches them.
 */
export type PlayEvent =
  /** The client has put the next frame of the clip into its buffer, at a virtual address. */
  | {
      readonly type: 'FrameWritten';
      readonly stream: string;
      readonly frame: number;
      readonly address: number;
    }
  /** The DMA engine has read a sample out of memory, element by element. */
  | {
      readonly type: 'SampleFetched';
      readonly stream: string;
      readonly sample: number;
      readonly elements: readonly KSSCATTER_GATHER[];
    }
  /** The decoder shows, or sounds, a sample. */
  | { readonly type: 'SamplePresented'; readonly stream: string; readonly sample: number }
  /** It was time for a sample, and none was there. */
  | { readonly type: 'SampleMissing'; readonly stream: string };

const shapes: Readonly<Record<PlayEvent['type'], string>> = {
  FrameWritten: '{ stream, frame, address }',
  SampleFetched: '{ stream, sample, elements: [{ PhysicalAddress, Length }] }',
  SamplePresented: '{ stream, sample }',
  SampleMissing: '{ stream }',
};

/**
 * The play event in an emitted event; `undefined` when it is some other event.
 *
 * @throws UsageError when it has the type of a play event and not its fields
 */
export function playEventIn(event: { readonly type: string }): PlayEvent | undefined {
  const fields: Readonly<Record<string, unknown>> = event;
  const { stream, frame, sample, address, elements } = fields;
  switch (event.type) {
    case 'FrameWritten':
      if (typeof stream === 'string' && isCount(frame) && isCount(address))
        return { type: event.type, stream, frame, address };
      return refuse(event, event.type);
    case 'SampleFetched':
      if (
        typeof stream === 'string' &&
        isCount(sample) &&
        Array.isArray(elements) &&
        elements.every(isElement)
      )
        return { type: event.type, stream, sample, elements };
      return refuse(event, event.type);
    case 'SamplePresented':
      if (typeof stream === 'string' && isCount(sample)) return { type: event.type, stream, sample };
      return refuse(event, event.type);
    case 'SampleMissing':
      if (typeof stream === 'string') return { type: event.type, stream };
      return refuse(event, event.type);
    default:
      return undefined;
  }
}

function isElement(value: unknown): value is KSSCATTER_GATHER {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'PhysicalAddress' in value && isCount(value.PhysicalAddress) && 'Length' in value && isCount(value.Length)
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function refuse(event: { readonly type: string }, type: PlayEvent['type']): never {
  throw new UsageError(
    `an actor emitted ${JSON.stringify(event)?.slice(0, 120)}`,
    `a ${type} has the fields ${shapes[type]}, whole numbers from 0`,
  );
}
