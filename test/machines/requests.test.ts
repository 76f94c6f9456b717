import { defaultDataFormat, type KSSTATE, type NTSTATUS, type SrbResult } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { type Play, play, schedules, unhandled } from './play.js';
import { cleanup, close, opened, openFilter, openPin, read, setState } from './requests.js';
import type { Request } from './scriptedRequester.js';
import { type StubInput, stubDescriptor } from './stubMinidriver.js';

const OK = 'STATUS_SUCCESS';

function answers(bursts: readonly (readonly Request[])[], stub: StubInput = {}, seed = 1): NTSTATUS[] {
  const p = play({ bursts, stub, seed });
  expect(unhandled(p)).toEqual([]);
  return p.run.world.snapshot('client')?.context.answers;
}

function srbsSent(p: Play): string[] {
  return p.steps.flatMap(({ sent }) =>
    sent
      .filter(({ event }) => event.type === 'CallMinidriver')
      .filter(({ event }) => Reflect.get(event, 'callback') !== 'HwCancelPacket')
      .flatMap(({ event }) => {
        const srb: SrbResult | undefined = Reflect.get(event, 'srb');
        return srb ? [srb.Command] : [];
      }),
  );
}

describe('creates', () => {
  it('refuse a pin id beyond the streams, a format that no range matches, and a filter that is not open (G-081, G-082)', () => {
    const wrong = { ...defaultDataFormat, MajorFormat: 'KSDATAFORMAT_TYPE_AUDIO' };
    const bursts = [
      [openFilter],
      [openPin({ PinId: 1 })],
      [openPin({ DataFormat: wrong })],
      [openPin({ FilterObject: 'filter:3' })],
    ];
    expect(answers(bursts)).toEqual([
      OK,
      'STATUS_INVALID_PARAMETER',
      'STATUS_NO_MATCH',
      'STATUS_INVALID_HANDLE',
    ]);
    expect(srbsSent(play({ bursts }))).not.toContain('SRB_OPEN_STREAM');
  });

  it('refuse one instance too many without asking the minidriver, until one is closed (G-083)', () => {
    const again = [[cleanup('pin:0')], [close('pin:0')], [openPin()]];
    const bursts = [...opened, [openPin()], ...again];
    expect(answers(bursts)).toEqual([OK, OK, 'STATUS_INSUFFICIENT_RESOURCES', OK, OK, OK]);
    expect(srbsSent(play({ bursts })).filter((command) => command === 'SRB_OPEN_STREAM')).toHaveLength(2);
  });

  it('and closes hold one token: the next SRB_OPEN_STREAM goes when the last is completed, ready or not (C-031)', () => {
    for (const schedule of schedules) {
      const stub = { instances: 4, openMs: 10 };
      const bursts = [[openFilter], [openPin(), openPin(), openFilter, openPin()]];
      const p = play({ ...schedule, bursts, stub });
      let open = 0;
      for (const { sent } of p.steps) {
        for (const { from, event } of sent) {
          if (Reflect.get(event, 'srb')?.Command !== 'SRB_OPEN_STREAM') continue;
          if (event.type === 'CallMinidriver') open++;
          if (from === 'minidriver') open--;
          expect([0, 1]).toContain(open);
        }
      }
      expect(p.run.world.snapshot('client')?.context.answers).toEqual([OK, OK, OK, OK, OK]);
      expect(p.run.world.addresses().filter((address) => address.includes('/pin'))).toEqual([
        'classDriver/pin:0',
        'classDriver/pin:1',
        'classDriver/pin:2',
      ]);
    }
  });

  it('pass a refusal of the minidriver on, and leave no pin behind', () => {
    const stub: StubInput = { answers: { SRB_OPEN_STREAM: 'STATUS_TOO_MANY_NODES' } };
    expect(answers(opened, stub)).toEqual([OK, 'STATUS_TOO_MANY_NODES']);
    expect(play({ bursts: opened, stub }).run.world.addresses()).not.toContain('classDriver/pin:0');
  });
});

