import type { TraceStep } from '../trace/step.js';

/** How the requests of a run ended, and what became of events: counted from what actors sent each other. */
export interface TraceCounts {
  readonly irps: {
    /** With `STATUS_SUCCESS`. */
    readonly completed: number;
    /** With any other status than these two. */
    readonly failed: number;
    /** With `STATUS_CANCELLED`. */
    readonly cancelled: number;
  };
  readonly events: { readonly enabled: number; readonly signalled: number };
}

const enables = new Set<unknown>([
  'KSEVENT_TYPE_ENABLE',
  'KSEVENT_TYPE_ONESHOT',
  'KSEVENT_TYPE_ENABLEBUFFERED',
]);

/**
 * Counts while a run goes on: every `IoCompleteRequest` is one request that has ended, an `IOCTL_KS_ENABLE_EVENT` that asked for
 * an event and ended with success is one event enabled, and an `EventSignalled` is one client told (M-043). Memory: the names of the requests for events that have not ended.
 */
export class TraceCounter {
  readonly #irps = { completed: 0, failed: 0, cancelled: 0 };
  readonly #events = { enabled: 0, signalled: 0 };
  readonly #enabling = new Set<unknown>();

  add(step: Pick<TraceStep, 'sent'>): void {
    for (const { event } of step.sent) {
      const fields: Readonly<Record<string, unknown>> = event;
      if (event.type === 'IoCompleteRequest') this.#complete(fields['irp'], fields['Status']);
      else if (event.type === 'EventSignalled') this.#events.signalled++;
      else if (event.type === 'IOCTL_KS_ENABLE_EVENT' && enables.has(fields['Flags']))
        this.#enabling.add(fields['irp']);
    }
  }

  get counts(): TraceCounts {
    return { irps: { ...this.#irps }, events: { ...this.#events } };
  }

  #complete(irp: unknown, status: unknown): void {
    const isForEvent = this.#enabling.delete(irp);
    if (status === 'STATUS_CANCELLED') {
      this.#irps.cancelled++;
    } else if (status === 'STATUS_SUCCESS') {
      this.#irps.completed++;
      if (isForEvent) this.#events.enabled++;
    } else {
      this.#irps.failed++;
    }
  }
}
