import {
  type DisableEvent,
  type EnableEvent,
  type EventLifetime,
  type KSEVENT_ITEM,
  type KSEVENT_SET,
  KSEVENT_SIZE,
  type KSEVENTDATA,
  KSEVENTDATA_SIZE,
  type KsEventEntry,
  type NTSTATUS,
  type UserNotificationType,
} from 'interlace/streaming';
import type { Answer } from './answer.js';
import { sizedList } from './sizedList.js';

/** The validation of requests about events, before the minidriver is asked (G.4, G-002). */

const GUID_SIZE = 16;

const HANDLES: Readonly<Record<UserNotificationType, string>> = {
  KSEVENTF_EVENT_HANDLE: 'event:',
  KSEVENTF_SEMAPHORE_HANDLE: 'semaphore:',
};

/** A request that may go to the minidriver. */
export interface SoundEnable {
  readonly setIndex: number;
  readonly Item: KSEVENT_ITEM;
  readonly lifetime: EventLifetime;
  readonly notification: KsEventEntry['notification'];
}

function lifetimeIn(flags: string): EventLifetime | undefined {
  switch (flags) {
    case 'KSEVENT_TYPE_ENABLE':
    case 'KSEVENT_TYPE_ONESHOT':
    case 'KSEVENT_TYPE_ENABLEBUFFERED':
      return flags;
    default:
      return undefined;
  }
}

/** A NULL input lists the sets (G-058); the support flags and QUERYBUFFER are answered from tables (E-026, E-028). */
export function isEventQuery({ InputLength, Flags }: EnableEvent): boolean {
  const asks = ['KSEVENT_TYPE_SETSUPPORT', 'KSEVENT_TYPE_BASICSUPPORT', 'KSEVENT_TYPE_QUERYBUFFER'];
  return InputLength === 0 || (InputLength >= KSEVENT_SIZE && asks.includes(Flags));
}

/** What the tables of the class driver say. */
export function eventQueryAnswer(
  { FileObject, InputLength, OutputLength, EventData, Set: guid, Id, Flags }: EnableEvent,
  sets: readonly KSEVENT_SET[],
  entries: readonly KsEventEntry[],
): Answer {
  if (InputLength === 0) {
    const guids = sets.map((set) => set.Set);
    return sizedList(guids, GUID_SIZE * guids.length, OutputLength);
  }
  const set = sets.find((other) => other.Set === guid);
  if (!set) return { Status: 'STATUS_PROPSET_NOT_FOUND', Information: 0 };
  if (Flags === 'KSEVENT_TYPE_SETSUPPORT') return { Status: 'STATUS_SUCCESS', Information: 0 };
  if (!set.EventItem.some(({ EventId }) => EventId === Id))
    return { Status: 'STATUS_NOT_FOUND', Information: 0 };
  if (Flags === 'KSEVENT_TYPE_BASICSUPPORT') return { Status: 'STATUS_SUCCESS', Information: 0 };
  // G-063: nothing is ever buffered (E-028), so the size of the client's buffer does not matter.
  const entry = entries.find((other) => other.FileObject === FileObject && other.EventData === EventData);
  if (!entry) return { Status: 'STATUS_NOT_FOUND', Information: 0 };
  const isBuffered = entry.lifetime === 'KSEVENT_TYPE_ENABLEBUFFERED';
  return { Status: isBuffered ? 'STATUS_NO_MORE_ENTRIES' : 'STATUS_INVALID_PARAMETER', Information: 0 };
}

/** The notification that a user-mode client may ask for, or why it may not (G-052 to G-055). */
function checkedNotification(data: KSEVENTDATA): KsEventEntry['notification'] | NTSTATUS {
  const { NotificationType, EventHandle, Reserved = 0 } = data;
  if (NotificationType !== 'KSEVENTF_EVENT_HANDLE' && NotificationType !== 'KSEVENTF_SEMAPHORE_HANDLE')
    return 'STATUS_INVALID_PARAMETER';
  if (Reserved !== 0) return 'STATUS_INVALID_PARAMETER';
  if (EventHandle.startsWith(HANDLES[NotificationType])) return { ...data, NotificationType };
  const isOtherKind = Object.values(HANDLES).some((kind) => EventHandle.startsWith(kind));
  return isOtherKind ? 'STATUS_OBJECT_TYPE_MISMATCH' : 'STATUS_INVALID_HANDLE';
}

/** Checks an enable in the order of G-004; the first failure wins. */
export function checkedEnable(request: EnableEvent, sets: readonly KSEVENT_SET[]): SoundEnable | NTSTATUS {
  const { InputLength, OutputLength, EventData, Data, Flags } = request;
  // G-012, G-013
  if (InputLength < KSEVENT_SIZE) return 'STATUS_INVALID_BUFFER_SIZE';
  if (OutputLength > 0 && (EventData === 0 || !Data)) return 'STATUS_ACCESS_VIOLATION';
  // G-050
  const setIndex = sets.findIndex((set) => set.Set === request.Set);
  if (setIndex === -1) return 'STATUS_PROPSET_NOT_FOUND';
  const Item = sets[setIndex]?.EventItem.find(({ EventId }) => EventId === request.Id);
  if (!Item) return 'STATUS_NOT_FOUND';
  const lifetime = lifetimeIn(Flags);
  if (!lifetime) return 'STATUS_INVALID_PARAMETER';
  // G-051
  if (!Data || OutputLength < Math.max(Item.DataInput, KSEVENTDATA_SIZE)) return 'STATUS_INVALID_BUFFER_SIZE';
  const notification = checkedNotification(Data);
  return typeof notification === 'string' ? notification : { setIndex, Item, lifetime, notification };
}

/** The entries that a disable is about, or why it is refused (G-060 to G-062). */
export function disabledBy(
  { FileObject, InputLength, EventData }: DisableEvent,
  entries: readonly KsEventEntry[],
): readonly KsEventEntry[] | NTSTATUS {
  const own = entries.filter((entry) => entry.FileObject === FileObject);
  if (InputLength === 0 && EventData === 0) return own;
  if (InputLength < KSEVENTDATA_SIZE) return 'STATUS_INVALID_BUFFER_SIZE';
  if (EventData === 0) return 'STATUS_ACCESS_VIOLATION';
  // G-057: the first of several that were enabled with one pointer.
  const first = own.find((entry) => entry.state === 'enabled' && entry.EventData === EventData);
  return first ? [first] : 'STATUS_UNSUCCESSFUL';
}
