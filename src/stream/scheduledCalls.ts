import { type HeapObject, type MemoryValue, RoutineName } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import { cellOf } from './deviceMemory.js';

/** What a stream has one of, and the device of the first two (D-063, D-067, C-088). */
export type CallSlot = 'timer' | 'priority' | 'clock';

const PREFIX = 'scheduled ';
const DEVICE = 'device';

function prefixOf(slot: CallSlot, StreamObject: string | null): string {
  return `${PREFIX}${slot} ${StreamObject ?? DEVICE} `;
}

/**
 * The calls that are to come: each lies in device memory, with the routine and its context, from the service that asked for it
 * until the routine is entered. So a context stays where it is although nobody else holds it, and one can see what a minidriver
 * leaves behind. A slot may hold several: a timer that has expired is not stopped by the next one (D-068).
 */
export class ScheduledCalls {
  readonly #memory: Memory;
  /** Where calls have been noted so far. */
  readonly #places = new Map<string, HeapObject>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Notes a call. @returns its name, the smallest of the slot that is free */
  add(
    slot: CallSlot,
    StreamObject: string | null,
    routine: RoutineName,
    context: MemoryValue,
    state: HostState,
  ): string {
    const prefix = prefixOf(slot, StreamObject);
    const place = (k: number): HeapObject => this.#place(`${prefix}${k}`);
    let k = 0;
    while (state.valueAt(place(k).slot) !== 0) k++;
    const cells = new Map<string, MemoryValue>([
      ['routine', routine],
      ['context', context],
    ]);
    state.set(place(k).slot, this.#memory.intern(place(k), cells).id);
    return place(k).name;
  }

  /** The routine is entered now: its slot is free again (D-063). */
  enter(call: string, state: HostState): { readonly routine: string; readonly context: MemoryValue } {
    const object = this.#place(call);
    const routine = cellOf(object, 'routine', this.#memory, state);
    const context = cellOf(object, 'context', this.#memory, state);
    this.withdraw(call, state);
    return { routine: routine instanceof RoutineName ? routine.name : '', context };
  }

  /** What a call that is to come will be called with. */
  contextOf(call: string, state: StateReader): MemoryValue {
    return cellOf(this.#place(call), 'context', this.#memory, state);
  }

  /** The call that will be called with a context. */
  callWith(context: HeapObject, state: StateReader): string | undefined {
    return this.#named(PREFIX, state).find(({ name }) => this.contextOf(name, state) === context)?.name;
  }

  /** It is not to come any more. */
  withdraw(call: string, state: HostState): void {
    state.set(this.#place(call).slot, 0);
  }

  isPending(slot: CallSlot, StreamObject: string | null, state: StateReader): boolean {
    return this.#named(prefixOf(slot, StreamObject), state).length > 0;
  }

  /** What is still to come for a stream, or at all, in words. */
  pending(StreamObject: string | undefined, state: StateReader): readonly string[] {
    const slots = this.#named(PREFIX, state).map(({ name }) => name.split(' ').slice(1, 3));
    const own = slots.filter(([, owner]) => StreamObject === undefined || owner === StreamObject);
    return own
      .map(([slot, owner]) => `the ${slot} routine of ${owner === DEVICE ? 'the device' : owner}`)
      .sort();
  }

  /** What must not be forgotten. */
  kept(state: StateReader): readonly HeapObject[] {
    return this.#named(PREFIX, state);
  }

  takeOver(before: ScheduledCalls): void {
    for (const name of before.#places.keys()) this.#place(name);
  }

  #place(name: string): HeapObject {
    const place = this.#places.get(name) ?? this.#memory.object(name, false);
    this.#places.set(name, place);
    return place;
  }

  #named(prefix: string, state: StateReader): HeapObject[] {
    return [...this.#places.values()].filter(
      ({ name, slot }) => name.startsWith(prefix) && state.valueAt(slot) !== 0,
    );
  }
}
