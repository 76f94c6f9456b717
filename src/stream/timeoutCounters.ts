import { type HeapObject, isHeapObject } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import { cellOf, layOut } from './deviceMemory.js';
import { srbId, streamFileObject } from './srbNames.js';
import type { ExpiredSrb } from './watchdogMessages.js';

const COUNTER = 'TimeoutCounter';

/**
 * The TimeoutCounters of the SRBs that the minidriver owns (D-054). They lie in device memory, where the minidriver parks a
 * request with 0 and the class driver counts down (D-053); so it is here that one can see whether the watchdog has to count.
 */
export class TimeoutCounters {
  readonly #memory: Memory;
  /** Is there while the watchdog counts: it has been told, and not been told otherwise. */
  readonly #counting: HeapObject;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#counting = memory.object('watchdog', false);
  }

  /** What must not be forgotten. */
  kept(state: StateReader): readonly HeapObject[] {
    return state.valueAt(this.#counting.slot) === 0 ? [] : [this.#counting];
  }

  /** Whether the watchdog has to be told that something is timed now. */
  beginsToCount(state: HostState): boolean {
    if (state.valueAt(this.#counting.slot) !== 0 || this.#timed(state).length === 0) return false;
    layOut(this.#counting.name, {}, this.#memory, state);
    return true;
  }

  /**
   * Counts a second down (D-052). When nothing is timed any more the watchdog may rest.
   *
   * @returns the SRBs whose time is over, and whether others are still timed
   */
  decrement(state: HostState): { readonly expired: readonly ExpiredSrb[]; readonly isAnyTimed: boolean } {
    const expired: ExpiredSrb[] = [];
    for (const { srb, id, seconds } of this.#timed(state)) {
      const { cells } = this.#memory.content(state.valueAt(srb.slot));
      const next = this.#memory.intern(srb, new Map([...cells, [COUNTER, seconds - 1]]));
      state.set(srb.slot, next.id);
      if (seconds === 1) expired.push({ id, StreamObject: this.#streamOf(srb, state) });
    }
    const isAnyTimed = this.#timed(state).length > 0;
    if (!isAnyTimed) state.set(this.#counting.slot, 0);
    return { expired, isAnyTimed };
  }

  #streamOf(srb: HeapObject, state: StateReader): string | null {
    const stream = cellOf(srb, 'StreamObject', this.#memory, state);
    return (isHeapObject(stream) ? streamFileObject(stream) : undefined) ?? null;
  }

  /** By name: the order in which a world has met them depends on the order of a search. */
  #timed(state: StateReader) {
    const timed = this.#memory.objects.flatMap((srb) => {
      const id = srbId(srb);
      const seconds = id === undefined ? 0 : Number(cellOf(srb, COUNTER, this.#memory, state) ?? 0);
      return id === undefined || seconds === 0 ? [] : [{ srb, id, seconds }];
    });
    return timed.sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
