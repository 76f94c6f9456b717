import type { ClientStep } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { emitted, ledger, type Play, play, realCamera, unhandled } from './play.js';

const sentOf = (p: Play) => p.steps.flatMap(({ sent }) => sent);
const fromClient = (p: Play) => sentOf(p).filter(({ from }) => from === 'client');
const statesAsked = (p: Play) =>
  fromClient(p).flatMap(({ event }) =>
    event.type === 'IOCTL_KS_PROPERTY' ? [Reflect.get(event, 'Value').State] : [],
  );
const UP = ['KSSTATE_ACQUIRE', 'KSSTATE_PAUSE', 'KSSTATE_RUN'];
const DOWN = ['KSSTATE_PAUSE', 'KSSTATE_STOP'];

/** Plays a script with both minidrivers, in several schedules; each must end with nothing lost and the device removed. */
function everywhere(steps: readonly ClientStep[], each: (p: Play) => void): void {
  for (const seed of [1, 2, 3, 4]) {
    for (const timers of ['urgent', 'ordered'] as const) {
      for (const minidriver of [{}, { minidriver: realCamera }]) {
        const p = play({ seed, timers, script: { steps }, hardware: { frames: 20 }, ...minidriver });
        expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
        expect(unhandled(p)).toEqual([]);
        expect(p.run.world.snapshot('pnpManager')?.value).toBe('removed');
        // In ordered time an application may tire of waiting before it has seen a frame.
        if (timers === 'urgent') each(p);
      }
    }
  }
}

describe('an application', () => {
  it('that cancels its reads gets each of them back, and takes the stream down in order (A-037, D-043)', () => {
    everywhere([{ type: 'cancelAfter', frames: 2 }], (p) => {
      expect(fromClient(p).filter(({ event }) => event.type === 'IoCancelIrp').length).toBeGreaterThan(0);
      expect(statesAsked(p)).toEqual([...UP, ...DOWN]);
    });
  });

  it('that dies in RUN is closed without a change of state, and sees no frame afterwards (M-042, C-041, T6)', () => {
    everywhere([{ type: 'crashAfter', frames: 2 }], (p) => {
      expect(statesAsked(p)).toEqual(UP);
      const commands = sentOf(p).map(({ event }) => Reflect.get(event, 'srb')?.Command);
      expect(commands).toContain('SRB_CLOSE_STREAM');
      const death = p.steps.findIndex(({ sent }) => sent.some(({ event }) => event.type === 'IoCancelIrp'));
      expect(emitted({ ...p, steps: p.steps.slice(death + 1) }, 'FrameDelivered')).toEqual([]);
    });
  });

  it('that stops after some frames gets its outstanding reads back empty (C-055)', () => {
    everywhere([{ type: 'stopAfter', frames: 2 }], (p) => {
      expect(statesAsked(p)).toEqual([...UP, ...DOWN]);
      expect(fromClient(p).some(({ event }) => event.type === 'IoCancelIrp')).toBe(false);
    });
  });

  it('can come back, after a death too', () => {
    const steps: ClientStep[] = [
      { type: 'crashAfter', frames: 1 },
      { type: 'wait', ms: 50 },
      { type: 'stopAfter', frames: 1 },
      { type: 'cancelAfter', frames: 1 },
    ];
    everywhere(steps, (p) => {
      expect(statesAsked(p)).toEqual([...UP, ...UP, ...DOWN, ...UP, ...DOWN]);
      const opens = fromClient(p).filter(({ event }) => event.type === 'IRP_MJ_CREATE');
      expect(opens).toHaveLength(6);
    });
  });
});
