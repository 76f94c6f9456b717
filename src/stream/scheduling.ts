import { isHeapObject, type MemoryValue, RoutineName } from '../routine/heapObject.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Asking } from './asking.js';
import { type Mode, takesLock } from './callbackContext.js';
import type { StreamPriority } from './ddi.js';
import { isPlainRecord } from './deviceMemory.js';
import type { ScheduledCalls } from './scheduledCalls.js';
import {
  type CallScheduledRoutine,
  type ScheduledCallback,
  type ScheduleTimer,
  timerName,
} from './scheduleMessages.js';
import { streamFileObject } from './srbNames.js';

/** Each has a callback of its own, for each runs in a context of its own; LowToHigh is back where High is (D-064). */
const callbackOf: Readonly<Record<StreamPriority, ScheduledCallback>> = {
  High: 'HighPriorityRoutine',
  Dispatch: 'DispatchPriorityRoutine',
  Low: 'LowPriorityRoutine',
  LowToHigh: 'HighPriorityRoutine',
};

function isPriority(value: MemoryValue): value is StreamPriority {
  return typeof value === 'string' && Object.hasOwn(callbackOf, value);
}

/** Whose slot a call means: a stream's, or with NULL the device's (D-063, D-067). */
function ownerOf(stream: MemoryValue): string | null {
  return isHeapObject(stream) ? (streamFileObject(stream) ?? null) : null;
}

/**
 * StreamClassScheduleTimer and StreamClassCallAtNewPriority (D.7). A High routine is always deferred (option `highCallback`,
 * J08): if it may run inside of the call, it may as well run just behind it, before its caller goes on.
 */
export class Scheduling {
  readonly #site: HostSite;
  readonly #mode: Mode;
  readonly #calls: ScheduledCalls;

  constructor(site: HostSite, mode: Mode, calls: ScheduledCalls) {
    this.#site = site;
    this.#mode = mode;
    this.#calls = calls;
  }

  /** What is wrong with a call, in words; `callback` is where it comes from. */
  misuse(name: string, args: readonly MemoryValue[], isFromLow: boolean, asking: Asking): string | undefined {
    const [stream, second, routine] = args;
    if (name === 'StreamClassScheduleTimer') {
      const isTime = Number.isInteger(second) && Number(second) >= 0;
      if (!isTime)
        return `${name} was called with a time of ${String(second)}: give whole microseconds (D-067)`;
      if (!(routine instanceof RoutineName) && second !== 0)
        return `${name} was called without a routine: only a time of 0 cancels (D-067, J10)`;
    }
    if (name !== 'StreamClassCallAtNewPriority') return undefined;
    if (isFromLow && second !== 'High' && second !== 'LowToHigh')
      return `${name}(${String(second)}) was called from a Low routine, which may go to High only (D-066, INV-103)`;
    const owner = ownerOf(stream);
    const isTaken = asking.ask(`priority routine of ${owner}`, (state) =>
      this.#calls.isPending('priority', owner, state) ? 1 : 0,
    );
    return isTaken
      ? `${name} was called while a routine of ${owner ?? 'the device'} is scheduled: there is one at a time (D-063, INV-014)`
      : undefined;
  }

  scheduleTimer([stream, microseconds, routine, context]: readonly MemoryValue[], state: HostState): void {
    const StreamObject = ownerOf(stream);
    const timer = this.#site.lookUp(timerName(StreamObject), state);
    const armed = timer === undefined ? undefined : this.#armed(timer, state);
    if (armed !== undefined) this.#calls.withdraw(armed, state);
    const isCancel = !(routine instanceof RoutineName);
    // The class driver makes the timer when it is wanted for the first time.
    const to = timer ?? (isCancel ? undefined : this.#site.lookUp('classDriver', state));
    if (to === undefined) return;
    const request: ScheduleTimer = {
      type: 'StreamClassScheduleTimer',
      StreamObject,
      NumberOfMicroseconds: Number(microseconds),
      routine: isCancel
        ? null
        : {
            callback: 'TimerRoutine',
            StreamObject,
            call: this.#calls.add('timer', StreamObject, routine, context, state),
            takesLock: takesLock('TimerRoutine', this.#mode),
          },
    };
    state.call(to, request);
  }

  callAtNewPriority([stream, priority, routine, context]: readonly MemoryValue[], state: HostState): void {
    const to = this.#site.lookUp('synchronizer', state);
    if (to === undefined || !isPriority(priority) || !(routine instanceof RoutineName)) return;
    const StreamObject = ownerOf(stream);
    const callback = callbackOf[priority];
    const call: CallScheduledRoutine = {
      type: 'CallMinidriver',
      callback,
      StreamObject,
      call: this.#calls.add('priority', StreamObject, routine, context, state),
      takesLock: takesLock(callback, this.#mode),
    };
    state.send(to, call);
  }

  /** The call that an armed timer is to make. */
  #armed(timer: number, state: StateReader): string | undefined {
    const snapshot = this.#site.snapshotOf(timer, state);
    const context: unknown = snapshot && 'context' in snapshot ? snapshot.context : undefined;
    const routine = isPlainRecord(context) ? context['routine'] : undefined;
    const call = isPlainRecord(routine) ? routine['call'] : undefined;
    return typeof call === 'string' ? call : undefined;
  }
}
