import { type HeapObject, isHeapObject, type MemoryValue } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Asking } from './asking.js';
import { cellOf, isPlainRecord, laidRecord, layOut, Reference } from './deviceMemory.js';
import type { EventDescriptor } from './eventMessages.js';
import { type EventQueueName, type KsEventEntry, nextEvent } from './ksEvent.js';
import { streamFileObject, streamName } from './srbNames.js';

const ENTRY = 'event ';
const DESCRIPTOR = 'HW_EVENT_DESCRIPTOR ';

/** The id of the event entry that an object of device memory is; `undefined` for any other object. */
export function eventEntryId(object: HeapObject): string | undefined {
  return object.name.startsWith(ENTRY) && !object.name.includes('->')
    ? object.name.slice(ENTRY.length)
    : undefined;
}

/** The queue that a stream argument names; NULL names the device's (E-050). */
function queueOf(stream: MemoryValue): EventQueueName | `events:${string}` {
  const file = isHeapObject(stream) ? streamFileObject(stream) : undefined;
  return file === undefined ? 'events:device' : `events:${file}`;
}

function isEntry(value: unknown): value is KsEventEntry {
  return isPlainRecord(value) && typeof value['id'] === 'string' && isPlainRecord(value['Item']);
}

/**
 * What a minidriver sees and does of events (part E). The queues are the class driver's actors; an entry lies in device memory
 * from the first call of StrMiniEvent until it is freed (E.6), so a pointer to it is good for so long.
 */
export class MinidriverEvents {
  readonly #site: HostSite;
  readonly #memory: Memory;
  readonly #extension: HeapObject;
  readonly #isSynchronized: boolean;

  /** @param isSynchronized mode ON (D-001) */
  constructor(site: HostSite, memory: Memory, extension: HeapObject, isSynchronized: boolean) {
    this.#site = site;
    this.#memory = memory;
    this.#extension = extension;
    this.#isSynchronized = isSynchronized;
  }

  /** Lays out what StrMiniEvent is called with; with an enable, the entry too, with its extra bytes (E-022). */
  layDescriptor(event: EventDescriptor, state: HostState): HeapObject {
    const entry = this.#memory.object(`${ENTRY}${event.entry}`, false);
    if (event.Enable) {
      const ExtraEntryData = event.ExtraEntryData > 0 ? {} : null;
      layOut(entry.name, { EventItem: { EventId: event.EventId }, ExtraEntryData }, this.#memory, state);
    }
    const stream = event.StreamObject;
    return layOut(
      `${DESCRIPTOR}${event.entry}`,
      {
        Enable: event.Enable,
        EventEntry: new Reference(entry),
        EventData: laidRecord(event.EventData),
        StreamObject: stream === null ? null : new Reference(this.#memory.object(streamName(stream), false)),
        DeviceExtension: new Reference(this.#extension),
        EnableEventSetIndex: event.EnableEventSetIndex,
      },
      this.#memory,
      state,
    );
  }

  /**
   * StrMiniEvent has returned. In ON the queue knows at once, still under the lock; in OFF the enabled event is inserted later,
   * and what is signalled in between finds nothing (E-024, option `eventInsertWindow`, here `off-only`).
   */
  returned(descriptor: HeapObject, Status: unknown, state: HostState): void {
    const entry = cellOf(descriptor, 'EventEntry', this.#memory, state);
    const wasEnable = cellOf(descriptor, 'Enable', this.#memory, state) === true;
    const data = cellOf(descriptor, 'EventData', this.#memory, state);
    // All but the entry is gone now (E-022), the entry too when it was not enabled or is disabled (E-023, E-032).
    state.set(descriptor.slot, 0);
    if (isHeapObject(data)) state.set(data.slot, 0);
    if (!isHeapObject(entry)) return;
    if (!wasEnable || Status !== 'STATUS_SUCCESS') state.set(entry.slot, 0);
    const id = eventEntryId(entry) ?? '';
    const queue = this.#site.lookUp(id.slice(0, id.lastIndexOf('.')), state);
    if (queue === undefined) return;
    const event = { type: 'EventRoutineReturned', ...{ entry: id, Status } };
    if (this.#isSynchronized) state.call(queue, event);
    else state.send(queue, event);
  }

  /** What is wrong with a call about events, in words. */
  misuse(name: string, stream: MemoryValue, entry: MemoryValue, asking: Asking): string | undefined {
    const id = isHeapObject(entry) ? eventEntryId(entry) : undefined;
    if (id === undefined) return undefined;
    const queue = queueOf(stream);
    if (!id.startsWith(`${queue}.`)) {
      return `${name} was called with ${id}, which is no event of ${queue} (E-052, INV-089)`;
    }
    const isThere = asking.ask(`queued ${id}`, (state) => (this.#entry(queue, id, state) ? 1 : 0));
    return isThere
      ? undefined
      : `${name} was called with the event ${id}, which has been freed (E-033, E-054, INV-081)`;
  }

  /** Answers StreamClassGetNextEvent from the queue as it is now. */
  next([stream, set, id, current]: readonly MemoryValue[], state: StateReader): MemoryValue {
    const behind = isHeapObject(current) ? eventEntryId(current) : undefined;
    const guid = typeof set === 'string' ? set : null;
    const found = nextEvent(this.#entries(queueOf(stream), state), guid, Number(id), behind);
    return found ? this.#memory.object(`${ENTRY}${found.id}`, false) : null;
  }

  /** Carries a signal or a deletion out: the queue takes it within the call, so that what it frees is gone now (E-054, E-057). */
  notify(type: string, notification: string, args: readonly MemoryValue[], state: HostState): void {
    const [stream, first, second] = args;
    const queue = queueOf(stream);
    const to = this.#site.lookUp(queue, state);
    if (to === undefined) return;
    const about = isHeapObject(first) ? { entry: eventEntryId(first) } : { EventSet: first, EventId: second };
    state.call(to, { type, ...{ notification, ...about } });
    for (const object of this.#memory.objects) {
      const id = eventEntryId(object);
      if (id?.startsWith(`${queue}.`) && state.valueAt(object.slot) !== 0 && !this.#entry(queue, id, state))
        state.set(object.slot, 0);
    }
  }

  #entry(queue: string, id: string, state: StateReader): KsEventEntry | undefined {
    return this.#entries(queue, state).find((entry) => entry.id === id);
  }

  #entries(queue: string, state: StateReader): readonly KsEventEntry[] {
    const actor = this.#site.lookUp(queue, state);
    const snapshot = actor === undefined ? undefined : this.#site.snapshotOf(actor, state);
    const context: unknown = snapshot && 'context' in snapshot ? snapshot.context : undefined;
    const entries = isPlainRecord(context) ? context['entries'] : undefined;
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  }
}
