import type { MemoryValue } from '../routine/heapObject.js';
import { isHeapObject, valueText } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { Answer } from '../routine/segment.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Activations } from './activations.js';
import type { Asking } from './asking.js';
import { callingContext, type Mode } from './callbackContext.js';
import { clockStreamOf } from './clockMessages.js';
import type { ClockQueries } from './clockQueries.js';
import { Completions } from './completions.js';
import { isPlainRecord } from './deviceMemory.js';
import type { MinidriverEvents } from './minidriverEvents.js';
import type { MinidriverParts } from './minidriverParts.js';
import { physicalAddress } from './physicalAddress.js';
import { Scheduling } from './scheduling.js';
import { misplacedCall } from './serviceContexts.js';
import type { SpinLocks } from './spinLocks.js';
import { streamFileObject } from './srbNames.js';

/** A DDI call as an activation makes it. */
interface Call {
  readonly thread: number;
  readonly name: string;
  readonly args: readonly MemoryValue[];
}

const EVENT_NOTIFICATION = /^(Signal|Delete)/;

/** What a register reads as when the device is gone (M-113). */
const ALL_ONES = 0xffffffff;

/**
 * What a minidriver may call (part B.2.4): notifications become messages to the class driver or to the actor of the stream, register
 * accesses are bus cycles of the hardware. Whatever a call depends on is asked, so that it can be memoised.
 */
export class MinidriverServices {
  readonly #site: HostSite;
  readonly #memory: Memory;
  readonly #parts: MinidriverParts;
  readonly #events: MinidriverEvents;
  readonly #completions: Completions;
  readonly #scheduling: Scheduling;
  readonly #clockQueries: ClockQueries;
  readonly #mode: Mode;
  readonly #activations: Activations;
  readonly #spinLocks: SpinLocks;

  constructor(parts: MinidriverParts) {
    const { site, memory, events, scheduledCalls, clockQueries, registration, activations } = parts;
    this.#parts = parts;
    this.#site = site;
    this.#memory = memory;
    this.#events = events;
    this.#completions = new Completions(site, memory, scheduledCalls);
    this.#scheduling = new Scheduling(site, registration, scheduledCalls);
    this.#clockQueries = clockQueries;
    this.#mode = registration;
    this.#activations = activations;
    this.#spinLocks = parts.spinLocks;
  }

