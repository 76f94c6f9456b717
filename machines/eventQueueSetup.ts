import {
  type CallEventRoutine,
  type Cleanup,
  completionOf,
  type DisableEvent,
  type EventEntryId,
  type EventQueueMessage,
  type EventQueueName,
  type EventSignalled,
  type FileObject,
  freeSlot,
  type IoCompleteRequest,
  irpOwner,
  type KSEVENT_SET,
  type KsEventEntry,
  matchingEvents,
  type StreamDrained,
} from 'interlace/streaming';
import { assertEvent, assign, enqueueActions, raise, sendTo, setup } from 'xstate';
import { checkedEnable, disabledBy, eventQueryAnswer, isEventQuery } from './eventRequests.js';

export interface EventQueueInput {
  readonly name: EventQueueName;
  /** `undefined` for the device's queue. */
  readonly StreamObject: FileObject | undefined;
  readonly sets: readonly KSEVENT_SET[];
  /** The name of the minidriver's StrMiniEvent, if it has one. */
  readonly routine: string | undefined;
}

/** What wants entries gone. */
type RemovalRequest = DisableEvent | Cleanup | StreamDrained;

/** Entries that are to go, and what waits for that. */
export interface Removal {
  readonly request: RemovalRequest;
  readonly entries: readonly EventEntryId[];
}

export interface EventQueue extends EventQueueInput {
  /** The queue, from head to tail, and between them the entries that are not in it yet. */
  readonly entries: readonly KsEventEntry[];
  readonly removals: readonly Removal[];
}

type EventQueueEvent =
  | EventQueueMessage
  | { readonly type: 'CallEventRoutine'; readonly entry: KsEventEntry; readonly Enable: boolean };

/** The entry that StrMiniEvent was called for. */
function returnedEntry({ entries }: EventQueue, event: EventQueueEvent): KsEventEntry | undefined {
  return event.type === 'EventRoutineReturned' ? entries.find(({ id }) => id === event.entry) : undefined;
}

/** The entries that a request wants gone. */
function unwanted({ entries }: EventQueue, request: RemovalRequest): readonly KsEventEntry[] {
  if (request.type !== 'IOCTL_KS_DISABLE_EVENT')
    return entries.filter((entry) => entry.FileObject === request.FileObject);
  const found = disabledBy(request, entries);
  return typeof found === 'string' ? [] : found;
}

/** The entries that a notification is about, if they are in the queue and not about to go (E-032). */
function notified({ entries }: EventQueue, event: EventQueueEvent): readonly KsEventEntry[] {
  if ('EventSet' in event) return matchingEvents(entries, event.EventSet, event.EventId);
  return 'entry' in event ? entries.filter(({ id, state }) => id === event.entry && state === 'enabled') : [];
}

function call({ routine = '', StreamObject }: EventQueue, entry: KsEventEntry, Enable: boolean) {
  const { id, setIndex, Item, notification } = entry;
  const called: CallEventRoutine = {
    type: 'CallMinidriver',
    callback: 'HwEventRoutine',
    routine,
    event: {
      Enable,
      entry: id,
      EnableEventSetIndex: setIndex,
      EventId: Item.EventId,
      ExtraEntryData: Item.ExtraEntryData,
      EventData: notification,
      StreamObject: StreamObject ?? null,
    },
  };
  return called;
}

