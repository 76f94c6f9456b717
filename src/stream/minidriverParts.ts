import type { HeapObject } from '../routine/heapObject.js';
import type { Memory } from '../routine/memory.js';
import type { HostSite } from '../runtime/host.js';
import type { Activations } from './activations.js';
import type { ClockQueries } from './clockQueries.js';
import type { DriverImage } from './driverImage.js';
import type { MinidriverEvents } from './minidriverEvents.js';
import type { ScheduledCalls } from './scheduledCalls.js';
import type { SpinLocks } from './spinLocks.js';
import type { HW_INITIALIZATION_DATA } from './strmini.js';

/** What a minidriver is made of: its calls and its services both work on it. */
export interface MinidriverParts {
  readonly site: HostSite;
  readonly registration: HW_INITIALIZATION_DATA;
  readonly memory: Memory;
  readonly extension: HeapObject;
  /** What StreamClassGetDmaBuffer gives. */
  readonly dmaBuffer: HeapObject | null;
  readonly activations: Activations;
  readonly events: MinidriverEvents;
  readonly scheduledCalls: ScheduledCalls;
  readonly clockQueries: ClockQueries;
  readonly image: DriverImage;
  readonly spinLocks: SpinLocks;
}
