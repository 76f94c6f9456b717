import type { HeapObject } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostEnd, HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import type { Activations } from './activations.js';
import type { DriverImageCall } from './callMessages.js';
import { layOut } from './deviceMemory.js';
import type { ScheduledCalls } from './scheduledCalls.js';
import { srbId } from './srbNames.js';

/** What there is of a device. */
interface Device {
  readonly site: HostSite;
  readonly memory: Memory;
  readonly extension: HeapObject;
  readonly dmaBuffer: HeapObject | null;
  readonly activations: Activations;
  readonly scheduledCalls: ScheduledCalls;
}

/**
 * Whether there is anything of the minidriver to run: its device with the extension, from AddDevice until REMOVE (C.10), and its
 * code, until it is unloaded (M-018) or while it is not paged out (C.11). Whoever calls it otherwise has found a bug.
 *
 * Walk through: {@link deleteDevice} notes that the device is to go; {@link settle} lets it go when nobody is inside any more
 * and no SRB is out, which is what the class driver's remove lock counts (C-011), and tells the class driver.
 */
export class DriverImage {
  readonly #device: Device;
  /** Is there from IoDeleteDevice until the device is gone. */
  readonly #isToGo: HeapObject;
  /** Is there while the code is paged out. */
  readonly #isPagedOut: HeapObject;

  constructor(device: Device) {
    this.#device = device;
    this.#isToGo = device.memory.object('device deletion', false);
    this.#isPagedOut = device.memory.object('page-out', false);
  }

  /** What must not be forgotten. */
  kept(state: StateReader): readonly HeapObject[] {
    return [this.#isToGo, this.#isPagedOut].filter(({ slot }) => state.valueAt(slot) !== 0);
  }

  /** Why a callback may not begin, in words. */
  refusal(callback: string, state: StateReader): string | undefined {
    if (this.isDeleted(state)) return `${callback} was called although the device is gone (C-076, C-077)`;
    return state.valueAt(this.#isPagedOut.slot) === 0
      ? undefined
      : `${callback} was called although the driver is paged out (C-080, INV-063)`;
  }

  isDeleted(state: StateReader): boolean {
    return state.valueAt(this.#device.extension.slot) === 0;
  }

  /** Carries out what the class driver does with the image. */
  call(call: DriverImageCall, state: HostState): void {
    const { memory } = this.#device;
    if (call === 'IoDeleteDevice') layOut(this.#isToGo.name, {}, memory, state);
    else if (call === 'MmPageEntireDriver') layOut(this.#isPagedOut.name, {}, memory, state);
    else state.set(this.#isPagedOut.slot, 0);
  }

  /** M-018. */
  unload(state: StateReader): HostEnd {
    return this.isDeleted(state)
      ? undefined
      : { status: 'error', error: new Error('DriverUnload was called although the device is there (C-077)') };
  }

  /**
   * Lets the device go if it is to go and nothing is under way. What the minidriver has left to come finds no code then.
   *
   * @returns the end of the minidriver when it has left something
   */
  settle(state: HostState): HostEnd {
    const { site, memory, extension, dmaBuffer, activations, scheduledCalls } = this.#device;
    if (state.valueAt(this.#isToGo.slot) === 0 || !activations.areOver(state)) return undefined;
    const isOut = (object: HeapObject): boolean => srbId(object) !== undefined;
    if (memory.objects.some((object) => isOut(object) && state.valueAt(object.slot) !== 0)) return undefined;
    const [first] = scheduledCalls.pending(undefined, state);
    if (first !== undefined) {
      const fault = `the device is removed while ${first} is still to come (C-076, C-077, INV-055)`;
      return { status: 'error', error: new Error(fault) };
    }
    for (const object of [this.#isToGo, extension, dmaBuffer]) if (object) state.set(object.slot, 0);
    const classDriver = site.lookUp('classDriver', state);
    if (classDriver !== undefined) state.send(classDriver, { type: 'DeviceDeleted' });
    return undefined;
  }
}