describe('a stream', () => {
  const last = (to: readonly KSSTATE[], stub: StubInput = {}) =>
    answers([...opened, ...to.map((state) => [setState(state)])], stub).at(-1);

  it('refuses state changes that are no edge of C-051 (G-040), and sends nothing for them', () => {
    expect(last(['KSSTATE_RUN'])).toBe('STATUS_INVALID_DEVICE_STATE');
    expect(last(['KSSTATE_ACQUIRE', 'KSSTATE_RUN'])).toBe('STATUS_INVALID_DEVICE_STATE');
    expect(last(['KSSTATE_PAUSE', 'KSSTATE_RUN', 'KSSTATE_STOP'])).toBe('STATUS_INVALID_DEVICE_STATE');
    expect(last(['KSSTATE_PAUSE', 'KSSTATE_RUN', 'KSSTATE_ACQUIRE'])).toBe('STATUS_INVALID_DEVICE_STATE');
    expect(last(['KSSTATE_PAUSE', 'KSSTATE_ACQUIRE', 'KSSTATE_STOP'])).toBe(OK);
    const p = play({ bursts: [...opened, [setState('KSSTATE_RUN')]] });
    expect(srbsSent(p)).not.toContain('SRB_SET_STREAM_STATE');
  });

  it('judges state requests that come together one after the other', () => {
    const together = [setState('KSSTATE_PAUSE'), setState('KSSTATE_RUN'), setState('KSSTATE_STOP')];
    for (const seed of [1, 2, 3, 4]) {
      expect(answers([...opened, together], {}, seed)).toEqual([
        OK,
        OK,
        OK,
        OK,
        'STATUS_INVALID_DEVICE_STATE',
      ]);
    }
  });

  it('stays where it was when the minidriver fails the change (C-056)', () => {
    const stub: StubInput = { answers: { SRB_SET_STREAM_STATE: 'STATUS_IO_DEVICE_ERROR' } };
    expect(last(['KSSTATE_PAUSE'], stub)).toBe('STATUS_IO_DEVICE_ERROR');
    const p = play({ bursts: [...opened, [setState('KSSTATE_PAUSE')]], stub });
    expect(
      p.run.world.snapshot('classDriver/pin:0')?.matches({ open: { state: { resting: 'KSSTATE_STOP' } } }),
    ).toBe(true);
  });

  it('passes reads on in STOP too: the minidriver completes them empty (D-029, C-053)', () => {
    const p = play({ bursts: [...opened, [read(), read()]] });
    expect(p.run.world.snapshot('client')?.context.answers).toEqual([OK, OK, OK, OK]);
    expect(srbsSent(p).filter((command) => command === 'SRB_READ_DATA')).toHaveLength(2);
  });

  it('refuses a read whose header says that it has data (G-073), and reads from an input (G-072)', () => {
    expect(answers([...opened, [read(1)]]).at(-1)).toBe('STATUS_INVALID_PARAMETER');
    const descriptor = stubDescriptor(1);
    const StreamInfo = descriptor.StreamInfo.map(
      (info) => ({ ...info, DataFlow: 'KSPIN_DATAFLOW_IN' }) as const,
    );
    const stub = { descriptor: { ...descriptor, StreamInfo } };
    expect(answers([...opened, [read()]], stub).at(-1)).toBe('STATUS_INVALID_DEVICE_REQUEST');
  });

  it('gives every read its pieces of physical memory (F-008)', () => {
    const p = play({ bursts: [...opened, [read()]] });
    const srb = p.steps
      .flatMap(({ sent }) => sent)
      .find(({ event }) => Reflect.get(event, 'srb')?.Command === 'SRB_READ_DATA');
    const { ScatterGatherBuffer, NumberOfBytesToTransfer, Flags } = Reflect.get(srb?.event ?? {}, 'srb');
    expect(ScatterGatherBuffer.map((piece: { Length: number }) => piece.Length)).toEqual([3192, 4096, 1712]);
    expect([NumberOfBytesToTransfer, Flags]).toEqual([9000, 3]);
  });

  it('answers CANCELLED at CLEANUP what the minidriver never saw, and refuses what comes later (C-040)', () => {
    const bursts = [
      ...opened,
      [setState('KSSTATE_PAUSE')],
      [read(), read(), read(), cleanup('pin:0'), read()],
    ];
    for (const seed of [1, 2, 3]) {
      const p = play({ bursts, stub: { neverReadyForData: true, ignoresCancel: true }, seed });
      expect(p.run.world.snapshot('client')?.context.answers.slice(3)).toEqual([
        'STATUS_CANCELLED',
        'STATUS_CANCELLED',
        OK,
        'STATUS_CANCELLED',
      ]);
      expect(srbsSent(p).filter((command) => command === 'SRB_READ_DATA')).toHaveLength(1);
    }
  });

  it('is closed when the minidriver owns nothing of it any more (C-043, D-047; J20, strict)', () => {
    const held = [...opened, [setState('KSSTATE_PAUSE')], [read(), cleanup('pin:0'), close('pin:0')]];
    const p = play({ bursts: held, stub: { ignoresCancel: true } });
    expect(srbsSent(p)).not.toContain('SRB_CLOSE_STREAM');
    expect(p.run.world.snapshot('classDriver/pin:0')?.value).toEqual({ draining: 'closing' });
  });
});

