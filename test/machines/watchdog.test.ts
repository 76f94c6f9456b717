import { defineSystem, simulate } from 'interlace';
import { type CallMinidriver, type KSSTATE, synchronizer } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { assign, enqueueActions, sendTo, setup } from 'xstate';
import { hoarder } from './hoarder.js';
import { emitted, ledger, type Play, play, realCamera, type Setting, unhandled } from './play.js';
import { cancel, opened, read, setState } from './requests.js';

const seeds = [1, 2, 3, 4, 5];
const up = (...states: KSSTATE[]) => [...opened, ...states.map((state) => [setState(state)])];

const sentOf = (p: Play) => p.steps.flatMap(({ sent, atMs }) => sent.map((s) => ({ ...s, atMs })));
const callsOf = (p: Play, type: string) =>
  sentOf(p).filter(({ to, event }) => to === 'minidriver' && event.type === type);
const answersOf = (p: Play) => p.run.world.snapshot('client')?.context.answers.slice(2);

/** Plays, and proves that nothing was given back twice or went unheard, and that the run came to an end. */
function sound(setting: Setting): Play {
  const p = play(setting);
  expect(ledger(p).errors).toEqual([]);
  expect(unhandled(p)).toEqual([]);
  expect(p.run.end).toBe('quiescent');
  expect(p.run.world.snapshot('watchdog')?.value).toBe('resting');
  return p;
}

