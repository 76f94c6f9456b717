import { type HeapObject, isHeapObject, type MemoryValue, RoutineName } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Asking } from './asking.js';
import { type Mode, takesLock } from './callbackContext.js';
import { clockStreamOf, type HwClockFunction, type QueryMasterClock } from './clockMessages.js';
import { cellOf, isPlainRecord, layOut, Reference } from './deviceMemory.js';
import type { ScheduledCalls } from './scheduledCalls.js';
import type { CallScheduledRoutine, ScheduledCall } from './scheduleMessages.js';
import { streamFileObject, streamName } from './srbNames.js';
import {
  CLOCK_SUPPORT_CAN_READ_ONBOARD_CLOCK,
  CLOCK_SUPPORT_CAN_RETURN_STREAM_TIME,
  CLOCK_SUPPORT_CAN_SET_ONBOARD_CLOCK,
} from './strmini.js';

const CONTEXT = 'HW_TIME_CONTEXT ';

/** What the actor of a stream says about clocks. */
interface StreamClocks {
  /** Whether the stream is a master clock. */
  readonly isMasterClock: boolean;
  /** Handles that the stream may ask: the last one it was told, and one that it is being told (INV-116). */
  readonly handles: readonly number[];
}

const supportOf: ReadonlyMap<unknown, number> = new Map([
  ['TIME_SET_ONBOARD_CLOCK', CLOCK_SUPPORT_CAN_SET_ONBOARD_CLOCK],
  ['TIME_READ_ONBOARD_CLOCK', CLOCK_SUPPORT_CAN_READ_ONBOARD_CLOCK],
  ['TIME_GET_STREAM_TIME', CLOCK_SUPPORT_CAN_RETURN_STREAM_TIME],
]);

/**
 * Questions to master clocks (C-088). Walk through: {@link query} lays the question out and sends it to the actor of the stream
 * that asks, which knows the clock; {@link begin} calls that clock's routine; {@link answered} lets the callback be called, whose
 * context is {@link forget forgotten} when it returns. {@link routineFor} is what a question at once runs on its caller's stack.
 */
export class ClockQueries {
  readonly #site: HostSite;
  readonly #memory: Memory;
  readonly #extension: HeapObject;
  readonly #mode: Mode;
  readonly #calls: ScheduledCalls;

  constructor(site: HostSite, memory: Memory, extension: HeapObject, mode: Mode, calls: ScheduledCalls) {
    this.#site = site;
    this.#memory = memory;
    this.#extension = extension;
    this.#mode = mode;
    this.#calls = calls;
  }

