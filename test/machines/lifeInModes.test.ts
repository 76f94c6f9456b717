import type { PnpDecision } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { disable, enable, eventCalls, eventfulStub } from './eventRequests.js';
import { ledger, type Play, play, type Setting, schedules, unhandled } from './play.js';
import { cancel, cleanup, close, opened, openPin, read, setState } from './requests.js';
import type { Request } from './scriptedRequester.js';

const modes = [{}, { interrupts: false }, { off: true }, { off: true, interrupts: false }] as const;
const OK = 'STATUS_SUCCESS';
const sleep: PnpDecision[] = [
  { type: 'Sleep', when: { afterMs: 130 } },
  { type: 'Wake', when: { afterMs: 1000 } },
  { type: 'Eject', when: 'ClientDone' },
];

function sound(setting: Setting): Play {
  const p = play(setting);
  const label = JSON.stringify(setting);
  expect(p.run.end, label).toBe('quiescent');
  expect(ledger(p), label).toEqual({ irps: [], srbs: [], errors: [] });
  expect(unhandled(p), label).toEqual([]);
  expect(p.run.world.snapshot('pnpManager')?.value, label).toBe('removed');
  return p;
}
const answersOf = (p: Play): string[] => p.run.world.snapshot('client')?.context.answers;

/** The callbacks that are asked for while the device has no power. */
function calledAsleep({ steps }: Play): string[] {
  const isGate = (type: string) => type === 'CloseStreamGate' || type === 'OpenStreamGate';
  let isAsleep = false;
  return steps.flatMap(({ actor, event, sent }) => {
    if (actor !== 'synchronizer') return [];
    if (isGate(event.type)) isAsleep = event.type === 'CloseStreamGate';
    return isAsleep ? sent.filter(({ to }) => to === 'minidriver').map(({ event: call }) => call.type) : [];
  });
}

describe('in every mode of synchronization', () => {
  it('a power cycle holds control and data requests back until power is there (C-063, J62)', () => {
    for (const mode of modes) {
      for (const schedule of schedules) {
        const p = sound({ ...schedule, stub: mode, life: sleep });
        expect(calledAsleep(p)).not.toContain('ReceiveDataPacket');
        expect(calledAsleep(p)).not.toContain('ReceiveControlPacket');
      }
    }
  });

  it('a surprise removal ends what is outstanding (C-068)', () => {
    for (const mode of modes) {
      for (const schedule of schedules) {
        for (const afterMs of [1, 130])
          sound({ ...schedule, stub: mode, life: [{ type: 'Unplug', when: { afterMs } }] });
      }
    }
  });

  it('an application cancels, dies and comes back (C-040 to C-042, D-042)', () => {
    const steps = [
      { type: 'cancelAfter', frames: 1 },
      { type: 'crashAfter', frames: 1 },
      { type: 'capture' },
    ] as const;
    for (const mode of modes) {
      for (const schedule of schedules) sound({ ...schedule, stub: mode, script: { steps } });
    }
  });

  it('a request that waits for power is withdrawn when it is cancelled, and the queue goes on (D-031)', () => {
    // The second open is in progress when power goes.
    const open = [...opened, [setState('KSSTATE_ACQUIRE')], [openPin()]];
    const asleep: Request[] = [
      setState('KSSTATE_PAUSE'),
      read(),
      cancel('client.irp0'),
      cancel('client.irp1'),
    ];
    const end = [[cleanup('pin:0')], [close('pin:0')], [cleanup('pin:1')], [close('pin:1')]];
    const filter = [[cleanup('filter:0')], [close('filter:0')]];
    for (const mode of modes) {
      const stub = { ...mode, openMs: 80, instances: 2 };
      const p = sound({ stub, life: sleep, bursts: [...open, asleep, ...end, ...filter] });
      expect(answersOf(p).slice(4, 6)).toEqual(['STATUS_CANCELLED', 'STATUS_CANCELLED']);
      expect(p.steps.filter(({ event }) => event.type === 'DeliveryWithdrawn')).toHaveLength(2);
    }
  });
});

describe('event requests', () => {
  const device = enable({ FileObject: 'filter:0', EventData: 0x300 });
  const open = [...opened, [enable(), device], [openPin()]];
  const end = [
    ...[[cleanup('pin:0')], [close('pin:0')], [cleanup('pin:1')], [close('pin:1')]],
    ...[[cleanup('filter:0')], [close('filter:0')]],
  ];
  const stub = { ...eventfulStub(2), openMs: 80 };

  it('fail when the device is gone, but what is enabled may be disabled (E-042)', () => {
    const later = [enable({ EventData: 0x200 }), enable({ FileObject: 'filter:0' }), disable()];
    const rest = [...end.slice(0, 2), ...end.slice(4)];
    const life: PnpDecision[] = [{ type: 'Unplug', when: { afterMs: 130 } }];
    const p = sound({ stub, life, bursts: [...open, later, ...rest] });
    const GONE = 'STATUS_DEVICE_REMOVED';
    // The second open comes too late (C-072).
    expect(answersOf(p)).toEqual([OK, OK, OK, OK, GONE, GONE, GONE, OK, OK, OK, OK, OK]);
    expect(eventCalls(p).map((call) => call[0])).toEqual(['+', '+', '-', '-']);
  });

  it('wait for power; CLEANUP and a cancel do not (C-063, C-004)', () => {
    const later = [disable(), device, enable({ EventData: 0x200 }), cancel('client.irp2')];
    for (const last of [[], [cleanup('pin:0')]]) {
      const rest = last.length > 0 ? end.slice(1) : end;
      const p = sound({ stub, life: sleep, bursts: [...open, [...later, ...last], ...rest] });
      const disabled = last.length > 0 ? 'STATUS_CANCELLED' : OK;
      expect(answersOf(p).slice(5, 8).sort()).toEqual(['STATUS_CANCELLED', disabled, OK].sort());
      // CLEANUP frees the events of its file object, power or not (E-040).
      expect(calledAsleep(p).filter((type) => type === 'HwEventRoutine')).toHaveLength(last.length);
    }
  });

  it('find the device queue open again after a rebalance', () => {
    const life: PnpDecision[] = [
      { type: 'Rebalance', when: 'ClientDone' },
      { type: 'Eject', when: 'ClientDone' },
    ];
    for (const schedule of schedules) sound({ ...schedule, stub: eventfulStub(), life });
  });
});
