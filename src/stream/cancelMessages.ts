import type { DeviceIoctlSrb } from './ioctlSrb.js';
import type { FileObject, IrpId } from './irp.js';
import type { ControlSrb, DataSrb } from './srb.js';

/** M-016: the owner of an IRP wants it no more. The IRP is completed all the same, exactly once. */
export interface CancelIrp {
  readonly type: 'IoCancelIrp';
  readonly irp: IrpId;
  /** To which open file object the IRP belongs. */
  readonly FileObject: FileObject;
}

/** An SRB with the IRP of a client behind it that may be cancelled: neither a create nor a close (INV-034). */
export type CancelableSrb = DeviceIoctlSrb | ControlSrb | DataSrb;

/** M-054: the minidriver is to let go of an SRB that it owns, and to complete it (D-043). */
export interface HwCancelPacket {
  readonly type: 'HwCancelPacket';
  readonly srb: CancelableSrb;
}

/** From the synchronizer, while HwCancelPacket waits for the lock: Irp→Cancel is set before anybody is called. */
export interface IrpCancelled {
  readonly type: 'IrpCancelled';
  readonly srb: CancelableSrb;
}

/** From the synchronizer: the SRB was cancelled while its delivery waited for the lock, and the minidriver never sees it (D-031). */
export interface DeliveryWithdrawn {
  readonly type: 'DeliveryWithdrawn';
  readonly srb: CancelableSrb;
}