  /** What is wrong with a question, in words. */
  misuse(name: string, args: readonly MemoryValue[], asking: Asking): string | undefined {
    const fault = (text: string): number => this.#memory.valueNumber(text);
    const [first, second] = args;
    if (name === 'StreamClassQueryMasterClock') {
      const text = this.#memory.value(
        asking.ask(`query ${[first, second, args[2]].map(String).join(' ')} ${nameOf(first)}`, (state) =>
          fault(this.#fault(first, second, args[2], true, state) ?? ''),
        ),
      );
      return text ? `${name} was called ${String(text)}` : undefined;
    }
    if (name !== 'StreamClassQueryMasterClockSync') return undefined;
    if (!isHeapObject(second)) return `${name} was called without an HW_TIME_CONTEXT`;
    const text = this.#memory.value(
      asking.ask(`query ${String(first)} with ${second.name}`, (state) => {
        const cell = (key: string): MemoryValue => cellOf(second, key, this.#memory, state);
        return fault(this.#fault(cell('HwStreamObject'), first, cell('Function'), false, state) ?? '');
      }),
    );
    return text ? `${name} was called ${String(text)}` : undefined;
  }

  /** StreamClassQueryMasterClockSync: the routine of the clock that a handle names, `null` when it is no clock any more. */
  routineFor(handle: MemoryValue, asking: Asking): MemoryValue {
    const number = asking.ask(`clock ${String(handle)}`, (state) =>
      this.#memory.valueNumber(this.#clock(clockStreamOf(Number(handle)), state)?.routine ?? null),
    );
    return this.#memory.value(number);
  }

  /** For the clock's routine, the stream in the context is the clock's. */
  aim(context: MemoryValue, stream: string, state: HostState): void {
    if (!isHeapObject(context) || state.valueAt(context.slot) === 0) return;
    const { cells } = this.#memory.content(state.valueAt(context.slot));
    const clock = this.#memory.object(streamName(stream), false);
    state.set(context.slot, this.#memory.intern(context, new Map([...cells, ['HwStreamObject', clock]])).id);
  }

  query([stream, , TimeFunction, routine]: readonly MemoryValue[], state: HostState): void {
    const asks = isHeapObject(stream) ? streamFileObject(stream) : undefined;
    const pin = asks === undefined ? undefined : this.#site.lookUp(asks, state);
    if (asks === undefined || pin === undefined || !isHeapObject(stream)) return;
    if (!(routine instanceof RoutineName) || typeof TimeFunction !== 'string') return;
    let k = 0;
    while (state.valueAt(this.#memory.object(`${CONTEXT}${asks} ${k}`, false).slot) !== 0) k++;
    const context = layOut(
      `${CONTEXT}${asks} ${k}`,
      {
        HwDeviceExtension: new Reference(this.#extension),
        HwStreamObject: new Reference(stream),
        Function: TimeFunction,
      },
      this.#memory,
      state,
    );
    const call = this.#calls.add('clock', asks, routine, context, state);
    const query: QueryMasterClock = {
      type: 'StreamClassQueryMasterClock',
      callback: this.#callback(asks, call),
    };
    state.send(pin, query);
  }

  /** @returns what to begin; `undefined` when the stream is no clock any more */
  begin({ StreamObject, call }: HwClockFunction, state: HostState) {
    const routine = this.#clock(StreamObject, state)?.routine;
    if (!routine) return undefined;
    const context = this.#calls.contextOf(call, state);
    this.aim(context, StreamObject, state);
    return { routine: routine.name, context };
  }

  /** The clock's routine has returned. @returns what is wrong with its answer, in words (INV-115) */
  answered(context: MemoryValue, state: HostState): string | undefined {
    const call = isHeapObject(context) ? this.#calls.callWith(context, state) : undefined;
    if (call === undefined || !isHeapObject(context)) return undefined;
    const isFilled = ['Time', 'SystemTime'].every(
      (key) => typeof cellOf(context, key, this.#memory, state) === 'number',
    );
    if (!isFilled) return 'HwClockFunction returned without both Time and SystemTime (A-125, INV-115)';
    this.callBack(call, state);
    return undefined;
  }

  /** Lets the callback of a question be called. */
  callBack(call: string, state: HostState): void {
    const to = this.#site.lookUp('synchronizer', state);
    const asks = call.split(' ')[2] ?? '';
    const message: CallScheduledRoutine = { ...this.#callback(asks, call), type: 'CallMinidriver' };
    if (to !== undefined) state.send(to, message);
  }

  /** Before the callback is called: of no clock the answer is as arbitrary as any (J31), here 0. */
  fillIn(context: MemoryValue, state: HostState): void {
    if (!isHeapObject(context)) return;
    const { cells } = this.#memory.content(state.valueAt(context.slot));
    const filled = new Map<string, MemoryValue>([['Time', 0], ['SystemTime', 0], ...cells]);
    state.set(context.slot, this.#memory.intern(context, filled).id);
  }

  /** The callback has returned: its context is gone (C-088). */
  forget(context: MemoryValue, state: HostState): void {
    if (isHeapObject(context) && context.name.startsWith(CONTEXT)) state.set(context.slot, 0);
  }

  #callback(StreamObject: string, call: string): ScheduledCall {
    return {
      callback: 'ClockCallback',
      StreamObject,
      call,
      takesLock: takesLock('ClockCallback', this.#mode),
    };
  }

  #fault(
    stream: MemoryValue,
    handle: MemoryValue,
    TimeFunction: MemoryValue,
    isOneAtATime: boolean,
    state: StateReader,
  ): string | undefined {
    const asks = isHeapObject(stream) ? streamFileObject(stream) : undefined;
    const clocks = asks === undefined ? undefined : this.#clocks(asks, state);
    if (asks === undefined || !clocks) return 'without an open stream (A-095)';
    if (handle === 0)
      return `for ${asks} with the handle 0, which is no clock: it runs free (C-085, INV-116)`;
    if (!clocks.handles.some((other) => other === handle))
      return `for ${asks} with the handle ${String(handle)}, which is not what SRB_INDICATE_MASTER_CLOCK has told it last (INV-116, INV-117)`;
    if (isOneAtATime && this.#calls.isPending('clock', asks, state))
      return `while a question of ${asks} is pending: there is one at a time (C-088, INV-018)`;
    const flags = this.#clock(clockStreamOf(Number(handle)), state)?.flags;
    const isAdvertised = flags === undefined || (flags & (supportOf.get(TimeFunction) ?? 0)) !== 0;
    return isAdvertised
      ? undefined
      : `for ${String(TimeFunction)}, which the clock does not advertise (A-124, INV-115)`;
  }

  /** The clock that a stream is now. */
  #clock(stream: string, state: StateReader) {
    if (!this.#clocks(stream, state)?.isMasterClock) return undefined;
    const object = cellOf(
      this.#memory.object(streamName(stream), false),
      'HwClockObject',
      this.#memory,
      state,
    );
    if (!isHeapObject(object)) return undefined;
    const routine = cellOf(object, 'HwClockFunction', this.#memory, state);
    const flags = Number(cellOf(object, 'ClockSupportFlags', this.#memory, state) ?? 0);
    return routine instanceof RoutineName ? { routine, flags } : undefined;
  }

  #clocks(stream: string, state: StateReader): StreamClocks | undefined {
    const pin = this.#site.lookUp(stream, state);
    const snapshot = pin === undefined ? undefined : this.#site.snapshotOf(pin, state);
    const context: unknown = snapshot && 'context' in snapshot ? snapshot.context : undefined;
    if (!isPlainRecord(context)) return undefined;
    const [request] = Array.isArray(context['clockRequests']) ? context['clockRequests'] : [];
    const isIndication = isPlainRecord(request) && request['type'] === 'KSPROPERTY_STREAM_MASTERCLOCK';
    return {
      isMasterClock: context['isMasterClock'] === true,
      handles: [Number(context['indicatedClock']), ...(isIndication ? [Number(request['Value'])] : [])],
    };
  }
}

function nameOf(value: MemoryValue): string {
  return isHeapObject(value) ? value.name : '';
}
