import type { FileObject, IrpId } from './irp.js';

/** Bits of an SRB's `Flags`. */
export const SRB_HW_FLAGS_DATA_TRANSFER = 0x1;
export const SRB_HW_FLAGS_STREAM_REQUEST = 0x2;

/** The `Flags` of each kind: device = 0, control = 2, data = 3. */
export const srbFlags = {
  device: 0,
  control: SRB_HW_FLAGS_STREAM_REQUEST,
  data: SRB_HW_FLAGS_STREAM_REQUEST | SRB_HW_FLAGS_DATA_TRANSFER,
} as const;

/** What every SRB has. */
interface SrbHeader {
  /** The id of the IRP behind it, or `classDriver.srb<slot>` when no client's IRP is. */
  readonly id: string;
  /** Seconds that the minidriver has before the watchdog calls it (D-051). */
  readonly TimeoutOriginal: number;
}

export interface DeviceSrbHeader extends SrbHeader {
  readonly Flags: typeof srbFlags.device;
}

/** A request of a stream always has an IRP behind it. */
export interface StreamSrbHeader extends SrbHeader {
  readonly id: IrpId;
  readonly StreamObject: FileObject;
  readonly StreamNumber: number;
}
