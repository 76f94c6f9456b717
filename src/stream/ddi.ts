import { type Operation, type Points, service } from '../routine/operation.js';
import type { NTSTATUS } from './ntStatus.js';
import type {
  ClockRoutine,
  HW_STREAM_OBJECT,
  HW_STREAM_REQUEST_BLOCK,
  HW_TIME_CONTEXT,
  KSEVENT_ENTRY,
  TIME_FUNCTION,
} from './strmini.js';

/**
 * What a minidriver calls, at its DDK names. Every call is a scheduling point: write `yield*` in front of it.
 */

/** Device notifications. */
export type StreamMinidriverDeviceNotification =
  | 'ReadyForNextDeviceRequest'
  | 'DeviceRequestComplete'
  | 'SignalMultipleDeviceEvents'
  | 'SignalDeviceEvent'
  | 'DeleteDeviceEvent';

/** Stream notifications. */
export type StreamMinidriverStreamNotification =
  | 'ReadyForNextStreamDataRequest'
  | 'ReadyForNextStreamControlRequest'
  | 'StreamRequestComplete'
  | 'SignalMultipleStreamEvents'
  | 'SignalStreamEvent'
  | 'DeleteStreamEvent';

/** What follows the type of a notification: a request, an event's set (NULL for any) and id, an entry, or nothing. */
type Arguments<Type extends string> = Type extends `Signal${string}Event` | `Delete${string}`
  ? [EventEntry: KSEVENT_ENTRY]
  : Type extends `SignalMultiple${string}`
    ? [EventSet: string | null, EventId: number]
    : Type extends `Ready${string}`
      ? [Srb?: null]
      : [Srb: HW_STREAM_REQUEST_BLOCK];

/**
 * Tells the class driver that a device request is complete, that it may send the next one (A-061, D-024), or that an event of
 * the device has occurred or is to be deleted (E-052).
 *
 * @param Arguments with `DeviceRequestComplete`, the request; from then on it belongs to the class driver. With an
 *   event, its entry, or the set and id of all that are meant
 */
export function StreamClassDeviceNotification<Type extends StreamMinidriverDeviceNotification>(
  NotificationType: Type,
  _HwDeviceExtension: object,
  ...Arguments: Arguments<Type>
): Points<void> {
  return service('StreamClassDeviceNotification', NotificationType, null, ...Arguments);
}

/**
 * Tells the class driver that a stream request is complete, that the stream may get the next one (A-061, D-024), or that an
 * event of the stream has occurred or is to be deleted (E-052). A one-shot entry that is signalled, and one that is deleted,
 * is gone when the call returns (E-054, E-057).
 */
export function StreamClassStreamNotification<Type extends StreamMinidriverStreamNotification>(
  NotificationType: Type,
  StreamObject: HW_STREAM_OBJECT,
  ...Arguments: Arguments<Type>
): Points<void> {
  return service('StreamClassStreamNotification', NotificationType, StreamObject, ...Arguments);
}

/**
 * Walks an event queue (E-050): the first entry behind `CurrentEvent`, or the first of all, that is of the set and the id.
 *
 * @param HwStreamObject `null` for the events of the device
 * @param EventGuid `null` for any set
 * @param EventItem an event's id, -1 for any
 * @param CurrentEvent an entry that is in that queue now (E-051)
 * @returns `null` when there is none
 */
export function StreamClassGetNextEvent(
  _HwInstanceExtension_OR_HwDeviceExtension: object,
  HwStreamObject: HW_STREAM_OBJECT | null,
  EventGuid: string | null,
  EventItem: number,
  CurrentEvent: KSEVENT_ENTRY | null,
): Points<KSEVENT_ENTRY | null> {
  return service('StreamClassGetNextEvent', HwStreamObject, EventGuid, EventItem, CurrentEvent);
}

/** Completes a request and marks the queue that it came from ready, in one class step. */
export function StreamClassCompleteRequestAndMarkQueueReady(Srb: HW_STREAM_REQUEST_BLOCK): Points<void> {
  return service('StreamClassCompleteRequestAndMarkQueueReady', Srb);
}

/**
 * Completes all requests that the minidriver owns, and lets their queues go on (D-060). Requests that it has not got yet stay where
 * they are (D-062). Unlink them and stop their DMA first, for they are the class driver's when this returns, the one in hand among
 * them (D-061).
 *
 * It is called above DISPATCH_LEVEL, so in mode OFF from the interrupt routine and from High routines only (D-066).
 *
 * @param HwStreamObject `null` for all requests of the device and of all its streams. A stream's are its control and data
 *   requests; its SRB_OPEN_STREAM and SRB_CLOSE_STREAM are the device's
 * @param Status what they are completed with; their own Status counts for nothing
 */
export function StreamClassAbortOutstandingRequests(
  _HwDeviceExtension: object,
  HwStreamObject: HW_STREAM_OBJECT | null,
  Status: NTSTATUS,
): Points<void> {
  return service('StreamClassAbortOutstandingRequests', HwStreamObject, Status);
}

