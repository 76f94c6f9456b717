import {
  type HW_STREAM_OBJECT,
  type HW_STREAM_REQUEST_BLOCK,
  type IrpId,
  type KSSTATE,
  StreamClassStreamNotification,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { hoarder } from './hoarder.js';
import { complete, failure, plainMinidriver, say } from './plainMinidriver.js';
import { emitted, ledger, type Play, play, realCamera, type Setting, unhandled } from './play.js';
import { remembered } from './remembered.js';
import { cancel, cleanup, close, createClock, follow, opened, openPin, read, setState } from './requests.js';
import type { Request } from './scriptedRequester.js';
import { stubDescriptor } from './stubMinidriver.js';

const manySeeds = Array.from({ length: 24 }, (_, i) => i + 1);

const answersOf = (p: Play) => p.run.world.snapshot('client')?.context.answers.slice(2);
const sentOf = (p: Play) => p.steps.flatMap(({ sent }) => sent);
const cancelCalls = (p: Play) =>
  sentOf(p).filter(({ to, event }) => to === 'minidriver' && event.type === 'HwCancelPacket');
const withdrawnIn = (p: Play): string[] =>
  sentOf(p).flatMap(({ event }) => (event.type === 'DeliveryWithdrawn' ? Reflect.get(event, 'srb').id : []));
const up = (...states: KSSTATE[]) => [...opened, ...states.map((state) => [setState(state)])];

/** Plays, and proves that nothing was answered or given back twice, or went unheard. */
function sound(setting: Setting): Play {
  const p = play(setting);
  expect(ledger(p).errors).toEqual([]);
  expect(unhandled(p)).toEqual([]);
  return p;
}

describe('a cancelled read', () => {
  it('is completed by the class driver while it is queued, and the minidriver never hears of it (D-041)', () => {
    for (const seed of manySeeds) {
      const bursts = [...up('KSSTATE_PAUSE'), [read(), read(), read(), cancel('client.irp2')]];
      const p = sound({ bursts, seed, stub: { neverReadyForData: true } });
      expect(answersOf(p)).toEqual(['STATUS_SUCCESS', 'STATUS_CANCELLED']);
      expect(cancelCalls(p)).toEqual([]);
      expect(ledger(p).irps).toEqual(['client.irp0', 'client.irp1']);
    }
  });

  it('that the minidriver owns goes to HwCancelPacket once, however often it is cancelled (D-042, D-043)', () => {
    const twice: IrpId[] = ['client.irp1', 'client.irp1'];
    for (const seed of manySeeds) {
      const bursts = [...up('KSSTATE_PAUSE'), [read(), read(), ...twice.map(cancel)]];
      const p = sound({ bursts, seed, stub: { ignoresCancel: true } });
      expect(cancelCalls(p).length).toBeLessThanOrEqual(1);
      for (const minidriver of [undefined, realCamera]) {
        const cancelled = sound({ bursts, seed, ...(minidriver ? { minidriver } : {}) });
        expect(answersOf(cancelled)).toEqual(['STATUS_SUCCESS', 'STATUS_CANCELLED']);
        expect(ledger(cancelled).irps).toEqual(['client.irp0']);
      }
    }
  });

  it('whose delivery waits for the lock is withdrawn, and the queue goes on (D-031)', () => {
    const together = [setState('KSSTATE_PAUSE'), read(), cancel('client.irp1')];
    const withdrawn = manySeeds.filter((seed) => {
      const p = sound({ bursts: [...up('KSSTATE_ACQUIRE'), together, [read()]], seed });
      expect(ledger(p)).toMatchObject({ irps: ['client.irp0'], srbs: ['client.irp0'] });
      for (const id of withdrawnIn(p)) {
        const seen = sentOf(p).filter((s) => s.to === 'minidriver' && Reflect.get(s.event, 'srb')?.id === id);
        expect(seen.map((s) => s.event.type)).not.toContain('HwCancelPacket');
      }
      return withdrawnIn(p).length > 0;
    });
    expect(withdrawn.length).toBeGreaterThan(0);
    expect(withdrawn.length).toBeLessThan(manySeeds.length);
  });

  it('may complete normally when it is just finishing; then nobody is called for it (A-038, D-044)', () => {
    const late = manySeeds.filter((seed) => {
      const bursts = [...up('KSSTATE_STOP'), [read(), cancel('client.irp0')]];
      const p = sound({ bursts, seed, minidriver: realCamera });
      expect(['STATUS_SUCCESS', 'STATUS_CANCELLED']).toContain(answersOf(p).at(-1));
      expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
      return p.steps.some(
        ({ actor, event, sent }) =>
          actor === 'minidriver' &&
          event.type === 'HwCancelPacket' &&
          sent.some((s) => s.event.type === 'CallbackReturned'),
      );
    });
    expect(late.length).toBeGreaterThan(0);
  });

  it('that the DMA engine writes to is taken from it; the stream goes on with the others (D-043)', () => {
    for (const seed of manySeeds) {
      const bursts = [...up('KSSTATE_PAUSE', 'KSSTATE_RUN'), [read(), read(), cancel('client.irp0')]];
      const p = sound({ bursts, seed, minidriver: realCamera });
      expect(answersOf(p)?.slice(2).toSorted()).toEqual(['STATUS_CANCELLED', 'STATUS_SUCCESS']);
      expect(ledger(p).irps).toEqual([]);
    }
  });
});

describe('a minidriver that is not ready', () => {
  interface Kept {
    kept?: HW_STREAM_REQUEST_BLOCK | null;
  }
  /** Keeps one read, and says Ready again only when that is cancelled or its time is over, if at all. */
  const keeper = remembered((isReadyAgain: boolean) => {
    function* giveUp(srb: HW_STREAM_REQUEST_BLOCK) {
      const extension = srb.HwDeviceExtension as Kept;
      if (extension.kept !== srb || !srb.StreamObject) return;
      extension.kept = null;
      srb.Status = 'STATUS_CANCELLED';
      if (isReadyAgain) yield* complete(srb);
      else yield* StreamClassStreamNotification('StreamRequestComplete', srb.StreamObject, srb);
    }
    return plainMinidriver({
      HwCancelPacket: giveUp,
      HwRequestTimeoutHandler: giveUp,
      on: {
        *SRB_READ_DATA(srb) {
          const extension = srb.HwDeviceExtension as Kept;
          if (extension.kept !== undefined) return undefined;
          extension.kept = srb;
          yield* say('kept');
          return 'keeps';
        },
      },
    });
  });

  it('gets the next read when it says so after a cancel or a timeout, and else never (D-027, D-028, D-058)', () => {
    for (const end of [[cancel('client.irp0')], []]) {
      for (const seed of manySeeds.slice(0, 6)) {
        const bursts = [...up('KSSTATE_PAUSE'), [read(), read(), read(), ...end]];
        for (const isReadyAgain of [true, false]) {
          const p = sound({ bursts, seed, minidriver: keeper(isReadyAgain) });
          // A read that was cancelled on its way was never kept; the next one is.
          const ended = [...withdrawnIn(p), 'kept'].map(() => 'STATUS_CANCELLED');
          const others = [read(), read(), read()].slice(ended.length).map(() => 'STATUS_SUCCESS');
          expect(answersOf(p)?.slice(1)).toEqual(isReadyAgain ? [...ended, ...others] : ended);
        }
      }
    }
  });
});

describe('a minidriver', () => {
  it('that says Ready for a stream that is closed fails (D-026, INV-013, A-095)', () => {
    interface Remembering {
      stream?: HW_STREAM_OBJECT;
    }
    const minidriver = plainMinidriver({
      on: {
        *SRB_OPEN_STREAM(srb) {
          const extension = srb.HwDeviceExtension as Remembering;
          if (srb.StreamObject) extension.stream = srb.StreamObject;
          yield* say('opened');
        },
        *SRB_UNINITIALIZE_DEVICE(srb) {
          const { stream } = srb.HwDeviceExtension as Remembering;
          if (stream) yield* StreamClassStreamNotification('ReadyForNextStreamDataRequest', stream);
        },
      },
    });
    const end = [[cleanup('pin:0')], [close('pin:0')], [cleanup('filter:0')], [close('filter:0')]];
    expect(failure(play({ bursts: [...opened, ...end], minidriver }))).toContain('is closed (A-095)');
    expect(failure(play({ bursts: opened, minidriver }))).toBe('undefined');
  });
});

describe('a cancelled request in mode OFF', () => {
  it('holds up no request of the same name, which is another one for the cancel routine that is still inside (D-013, D-045)', () => {
    const bursts = [...up('KSSTATE_PAUSE'), [read(), cancel('client.irp0')], [read()]];
    const together = manySeeds.filter((seed) => {
      const p = sound({ bursts, seed, minidriver: hoarder({ off: true }) });
      let isInside = false;
      let comesIn = false;
      for (const { from, to, event } of sentOf(p)) {
        if (to === 'minidriver' && event.type === 'HwCancelPacket') isInside = true;
        if (from === 'minidriver' && Reflect.get(event, 'callback') === 'HwCancelPacket') isInside = false;
        comesIn ||= isInside && to === 'minidriver' && event.type === 'ReceiveDataPacket';
      }
      // The hoarder keeps what is not cancelled until its time is over, and what was cancelled before it had it.
      expect(answersOf(p)?.at(-1)).toBe('STATUS_IO_TIMEOUT');
      expect(emitted(p, 'DebugPrint').map(({ message }) => message)).not.toContain('has it again');
      return comesIn;
    });
    expect(together.length).toBeGreaterThan(0);
  });
});

describe('a cancelled state change', () => {
  it('that the minidriver owns goes to HwCancelPacket, and the state is what it was (D-048, C-056)', () => {
    const bursts = [...opened, [setState('KSSTATE_PAUSE'), cancel('client.irp0')]];
    for (const seed of manySeeds) {
      const p = sound({ bursts, seed, stub: { keepsControl: true } });
      expect(answersOf(p)).toEqual(['STATUS_CANCELLED']);
      const pin = p.run.world.snapshot('classDriver/pin:0');
      expect(pin?.matches({ open: { state: { resting: 'KSSTATE_STOP' } } })).toBe(true);
    }
  });

  it('whose delivery waits for the lock is withdrawn, and the next one is heard (D-031)', () => {
    const withdrawn = manySeeds.filter((seed) => {
      const together = [read(), setState('KSSTATE_ACQUIRE'), cancel('client.irp1')];
      const p = sound({ bursts: [...opened, together, [setState('KSSTATE_ACQUIRE')]], seed });
      expect(answersOf(p)?.at(-1)).toBe('STATUS_SUCCESS');
      return withdrawnIn(p).length > 0;
    });
    expect(withdrawn.length).toBeGreaterThan(0);
  });

  it('that waits behind another is completed by the class driver (D-041)', () => {
    const both = [setState('KSSTATE_PAUSE'), setState('KSSTATE_RUN'), cancel('client.irp1')];
    const p = sound({ bursts: [...opened, both], stub: { keepsControl: true } });
    expect(answersOf(p)).toEqual(['STATUS_CANCELLED']);
    expect(ledger(p).irps).toEqual(['client.irp0']);
  });
});

describe('a cancelled write', () => {
  it('goes to HwCancelPacket like a read (D-048)', () => {
    const { NumberOfStreams, StreamInfo } = stubDescriptor(1);
    const inputs = StreamInfo.map((info) => ({ ...info, DataFlow: 'KSPIN_DATAFLOW_IN' as const }));
    const StreamHeader = {
      Data: 5000,
      FrameExtent: 9000,
      DataUsed: 9000,
      Address: 0x2000,
      PresentationTime: 0,
      OptionsFlags: [],
    };
    const write: Request = { type: 'IOCTL_KS_WRITE_STREAM', FileObject: 'pin:0', StreamHeader };
    const bursts = [...up('KSSTATE_PAUSE'), [write, write, cancel('client.irp0')]];
    for (const mode of [{}, { off: true }]) {
      for (const seed of manySeeds) {
        const stub = { ...mode, descriptor: { NumberOfStreams, StreamInfo: inputs } };
        const p = sound({ bursts, seed, stub });
        expect(answersOf(p)).toEqual(['STATUS_SUCCESS', 'STATUS_CANCELLED']);
        expect(ledger(p).irps).toEqual(['client.irp1']);
      }
    }
  });
});

describe('a cancelled clock request', () => {
  const stub = { keepsControl: true };

  it("is the minidriver's, or waits behind another, or for the lock: each is completed once (D-041, D-042)", () => {
    for (const last of ['client.irp0', 'client.irp1'] as const) {
      for (const seed of manySeeds) {
        const bursts = [...opened, [follow(null), follow(null), cancel(last)]];
        const p = sound({ bursts, seed, stub });
        expect(answersOf(p)).toEqual(['STATUS_CANCELLED']);
        expect(ledger(p).irps).toHaveLength(1);
      }
    }
  });

  it('to create a clock goes on, as creates do, until CLEANUP; then the token is free (INV-034, C-031, C-040)', () => {
    for (const mode of [{}, { off: true }]) {
      for (const seed of manySeeds) {
        const setting = { seed, stub: { ...stub, ...mode } };
        const alone = sound({ ...setting, bursts: [...opened, [createClock, cancel('client.irp0')]] });
        expect(answersOf(alone)).toEqual([]);
        const both = [createClock, follow(null), cancel('client.irp0'), cleanup('pin:0')];
        const p = sound({ ...setting, bursts: [...opened, both, [close('pin:0')], [openPin()]] });
        expect(answersOf(p)?.toSorted()).toEqual([
          ...['STATUS_CANCELLED', 'STATUS_CANCELLED'],
          ...['STATUS_SUCCESS', 'STATUS_SUCCESS', 'STATUS_SUCCESS'],
        ]);
      }
    }
  });
});

describe('a cleanup', () => {
  it('cancels what the minidriver owns and what is queued, so that the stream can be closed in RUN (C-040 to C-042)', () => {
    const end = [read(), read(), read(), cleanup('pin:0'), close('pin:0')];
    for (const seed of manySeeds) {
      for (const minidriver of [undefined, realCamera]) {
        const bursts = [...up('KSSTATE_PAUSE', 'KSSTATE_RUN'), end];
        const p = sound({ bursts, seed, ...(minidriver ? { minidriver } : {}) });
        expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
        const commands = sentOf(p).map(({ event }) => Reflect.get(event, 'srb')?.Command);
        expect(commands).toContain('SRB_CLOSE_STREAM');
        expect(answersOf(p)?.filter((status: string) => status === 'STATUS_CANCELLED')).toHaveLength(3);
      }
    }
  });

  it('lets SRB_CLOSE_STREAM in only when every cancel call of the stream has returned, in OFF too (C-040)', () => {
    for (const seed of manySeeds) {
      const bursts = [...up('KSSTATE_PAUSE'), [read(), read(), read()], [cleanup('pin:0')], [close('pin:0')]];
      const together = [...up('KSSTATE_PAUSE'), [read(), read(), cleanup('pin:0'), close('pin:0')]];
      for (const minidriver of [hoarder({ off: true }), hoarder({})]) {
        for (const p of [
          sound({ bursts, seed, minidriver }),
          sound({ bursts: together, seed, minidriver }),
        ]) {
          expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
          let inside = 0;
          for (const { from, to, event } of sentOf(p)) {
            if (to === 'minidriver' && event.type === 'HwCancelPacket') inside++;
            if (from === 'minidriver' && Reflect.get(event, 'callback') === 'HwCancelPacket') inside--;
            const command = to === 'minidriver' && Reflect.get(event, 'srb')?.Command;
            if (command === 'SRB_CLOSE_STREAM') expect(inside).toBe(0);
          }
        }
      }
    }
  });
});
