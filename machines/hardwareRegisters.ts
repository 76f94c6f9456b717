import type { HardwareMessage, KSSCATTER_GATHER, Ratio, WriteRegister } from 'interlace/streaming';

/** Bits of CONTROL. RESET clears itself. */
export const CONTROL_RUN = 0x1;
export const CONTROL_INTERRUPT_ENABLE = 0x2;
export const CONTROL_RESET = 0x4;
/** Bit of STATUS: a transfer has finished. Writing 1 clears it. */
export const STATUS_FRAME_DONE = 0x1;

/** What the minidriver can read. */
export interface HardwareRegisters {
  readonly CONTROL: number;
  readonly STATUS: number;
  /** address, length, address, length, … of the next transfer. Writing arms the engine for one frame, unless it is transferring. */
  readonly DMA_DESCRIPTORS: readonly number[];
  /** Of the last finished transfer. */
  readonly FRAME_NUMBER: number;
  readonly FRAME_BYTES: number;
  /** Frames that found the FIFO full since the last RESET. */
  readonly DROP_COUNT: number;
}

export interface HardwareInput {
  /** How many frames the sensor will see. */
  readonly frames: number;
  readonly frameRate: Ratio;
  /** Frames that fit into the FIFO; one that is being transferred has left it. At least 1. */
  readonly fifoDepth: number;
  /** How long a transfer takes. */
  readonly dmaMs: number;
  /** Bytes of a frame; a transfer ends there. Default: a transfer fills its descriptors. */
  readonly frameBytes?: number;
  /** The transfer of this frame never ends: the engine hangs until RESET. */
  readonly hangsAtFrame?: number;
}

/** What the device remembers. */
export interface Hardware extends HardwareInput {
  readonly registers: HardwareRegisters;
  /** The number of the frame that the sensor sees next. */
  readonly nextFrame: number;
  readonly fifo: readonly number[];
  /** The frame that is being transferred. */
  readonly transferring: number | undefined;
}

/** After RESET, and at first. */
export const resetRegisters: HardwareRegisters = {
  CONTROL: 0,
  STATUS: 0,
  DMA_DESCRIPTORS: [],
  FRAME_NUMBER: 0,
  FRAME_BYTES: 0,
  DROP_COUNT: 0,
};

/** What a bus cycle brings when nobody answers. */
const ALL_ONES = 0xffffffff;

/** Without power, and when the device is gone (M-113). */
export const deadRegisters: HardwareRegisters = {
  CONTROL: ALL_ONES,
  STATUS: ALL_ONES,
  DMA_DESCRIPTORS: [],
  FRAME_NUMBER: ALL_ONES,
  FRAME_BYTES: ALL_ONES,
  DROP_COUNT: ALL_ONES,
};

/** The pieces of memory that a list of descriptors names. */
export function elementsOf(descriptors: readonly number[]): KSSCATTER_GATHER[] {
  const elements: KSSCATTER_GATHER[] = [];
  for (let i = 0; i + 1 < descriptors.length; i += 2) {
    elements.push({ PhysicalAddress: descriptors[i] ?? 0, Length: descriptors[i + 1] ?? 0 });
  }
  return elements;
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