describe('the watchdog', () => {
  it('calls the timeout handler in the second in which a counter comes to 0, and once (D-052, D-056)', () => {
    for (const seed of seeds) {
      const p = sound({ bursts: [...up('KSSTATE_PAUSE'), [read()]], seed, minidriver: hoarder({}) });
      expect(callsOf(p, 'HwRequestTimeoutHandler').map(({ atMs }) => atMs)).toEqual([2000]);
      expect(answersOf(p)).toEqual(['STATUS_SUCCESS', 'STATUS_IO_TIMEOUT']);
    }
  });

  it('goes on with requests that come later, each with its own seconds (D-051, D-054)', () => {
    for (const seed of seeds) {
      const bursts = [...up('KSSTATE_PAUSE'), [read()], [read()]];
      const p = sound({ bursts, seed, minidriver: hoarder({}) });
      expect(callsOf(p, 'HwRequestTimeoutHandler').map(({ atMs }) => atMs)).toEqual([2000, 4000]);
    }
  });

  it('counts down and calls the handlers under the lock: nobody comes in between (D-057)', () => {
    const bursts = [...up('KSSTATE_PAUSE'), [read(), read(), read()]];
    for (const seed of seeds) {
      for (const timers of ['urgent', 'ordered'] as const) {
        const p = sound({ bursts, seed, timers, minidriver: hoarder({}) });
        const calls = sentOf(p).filter(({ from, to }) => from === 'synchronizer' && to === 'minidriver');
        const types = calls.map(({ event }) => event.type);
        const lastTick = types.indexOf('HwRequestTimeoutHandler') - 1;
        expect(types[lastTick]).toBe('DecrementTimeoutCounters');
        if (timers === 'ordered') continue;
        expect(types.slice(lastTick + 1)).toEqual(Array(3).fill('HwRequestTimeoutHandler'));
        expect(answersOf(p)?.slice(1)).toEqual(Array(3).fill('STATUS_IO_TIMEOUT'));
      }
    }
  });

  it('keeps an interrupt waiting until all handlers are through (D-057)', () => {
    const returned = (callback: string, result?: unknown) => ({ type: 'CallbackReturned', callback, result });
    const answers = setup({
      types: { context: {} as { calls: readonly string[] } },
      actions: {
        note: assign({ calls: ({ context, event }) => [...context.calls, event.type] }),
        expire: enqueueActions(({ enqueue }) => {
          const expired = returned('DecrementTimeoutCounters', [
            { id: 'irp0', StreamObject: 'pin:0' },
            { id: 'irp1', StreamObject: 'pin:0' },
          ]);
          enqueue.sendTo(({ system }) => system.get('synchronizer'), { type: 'Interrupt' });
          enqueue.sendTo(({ system }) => system.get('synchronizer'), expired);
        }),
        return: sendTo(
          ({ system }) => system.get('synchronizer'),
          ({ event }) => returned(event.type),
        ),
      },
    }).createMachine({
      context: { calls: [] },
      on: { DecrementTimeoutCounters: { actions: 'expire' }, '*': { actions: ['note', 'return'] } },
    });
    const tick: CallMinidriver = { type: 'CallMinidriver', callback: 'DecrementTimeoutCounters' };
    const begin = setup({
      actions: {
        connect: sendTo(({ system }) => system.get('synchronizer'), { type: 'IoConnectInterrupt' }),
        tick: sendTo(({ system }) => system.get('synchronizer'), tick),
      },
    }).createMachine({ entry: ['connect', 'tick'] });
    const actors = {
      synchronizer: { logic: synchronizer },
      minidriver: { logic: answers },
      begin: { logic: begin },
    };
    const { world } = simulate(defineSystem({ name: 'lock', actors }), { seed: 1 });
    expect(world.snapshot('minidriver')?.context.calls).toEqual([
      'HwRequestTimeoutHandler',
      'HwRequestTimeoutHandler',
      'HwInterrupt',
    ]);
  });

  it('calls for nothing that another handler has completed before (D-057, INV-026)', () => {
    const bursts = [...up('KSSTATE_PAUSE'), [read(), read(), read()]];
    for (const seed of seeds) {
      const p = sound({ bursts, seed, minidriver: hoarder({ all: true }) });
      expect(answersOf(p)?.slice(1)).toEqual(Array(3).fill('STATUS_IO_TIMEOUT'));
      const began = p.steps.filter(
        ({ actor, event, sent }) =>
          actor === 'minidriver' && event.type === 'HwRequestTimeoutHandler' && sent.length === 0,
      );
      expect(began).toHaveLength(1);
    }
  });

  it('leaves alone what is parked: reads that wait for RUN, for ever (D-053, INV-091, INV-092)', () => {
    for (const seed of seeds) {
      const bursts = [...up('KSSTATE_PAUSE'), [read(), read()]];
      const p = sound({ bursts, seed, minidriver: realCamera });
      expect(ledger(p).irps).toEqual(['client.irp0', 'client.irp1']);
      expect(p.run.virtualTimeMs).toBe(0);
    }
  });

  it('leaves alone what the class driver still queues (D-054)', () => {
    const bursts = [...up('KSSTATE_PAUSE'), [read(), read()]];
    const p = sound({ bursts, stub: { neverReadyForData: true } });
    expect(ledger(p).irps).toHaveLength(2);
    expect(callsOf(p, 'HwRequestTimeoutHandler')).toEqual([]);
  });

  it('calls nobody when no handler is registered', () => {
    const bursts = [...up('KSSTATE_PAUSE'), [read()]];
    const p = sound({ bursts, minidriver: hoarder({ handles: false }) });
    expect(ledger(p).irps).toEqual(['client.irp0']);
  });

  it('and a cancel together end a request once (D-059)', () => {
    for (const seed of seeds) {
      for (const timers of ['urgent', 'ordered', 'free'] as const) {
        const bursts = [...up('KSSTATE_PAUSE'), [read(), read(), cancel('client.irp0')]];
        const p = sound({ bursts, seed, timers, minidriver: hoarder({}) });
        expect(ledger(p).irps).toEqual([]);
        expect(answersOf(p)).toContain('STATUS_IO_TIMEOUT');
        // In OFF they may overlap.
        expect(ledger(sound({ bursts, seed, timers, minidriver: hoarder({ off: true }) })).irps).toEqual([]);
      }
    }
  });
});

describe('a camera that hangs', () => {
  const hang = { frames: 60, transfersUntilHang: 2 };

  it('gives back the read of that frame when its time is over, and the stream goes on behind a gap (D-055, F-012)', () => {
    for (const seed of seeds.slice(0, 3)) {
      const p = sound({ seed, minidriver: realCamera, hardware: hang, script: { silenceMs: 5000 } });
      const timeouts = sentOf(p).filter(
        ({ to, event, atMs }) =>
          to === 'client' && Reflect.get(event, 'Status') === 'STATUS_IO_TIMEOUT' && atMs < 2400,
      );
      expect(timeouts.map(({ atMs }) => atMs)).toEqual([2000]);
      const flags = emitted(p, 'FrameDelivered').map((frame) => frame['optionsFlags']);
      expect(flags.length).toBeGreaterThan(5);
      expect(flags.slice(0, 2)).toEqual([['TIMEVALID'], ['TIMEVALID']]);
      expect(flags[2]).toEqual(['TIMEVALID', 'DATADISCONTINUITY']);
      expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
    }
  });
});