  /** Answers a call. */
  answer(call: Call, asking: Asking): Answer {
    const { name, args } = call;
    if (name === 'READ_REGISTER_ULONG') {
      const register = String(args[0]);
      const number = asking.ask(`register ${register}`, (state) => this.#register(register, state));
      return { value: this.#memory.value(number) };
    }
    const misuse = this.#misuse(call, asking);
    if (misuse !== undefined) return { error: new Error(misuse) };
    switch (name) {
      case 'StreamClassGetNextEvent': {
        const [stream, set, id, current] = args;
        const question = `next event ${[stream, set, id, current].map(valueText).join(' ')}`;
        return { value: this.#asked(asking, question, (state) => this.#events.next(args, state)) };
      }
      case 'StreamClassGetPhysicalAddress':
        return physicalAddress(args, this.#parts, (question, look) => this.#asked(asking, question, look));
      case 'StreamClassGetDmaBuffer':
        return { value: this.#parts.dmaBuffer };
      case 'KeAcquireSpinLock':
      case 'KeGetCurrentIrql':
        return { value: this.#spinLocks.level(this.#activations.user(call.thread), asking) };
      case 'StreamClassQueryMasterClockSync':
        return { value: this.#clockQueries.routineFor(args[0], asking) };
      default:
        return { value: undefined };
    }
  }

  /** Asks for a value of device memory. */
  #asked(asking: Asking, question: string, value: (state: StateReader) => MemoryValue): MemoryValue {
    return this.#memory.value(asking.ask(question, (state) => this.#memory.valueNumber(value(state))));
  }

  /** What is wrong with a call, in words. */
  #misuse({ thread, name, args }: Call, asking: Asking): string | undefined {
    const { callback } = this.#activations.get(thread);
    const context = callingContext(callback, this.#mode);
    return (
      misplacedCall(name, callback, context) ??
      this.#spinLocks.misuse(name, args, this.#activations.user(thread), asking) ??
      this.#completions.misuse(name, args, asking) ??
      this.#misusedStream(name, args, asking) ??
      this.#misusedEvent(name, args, asking) ??
      this.#scheduling.misuse(name, args, context === 'Low', asking) ??
      this.#clockQueries.misuse(name, args, asking)
    );
  }

  #misusedEvent(name: string, args: readonly MemoryValue[], asking: Asking): string | undefined {
    if (name !== 'StreamClassGetNextEvent') return this.#events.misuse(name, args[1], args[2], asking);
    return this.#events.misuse(name, args[0], args[3], asking);
  }

  #misusedStream(name: string, args: readonly MemoryValue[], asking: Asking): string | undefined {
    const stream = args.find((arg) => isHeapObject(arg) && streamFileObject(arg) !== undefined);
    if (!isHeapObject(stream)) return undefined;
    const pin = streamFileObject(stream) ?? '';
    const isOpen = asking.ask(`open ${pin}`, (state) =>
      this.#site.lookUp(pin, state) === undefined ? 0 : 1,
    );
    return isOpen ? undefined : `${name} was called for the stream ${pin}, which is closed (A-095)`;
  }

  /** Carries a call out. */
  carryOut({ thread, name, args }: Call, state: HostState): void {
    const [first, second, third] = args;
    if (EVENT_NOTIFICATION.test(String(first)))
      return this.#events.notify(name, String(first), args.slice(1), state);
    switch (name) {
      case 'KeInitializeSpinLock':
      case 'KeAcquireSpinLock':
      case 'KeReleaseSpinLock':
        return this.#spinLocks.carryOut(name, args, this.#activations.user(thread), state);
      case 'WRITE_REGISTER_ULONG':
        return this.#writeRegister(String(first), second, state);
      case 'WRITE_REGISTER_BUFFER_ULONG':
        return this.#writeRegister(String(first), args.slice(1), state);
      case 'StreamClassScheduleTimer':
        return this.#scheduling.scheduleTimer(args, state);
      case 'StreamClassCallAtNewPriority':
        return this.#scheduling.callAtNewPriority(args, state);
      case 'StreamClassQueryMasterClock':
        return this.#clockQueries.query(args, state);
      case 'StreamClassQueryMasterClockSync':
        return this.#clockQueries.aim(second, clockStreamOf(Number(first)), state);
      case 'StreamClassDebugPrint':
        return state.emit({ type: 'DebugPrint', ...{ level: first, message: second } });
      case 'StreamClassDeviceNotification':
        return this.#completions.notify('classDriver', name, String(first), third, state);
      case 'StreamClassStreamNotification': {
        const pin = isHeapObject(second) ? (streamFileObject(second) ?? '') : '';
        return this.#completions.notify(pin, name, String(first), third, state);
      }
      case 'StreamClassCompleteRequestAndMarkQueueReady':
        return this.#completions.completeAndMarkReady(first, state);
      case 'StreamClassAbortOutstandingRequests':
        return this.#completions.abort(args, state);
      default:
    }
  }

  #writeRegister(register: string, value: MemoryValue | readonly MemoryValue[], state: HostState): void {
    const hardware = this.#site.lookUp('hardware', state);
    if (hardware === undefined) return;
    state.call(hardware, { type: 'WriteRegister', ...{ register, value: plain(value) } });
  }

  /** The number of the value that a register of the hardware holds. */
  #register(register: string, state: StateReader): number {
    const hardware = this.#site.lookUp('hardware', state);
    const snapshot = hardware === undefined ? undefined : this.#site.snapshotOf(hardware, state);
    const context: unknown = snapshot && 'context' in snapshot ? snapshot.context : undefined;
    const registers = isPlainRecord(context) ? context['registers'] : undefined;
    const value = isPlainRecord(registers) ? registers[register] : undefined;
    return this.#memory.valueNumber(typeof value === 'number' ? value : ALL_ONES);
  }
}

function plain(value: MemoryValue | readonly MemoryValue[]): unknown {
  return Array.isArray(value) ? value.map(Number) : Number(value);
}
