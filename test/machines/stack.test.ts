import type { TraceStep } from 'interlace';
import type { SrbResult } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { emitted, type Play, play, schedules, unhandled } from './play.js';

const READY = ['before', 'with', 'after'] as const;

/** A message field by name, as text. */
function field(event: object, name: string): string {
  const value: unknown = Reflect.get(event, name);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function srbOf(event: object): SrbResult | undefined {
  return Reflect.get(event, 'srb');
}

const sentOf = ({ steps }: Play) => steps.flatMap((step) => step.sent);
/** Calls for SRBs; others are the class driver's own code. */
const calls = (p: Play) =>
  sentOf(p).filter(({ event }) => event.type === 'CallMinidriver' && srbOf(event) !== undefined);
const commands = (p: Play, callback: string) =>
  calls(p)
    .filter(({ event }) => field(event, 'callback') === callback)
    .map(({ event }) => srbOf(event)?.Command);

const plays = READY.flatMap((ready) =>
  schedules.map((schedule) => ({
    label: `ready ${ready}, ${JSON.stringify(schedule)}`,
    timers: schedule.timers,
    p: play({ ...schedule, stub: { ready } }),
  })),
);

/** Calls `each` for every schedule and way of saying Ready. */
function everywhere(each: (p: Play, label: string, timers: string) => void): void {
  for (const { p, label, timers } of plays) each(p, label, timers);
}

/** The queue that a call or notification is about. */
function queueOf(step: TraceStep, callback: string): string {
  return `${step.actor} ${callback}`;
}

const READY_FOR: Record<string, string> = {
  ReadyForNextDeviceRequest: 'HwReceivePacket',
  ReadyForNextStreamControlRequest: 'ReceiveControlPacket',
  ReadyForNextStreamDataRequest: 'ReceiveDataPacket',
};

/** Which queue an event makes ready, if any. */
function madeReady({ event }: TraceStep): string | undefined {
  const notification = field(event, 'notification');
  if (notification !== 'CompleteRequestAndMarkQueueReady') return READY_FOR[notification];
  if (event.type === 'StreamClassDeviceNotification') return 'HwReceivePacket';
  return srbOf(event)?.Command === 'SRB_READ_DATA' ? 'ReceiveDataPacket' : 'ReceiveControlPacket';
}

describe('the stack, under every schedule tried', () => {
  it('sends the device SRBs of a life in the order of C-020, C-040 and C-070', () => {
    everywhere((p, label) => {
      expect(commands(p, 'HwReceivePacket'), label).toEqual([
        'SRB_INITIALIZE_DEVICE',
        'SRB_GET_STREAM_INFO',
        'SRB_INITIALIZATION_COMPLETE',
        'SRB_OPEN_STREAM',
        'SRB_CLOSE_STREAM',
        'SRB_UNINITIALIZE_DEVICE',
      ]);
    });
  });

  it('delivers from a queue only after a Ready for it (D-023)', () => {
    everywhere((p, label) => {
      const busy = new Set<string>();
      for (const step of p.steps) {
        const ready = madeReady(step);
        if (ready && step.event.type.endsWith('Notification')) busy.delete(queueOf(step, ready));
        for (const { event } of step.sent.filter((s) => s.event.type === 'CallMinidriver')) {
          const queue = queueOf(step, field(event, 'callback'));
          expect(busy.has(queue), `${label}: ${queue}`).toBe(false);
          busy.add(queue);
        }
      }
    });
  });

  it('lets one callback at a time into the minidriver (D-002, D-007)', () => {
    everywhere((p, label) => {
      let inside = 0;
      for (const { actor, event, sent } of p.steps) {
        if (actor !== 'synchronizer') continue;
        if (event.type === 'CallbackReturned') inside--;
        inside += sent.filter(({ to }) => to === 'minidriver').length;
        expect([0, 1], label).toContain(inside);
      }
      expect(inside).toBe(0);
    });
  });

  it('answers every IRP exactly once, to its owner, and gives no name twice at a time (A-014)', () => {
    everywhere((p, label) => {
      const open = new Set<string>();
      for (const { from, to, event } of sentOf(p)) {
        if (to === 'classDriver' && 'irp' in event && !from.startsWith('classDriver/')) {
          expect(open.has(field(event, 'irp')), label).toBe(false);
          expect(field(event, 'irp')).toMatch(new RegExp(`^${from}\\.irp\\d+$`));
          open.add(field(event, 'irp'));
        }
        if (event.type === 'IoCompleteRequest') {
          expect(open.delete(field(event, 'irp')), label).toBe(true);
          expect(field(event, 'irp').startsWith(`${to}.`), label).toBe(true);
        }
      }
      expect([...open], label).toEqual([]);
    });
  });

  it('uses no more IRP names than the client has requests outstanding', () => {
    everywhere((p) => {
      const names = new Set(
        sentOf(p).flatMap(({ from, event }) =>
          from === 'client' && 'irp' in event ? [field(event, 'irp')] : [],
        ),
      );
      expect(names.size).toBeLessThanOrEqual(4);
    });
  });

  it('sees every SRB completed exactly once (A-062)', () => {
    everywhere((p, label) => {
      const owned = new Set<string>();
      for (const { from, event } of sentOf(p)) {
        const id = srbOf(event)?.id ?? '';
        if (event.type === 'CallMinidriver' && id !== '') owned.add(id);
        if (from === 'minidriver' && id !== '') expect(owned.delete(id), label).toBe(true);
      }
      expect([...owned], label).toEqual([]);
    });
  });

  it('takes the stream up and down by legal edges, and drains before it closes', () => {
    everywhere((p, label) => {
      const states = calls(p).flatMap(({ event }) => {
        const data = Reflect.get(Reflect.get(event, 'srb'), 'CommandData');
        return data && 'StreamState' in data ? [data.StreamState] : [];
      });
      expect(states, label).toEqual([
        'KSSTATE_ACQUIRE',
        'KSSTATE_PAUSE',
        'KSSTATE_RUN',
        'KSSTATE_PAUSE',
        'KSSTATE_STOP',
      ]);
    });
  });

  it('makes the requests of a scripted client in their order', () => {
    everywhere((p, label) => {
      const requests = sentOf(p).filter(
        ({ from, event }) => from === 'client' && event.type !== 'IOCTL_KS_READ_STREAM',
      );
      expect(
        requests.map(({ event }) => event.type),
        label,
      ).toEqual([
        'IRP_MJ_CREATE',
        'IRP_MJ_CREATE',
        ...Array(5).fill('IOCTL_KS_PROPERTY'),
        'IRP_MJ_CLEANUP',
        'IRP_MJ_CLOSE',
        'IRP_MJ_CLEANUP',
        'IRP_MJ_CLOSE',
        'ClientDone',
      ]);
    });
  });

  it('delivers frames in the order in which they were captured, none twice (F-017)', () => {
    everywhere((p, label) => {
      const frames = emitted(p, 'FrameDelivered').map(({ frame }) => Number(frame));
      expect(frames, label).toEqual([...new Set(frames)].sort((a, b) => a - b));
    });
  });

  it('captures or drops each frame once; all of them unless the client has tired of waiting', () => {
    everywhere((p, label, timers) => {
      const all = [...emitted(p, 'FrameCaptured'), ...emitted(p, 'FrameDropped')];
      const frames = all.map((event) => Number(event['frame'])).sort((a, b) => a - b);
      expect(frames, label).toEqual([0, 1, 2, 3, 4, 5].slice(0, frames.length));
      if (timers === 'urgent') expect(frames, label).toHaveLength(6);
    });
  });

  it('ends quiescent, every actor ended or idle, the device removed and nothing left in it', () => {
    everywhere((p, label) => {
      const { world } = p.run;
      expect(p.run.end, label).toBe('quiescent');
      for (const address of world.addresses()) {
        const snapshot = world.snapshot(address);
        const isIdle = address === 'scene' || snapshot?.hasTag('idle');
        expect(snapshot?.status === 'done' || isIdle, `${label}: ${address}`).toBe(true);
      }
      expect(world.addresses()).not.toContain('classDriver/pin:0');
      expect(world.snapshot('classDriver')?.value).toBe('unloaded');
      expect(world.snapshot('classDriver')?.context).toMatchObject({
        filters: [],
        pins: [],
        delivered: [],
        deviceQueue: [],
      });
      expect(world.snapshot('synchronizer')?.value).toEqual({ lock: 'free', line: 'disconnected' });
    });
  });

  it('handles every event, and sends none to an actor that has ended', () => {
    everywhere((p, label) => {
      expect(unhandled(p), label).toEqual([]);
      expect(
        sentOf(p).filter(({ dropped }) => dropped),
        label,
      ).toEqual([]);
    });
  });

  it('plays the same schedule for the same seed, and another for another', () => {
    const schedule = (seed: number) => play({ seed }).run.schedule;
    expect(schedule(3)).toBe(schedule(3));
    expect(new Set([1, 2, 3, 4].map(schedule)).size).toBe(4);
  });
});