/** What an event queue can do and ask: the words of the chart in `eventQueue.ts`. */
export const eventQueueSetup = setup({
  types: {
    context: {} as EventQueue,
    input: {} as EventQueueInput,
    events: {} as EventQueueEvent,
    tags: {} as 'idle',
    meta: {} as { strict: true },
  },
  actions: {
    answerQuery: sendTo(
      ({ system, event }) => system.get('irp' in event ? irpOwner(event.irp) : ''),
      ({ context: { sets, entries }, event }): IoCompleteRequest => {
        assertEvent(event, 'IOCTL_KS_ENABLE_EVENT');
        return { type: 'IoCompleteRequest', irp: event.irp, ...eventQueryAnswer(event, sets, entries) };
      },
    ),
    refuseEnable: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IOCTL_KS_ENABLE_EVENT');
      const status = checkedEnable(event, context.sets);
      if (typeof status !== 'string') return;
      enqueue.sendTo(({ system }) => system.get(irpOwner(event.irp)), completionOf(event.irp, status));
    }),
    refuseDisable: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IOCTL_KS_DISABLE_EVENT');
      const status = disabledBy(event, context.entries);
      if (typeof status !== 'string') return;
      enqueue.sendTo(({ system }) => system.get(irpOwner(event.irp)), completionOf(event.irp, status));
    }),
    /** The entry exists before the minidriver is asked, and is in the queue only when it has agreed (E-021, E-023). */
    build: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'IOCTL_KS_ENABLE_EVENT');
      const sound = checkedEnable(event, context.sets);
      if (typeof sound === 'string') return;
      const { irp, FileObject, EventData } = event;
      const names = context.entries.map(({ id }) => id);
      const entry: KsEventEntry = {
        id: `${context.name}.event${freeSlot(names, `${context.name}.event`)}`,
        state: 'building',
        client: irpOwner(irp),
        irp,
        FileObject,
        EventData,
        Set: event.Set,
        ...sound,
      };
      enqueue.assign({ entries: [...context.entries, entry] });
      enqueue.raise({ type: 'CallEventRoutine', entry, Enable: true });
    }),
    callMinidriver: sendTo(
      ({ system }) => system.get('synchronizer'),
      ({ context, event }) => {
        assertEvent(event, 'CallEventRoutine');
        return call(context, event.entry, event.Enable);
      },
    ),
    returnAtOnce: raise(({ event }) => {
      assertEvent(event, 'CallEventRoutine');
      return { type: 'EventRoutineReturned', entry: event.entry.id, Status: 'STATUS_SUCCESS' } as const;
    }),
    answerEnable: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, 'EventRoutineReturned');
      const irp = returnedEntry(context, event)?.irp;
      if (!irp) return;
      enqueue.sendTo(({ system }) => system.get(irpOwner(irp)), completionOf(irp, event.Status));
    }),
    /** At the tail: the order of the queue is that of the enables that have succeeded (E-012). */
    insert: assign({
      entries: ({ context, event }) => {
        const entry = returnedEntry(context, event);
        const others = context.entries.filter((other) => other !== entry);
        return entry ? [...others, { ...entry, state: 'enabled' as const, irp: undefined }] : others;
      },
    }),
    disableAtOnce: enqueueActions(({ context, event, enqueue }) => {
      const entry = returnedEntry(context, event);
      if (!entry) return;
      const disabling = { ...entry, state: 'disabling' as const, irp: undefined };
      enqueue.assign({ entries: context.entries.map((other) => (other === entry ? disabling : other)) });
      enqueue.raise({ type: 'CallEventRoutine', entry: disabling, Enable: false });
    }),
    free: assign({
      entries: ({ context, event }) => {
        const entry = returnedEntry(context, event);
        return context.entries.filter((other) => other !== entry);
      },
    }),
    /** Marks what is in the queue and tells the minidriver, once for each (E-032); what goes already is waited for. */
    beginRemoval: enqueueActions(({ context, event, enqueue }) => {
      assertEvent(event, ['IOCTL_KS_DISABLE_EVENT', 'IRP_MJ_CLEANUP', 'StreamDrained']);
      const gone = unwanted(context, event);
      const isMarked = (entry: KsEventEntry): boolean => entry.state === 'enabled' && gone.includes(entry);
      enqueue.assign({
        entries: context.entries.map((entry) =>
          isMarked(entry) ? { ...entry, state: 'disabling' as const } : entry,
        ),
        removals: [...context.removals, { request: event, entries: gone.map(({ id }) => id) }],
      });
      for (const entry of gone.filter(isMarked))
        enqueue.raise({ type: 'CallEventRoutine', entry, Enable: false });
    }),
    /** Answers whoever waited for the last of its entries. */
    endRemovals: enqueueActions(({ context: { entries, removals, StreamObject }, enqueue }) => {
      const waits = ({ entries: ids }: Removal): boolean =>
        entries.some((entry) => ids.some((id) => id === entry.id));
      for (const removal of removals) {
        const { request } = removal;
        if (waits(removal)) continue;
        if (request.type === 'StreamDrained')
          enqueue.sendTo(({ system }) => system.get('classDriver'), request);
        else if (request.type === 'IOCTL_KS_DISABLE_EVENT' || StreamObject === undefined)
          enqueue.sendTo(
            ({ system }) => system.get(irpOwner(request.irp)),
            completionOf(request.irp, 'STATUS_SUCCESS'),
          );
      }
      enqueue.assign({ removals: removals.filter(waits) });
    }),
    /** Each match once, in the order of the queue (E-053); a one-shot entry is gone with its first signal (E-027). */
    signal: enqueueActions(({ context, event, enqueue }) => {
      const signalled = notified(context, event);
      for (const { client, EventData, notification } of signalled) {
        const { NotificationType, EventHandle, Adjustment } = notification;
        const told: EventSignalled = {
          type: 'EventSignalled',
          queue: context.name,
          EventData,
          NotificationType,
          EventHandle,
          ...(Adjustment === undefined ? {} : { Adjustment }),
        };
        enqueue.sendTo(({ system }) => system.get(client), told);
      }
      enqueue.assign({
        entries: context.entries.filter(
          (entry) => !(entry.lifetime === 'KSEVENT_TYPE_ONESHOT' && signalled.includes(entry)),
        ),
      });
    }),
    /** Without a word to the client or to StrMiniEvent (E-057). */
    delete: assign({
      entries: ({ context, event }) => {
        const deleted = notified(context, event);
        return context.entries.filter((entry) => !deleted.includes(entry));
      },
    }),
  },
  guards: {
    asksForTables: ({ event }) => event.type === 'IOCTL_KS_ENABLE_EVENT' && isEventQuery(event),
    isSoundEnable: ({ context, event }) =>
      event.type === 'IOCTL_KS_ENABLE_EVENT' && typeof checkedEnable(event, context.sets) !== 'string',
    isSoundDisable: ({ context, event }) =>
      event.type === 'IOCTL_KS_DISABLE_EVENT' && typeof disabledBy(event, context.entries) !== 'string',
    hasNoRoutine: ({ context }) => context.routine === undefined,
    isBuilding: ({ context, event }) => returnedEntry(context, event)?.state === 'building',
    /** Nothing but SUCCESS will do (E-023). */
    succeeds: ({ event }) => event.type === 'EventRoutineReturned' && event.Status === 'STATUS_SUCCESS',
    isToGo: ({ context, event }) =>
      event.type === 'EventRoutineReturned' &&
      context.removals.some(({ entries }) => entries.includes(event.entry)),
    deletes: ({ event }) =>
      'notification' in event &&
      (event.notification === 'DeleteStreamEvent' || event.notification === 'DeleteDeviceEvent'),
    awaitsMinidriver: ({ context }) => context.entries.some(({ state }) => state !== 'enabled'),
  },
});
