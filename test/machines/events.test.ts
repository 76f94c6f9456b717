import type { EnableEvent, EventNotification, NTSTATUS } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import {
  cleanup,
  close,
  disable,
  enable,
  eventCalls,
  eventfulStub,
  openFilter,
  openPin,
  queued,
  signalled,
} from './eventRequests.js';
import { type Play, play, schedules, unhandled } from './play.js';
import { setState } from './requests.js';
import type { Request } from './scriptedRequester.js';

const OK = 'STATUS_SUCCESS';
const opened = [[openFilter], [openPin()]];

function answersOf(p: Play): NTSTATUS[] {
  expect(unhandled(p)).toEqual([]);
  return p.run.world.snapshot('client')?.context.answers;
}

function asked(request: Request, stub: object = {}): { status: NTSTATUS | undefined; calls: string[] } {
  const p = play({ bursts: [...opened, [request]], stub: { ...eventfulStub(), ...stub } });
  return { status: answersOf(p).at(-1), calls: eventCalls(p) };
}

describe('an enable', () => {
  it('is queued when StrMiniEvent has agreed, at the tail, whoever asks (E-012, E-020, E-023)', () => {
    for (const schedule of schedules) {
      const bursts = [...opened, [enable()], [enable({ EventData: 0x200, Flags: 'KSEVENT_TYPE_ONESHOT' })]];
      const p = play({ ...schedule, bursts, stub: eventfulStub() });
      expect(answersOf(p)).toEqual([OK, OK, OK, OK]);
      expect(eventCalls(p)).toEqual(['+events:pin:0.event0', '+events:pin:0.event1']);
      expect(queued(p)).toEqual([0x100, 0x200]);
    }
  });

  it('is not queued when StrMiniEvent answers anything but SUCCESS, warnings too, and the client gets that status (E-023, INV-082)', () => {
    for (const events of ['STATUS_INVALID_PARAMETER', 'STATUS_BUFFER_OVERFLOW', 'STATUS_PENDING'] as const) {
      const p = play({ bursts: [...opened, [enable()]], stub: { ...eventfulStub(), events } });
      expect(answersOf(p).at(-1)).toBe(events);
      expect(queued(p)).toEqual([]);
    }
  });

  it('of a stream without a routine succeeds without asking, and so does its disable (E-004)', () => {
    const { events: _, ...stub } = eventfulStub();
    const p = play({ bursts: [...opened, [enable()], [disable()]], stub });
    expect(answersOf(p)).toEqual([OK, OK, OK, OK]);
    expect(eventCalls(p)).toEqual([]);
    expect(queued(p)).toEqual([]);
  });

  it('brings the bytes behind KSEVENTDATA and the size of the extra data to the minidriver (E-021, E-022)', () => {
    const Data = {
      NotificationType: 'KSEVENTF_SEMAPHORE_HANDLE',
      EventHandle: 'semaphore:1',
      Parameters: { Every: 3 },
    };
    const bursts = [...opened, [enable({ Id: 2, OutputLength: 20, Data })]];
    const p = play({ bursts, stub: eventfulStub() });
    const call = p.steps.flatMap(({ sent }) => sent).find(({ event }) => event.type === 'HwEventRoutine');
    expect(Reflect.get(call?.event ?? {}, 'event')).toEqual({
      Enable: true,
      entry: 'events:pin:0.event0',
      EnableEventSetIndex: 0,
      EventId: 2,
      ExtraEntryData: 8,
      EventData: Data,
      StreamObject: 'pin:0',
    });
  });

  const data = (change: object) => ({
    Data: { NotificationType: 'KSEVENTF_EVENT_HANDLE', EventHandle: 'event:0', ...change },
  });
  const faults: readonly (readonly [string, Partial<EnableEvent>, NTSTATUS])[] = [
    ['G-012, a short KSEVENT', { InputLength: 20 }, 'STATUS_INVALID_BUFFER_SIZE'],
    ['G-013, a NULL buffer with a length', { EventData: 0 }, 'STATUS_ACCESS_VIOLATION'],
    ['G-050, an unknown set', { Set: 'OTHER' }, 'STATUS_PROPSET_NOT_FOUND'],
    ['G-050, an unknown id', { Id: 3 }, 'STATUS_NOT_FOUND'],
    ['G-051, less than KSEVENTDATA', { OutputLength: 12 }, 'STATUS_INVALID_BUFFER_SIZE'],
    ['G-051, less than DataInput', { Id: 2 }, 'STATUS_INVALID_BUFFER_SIZE'],
    ['G-004, no flags', { Flags: '' }, 'STATUS_INVALID_PARAMETER'],
    [
      'G-004, two of them',
      { Flags: 'KSEVENT_TYPE_ENABLE | KSEVENT_TYPE_ONESHOT' },
      'STATUS_INVALID_PARAMETER',
    ],
    ['G-052, no notification', data({ NotificationType: '' }), 'STATUS_INVALID_PARAMETER'],
    ['G-053, a kernel one', data({ NotificationType: 'KSEVENTF_DPC' }), 'STATUS_INVALID_PARAMETER'],
    ['G-054, a bad handle', data({ EventHandle: '' }), 'STATUS_INVALID_HANDLE'],
    ['G-054, a semaphore as event', data({ EventHandle: 'semaphore:0' }), 'STATUS_OBJECT_TYPE_MISMATCH'],
    ['G-055, reserved bits', data({ Reserved: 1 }), 'STATUS_INVALID_PARAMETER'],
  ];
  it.each(faults)('with %s never reaches the minidriver (G-002)', (_, change, status) => {
    expect(asked(enable(change))).toEqual({ status, calls: [] });
  });

  it('checks in the order of G-004: the first failure wins', () => {
    const order = faults.filter(([name]) => /G-012|G-013|unknown set|unknown id|no flags/.test(name));
    order.forEach(([, , status], i) => {
      const changes = order.slice(i).map(([, change]) => change);
      expect(asked(enable(Object.assign({}, ...changes))).status).toBe(status);
    });
  });
});

