import { type Points, service } from '../routine/operation.js';
import type { HW_STREAM_OBJECT, HW_STREAM_REQUEST_BLOCK } from './strmini.js';

/**
 * What a minidriver calls, at its DDK names. Every call is a scheduling point: write `yield*` in front of it.
 */

/** Device notifications. */
export type StreamMinidriverDeviceNotification = 'ReadyForNextDeviceRequest' | 'DeviceRequestComplete';

/** Stream notifications. */
export type StreamMinidriverStreamNotification =
  | 'ReadyForNextStreamDataRequest'
  | 'ReadyForNextStreamControlRequest'
  | 'StreamRequestComplete';

/**
 * Tells the class driver that a device request is complete, or that it may send the next one (A-061, D-024).
 *
 * @param Srb with `DeviceRequestComplete`, the request; from then on it belongs to the class driver
 */
export function* StreamClassDeviceNotification(
  NotificationType: StreamMinidriverDeviceNotification,
  _HwDeviceExtension: object,
  Srb: HW_STREAM_REQUEST_BLOCK | null = null,
): Points<void> {
  yield* service('StreamClassDeviceNotification', NotificationType, Srb);
}

/** Tells the class driver that a stream request is complete, or that the stream may get the next one (A-061, D-024). */
export function* StreamClassStreamNotification(
  NotificationType: StreamMinidriverStreamNotification,
  StreamObject: HW_STREAM_OBJECT,
  Srb: HW_STREAM_REQUEST_BLOCK | null = null,
): Points<void> {
  yield* service('StreamClassStreamNotification', NotificationType, StreamObject, Srb);
}

/** Completes a request and marks the queue that it came from ready, in one class step. */
export function* StreamClassCompleteRequestAndMarkQueueReady(Srb: HW_STREAM_REQUEST_BLOCK): Points<void> {
  yield* service('StreamClassCompleteRequestAndMarkQueueReady', Srb);
}

/** Reads a device register: one bus cycle. */
export function* READ_REGISTER_ULONG(Register: string): Points<number> {
  return Number(yield* service('READ_REGISTER_ULONG', Register));
}

/** Writes a device register: one bus cycle, in which the device takes the value. */
export function* WRITE_REGISTER_ULONG(Register: string, Value: number): Points<void> {
  yield* service('WRITE_REGISTER_ULONG', Register, Value);
}

/** Writes a list of values to one register, as one bus transfer. */
export function* WRITE_REGISTER_BUFFER_ULONG(Register: string, Buffer: readonly number[]): Points<void> {
  yield* service('WRITE_REGISTER_BUFFER_ULONG', Register, ...Buffer);
}
