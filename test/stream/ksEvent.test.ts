import { describe, expect, it } from 'vitest';
import { ANY_EVENT, type KsEventEntry, nextEvent } from '../../src/stream/ksEvent.js';

const entry = (slot: number, EventId: number, state: KsEventEntry['state'] = 'enabled'): KsEventEntry => ({
  id: `events:pin:0.event${slot}`,
  state,
  client: 'client',
  irp: undefined,
  FileObject: 'pin:0',
  EventData: slot,
  notification: { NotificationType: 'KSEVENTF_EVENT_HANDLE', EventHandle: 'event:0' },
  lifetime: 'KSEVENT_TYPE_ENABLE',
  setIndex: 0,
  Set: 'A',
  Item: { EventId, DataInput: 16, ExtraEntryData: 0 },
});

const queue = [entry(3, 1), entry(0, 2), entry(1, 1, 'building'), entry(2, 1, 'disabling'), entry(4, 1)];
const next = (set: string | null, id: number, current?: number) =>
  nextEvent(queue, set, id, current === undefined ? undefined : `events:pin:0.event${current}`)?.EventData;

describe('nextEvent', () => {
  it('walks from the head, and on behind the current entry, to the end (E-012, E-050)', () => {
    expect([next(null, ANY_EVENT), next(null, ANY_EVENT, 3), next(null, ANY_EVENT, 0)]).toEqual([3, 0, 4]);
    expect(next(null, ANY_EVENT, 4)).toBeUndefined();
  });

  it('passes over other sets and ids, and over entries that are not in the queue yet or about to go (E-032)', () => {
    expect([next('A', 1), next('A', 1, 3), next('A', 2), next('B', 1)]).toEqual([3, 4, 0, undefined]);
  });

  it('walks on from an entry that is about to go: it is in the queue still (E-051)', () => {
    expect(next(null, ANY_EVENT, 2)).toBe(4);
  });
});
