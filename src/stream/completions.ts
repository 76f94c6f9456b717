import { type HeapObject, isHeapObject, type MemoryValue } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Asking } from './asking.js';
import { cellOf } from './deviceMemory.js';
import type { ScheduledCalls } from './scheduledCalls.js';
import { srbFlags } from './srbHeader.js';
import { overrunsBuffer, srbResult } from './srbMemory.js';
import { srbId, streamFileObject } from './srbNames.js';

/** How it stands with an SRB that a call is about. */
const notOwned = 0;
const inOrder = 1;
const overrun = 2;

const ABORT = 'StreamClassAbortOutstandingRequests';

/** The rule by which a completion leaves no call to come for the whole device. */
function endOfCalls(Command: MemoryValue, Status: MemoryValue): string | undefined {
  if (Command === 'SRB_UNINITIALIZE_DEVICE') return 'C-070, INV-059';
  return Command === 'SRB_PAGING_OUT_DRIVER' && Status === 'STATUS_SUCCESS' ? 'C-080, INV-063' : undefined;
}

/**
 * SRBs go back to the class driver: one with a notification, or all that the minidriver owns with an abort (D-060). The SRB
 * belongs to the class driver from then on and leaves device memory, so that whoever completes it again fails.
 */
export class Completions {
  readonly #site: HostSite;
  readonly #memory: Memory;
  readonly #scheduledCalls: ScheduledCalls;

  constructor(site: HostSite, memory: Memory, scheduledCalls: ScheduledCalls) {
    this.#site = site;
    this.#memory = memory;
    this.#scheduledCalls = scheduledCalls;
  }