describe('a start', () => {
  const pnp = (stub: StubInput) => {
    const p = play({ stub });
    expect(unhandled(p)).toEqual([]);
    return {
      srbs: srbsSent(p),
      end: p.run.world.snapshot('pnpManager')?.value,
      client: p.run.world.snapshot('client')?.value,
    };
  };

  it('that fails in SRB_INITIALIZE_DEVICE leads to removal without another SRB (C-020)', () => {
    const end = pnp({ answers: { SRB_INITIALIZE_DEVICE: 'STATUS_NO_SUCH_DEVICE' } });
    expect(end).toEqual({ srbs: ['SRB_INITIALIZE_DEVICE'], end: 'removed', client: 'waiting' });
  });

  it('that fails later is undone by SRB_UNINITIALIZE_DEVICE, once (J21, C-070)', () => {
    const undone = ['SRB_INITIALIZE_DEVICE', 'SRB_GET_STREAM_INFO', 'SRB_UNINITIALIZE_DEVICE'];
    for (const stub of [
      { answers: { SRB_GET_STREAM_INFO: 'STATUS_IO_DEVICE_ERROR' } },
      { descriptor: { ...stubDescriptor(1), NumberOfStreams: 2 } },
    ] satisfies StubInput[]) {
      expect(pnp(stub)).toEqual({ srbs: undone, end: 'removed', client: 'waiting' });
    }
    expect(pnp({ descriptorSize: 0 }).srbs).toEqual(['SRB_INITIALIZE_DEVICE', 'SRB_UNINITIALIZE_DEVICE']);
  });

  it('does not come for a driver whose entry fails, or that registers nothing', () => {
    for (const stub of [{ entry: 'STATUS_UNSUCCESSFUL' }, { registers: false }] satisfies StubInput[]) {
      expect(pnp(stub)).toEqual({ srbs: [], end: 'withoutDriver', client: 'waiting' });
    }
  });
});

describe('a removal', () => {
  it('is refused while something is open (C-007)', () => {
    const p = play({ bursts: opened });
    expect(p.run.world.snapshot('pnpManager')?.matches({ life: { node: { resting: 'started' } } })).toBe(
      true,
    );
    expect(srbsSent(p)).not.toContain('SRB_UNINITIALIZE_DEVICE');
  });

  it('succeeds although the minidriver fails to uninitialize (C-003)', () => {
    const p = play({ stub: { answers: { SRB_UNINITIALIZE_DEVICE: 'STATUS_ADAPTER_HARDWARE_ERROR' } } });
    expect(p.run.world.snapshot('pnpManager')?.value).toBe('removed');
  });
});