describe('a question about events is answered from the tables', () => {
  const query = (change: Partial<EnableEvent>) => asked(enable({ OutputLength: 0, Data: null, ...change }));

  it('SETSUPPORT and BASICSUPPORT say what is declared (E-026)', () => {
    const SETSUPPORT = 'KSEVENT_TYPE_SETSUPPORT';
    const BASICSUPPORT = 'KSEVENT_TYPE_BASICSUPPORT';
    expect(query({ Flags: SETSUPPORT })).toEqual({ status: OK, calls: [] });
    expect(query({ Flags: SETSUPPORT, Set: 'OTHER' }).status).toBe('STATUS_PROPSET_NOT_FOUND');
    expect(query({ Flags: BASICSUPPORT, Id: 2 })).toEqual({ status: OK, calls: [] });
    expect(query({ Flags: BASICSUPPORT, Id: 3 }).status).toBe('STATUS_NOT_FOUND');
  });

  it('an enable without input lists the sets, as far as the buffer goes (G-036, G-058)', () => {
    const list = (OutputLength: number) => query({ InputLength: 0, OutputLength }).status;
    expect([0, 8, 12, 24].map(list)).toEqual(['STATUS_BUFFER_OVERFLOW', OK, 'STATUS_BUFFER_TOO_SMALL', OK]);
  });

  it('QUERYBUFFER never has anything, and only for buffered events (E-028, G-063)', () => {
    const Flags = 'KSEVENT_TYPE_QUERYBUFFER';
    const bursts = [
      ...opened,
      [enable({ Flags: 'KSEVENT_TYPE_ENABLEBUFFERED' })],
      [enable({ EventData: 0x200 })],
      [enable({ Flags })],
      [enable({ Flags, EventData: 0x200 })],
      [enable({ Flags, EventData: 0x300 })],
    ];
    const answers = answersOf(play({ bursts, stub: eventfulStub() }));
    expect(answers.slice(-3)).toEqual([
      'STATUS_NO_MORE_ENTRIES',
      'STATUS_INVALID_PARAMETER',
      'STATUS_NOT_FOUND',
    ]);
  });
});