  /** What is wrong with a call about SRBs, in words. */
  misuse(name: string, args: readonly MemoryValue[], asking: Asking): string | undefined {
    if (name === ABORT) return this.#misusedAbort(args, asking);
    for (const arg of args) {
      const id = isHeapObject(arg) ? srbId(arg) : undefined;
      if (id === undefined || !isHeapObject(arg)) continue;
      const standing = asking.ask(`standing ${arg.name}`, (state) => this.#standing(arg, state));
      if (standing === notOwned)
        return `${name} was called with the SRB ${id}, which the minidriver does not own (A-062)`;
      if (standing === overrun)
        return `${name} was called with the SRB ${id}, whose ActualBytesTransferred is more than its buffer holds; say STATUS_BUFFER_OVERFLOW then (INV-038)`;
      const left = this.#asked(asking, `left behind ${arg.name}`, (state) => {
        return this.#leftBehind(arg, cellOf(arg, 'Status', this.#memory, state), state);
      });
      if (left !== undefined) return `${name} was called with the SRB ${id}, ${left}`;
    }
    return undefined;
  }

  /** Completes the SRB for the queue that it came from. */
  completeAndMarkReady(srb: MemoryValue, state: HostState): void {
    if (!isHeapObject(srb)) return;
    const stream = cellOf(srb, 'StreamObject', this.#memory, state);
    const isDevice = this.#isOfDevice(srb, state);
    const to = isDevice || !isHeapObject(stream) ? 'classDriver' : (streamFileObject(stream) ?? '');
    const type = isDevice ? 'StreamClassDeviceNotification' : 'StreamClassStreamNotification';
    this.notify(to, type, 'CompleteRequestAndMarkQueueReady', srb, state);
  }

  /** Tells the class driver; an SRB that is completed is its from now on. */
  notify(systemId: string, type: string, notification: string, srb: MemoryValue, state: HostState): void {
    const to = this.#site.lookUp(systemId, state);
    if (to === undefined) return;
    if (!isHeapObject(srb)) return state.send(to, { type, ...{ notification } });
    state.send(to, { type, ...{ notification, srb: srbResult(srb, this.#memory, state) } });
    if (srbId(srb) !== undefined) state.set(srb.slot, 0);
  }

  /**
   * Gives back what the minidriver owns, with one status. Each actor that keeps queues hears of it even when there is nothing to
   * give back, for its queues are ready then (D-060). SRBs that have not been delivered are not there, so they stay (D-062).
   */
  abort([stream, Status]: readonly MemoryValue[], state: HostState): void {
    for (const systemId of this.#aborted(stream, state)) {
      const to = this.#site.lookUp(systemId, state);
      if (to === undefined) continue;
      const outstanding = this.#outstanding(systemId, state);
      const srbs = outstanding.map((srb) => ({ ...srbResult(srb, this.#memory, state), Status }));
      state.send(to, { type: ABORT, ...{ srbs } });
      for (const { slot } of outstanding) state.set(slot, 0);
    }
  }

  #misusedAbort([stream, Status]: readonly MemoryValue[], asking: Asking): string | undefined {
    if (Status === 'STATUS_PENDING')
      return `${ABORT} was called with STATUS_PENDING: what it completes is over (A-018, INV-023)`;
    const owner = isHeapObject(stream) ? stream.name : 'the device';
    return this.#asked(asking, `left behind by ${ABORT} of ${owner} with ${String(Status)}`, (state) => {
      for (const systemId of this.#aborted(stream, state)) {
        for (const srb of this.#outstanding(systemId, state)) {
          const left = this.#leftBehind(srb, Status, state);
          if (left !== undefined) return `${ABORT} was called with the SRB ${srbId(srb)} owned, ${left}`;
        }
      }
      return undefined;
    });
  }

  /** Whose requests an abort means: a stream's, or with NULL the device's and all streams' (D-060). */
  #aborted(stream: MemoryValue, state: StateReader): readonly string[] {
    const own = isHeapObject(stream) ? streamFileObject(stream) : undefined;
    if (own !== undefined) return [own];
    const present = this.#memory.objects.filter(({ slot }) => state.valueAt(slot) !== 0);
    return ['classDriver', ...present.flatMap((object) => streamFileObject(object) ?? []).sort()];
  }

  /** The SRBs that the minidriver owns, of the queues that an actor keeps; objects are numbered as they are met, names not. */
  #outstanding(systemId: string, state: StateReader): readonly HeapObject[] {
    const isOfActor = (srb: HeapObject): boolean => {
      if (this.#isOfDevice(srb, state)) return systemId === 'classDriver';
      const stream = cellOf(srb, 'StreamObject', this.#memory, state);
      return isHeapObject(stream) && streamFileObject(stream) === systemId;
    };
    return this.#memory.objects
      .filter(
        (object) => srbId(object) !== undefined && state.valueAt(object.slot) !== 0 && isOfActor(object),
      )
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #isOfDevice(srb: HeapObject, state: StateReader): boolean {
    return cellOf(srb, 'Flags', this.#memory, state) === srbFlags.device;
  }

  /** What a completion of an SRB would leave to come for a stream, or a device, that is no more. */
  #leftBehind(srb: HeapObject, Status: MemoryValue, state: StateReader): string | undefined {
    const cell = (key: string): MemoryValue => cellOf(srb, key, this.#memory, state);
    const Command = cell('Command');
    const stream = cell('StreamObject');
    const pin = isHeapObject(stream) ? streamFileObject(stream) : undefined;
    const endsStream =
      Command === 'SRB_CLOSE_STREAM' || (Command === 'SRB_OPEN_STREAM' && Status !== 'STATUS_SUCCESS');
    if (endsStream) {
      const [first] = this.#scheduledCalls.pending(pin, state);
      return first && `${Command}, while ${first} is still to come (D-069, INV-052)`;
    }
    const rule = endOfCalls(Command, Status);
    if (rule === undefined) return undefined;
    const [first] = this.#scheduledCalls.pending(undefined, state);
    return first && `${Command}, while ${first} is still to come (${rule})`;
  }

  #standing(srb: HeapObject, state: StateReader): number {
    if (state.valueAt(srb.slot) === 0) return notOwned;
    return overrunsBuffer(srb, this.#memory, state) ? overrun : inOrder;
  }

  /** Asks for a text, or nothing. */
  #asked(
    asking: Asking,
    question: string,
    text: (state: StateReader) => string | undefined,
  ): string | undefined {
    const answer = this.#memory.value(asking.ask(question, (state) => this.#memory.valueNumber(text(state))));
    return typeof answer === 'string' ? answer : undefined;
  }
}