/** Reads a device register: one bus cycle. */
export function READ_REGISTER_ULONG(Register: string): Points<number> {
  return service('READ_REGISTER_ULONG', Register);
}

/** Writes a device register: one bus cycle, in which the device takes the value. */
export function WRITE_REGISTER_ULONG(Register: string, Value: number): Points<void> {
  return service('WRITE_REGISTER_ULONG', Register, Value);
}

/** Writes a list of values to one register, as one bus transfer. */
export function WRITE_REGISTER_BUFFER_ULONG(Register: string, Buffer: readonly number[]): Points<void> {
  return service('WRITE_REGISTER_BUFFER_ULONG', Register, ...Buffer);
}

/** STREAM_DEBUG_LEVEL. */
export type StreamDebugLevel =
  | 'DebugLevelFatal'
  | 'DebugLevelError'
  | 'DebugLevelWarning'
  | 'DebugLevelInfo'
  | 'DebugLevelTrace'
  | 'DebugLevelVerbose';

/** Says something to whoever watches; it may be called anywhere (M-098). */
export function StreamClassDebugPrint(DebugPrintLevel: StreamDebugLevel, DebugMessage: string): Points<void> {
  return service('StreamClassDebugPrint', DebugPrintLevel, DebugMessage);
}

/** What a minidriver wants to be called later. `Context` comes back as it was given: an object of device memory, or `null`. */
export type ScheduledRoutineOf<Context extends object | null> = (
  Context: Context,
) => Generator<Operation, void, unknown>;

/**
 * Arms the one timer of a stream, or of the device: the routine is called once, so much later (D-067). What was armed before is
 * replaced; what has expired meanwhile comes all the same (D-068).
 *
 * @param StreamObject `null` for the timer of the device
 * @param TimerRoutine `null`, with 0 microseconds, cancels (J10); 0 with a routine calls it as soon as possible
 */
export function StreamClassScheduleTimer<Context extends object | null>(
  StreamObject: HW_STREAM_OBJECT | null,
  _HwDeviceExtension: object,
  NumberOfMicroseconds: number,
  TimerRoutine: ScheduledRoutineOf<Context> | null,
  Context: Context,
): Points<void> {
  return service('StreamClassScheduleTimer', StreamObject, NumberOfMicroseconds, TimerRoutine, Context);
}

/** STREAM_PRIORITY (D-064). */
export type StreamPriority = 'High' | 'Dispatch' | 'Low' | 'LowToHigh';

/**
 * Lets a routine be called at another level (D-064): High is synchronized like an entry point, Dispatch and Low are not (D-009,
 * D-010). A stream has one such routine scheduled at a time, and the device one (D-063), until it is entered.
 *
 * @param StreamObject `null` for the routine of the device
 */
export function StreamClassCallAtNewPriority<Context extends object | null>(
  StreamObject: HW_STREAM_OBJECT | null,
  _HwDeviceExtension: object,
  Priority: StreamPriority,
  PriorityRoutine: ScheduledRoutineOf<Context>,
  Context: Context,
): Points<void> {
  return service('StreamClassCallAtNewPriority', StreamObject, Priority, PriorityRoutine, Context);
}

/**
 * Asks the master clock that a stream follows; the answer comes with a call of `ClockCallbackRoutine`, whose context is gone when
 * it returns (C-088). One question of a stream at a time (INV-018).
 *
 * @param MasterClockHandle what SRB_INDICATE_MASTER_CLOCK has told the stream last; not right after it has (C-090)
 */
export function StreamClassQueryMasterClock(
  HwStreamObject: HW_STREAM_OBJECT,
  MasterClockHandle: number,
  TimeFunction: TIME_FUNCTION,
  ClockCallbackRoutine: ScheduledRoutineOf<HW_TIME_CONTEXT>,
): Points<void> {
  return service(
    'StreamClassQueryMasterClock',
    HwStreamObject,
    MasterClockHandle,
    TimeFunction,
    ClockCallbackRoutine,
  );
}

/**
 * Asks a master clock at once, at DISPATCH_LEVEL or below: its routine runs on the caller's stack (C-088, J28).
 *
 * @param TimeContext an object of device memory, such as `allocate` makes, with the device extension, the stream that asks, and
 *   the function; comes back with the clock's stream and the times
 */
export function StreamClassQueryMasterClockSync(
  MasterClockHandle: number,
  TimeContext: HW_TIME_CONTEXT,
): Points<void> {
  return asked(service('StreamClassQueryMasterClockSync', MasterClockHandle, TimeContext), TimeContext);
}

/** @param answer the clock's routine, or `null` when there is none any more */
function* asked(answer: Points<ClockRoutine | null>, TimeContext: HW_TIME_CONTEXT): Points<void> {
  const routine = yield* answer;
  if (routine) yield* routine(TimeContext);
}