describe('a disable', () => {
  it('tells StrMiniEvent once, then frees the entry; the pointer names it no more (E-030, E-032, INV-085)', () => {
    const p = play({ bursts: [...opened, [enable()], [disable()], [disable()]], stub: eventfulStub() });
    expect(answersOf(p).slice(2)).toEqual([OK, OK, 'STATUS_UNSUCCESSFUL']);
    expect(eventCalls(p)).toEqual(['+events:pin:0.event0', '-events:pin:0.event0']);
    expect(queued(p)).toEqual([]);
  });

  it('succeeds whatever StrMiniEvent says (E-032)', () => {
    for (const schedule of schedules) {
      const bursts = [...opened, [enable()], [disable()]];
      const p = play({
        ...schedule,
        bursts,
        stub: { ...eventfulStub(), disables: 'STATUS_IO_DEVICE_ERROR' },
      });
      expect(answersOf(p).at(-1)).toBe(OK);
    }
  });

  it('takes the first of two entries of one pointer (G-057)', () => {
    const twice = [enable(), enable({ Flags: 'KSEVENT_TYPE_ONESHOT' })].map((request) => [request]);
    const p = play({ bursts: [...opened, ...twice, [disable()]], stub: eventfulStub() });
    expect(eventCalls(p).at(-1)).toBe('-events:pin:0.event0');
    expect(queued(p)).toEqual([0x100]);
  });

  it('without a pointer takes all of its file object and no others, and succeeds for none (E-030, G-060, INV-088)', () => {
    for (const schedule of schedules) {
      const bursts = [
        ...[...opened, [openPin()], [disable(0)]],
        [enable(), enable({ EventData: 0x200 }), enable({ FileObject: 'pin:1', EventData: 0x300 })],
        [disable(0)],
      ];
      const p = play({ ...schedule, bursts, stub: eventfulStub(2) });
      expect(answersOf(p)).toEqual([OK, OK, OK, OK, OK, OK, OK, OK]);
      expect([queued(p), queued(p, 'events:pin:1')]).toEqual([[], [0x300]]);
    }
  });

  it("does not find another file object's pointer in the queue that they share (E-031, G-062, INV-088)", () => {
    const bursts = [
      [openFilter, openFilter],
      [enable({ FileObject: 'filter:0' })],
      [disable(0x100, 'filter:1')],
      [disable(0, 'filter:1')],
    ];
    const p = play({ bursts, stub: eventfulStub() });
    expect(answersOf(p).slice(3)).toEqual(['STATUS_UNSUCCESSFUL', OK]);
    expect(queued(p, 'events:device')).toEqual([0x100]);
  });

  it('of less than KSEVENTDATA, or of an unknown pointer, is refused (G-061, G-062)', () => {
    const short: Request = {
      type: 'IOCTL_KS_DISABLE_EVENT',
      FileObject: 'pin:0',
      InputLength: 8,
      EventData: 1,
    };
    expect(asked(short)).toEqual({ status: 'STATUS_INVALID_BUFFER_SIZE', calls: [] });
    expect(asked(disable())).toEqual({ status: 'STATUS_UNSUCCESSFUL', calls: [] });
  });
});

describe('the end of a file object', () => {
  it('disables each of its events once before SRB_CLOSE_STREAM (E-040, E-041, INV-085)', () => {
    for (const schedule of schedules) {
      const events = [enable(), enable({ EventData: 0x200 })];
      const bursts = [...opened, events, [cleanup('pin:0')], [close('pin:0')]];
      const p = play({ ...schedule, bursts, stub: eventfulStub() });
      expect(answersOf(p).slice(2)).toEqual([OK, OK, OK, OK]);
      const told = p.steps.flatMap(({ sent }) =>
        sent.flatMap(({ to, event }) => {
          if (to !== 'minidriver') return [];
          if (event.type === 'HwEventRoutine') return [Reflect.get(event, 'event').Enable ? 'on' : 'off'];
          return Reflect.get(event, 'srb')?.Command === 'SRB_CLOSE_STREAM' ? ['close'] : [];
        }),
      );
      expect(told).toEqual(['on', 'on', 'off', 'off', 'close']);
    }
  });

  it('catches an enable that is on its way through the minidriver, and refuses what comes later (A-039, E-040)', () => {
    for (const schedule of schedules) {
      const bursts = [...opened, [enable(), cleanup('pin:0'), enable({ EventData: 0x200 })]];
      const p = play({ ...schedule, bursts, stub: eventfulStub() });
      const calls = eventCalls(p);
      expect([['+', '-'].map((sign) => `${sign}events:pin:0.event0`), []]).toContainEqual(calls);
      expect(queued(p)).toEqual([]);
      expect(answersOf(p).filter((status) => status === 'STATUS_CANCELLED')).toHaveLength(1);
    }
  });

  it('of a filter takes its events out of the queue that all filters share (E-013, E-040)', () => {
    for (const schedule of schedules) {
      const bursts = [
        [openFilter, openFilter],
        [enable({ FileObject: 'filter:0' })],
        [enable({ FileObject: 'filter:1', EventData: 0x200 })],
        [cleanup('filter:0')],
        [close('filter:0')],
      ];
      const p = play({ ...schedule, bursts, stub: eventfulStub() });
      expect(answersOf(p)).toEqual([OK, OK, OK, OK, OK, OK]);
      expect(eventCalls(p).at(-1)).toBe('-events:device.event0');
      expect(queued(p, 'events:device')).toEqual([0x200]);
    }
  });
});

