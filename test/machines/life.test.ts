import { always, check, defineSystem, never, reachable, type WorldView } from 'interlace';
import {
  classDriver,
  hardware,
  type PnpDecision,
  pnpManager,
  synchronizer,
  watchdog,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { emitted, ledger, type Play, play, realCamera, type Setting, unhandled } from './play.js';
import { openFilter } from './requests.js';
import { scriptedRequester } from './scriptedRequester.js';
import { stubMinidriver } from './stubMinidriver.js';

const seeds = [1, 2, 3, 4, 5, 6];
const timerModes = ['urgent', 'ordered'] as const;
const eject: PnpDecision = { type: 'Eject', when: 'ClientDone' };

const sentOf = (p: Play) => p.steps.flatMap(({ sent }) => sent);
const srbsOf = (p: Play): string[] =>
  sentOf(p)
    .filter(({ to, event }) => to === 'minidriver' && event.type === 'HwReceivePacket')
    .map(({ event }) => Reflect.get(event, 'srb').Command);
const pnpOf = (p: Play): string[] =>
  sentOf(p)
    .filter(({ from, event }) => from === 'pnpManager' && event.type.startsWith('IRP_'))
    .map(({ event }) => event.type.replace('IRP_MN_', '').replace('_DEVICE', ''));
const answersTo = (p: Play, who: string): string[] =>
  sentOf(p)
    .filter(({ to, event }) => to === who && event.type === 'IoCompleteRequest')
    .map(({ event }) => Reflect.get(event, 'Status'));

const INITIALIZE = ['SRB_INITIALIZE_DEVICE', 'SRB_GET_STREAM_INFO', 'SRB_INITIALIZATION_COMPLETE'];
const USE = ['SRB_OPEN_STREAM', 'SRB_CLOSE_STREAM'];

/** Plays, and proves what is true of every life: nothing is lost, double, or unheard of, and the device is gone in the end. */
function sound(setting: Setting): Play {
  const p = play(setting);
  const label = JSON.stringify({ seed: setting.seed, timers: setting.timers, life: setting.life });
  expect(p.run.end, label).toBe('quiescent');
  expect(ledger(p), label).toEqual({ irps: [], srbs: [], errors: [] });
  expect(unhandled(p), label).toEqual([]);
  expect(p.run.world.snapshot('pnpManager')?.value, label).toBe('removed');
  expect(p.run.world.snapshot('classDriver')?.value, label).toBe('unloaded');
  expect(p.run.world.snapshot('minidriver')?.status, label).toBe('active');
  expect(p.run.world.snapshot('synchronizer')?.value, label).toEqual({ lock: 'free', line: 'disconnected' });
  return p;
}

/** Every seed, timer mode and minidriver. */
function everywhere(setting: Setting, each: (p: Play) => void): void {
  for (const seed of seeds) {
    for (const timers of timerModes) {
      for (const minidriver of [{}, { minidriver: realCamera }]) {
        each(sound({ ...setting, ...minidriver, seed, timers }));
      }
    }
  }
}

describe('a surprise removal', () => {
  it('while streaming fails what is outstanding, and REMOVE follows the last close (C-068, C-008, T7)', () => {
    const life: PnpDecision[] = [{ type: 'Unplug', when: { afterMs: 130 } }];
    everywhere({ life }, (p) => {
      const wasStarted = pnpOf(p)[0] === 'START';
      expect(pnpOf(p).slice(-2)).toEqual(['SURPRISE_REMOVAL', 'REMOVE']);
      expect(new Set(answersTo(p, 'pnpManager'))).toEqual(new Set(['STATUS_SUCCESS']));
      const told = srbsOf(p).filter((command) => command === 'SRB_SURPRISE_REMOVAL');
      // Who was never started knows nothing of it.
      expect(told).toHaveLength(wasStarted ? 1 : 0);
      if (!wasStarted) return;
      expect(srbsOf(p).at(-1)).toBe('SRB_UNINITIALIZE_DEVICE');
      const opens = srbsOf(p).filter((command) => command === 'SRB_OPEN_STREAM').length;
      expect(srbsOf(p).filter((command) => command === 'SRB_CLOSE_STREAM')).toHaveLength(opens);
    });
  });

  it('in urgent time finds a stream that runs: later requests fail without the minidriver (C-004, C-069)', () => {
    const life: PnpDecision[] = [{ type: 'Unplug', when: { afterMs: 130 } }];
    for (const seed of seeds) {
      const p = sound({ life, seed, minidriver: realCamera });
      expect(emitted(p, 'FrameDelivered').length).toBeGreaterThan(0);
      expect(answersTo(p, 'client')).toContain('STATUS_CANCELLED');
      expect(answersTo(p, 'client')).toContain('STATUS_DEVICE_REMOVED');
      const after = p.steps.findIndex(
        ({ actor, event }) => actor === 'classDriver' && event.type === 'IRP_MN_SURPRISE_REMOVAL',
      );
      const done = p.steps.findIndex(
        ({ sent }, i) =>
          i > after &&
          sent.some(
            ({ from, event }) => from === 'minidriver' && event.type === 'StreamClassDeviceNotification',
          ),
      );
      const accesses = p.steps
        .slice(done)
        .flatMap(({ emitted }) => emitted.filter(({ type }) => type === 'WriteLost'));
      expect(accesses).toEqual([]);
    }
  });

  it('while the interrupt routine reads the registers ends no read with what they say then (C-073)', () => {
    const life: PnpDecision[] = [{ type: 'Unplug', when: { afterMs: 85 } }];
    for (let seed = 1; seed <= 40; seed++) {
      const p = sound({ life, seed, timers: 'ordered', minidriver: realCamera });
      for (const { bytes } of emitted(p, 'FrameDelivered')) expect(bytes).toBe(10_000);
    }
  });

  it('can come at any moment, before START too, and while a stream opens (C-002, C-071, C-072)', () => {
    for (const afterMs of [0, 1, 40, 95]) {
      const life: PnpDecision[] = [{ type: 'Unplug', when: { afterMs } }];
      everywhere({ life, script: { silenceMs: 200 } }, () => undefined);
    }
  });

  it('during an open fails the open, and closes what it opened (C-072, INV-065)', () => {
    const life: PnpDecision[] = [{ type: 'Unplug', when: { afterMs: 5 } }];
    for (const seed of seeds) {
      const p = sound({ life, seed, stub: { openMs: 10 } });
      expect(answersTo(p, 'client')).toContain('STATUS_DEVICE_REMOVED');
      const both = srbsOf(p).slice(INITIALIZE.length);
      expect(both).toEqual([
        'SRB_OPEN_STREAM',
        'SRB_SURPRISE_REMOVAL',
        'SRB_CLOSE_STREAM',
        'SRB_UNINITIALIZE_DEVICE',
      ]);
    }
  });

  it('of a device that nobody uses is removed at once', () => {
    const p = sound({ life: [{ type: 'Unplug', when: 'ClientDone' }] });
    expect(pnpOf(p)).toEqual(['START', 'SURPRISE_REMOVAL', 'REMOVE']);
  });
});

describe('a rebalance', () => {
  it('of a device that is not open stops it and starts it again: it is initialized anew (C-001, C-070, T9)', () => {
    const life: PnpDecision[] = [{ type: 'Rebalance', when: 'ClientDone' }, eject];
    everywhere({ life }, (p) => {
      const irps = ['START', 'QUERY_STOP', 'STOP', 'START', 'QUERY_REMOVE', 'REMOVE'];
      expect(pnpOf(p)).toEqual(irps);
      expect(answersTo(p, 'pnpManager')).toEqual(Array(6).fill('STATUS_SUCCESS'));
      const uninitialize = 'SRB_UNINITIALIZE_DEVICE';
      expect(srbsOf(p)).toEqual([...INITIALIZE, ...USE, uninitialize, ...INITIALIZE, uninitialize]);
    });
  });

  it('is refused while something is open, and cancelled (C-005, J17, T9)', () => {
    const life: PnpDecision[] = [{ type: 'Rebalance', when: { afterMs: 100 } }, eject];
    for (const seed of seeds) {
      for (const minidriver of [{}, { minidriver: realCamera }]) {
        const p = sound({ life, seed, ...minidriver });
        expect(pnpOf(p)).toEqual(['START', 'QUERY_STOP', 'CANCEL_STOP', 'QUERY_REMOVE', 'REMOVE']);
        expect(answersTo(p, 'pnpManager')[1]).toBe('STATUS_UNSUCCESSFUL');
        expect(emitted(p, 'FrameDelivered')).toHaveLength(6);
      }
    }
  });

  it('that another driver vetoes changes nothing (C-001)', () => {
    const life: PnpDecision[] = [
      { type: 'Rebalance', when: 'ClientDone', isVetoed: true },
      { type: 'Eject', when: 'ClientDone', isVetoed: true },
      eject,
    ];
    everywhere({ life }, (p) => {
      expect(pnpOf(p).slice(1, -2)).toEqual(['QUERY_STOP', 'CANCEL_STOP', 'QUERY_REMOVE', 'CANCEL_REMOVE']);
      expect(srbsOf(p)).toEqual([...INITIALIZE, ...USE, 'SRB_UNINITIALIZE_DEVICE']);
    });
  });

  it('holds creates until the device is back; they are then judged in their order (C-004, C-006)', () => {
    for (const isVetoed of [false, true]) {
      const life: PnpDecision[] = [{ type: 'Rebalance', when: { afterMs: 0 }, isVetoed }, eject];
      const held = Array.from({ length: 40 }, (_, i) => i + 1).filter((seed) => {
        const p = play({ seed, life, timers: 'ordered', bursts: [[openFilter, openFilter]] });
        expect(answersTo(p, 'client')).toEqual(['STATUS_SUCCESS', 'STATUS_SUCCESS']);
        return p.steps.some(
          ({ actor, event, sent }) =>
            actor === 'classDriver' &&
            event.type !== 'IRP_MJ_CREATE' &&
            sent.some(({ to, event: answer }) => to === 'client' && answer.type === 'IoCompleteRequest'),
        );
      });
      expect(held.length).toBeGreaterThan(0);
    }
  });

  it('holds a create that comes while the device starts again, until SRB_INITIALIZATION_COMPLETE is completed (A-074, INV-050)', async () => {
    const isStarting = (world: WorldView): boolean =>
      world.snapshot('classDriver')?.matches({ present: { pnp: 'starting' } }) === true;
    const answers = (world: WorldView): readonly string[] => world.snapshot('client')?.context.answers ?? [];
    const engine = { frames: 0, frameRate: { num: 25, den: 1 }, fifoDepth: 2, dmaMs: 5 };
    const life: PnpDecision[] = [{ type: 'Rebalance', when: { afterMs: 0 } }, eject];
    const system = defineSystem({
      name: 'rebalance',
      actors: {
        pnpManager: { logic: pnpManager, input: { script: life } },
        classDriver: { logic: classDriver },
        synchronizer: { logic: synchronizer },
        watchdog: { logic: watchdog },
        hardware: { logic: hardware, input: engine },
        minidriver: { logic: stubMinidriver, input: {} },
        client: { logic: scriptedRequester, input: { bursts: [[openFilter]] } },
      },
    });
    const { verdict, witnesses } = await check(system, {
      properties: [
        always('the create succeeds', (world) =>
          answers(world).every((status) => status === 'STATUS_SUCCESS'),
        ),
        never('it succeeds too early', (world) => isStarting(world) && answers(world).length > 0),
        reachable(
          'a create is held while the device starts',
          (world) => isStarting(world) && world.snapshot('classDriver')?.context.heldRequests.length > 0,
        ),
      ],
    });
    expect(verdict).toBe('holds');
    expect(Object.values(witnesses).map(({ reached }) => reached)).toEqual([true]);
  });
});

describe('a power cycle', () => {
  const life: PnpDecision[] = [
    { type: 'Sleep', when: { afterMs: 130 } },
    { type: 'Wake', when: { afterMs: 1000 } },
    eject,
  ];

  it('saves and restores the context around the loss of power; the stream goes on behind a gap (C-062 to C-064)', () => {
    for (const seed of seeds) {
      const p = sound({ life, seed, minidriver: realCamera });
      expect(srbsOf(p)).toEqual([
        ...INITIALIZE,
        'SRB_OPEN_STREAM',
        'SRB_CHANGE_POWER_STATE',
        'SRB_CHANGE_POWER_STATE',
        'SRB_CLOSE_STREAM',
        'SRB_UNINITIALIZE_DEVICE',
      ]);
      const flags = emitted(p, 'FrameDelivered').map((frame) => String(frame['optionsFlags']));
      expect(flags.filter((flag) => flag.includes('DATADISCONTINUITY'))).toHaveLength(1);
      expect(answersTo(p, 'pnpManager')).toEqual(Array(6).fill('STATUS_SUCCESS'));
    }
  });

  it('delivers no stream request between the two, and touches no register (C-063, INV-060, J62)', () => {
    for (const seed of seeds) {
      for (const timers of timerModes) {
        // Buffers that come back while the device sleeps are read into again.
        const script = { clientDelayMs: 60 };
        const p = sound({ life, seed, timers, script, minidriver: realCamera });
        expect(emitted(p, 'WriteLost')).toEqual([]);
        let isAsleep = false;
        for (const { sent, atMs } of p.steps) {
          for (const s of sent.filter(({ to }) => to === 'minidriver')) {
            const { Command, CommandData } = Reflect.get(s.event, 'srb') ?? {};
            if (Command === 'SRB_CHANGE_POWER_STATE') isAsleep = CommandData.DeviceState === 'D3';
            if (isAsleep) expect(s.event.type, `${seed} ${timers} ${atMs}`).not.toMatch(/^Receive/);
          }
        }
      }
    }
  });

  it('during which the plug is pulled ends like any surprise removal (C-002)', () => {
    const pulled: PnpDecision[] = [
      { type: 'Sleep', when: { afterMs: 130 } },
      { type: 'Unplug', when: { afterMs: 50 } },
    ];
    everywhere({ life: pulled }, (p) => expect(pnpOf(p)).toContain('SURPRISE_REMOVAL'));
  });

  it('succeeds whatever the minidriver says (C-065)', () => {
    const stub = { answers: { SRB_CHANGE_POWER_STATE: 'STATUS_IO_DEVICE_ERROR' } } as const;
    const p = sound({ life, stub });
    expect(answersTo(p, 'pnpManager')).toEqual(Array(6).fill('STATUS_SUCCESS'));
  });
});
