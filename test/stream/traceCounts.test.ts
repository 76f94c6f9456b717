import { describe, expect, it } from 'vitest';
import { TraceCounter } from '../../src/stream/traceCounts.js';

const answer = (irp: string, Status: string) => ({ type: 'IoCompleteRequest', irp, Status });

function counted(...events: { readonly type: string }[]) {
  const counter = new TraceCounter();
  for (const event of events) counter.add({ sent: [{ from: 'a', to: 'b', event }] });
  return counter.counts;
}

describe('TraceCounter', () => {
  it('counts every request once, by how it ended', () => {
    expect(
      counted(
        { type: 'IRP_MJ_CREATE' },
        answer('client.irp0', 'STATUS_SUCCESS'),
        answer('client.irp0', 'STATUS_CANCELLED'),
        answer('client.irp1', 'STATUS_SUCCESS'),
        answer('client.irp1', 'STATUS_INVALID_PARAMETER'),
      ).irps,
    ).toEqual({ completed: 2, failed: 1, cancelled: 1 });
  });

  it('counts an event as enabled when that request succeeds, however often it was passed on', () => {
    const enable = { type: 'IOCTL_KS_ENABLE_EVENT', irp: 'client.irp0', Flags: 'KSEVENT_TYPE_ONESHOT' };
    const read = answer('client.irp1', 'STATUS_SUCCESS');
    const { events } = counted(
      enable,
      enable,
      read,
      answer('client.irp0', 'STATUS_SUCCESS'),
      read,
      answer('client.irp0', 'STATUS_SUCCESS'),
    );
    expect(events.enabled).toBe(1);
    expect(counted(enable, answer('client.irp0', 'STATUS_NOT_FOUND')).events.enabled).toBe(0);
  });

  it('counts no question about events as an event', () => {
    const ask = { type: 'IOCTL_KS_ENABLE_EVENT', irp: 'client.irp0', Flags: 'KSEVENT_TYPE_SETSUPPORT' };
    expect(counted(ask, answer('client.irp0', 'STATUS_SUCCESS')).events.enabled).toBe(0);
  });

  it('counts every client that was told of an event (M-043)', () => {
    const told = { type: 'EventSignalled', EventHandle: 'event:0' };
    const asked = { type: 'StreamClassStreamNotification', notification: 'SignalMultipleStreamEvents' };
    expect(counted(asked, told, told).events.signalled).toBe(2);
  });
});
