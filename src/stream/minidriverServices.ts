import type { MemoryValue } from '../routine/heapObject.js';
import { isHeapObject, valueText } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { Answer } from '../routine/segment.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import { cellOf, isPlainRecord } from './deviceMemory.js';
import type { MinidriverEvents } from './minidriverEvents.js';
import { srbFlags } from './srb.js';
import { srbId, srbResult, streamFileObject } from './srbMemory.js';

/** A DDI call as an activation makes it. */
interface Call {
  readonly name: string;
  readonly args: readonly MemoryValue[];
}

/** What a call may ask of the present state. */
interface Asking {
  ask(question: string, answer: (state: StateReader) => number): number;
}

const EVENT_NOTIFICATION = /^(Signal|Delete)/;

/** What a register reads as when the device is gone (M-113). */
const ALL_ONES = 0xffffffff;

/**
 * What a minidriver may call (D-066): notifications become messages to the class driver or to the actor of the stream, register
 * accesses are bus cycles of the hardware. Whatever a call depends on is asked, so that it can be memoised.
 */
export class MinidriverServices {
  readonly #site: HostSite;
  readonly #memory: Memory;
  readonly #events: MinidriverEvents;

  constructor(site: HostSite, memory: Memory, events: MinidriverEvents) {
    this.#site = site;
    this.#memory = memory;
    this.#events = events;
  }

  /** Answers a call. */
  answer({ name, args }: Call, asking: Asking): Answer {
    if (name === 'READ_REGISTER_ULONG') {
      const register = String(args[0]);
      const number = asking.ask(`register ${register}`, (state) => this.#register(register, state));
      return { value: this.#memory.value(number) };
    }
    if (name === 'StreamClassGetNextEvent') {
      const [stream, set, id, current] = args;
      const fault = this.#events.fault(name, stream, current, asking);
      if (fault) return { error: fault };
      const question = `next event ${[stream, set, id, current].map(valueText).join(' ')}`;
      const number = asking.ask(question, (state) =>
        this.#memory.valueNumber(this.#events.next(args, state)),
      );
      return { value: this.#memory.value(number) };
    }
    const fault = this.#events.fault(name, args[1], args[2], asking);
    if (fault) return { error: fault };
    const misuse = this.#misuse(name, args, asking);
    return misuse === undefined ? { value: undefined } : { error: new Error(misuse) };
  }

  /** What is wrong with a call, in words. */
  #misuse(name: string, args: readonly MemoryValue[], asking: Asking): string | undefined {
    for (const arg of args) {
      const id = isHeapObject(arg) ? srbId(arg) : undefined;
      if (id === undefined || !isHeapObject(arg)) continue;
      const isOwned = asking.ask(`owned ${id}`, (state) => (state.valueAt(arg.slot) === 0 ? 0 : 1));
      if (!isOwned) return `${name} was called with the SRB ${id}, which the minidriver does not own (A-062)`;
    }
    const stream = args.find((arg) => isHeapObject(arg) && streamFileObject(arg) !== undefined);
    if (name !== 'StreamClassStreamNotification' || !isHeapObject(stream)) return undefined;
    const pin = streamFileObject(stream) ?? '';
    const isOpen = asking.ask(`open ${pin}`, (state) =>
      this.#site.lookUp(pin, state) === undefined ? 0 : 1,
    );
    return isOpen ? undefined : `${name} was called for the stream ${pin}, which is closed`;
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
