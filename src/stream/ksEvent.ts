import type { FileObject, IrpId } from './irp.js';

/** An event that a set declares. */
export interface KSEVENT_ITEM {
  readonly EventId: number;
  /** Bytes that a request must bring at least: sizeof(KSEVENTDATA) and the parameters behind it. */
  readonly DataInput: number;
  /** Bytes behind the entry for the minidriver; 0 for none (E-022). */
  readonly ExtraEntryData: number;
}

/** The events of one GUID. */
export interface KSEVENT_SET {
  readonly Set: string;
  readonly EventsCount: number;
  readonly EventItem: readonly KSEVENT_ITEM[];
}

/** sizeof(KSEVENT), which is a KSIDENTIFIER (G-012). */
export const KSEVENT_SIZE = 24;

/** sizeof(KSEVENTDATA). */
export const KSEVENTDATA_SIZE = 16;

/** Events of a pin that renders (E-059): it has presented a sample, or everything up to the end of its stream. */
export const KSEVENTSETID_Connection = 'KSEVENTSETID_Connection';
export const KSEVENT_CONNECTION_POSITIONUPDATE = 0;
export const KSEVENT_CONNECTION_ENDOFSTREAM = 4;

/** How a request asks for the event: until it is disabled, once, or with buffered notifications. */
export type EventLifetime = 'KSEVENT_TYPE_ENABLE' | 'KSEVENT_TYPE_ONESHOT' | 'KSEVENT_TYPE_ENABLEBUFFERED';

/** The types of notification that a user-mode application may ask for. */
export type UserNotificationType = 'KSEVENTF_EVENT_HANDLE' | 'KSEVENTF_SEMAPHORE_HANDLE';

/** How a client wants to be told, with the event-specific parameters that follow it in its buffer (E-020). */
export interface KSEVENTDATA {
  /** One of the KSEVENTF names; whatever else a client writes is refused (G-052, G-053). */
  readonly NotificationType: string;
  /** `event:…` or `semaphore:…`; a handle of any other kind is bad. */
  readonly EventHandle: string;
  /** Of a semaphore. */
  readonly Adjustment?: number;
  readonly Reserved?: number;
  /** Only the minidriver understands them (E-021). */
  readonly Parameters?: Readonly<Record<string, number>>;
}

/** An event queue and its actor: the device's, or that of an open stream (E-013). */
export type EventQueueName = 'events:device' | `events:${FileObject}`;

/** The queue of an open stream. */
export function streamEventQueue(stream: FileObject): EventQueueName {
  return `events:${stream}`;
}

/** `<queue>.event<slot>`, the slot being the smallest that is free in that queue. */
export type EventEntryId = `${EventQueueName}.event${number}`;

/** KSEVENT_ENTRY as the class driver keeps it, and where it is in its life (E.6). */
export interface KsEventEntry {
  readonly id: EventEntryId;
  /** `building` until StrMiniEvent has agreed; only then it is in the queue (E-023). `disabling` once it is to go (E-032). */
  readonly state: 'building' | 'enabled' | 'disabling';
  /** Who is told of signals. */
  readonly client: string;
  /** The IRP that enables it, as long as it is `building`. */
  readonly irp: IrpId | undefined;
  /** Whose event it is (E-013, E-025). */
  readonly FileObject: FileObject;
  /** Address of the KSEVENTDATA, by which the client disables it (E-030). */
  readonly EventData: number;
  readonly notification: Omit<KSEVENTDATA, 'NotificationType'> & {
    readonly NotificationType: UserNotificationType;
  };
  readonly lifetime: EventLifetime;
  /** Index of its set. */
  readonly setIndex: number;
  readonly Set: string;
  readonly Item: KSEVENT_ITEM;
}

/** Stands for any event of a set (E-050). */
export const ANY_EVENT = -1;

/** Whether the minidriver finds an entry: it is in the queue, and not about to go (E-032). */
function isVisible(entry: KsEventEntry, set: string | null, id: number): boolean {
  const isOfKind = (set === null || entry.Set === set) && (id === ANY_EVENT || entry.Item.EventId === id);
  return entry.state === 'enabled' && isOfKind;
}

/** The entries of a set and an id, from head to tail (E-012, E-053). */
export function matchingEvents(
  queue: readonly KsEventEntry[],
  set: string | null,
  id: number,
): readonly KsEventEntry[] {
  return queue.filter((entry) => isVisible(entry, set, id));
}

/**
 * The first match behind `current`, or of the whole queue (E-050).
 *
 * @param current must be in the queue (E-051)
 */
export function nextEvent(
  queue: readonly KsEventEntry[],
  set: string | null,
  id: number,
  current: string | undefined,
): KsEventEntry | undefined {
  const behind = queue.findIndex((entry) => entry.id === current) + 1;
  return queue.slice(behind).find((entry) => isVisible(entry, set, id));
}
