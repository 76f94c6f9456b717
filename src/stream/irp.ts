import type { NTSTATUS } from './ntStatus.js';

/** `<owner>.irp<slot>`: the requester's name and the smallest slot of its own that is free. */
export type IrpId = `${string}.irp${number}`;

/** The name of a filter instance or of an open stream, such as `pin:0`; of a stream it is also the system id of its actor. */
export type FileObject = `filter:${number}` | `pin:${number}`;

/** The name of a master clock, which a client creates below a pin: of `pin:0` it is `clock:0`. */
export type ClockObject = `clock:${number}`;

/** The answer to every IRP, to its owner, exactly once. */
export interface IoCompleteRequest {
  readonly type: 'IoCompleteRequest';
  readonly irp: IrpId;
  readonly Status: NTSTATUS;
  /** Bytes transferred; 0 for errors. */
  readonly Information: number;
  /** Of a successful IRP_MJ_CREATE. */
  readonly FileObject?: FileObject;
  /** Of a clock that was created. */
  readonly ClockObject?: ClockObject;
  /** Of a read: the header as the minidriver left it (F-009). */
  readonly StreamHeader?: KSSTREAM_HEADER;
  /** Of a request that asks: what the client's buffer holds now, a list (G-036) or a record. Plain data. */
  readonly Output?: object;
}

/** What a minidriver may look at of an IRP that the class driver does not understand. */
export interface IRP {
  readonly MajorFunction: 'IRP_MJ_DEVICE_CONTROL' | 'IRP_MJ_READ' | 'IRP_MJ_WRITE';
  readonly Parameters: {
    readonly IoControlCode?: number;
    readonly InputBufferLength: number;
    readonly OutputBufferLength: number;
  };
}

/** sizeof(KSSTREAM_HEADER) without an extension. */
export const STREAM_HEADER_SIZE = 48;

/** Where in a KSSTREAM_HEADER the PresentationTime lies. */
export const PRESENTATION_TIME_OFFSET = 8;

/** One buffer of a read; what the class driver does not look at is left out. */
export interface KSSTREAM_HEADER {
  /** Bytes of the header as the client says. Default {@link STREAM_HEADER_SIZE}. */
  readonly Size?: number;
  /** Virtual address of this header, what `&header` is in C; absent where nobody asks for it. */
  readonly Address?: number;
  /** Virtual address of the buffer. */
  readonly Data: number;
  /** Capacity, bytes. */
  readonly FrameExtent: number;
  /** Valid bytes. */
  readonly DataUsed: number;
  /**
   * 100 ns; means something only with the option TIMEVALID (F-010). `null`: what lies in memory, {@link PRESENTATION_TIME_OFFSET}
   * behind `Address`, counts, for no processor has written it.
   */
  readonly PresentationTime: number | null;
  /** What the time is to be multiplied by. Default 1/1. */
  readonly TimeScale?: { readonly Numerator: number; readonly Denominator: number };
  /** Names of A-121, such as `DATADISCONTINUITY`. */
  readonly OptionsFlags: readonly string[];
}

/** The answer to an IRP that moves no bytes. */
export function completionOf(irp: IrpId, Status: NTSTATUS): IoCompleteRequest {
  return { type: 'IoCompleteRequest', irp, Status, Information: 0 };
}

/** Whom to answer. */
export function irpOwner(irp: IrpId): string {
  return irp.slice(0, irp.lastIndexOf('.'));
}

/** The slot of an IRP with its owner. */
export function irpSlot(irp: IrpId): number {
  return Number(irp.slice(irp.lastIndexOf('.irp') + '.irp'.length));
}

/**
 * The smallest number that no name of the form `<prefix><number>` in the list bears. Names are reused, so that two runs that
 * differ only in what is over come to the same state.
 */
export function freeSlot(names: readonly string[], prefix: string): number {
  let slot = 0;
  while (names.includes(`${prefix}${slot}`)) slot++;
  return slot;
}
