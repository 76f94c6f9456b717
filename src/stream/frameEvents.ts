import { UsageError } from '../kernel/usageError.js';
import type { KSSCATTER_GATHER } from './physicalMemory.js';

/** What a capture device emits so that bytes can follow its frames. */
export type HardwareFrameEvent =
  /** The next frame of the source went into a slot of the FIFO. */
  | { readonly type: 'FrameCaptured'; readonly slot: number }
  /** The next frame of the source was there, and no room for it. */
  | { readonly type: 'FrameDropped' }
  /** The frame in a slot left the FIFO for memory: its bytes fill these elements in order, its time goes to `timeAddress`. */
  | {
      readonly type: 'DmaTransfer';
      readonly slot: number;
      readonly timeAddress: number;
      readonly elements: readonly KSSCATTER_GATHER[];
    };

/**
 * What actors emit so that bytes can follow them: a capture device, and the client. No event carries a payload; whoever runs the
 * system moves the bytes in the same step in which the event is emitted.
 */
export type FrameEvent =
  | HardwareFrameEvent
  /** A completed read: so many bytes are at this virtual address until the buffer is read into again. */
  | {
      readonly type: 'FrameDelivered';
      readonly address: number;
      readonly bytes: number;
      /** Begin of the frame in units of 100 ns since the first one. */
      readonly presentationTime: number;
    }
  /** The same, when a device has written the time: it lies in memory, in the header at this virtual address. */
  | {
      readonly type: 'FrameDelivered';
      readonly address: number;
      readonly bytes: number;
      readonly presentationTime: null;
      readonly header: number;
    };

/**
 * The frame event in an emitted event; `undefined` when it is some other event.
 *
 * @throws UsageError when it has the type of a frame event and not its fields
 */
export function frameEventIn(event: { readonly type: string }): FrameEvent | undefined {
  const fields: Readonly<Record<string, unknown>> = event;
  const { slot, timeAddress, elements, address, bytes, presentationTime, header } = fields;
  switch (event.type) {
    case 'FrameCaptured':
      return isCount(slot) ? { type: event.type, slot } : refuse(event, '{ slot }');
    case 'FrameDropped':
      return { type: event.type };
    case 'DmaTransfer':
      return isCount(slot) && isCount(timeAddress) && Array.isArray(elements) && elements.every(isElement)
        ? { type: event.type, slot, timeAddress, elements }
        : refuse(event, '{ slot, timeAddress, elements: [{ PhysicalAddress, Length }] }');
    case 'FrameDelivered':
      if (isCount(address) && isCount(bytes)) {
        if (isCount(presentationTime)) return { type: event.type, address, bytes, presentationTime };
        if (presentationTime === null && isCount(header))
          return { type: event.type, address, bytes, presentationTime, header };
      }
      return refuse(event, '{ address, bytes, presentationTime }, or null for the time and { header }');
    default:
      return undefined;
  }
}

function isElement(value: unknown): value is KSSCATTER_GATHER {
  if (typeof value !== 'object' || value === null) return false;
  return (
    'PhysicalAddress' in value &&
    isCount(value.PhysicalAddress) &&
    'Length' in value &&
    isCount(value.Length) &&
    Number.isSafeInteger(value.PhysicalAddress + value.Length)
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function refuse(event: { readonly type: string }, shape: string): never {
  throw new UsageError(
    `an actor emitted ${JSON.stringify(event)?.slice(0, 120)}`,
    `a ${event.type} has the fields ${shape}, whole numbers from 0`,
  );
}
