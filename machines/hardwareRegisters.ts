import {
  frameTimeMs,
  type HardwareMessage,
  type KSSCATTER_GATHER,
  type Ratio,
  type WriteRegister,
} from 'interlace/streaming';

/** Bits of CONTROL. RESET clears itself. */
export const CONTROL_RUN = 0x1;
export const CONTROL_INTERRUPT_ENABLE = 0x2;
export const CONTROL_RESET = 0x4;
/** Bit of STATUS: a transfer has finished. Writing 1 clears it. */
export const STATUS_FRAME_DONE = 0x1;
/** Bit of STATUS: frames were lost just before the one that was transferred last. It tells the truth until the next transfer. */
export const STATUS_AFTER_GAP = 0x2;

/** What the minidriver can read. */
export interface HardwareRegisters {
  readonly CONTROL: number;
  readonly STATUS: number;
  /**
   * Of the next transfer: where to the frame's time goes (64 bits, units of 100 ns, little-endian), and then address, length,
   * address, length, … of its bytes. Writing arms the engine for one frame, unless it is transferring.
   */
  readonly DMA_DESCRIPTORS: readonly number[];
  /** Of the last finished transfer. */
  readonly FRAME_BYTES: number;
}

export interface HardwareInput {
  /** How many frames the sensor will see. With more than {@link PICTURES_AHEAD} of them there must be a scene that counts the rest. */
  readonly frames: number;
  readonly frameRate: Ratio;
  /** Frames that fit into the FIFO; one that is being transferred has left it. At least 1. */
  readonly fifoDepth: number;
  /** How long a transfer takes. */
  readonly dmaMs: number;
  /** Bytes of a frame; a transfer ends there. Default: a transfer fills its descriptors. */
  readonly frameBytes?: number;
  /** So many transfers end, and the next one does not: the engine hangs until RESET. */
  readonly transfersUntilHang?: number;
}

/** So many pictures the sensor knows of at most; it asks the scene for more when half of them are left. */
export const PICTURES_AHEAD = 16;

/** Whether the sensor has to ask for pictures that it does not know of at first. */
export function needsScene({ frames }: Pick<HardwareInput, 'frames'>): boolean {
  return frames > PICTURES_AHEAD;
}

/** A frame in the FIFO. */
export interface CapturedFrame {
  /** Which piece of the device's memory holds it. */
  readonly slot: number;
  /** Whether frames were lost just before it. */
  readonly isAfterGap: boolean;
}

/** What the device remembers. */
export interface Hardware extends Omit<HardwareInput, 'frames' | 'transfersUntilHang'> {
  readonly transfersUntilHang?: number | undefined;
  readonly registers: HardwareRegisters;
  /** Pictures to see that the sensor knows of, and whether these are the last ones. */
  readonly picturesLeft: number;
  readonly areLast: boolean;
  /** How far the frames are in the pattern of their times, see `framePattern`. */
  readonly phase: number;
  readonly fifo: readonly CapturedFrame[];
  /** The frame that is being transferred. */
  readonly transferring: CapturedFrame | undefined;
  /** Whether the last frame was lost. */
  readonly hasLostFrame: boolean;
}

/** After RESET, and at first. */
export const resetRegisters: HardwareRegisters = {
  CONTROL: 0,
  STATUS: 0,
  DMA_DESCRIPTORS: [],
  FRAME_BYTES: 0,
};

/** What a bus cycle brings when nobody answers. */
const ALL_ONES = 0xffffffff;

/** Without power, and when the device is gone (M-113). */
export const deadRegisters: HardwareRegisters = {
  CONTROL: ALL_ONES,
  STATUS: ALL_ONES,
  DMA_DESCRIPTORS: [],
  FRAME_BYTES: ALL_ONES,
};

/** The pieces of memory for a frame's bytes that a list of descriptors names. */
export function elementsOf(descriptors: readonly number[]): KSSCATTER_GATHER[] {
  const elements: KSSCATTER_GATHER[] = [];
  for (let i = 1; i + 1 < descriptors.length; i += 2) {
    elements.push({ PhysicalAddress: descriptors[i] ?? 0, Length: descriptors[i + 1] ?? 0 });
  }
  return elements;
}

/** How long after the frame before it a frame is complete, in milliseconds. */
export function framePeriodMs({ frameRate, phase }: Pick<Hardware, 'frameRate' | 'phase'>): number {
  return frameTimeMs(frameRate, phase + 1) - frameTimeMs(frameRate, phase);
}

/** The FIFO's memory that a frame may go to: the first that is free. */
export function freeFifoSlot(fifo: readonly CapturedFrame[]): number {
  let slot = 0;
  while (fifo.some((frame) => frame.slot === slot)) slot++;
  return slot;
}

/** What the device takes, and what its engine tells its line. */
export type HardwareEvent = HardwareMessage | { readonly type: 'TransferDone' };

export function isWrite(event: HardwareEvent): event is WriteRegister {
  return event.type === 'WriteRegister';
}

/** What a write puts into CONTROL; `undefined` when it goes elsewhere. */
export function controlOf(event: HardwareEvent): number | undefined {
  return isWrite(event) && event.register === 'CONTROL' && typeof event.value === 'number'
    ? event.value
    : undefined;
}

/** What a write puts into DMA_DESCRIPTORS; `undefined` when it goes elsewhere. */
export function descriptorsOf(event: HardwareEvent): readonly number[] | undefined {
  return isWrite(event) && event.register === 'DMA_DESCRIPTORS' && typeof event.value === 'object'
    ? event.value
    : undefined;
}

export function resets(event: HardwareEvent): boolean {
  return ((controlOf(event) ?? 0) & CONTROL_RESET) !== 0;
}

export function enablesInterrupt(control: number): boolean {
  return (control & CONTROL_INTERRUPT_ENABLE) !== 0;
}

export function isFrameDone(status: number): boolean {
  return (status & STATUS_FRAME_DONE) !== 0;
}