describe('a notification of the minidriver', () => {
  const type = 'StreamClassStreamNotification';
  const all: EventNotification = {
    type,
    notification: 'SignalMultipleStreamEvents',
    EventSet: 'VENDOR_EVENTSETID',
    EventId: 1,
  };
  const StreamHeader = {
    Data: 2 ** 24,
    Address: 64,
    FrameExtent: 9000,
    DataUsed: 0,
    PresentationTime: 0,
    OptionsFlags: [],
  };
  const read: Request = { type: 'IOCTL_KS_READ_STREAM', FileObject: 'pin:0', StreamHeader };
  /** One frame: the stub notifies once. */
  const frame = [[setState('KSSTATE_PAUSE')], [setState('KSSTATE_RUN'), read]];
  const capture = (
    notifies: readonly EventNotification[],
    before: readonly Request[],
    after: readonly Request[] = [],
  ) => {
    const inTurn = (requests: readonly Request[]) => requests.map((request) => [request]);
    const bursts = [...opened, ...inTurn(before), ...frame, ...inTurn(after)];
    return play({ bursts, stub: { ...eventfulStub(), notifies }, hardware: { frames: 1 } });
  };

  it('signals all of a set and id, in the order of the queue, each once (E-053; T5)', () => {
    const others = [enable({ EventData: 0x200 }), enable({ Id: 2, OutputLength: 20, EventData: 0x300 })];
    expect(signalled(capture([all], [enable(), ...others]))).toEqual([0x100, 0x200]);
    expect(signalled(capture([{ ...all, EventSet: null, EventId: -1 }], [enable(), ...others]))).toHaveLength(
      3,
    );
  });

  it('frees a one-shot entry with its first signal, without StrMiniEvent (E-027, E-057, INV-084, INV-085; T5)', () => {
    const once = enable({ EventData: 0x200, Flags: 'KSEVENT_TYPE_ONESHOT' });
    const p = capture([all, all], [enable(), once], [disable(), disable(0x200)]);
    expect(signalled(p)).toEqual([0x100, 0x200, 0x100]);
    expect(answersOf(p).slice(-2)).toEqual([OK, 'STATUS_UNSUCCESSFUL']);
    expect(eventCalls(p).filter((call) => call.startsWith('-'))).toEqual(['-events:pin:0.event0']);
  });

  it('about one entry is about no other; deleting tells nobody (E-052, E-057)', () => {
    const one = (
      notification: 'SignalStreamEvent' | 'DeleteStreamEvent',
      slot: number,
    ): EventNotification => ({
      type,
      notification,
      entry: `events:pin:0.event${slot}`,
    });
    const notifies = [one('SignalStreamEvent', 1), one('DeleteStreamEvent', 1), one('SignalStreamEvent', 1)];
    const p = capture(notifies, [enable(), enable({ EventData: 0x200 })]);
    expect(signalled(p)).toEqual([0x200]);
    expect(queued(p)).toEqual([0x100]);
    expect(eventCalls(p)).toHaveLength(2);
  });
});
