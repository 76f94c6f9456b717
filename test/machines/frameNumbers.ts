import type { TraceStep } from 'interlace';
import { PRESENTATION_TIME_OFFSET, scatterGather } from 'interlace/stream-class';

/** Of 25 frames a second, in units of 100 ns. */
const PERIOD = 400_000;

/** An emitted event; one about a frame says which one. */
export type NumberedEmission = Readonly<Record<string, unknown>>;

/**
 * What was emitted in a run of 25 frames a second, in order. Actors do not number frames: the first that is captured or dropped
 * is 0, a transfer moves the frame in its slot, and a delivery is of the frame whose time was written to the header last.
 */
export function numberedEmissions(steps: readonly TraceStep[]): NumberedEmission[] {
  let next = 0;
  const inSlot = new Map<unknown, number | undefined>();
  const byTimeAddress = new Map<unknown, number | undefined>();
  const frameOf = (event: NumberedEmission): number | undefined => {
    const { slot, timeAddress, presentationTime, header } = event;
    switch (event['type']) {
      case 'FrameCaptured':
        inSlot.set(slot, next);
        return next++;
      case 'FrameDropped':
        return next++;
      case 'DmaTransfer':
        byTimeAddress.set(timeAddress, inSlot.get(slot));
        return inSlot.get(slot);
      case 'FrameDelivered':
        return typeof presentationTime === 'number'
          ? presentationTime / PERIOD
          : byTimeAddress.get(timeAddressOf(Number(header)));
      default:
        return undefined;
    }
  };
  return steps
    .flatMap(({ emitted }) => emitted)
    .map((event) => {
      const frame = frameOf({ ...event });
      return frame === undefined ? { ...event } : { ...event, frame };
    });
}

/** Where a device writes the time of a frame, for a header at a virtual address. */
export function timeAddressOf(header: number): number {
  return scatterGather(header + PRESENTATION_TIME_OFFSET, 8)[0]?.PhysicalAddress ?? 0;
}
