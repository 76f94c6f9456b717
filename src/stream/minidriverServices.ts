import type { MemoryValue } from '../routine/heapObject.js';
import { type HeapObject, isHeapObject, valueText } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { Answer } from '../routine/segment.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Activations } from './activations.js';
import { callingContext, type Mode } from './callbackContext.js';
import { clockStreamOf } from './clockMessages.js';
import type { ClockQueries } from './clockQueries.js';
import { cellOf, isPlainRecord } from './deviceMemory.js';
import type { MinidriverEvents } from './minidriverEvents.js';
import type { MinidriverParts } from './minidriverParts.js';
import { physicalAddress } from './physicalAddress.js';
import type { ScheduledCalls } from './scheduledCalls.js';
import { Scheduling } from './scheduling.js';
import { misplacedCall } from './serviceContexts.js';
import { srbFlags } from './srb.js';
import { overrunsBuffer, srbId, srbResult, streamFileObject } from './srbMemory.js';

/** A DDI call as an activation makes it. */
interface Call {
  readonly thread: number;
  readonly name: string;
  readonly args: readonly MemoryValue[];
}

/** What a call may ask of the present state. */
interface Asking {
  ask(question: string, answer: (state: StateReader) => number): number;
}

/** How it stands with an SRB that a call is about. */
const notOwned = 0;
const inOrder = 1;
const overrun = 2;

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
  readonly #events: MinidriverEvents;
  readonly #scheduledCalls: ScheduledCalls;
  readonly #scheduling: Scheduling;
  readonly #clockQueries: ClockQueries;
  readonly #mode: Mode;
  readonly #activations: Activations;

  constructor({
    site,
    memory,
    events,
    scheduledCalls,
    clockQueries,
    registration,
    activations,
  }: MinidriverParts) {
    this.#site = site;
    this.#memory = memory;
    this.#events = events;
    this.#scheduledCalls = scheduledCalls;
    this.#scheduling = new Scheduling(site, registration, scheduledCalls);
    this.#clockQueries = clockQueries;
    this.#mode = registration;
    this.#activations = activations;
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
        return physicalAddress(args, (header) =>
          this.#asked(asking, `address of ${header.name}`, (state) =>
            cellOf(header, 'Address', this.#memory, state),
          ),
        );
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
      this.#misusedSrb(name, args, asking) ??
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

  #misusedSrb(name: string, args: readonly MemoryValue[], asking: Asking): string | undefined {
    for (const arg of args) {
      const id = isHeapObject(arg) ? srbId(arg) : undefined;
      if (id === undefined || !isHeapObject(arg)) continue;
      const standing = asking.ask(`standing ${id}`, (state) => this.#standing(arg, state));
      if (standing === notOwned)
        return `${name} was called with the SRB ${id}, which the minidriver does not own (A-062)`;
      if (standing === overrun)
        return `${name} was called with the SRB ${id}, whose ActualBytesTransferred is more than its buffer holds; say STATUS_BUFFER_OVERFLOW then (INV-038)`;
      const left = asking.ask(`left behind ${id}`, (state) =>
        this.#memory.valueNumber(this.#leftBehind(arg, state)),
      );
      const what = this.#memory.value(left);
      if (typeof what === 'string') return `${name} was called with the SRB ${id}, ${what}`;
    }
    return undefined;
  }

  /** What a completion of an SRB would leave to come for a stream, or a device, that is no more. */
  #leftBehind(srb: HeapObject, state: StateReader): string | undefined {
    const cell = (key: string): MemoryValue => cellOf(srb, key, this.#memory, state);
    const Command = cell('Command');
    const stream = cell('StreamObject');
    const pin = isHeapObject(stream) ? streamFileObject(stream) : undefined;
    const endsStream =
      Command === 'SRB_CLOSE_STREAM' ||
      (Command === 'SRB_OPEN_STREAM' && cell('Status') !== 'STATUS_SUCCESS');
    if (endsStream) {
      const [first] = this.#scheduledCalls.pending(pin, state);
      return first && `${Command}, while ${first} is still to come (D-069, INV-052)`;
    }
    if (Command !== 'SRB_UNINITIALIZE_DEVICE') return undefined;
    const [first] = this.#scheduledCalls.pending(undefined, state);
    return first && `${Command}, while ${first} is still to come (C-070, INV-059)`;
  }

  #standing(srb: HeapObject, state: StateReader): number {
    if (state.valueAt(srb.slot) === 0) return notOwned;
    return overrunsBuffer(srb, this.#memory, state) ? overrun : inOrder;
  }

  /** Carries a call out. */
  carryOut({ name, args }: Call, state: HostState): void {
    const [first, second, third] = args;
    if (EVENT_NOTIFICATION.test(String(first)))
      return this.#events.notify(name, String(first), args.slice(1), state);
    switch (name) {
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
        return this.#notify('classDriver', 'StreamClassDeviceNotification', String(first), third, state);
      case 'StreamClassStreamNotification': {
        const pin = isHeapObject(second) ? (streamFileObject(second) ?? '') : '';
        return this.#notify(pin, 'StreamClassStreamNotification', String(first), third, state);
      }
      case 'StreamClassCompleteRequestAndMarkQueueReady':
        return this.#completeAndMarkReady(first, state);
      default:
    }
  }

  /** Completes the SRB for the queue that it came from. */
  #completeAndMarkReady(srb: MemoryValue, state: HostState): void {
    if (!isHeapObject(srb)) return;
    const stream = cellOf(srb, 'StreamObject', this.#memory, state);
    const isDevice = cellOf(srb, 'Flags', this.#memory, state) === srbFlags.device;
    const to = isDevice || !isHeapObject(stream) ? 'classDriver' : (streamFileObject(stream) ?? '');
    const type = isDevice ? 'StreamClassDeviceNotification' : 'StreamClassStreamNotification';
    this.#notify(to, type, 'CompleteRequestAndMarkQueueReady', srb, state);
  }

  /** Tells the class driver; an SRB that is completed is its from now on and leaves device memory. */
  #notify(systemId: string, type: string, notification: string, srb: MemoryValue, state: HostState): void {
    const to = this.#site.lookUp(systemId, state);
    if (to === undefined) return;
    if (!isHeapObject(srb)) return state.send(to, { type, ...{ notification } });
    state.send(to, { type, ...{ notification, srb: srbResult(srb, this.#memory, state) } });
    if (srbId(srb) !== undefined) state.set(srb.slot, 0);
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
