import { UsageError } from '../kernel/usageError.js';
import type { KSSCATTER_GATHER } from './physicalMemory.js';

/**
 * What actors emit so that bytes can follow them: the hardware the first three, the client the last. No event carries a payload;
 * whoever runs the system moves the bytes in the same step in which the event is emitted.
 */
export type FrameEvent =
  /** Frame `frame` of the source went into the FIFO. Frames are captured or dropped one after the other, from 0. */
  | { readonly type: 'FrameCaptured'; readonly frame: number }
  /** Frame `frame` of the source was there, and no room for it. */
  | { readonly type: 'FrameDropped'; readonly frame: number }
  /** A frame left the FIFO for memory: its bytes fill these elements in order. */
  | { readonly type: 'DmaTransfer'; readonly frame: number; readonly elements: readonly KSSCATTER_GATHER[] }
  /** A completed read: so many bytes are at this virtual address until the buffer is read into again. */
  | {
      readonly type: 'FrameDelivered';
      readonly address: number;
      readonly bytes: number;
      /** Begin of the frame in units of 100 ns since the first one. */
      readonly presentationTime: number;
    };

/**
 * The frame event in an emitted event; `undefined` when it is some other event.
 *
 * @throws UsageError when it has the type of a frame event and not its fields
 */
export function frameEventIn(event: { readonly type: string }): FrameEvent | undefined {
  const fields: Readonly<Record<string, unknown>> = event;
  const { frame, elements, address, bytes, presentationTime } = fields;
  switch (event.type) {
    case 'FrameCaptured':
    case 'FrameDropped':
      return isCount(frame) ? { type: event.type, frame } : refuse(event, '{ frame }');
    case 'DmaTransfer':
      return isCount(frame) && Array.isArray(elements) && elements.every(isElement)
        ? { type: event.type, frame, elements }
        : refuse(event, '{ frame, elements: [{ PhysicalAddress, Length }] }');
    case 'FrameDelivered':
      return isCount(address) && isCount(bytes) && isCount(presentationTime)
        ? { type: event.type, address, bytes, presentationTime }
        : refuse(event, '{ address, bytes, presentationTime }');
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
