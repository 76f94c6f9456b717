import type { IrpId } from './irp.js';

/** M-002 to M-009. */
export interface PnpIrp {
  readonly type:
    | 'IRP_MN_START_DEVICE'
    | 'IRP_MN_QUERY_STOP_DEVICE'
    | 'IRP_MN_STOP_DEVICE'
    | 'IRP_MN_CANCEL_STOP_DEVICE'
    | 'IRP_MN_QUERY_REMOVE_DEVICE'
    | 'IRP_MN_REMOVE_DEVICE'
    | 'IRP_MN_CANCEL_REMOVE_DEVICE'
    | 'IRP_MN_SURPRISE_REMOVAL';
  readonly irp: IrpId;
}

/** DEVICE_POWER_STATE: with power, and without. */
export type DevicePowerState = 'D0' | 'D3';

/** M-010, M-011. */
export interface PowerIrp {
  readonly type: 'IRP_MN_QUERY_POWER' | 'IRP_MN_SET_POWER';
  readonly irp: IrpId;
  readonly DeviceState: DevicePowerState;
}

/** The bus driver gives power to the device, or takes it (B-012). Answered by `DevicePowerSet`. */
export interface SetDevicePower {
  readonly type: 'SetDevicePower';
  readonly DeviceState: DevicePowerState;
}

/** M-113: somebody pulls the plug. */
export interface Unplug {
  readonly type: 'Unplug';
}

/** What the bus driver reports of the device. */
export interface BusReport {
  readonly type: 'DevicePowerSet' | 'DeviceVanished';
}

/** From the class driver to a pin: the device is gone, requests fail (C-068). */
export interface DeviceRemoved {
  readonly type: 'DeviceRemoved';
}

/** From the minidriver's host: nobody is inside any more, and the device object is gone with its extension (C-075). */
export interface DeviceDeleted {
  readonly type: 'DeviceDeleted';
}

/** From the class driver to the synchronizer: while the gate is closed no stream request is delivered (C-063, J62). */
export interface StreamGate {
  readonly type: 'CloseStreamGate' | 'OpenStreamGate';
}
