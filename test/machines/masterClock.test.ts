import fc from 'fast-check';
import type { NTSTATUS, PropertyRequest } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { answersOf, property } from './ioctlRequests.js';
import { type Play, play, schedules, unhandled } from './play.js';
import { playPlayer } from './playerRun.js';
import { closeClock, createClock, follow, opened, openPin, setState } from './requests.js';
import type { Request } from './scriptedRequester.js';
import type { StubInput } from './stubMinidriver.js';

const FileObject = 'pin:0';
const pause = setState('KSSTATE_PAUSE');
const cleanup: Request = { type: 'IRP_MJ_CLEANUP', FileObject };
const close: Request = { type: 'IRP_MJ_CLOSE', FileObject };

function commands({ steps }: Pick<Play, 'steps'>): string[] {
  return steps.flatMap(({ sent }) =>
    sent
      .filter(({ event }) => event.type === 'CallMinidriver')
      .filter(({ event }) => Reflect.get(event, 'callback') !== 'HwCancelPacket')
      .map(({ event }) => Reflect.get(event, 'srb').Command),
  );
}

function ask(requests: readonly (readonly Request[])[], stub: StubInput = {}, schedule = schedules[0]) {
  const p = play({ ...schedule, bursts: [...opened, ...requests], stub });
  expect(unhandled(p)).toEqual([]);
  const answers: string[] = p.run.world.snapshot('client')?.context.answers.slice(2);
  return {
    answers,
    commands: commands(p).filter((command) => command.includes('CLOCK') || command.endsWith('_STREAM')),
  };
}

const OK = 'STATUS_SUCCESS';
const NO_SET = 'STATUS_PROPSET_NOT_FOUND';

describe('a master clock', () => {
  it('is opened, indicated and closed by one SRB each, in turn (C.12)', () => {
    for (const schedule of schedules) {
      expect(
        ask([[createClock], [follow('clock:0')], [follow(null)], [closeClock], [createClock]], {}, schedule),
      ).toMatchObject({
        answers: [OK, OK, OK, OK, OK],
        commands: [
          'SRB_OPEN_STREAM',
          'SRB_OPEN_MASTER_CLOCK',
          'SRB_INDICATE_MASTER_CLOCK',
          'SRB_INDICATE_MASTER_CLOCK',
          'SRB_CLOSE_MASTER_CLOCK',
          'SRB_OPEN_MASTER_CLOCK',
        ],
      });
    }
  });

  it('is not opened twice, nor closed when it is not open: opens and closes alternate (INV-119)', () => {
    const { answers, commands: sent } = ask([
      [closeClock],
      [createClock],
      [createClock],
      [closeClock],
      [closeClock],
    ]);
    expect(answers).toEqual([
      'STATUS_INVALID_HANDLE',
      OK,
      'STATUS_INVALID_DEVICE_STATE',
      OK,
      'STATUS_INVALID_HANDLE',
    ]);
    expect(sent).toEqual(['SRB_OPEN_STREAM', 'SRB_OPEN_MASTER_CLOCK', 'SRB_CLOSE_MASTER_CLOCK']);
  });

  it('is none when the minidriver refuses, which answers the request', () => {
    const { answers } = ask([[createClock], [closeClock]], {
      answers: { SRB_OPEN_MASTER_CLOCK: 'STATUS_NOT_IMPLEMENTED' },
    });
    expect(answers).toEqual(['STATUS_NOT_IMPLEMENTED', 'STATUS_INVALID_HANDLE']);
  });

  it('is followed by a stream in STOP only (C-086, J32)', () => {
    const { answers, commands: sent } = ask([[createClock], [pause], [follow('clock:0')]]);
    expect(answers).toEqual([OK, OK, 'STATUS_INVALID_DEVICE_STATE']);
    expect(sent).not.toContain('SRB_INDICATE_MASTER_CLOCK');
  });

  it('that is open when its stream is closed is closed first (C-040, INV-119)', () => {
    for (const schedule of schedules) {
      for (const ready of ['before', 'with', 'after'] as const) {
        const { answers, commands: sent } = ask(
          [[createClock], [pause], [cleanup], [close]],
          { ready },
          schedule,
        );
        expect(answers).toEqual([OK, OK, OK, OK]);
        expect(sent.slice(-2)).toEqual(['SRB_CLOSE_MASTER_CLOCK', 'SRB_CLOSE_STREAM']);
      }
    }
  });

  it('that is open when its stream is closed waits until the control queue is ready (D-023)', () => {
    for (const schedule of schedules) {
      const stub: StubInput = { ready: 'after', controlReadyMs: 50 };
      const p = play({ ...schedule, bursts: [...opened, [createClock], [cleanup], [close]], stub });
      let isReady = true;
      const order: string[] = [];
      for (const { event, sent } of p.steps) {
        if (Reflect.get(event, 'notification') === 'ReadyForNextStreamControlRequest') isReady = true;
        for (const { event: call } of sent) {
          if (Reflect.get(call, 'callback') !== 'ReceiveControlPacket' || call.type !== 'CallMinidriver')
            continue;
          order.push(`${Reflect.get(call, 'srb').Command} ${isReady}`);
          isReady = false;
        }
      }
      expect(order).toEqual(['SRB_OPEN_MASTER_CLOCK true', 'SRB_CLOSE_MASTER_CLOCK true']);
    }
  });

  it('is asked for while others ask and the stream is cleaned up: every request is answered, and the token is free (C-031)', () => {
    for (const schedule of schedules) {
      const crowd = [createClock, follow(null), closeClock, createClock, follow(null), cleanup];
      const { answers, commands: sent } = ask([crowd, [close], [openPin()]], {}, schedule);
      expect(answers).toHaveLength(8);
      expect(answers.slice(-2)).toEqual([OK, OK]);
      const clock = sent.filter((c) => c === 'SRB_OPEN_MASTER_CLOCK' || c === 'SRB_CLOSE_MASTER_CLOCK');
      clock.forEach((command, i) => {
        expect(command).toBe(i % 2 === 0 ? 'SRB_OPEN_MASTER_CLOCK' : 'SRB_CLOSE_MASTER_CLOCK');
      });
      expect(clock.length % 2).toBe(0);
    }
  });
});

describe('KSPROPERTY_STREAM_MASTERCLOCK', () => {
  const second = openPin();
  const clock = (change: Partial<PropertyRequest>) =>
    property({
      ...{ FileObject, Set: 'KSPROPSETID_Stream', Id: 'KSPROPERTY_STREAM_MASTERCLOCK' },
      ...change,
    });
  const set = (Value: object | null, change: Partial<PropertyRequest> = {}) =>
    clock({ Flags: 'KSPROPERTY_TYPE_SET', Value, ...change });
  const get = clock({});
  const tellsOf = ({ steps }: Play) =>
    steps
      .flatMap(({ sent }) => sent)
      .filter(({ to, event }) => to === 'minidriver' && event.type === 'ReceiveControlPacket')
      .map(({ event }) => Object(Reflect.get(event, 'srb')))
      .map(({ Command, StreamObject, CommandData }) => [
        Command,
        StreamObject,
        CommandData?.MasterClockHandle,
      ]);

  it('lets one stream follow the clock of another, and run free again (C-085, T11)', () => {
    for (const schedule of schedules) {
      const bursts = [
        ...[...opened, [second], [createClock]],
        ...[[follow('clock:0', 'pin:1')], [follow(null, 'pin:1')], [closeClock]],
      ];
      const p = play({ ...schedule, bursts, stub: { instances: 2 } });
      expect(unhandled(p)).toEqual([]);
      expect(answersOf(p).map(({ Status }) => Status)).toEqual(bursts.map(() => OK));
      expect(tellsOf(p)).toEqual([
        ['SRB_OPEN_MASTER_CLOCK', 'pin:0', 1],
        ['SRB_INDICATE_MASTER_CLOCK', 'pin:1', 1],
        ['SRB_INDICATE_MASTER_CLOCK', 'pin:1', 0],
        ['SRB_CLOSE_MASTER_CLOCK', 'pin:0', undefined],
      ]);
    }
  });

  const refused: [string, Request, NTSTATUS][] = [
    ['the handle of a pin (G-041)', set({ Handle: 'pin:0' }), 'STATUS_OBJECT_TYPE_MISMATCH'],
    ['the handle of a filter (G-041)', set({ Handle: 'filter:0' }), 'STATUS_OBJECT_TYPE_MISMATCH'],
    ['the handle of a clock that is not there (G-041)', set({ Handle: 'clock:1' }), 'STATUS_INVALID_HANDLE'],
    ['the handle of a pin that is not open', set({ Handle: 'pin:7' }), 'STATUS_INVALID_HANDLE'],
    ['no handle at all', set({}), 'STATUS_INVALID_PARAMETER'],
    ['no buffer (G-013)', set(null), 'STATUS_ACCESS_VIOLATION'],
    ['half a handle (G-025)', set({ Handle: null }, { OutputLength: 3 }), 'STATUS_BUFFER_TOO_SMALL'],
    ['a filter as its object (G-020)', set({ Handle: null }, { FileObject: 'filter:0' }), NO_SET],
  ];
  it.each(refused)('with %s never reaches the minidriver (G-002)', (_, request, Status) => {
    const p = play({ bursts: [...opened, [createClock], [request]] });
    expect(unhandled(p)).toEqual([]);
    expect(answersOf(p).at(-1)).toEqual({ Status, Information: 0 });
    expect(tellsOf(p)).toEqual([['SRB_OPEN_MASTER_CLOCK', 'pin:0', 1]]);
  });

  it('takes no handle of a clock that is closed, by itself or with its stream (G-041)', () => {
    const ends = [[[closeClock]], [[cleanup]], [[cleanup], [close]]];
    for (const end of ends) {
      const bursts = [...opened, [second], [createClock], ...end, [follow('clock:0', 'pin:1')]];
      const p = play({ bursts, stub: { instances: 2 } });
      expect(unhandled(p)).toEqual([]);
      expect(answersOf(p).at(-1)?.Status).toBe('STATUS_INVALID_HANDLE');
    }
  });

  it('takes no handle of a clock that the minidriver has refused', () => {
    const answers = { SRB_OPEN_MASTER_CLOCK: 'STATUS_NOT_IMPLEMENTED' } as const;
    const p = play({ bursts: [...opened, [createClock], [follow('clock:0')]], stub: { answers } });
    expect(answersOf(p).at(-1)?.Status).toBe('STATUS_INVALID_HANDLE');
  });

  it('is got from the class driver: what was set last with success, whoever asks when (C-085)', () => {
    const got = (requests: readonly Request[], answers: StubInput['answers'] = {}) => {
      const bursts = [...opened, [createClock], ...requests.map((request) => [request])];
      const p = play({ bursts, stub: { answers } });
      expect(unhandled(p)).toEqual([]);
      return answersOf(p).at(-1);
    };
    const answer = (Handle: string | null) => ({ Status: OK, Information: 4, Output: { Handle } });
    expect(got([get])).toEqual(answer(null));
    expect(got([follow('clock:0'), get])).toEqual(answer('clock:0'));
    expect(got([follow('clock:0'), pause, get])).toEqual(answer('clock:0'));
    expect(got([follow('clock:0'), follow(null), get])).toEqual(answer(null));
    const refuses = { SRB_INDICATE_MASTER_CLOCK: 'STATUS_IO_DEVICE_ERROR' } as const;
    expect(got([follow('clock:0'), get], refuses)).toEqual(answer(null));
    expect(got([clock({ OutputLength: 3 })])).toEqual({ Status: 'STATUS_BUFFER_TOO_SMALL', Information: 0 });
  });

  it('is what two variables say it is, after any requests one after the other', () => {
    type Name = 'create' | 'close' | 'follow' | 'run free' | 'get';
    const requests: Record<Name, Request> = {
      ...{ create: createClock, close: closeClock, get },
      ...{ follow: follow('clock:0'), 'run free': follow(null) },
    };
    const expected = (names: readonly Name[]) => {
      let isOpen = false;
      let Handle: string | null = null;
      return names.map((name) => {
        const wasOpen = isOpen;
        if (name === 'create') isOpen = true;
        if (name === 'close') isOpen = false;
        if (name === 'run free') Handle = null;
        if (name === 'follow' && isOpen) Handle = 'clock:0';
        if (name === 'get') return { Status: OK, Output: { Handle } };
        if (name === 'create') return { Status: wasOpen ? 'STATUS_INVALID_DEVICE_STATE' : OK };
        return { Status: wasOpen || name === 'run free' ? OK : 'STATUS_INVALID_HANDLE' };
      });
    };
    const names = fc.constantFrom<Name>('create', 'close', 'follow', 'run free', 'get');
    fc.assert(
      fc.property(fc.array(names, { maxLength: 8 }), fc.nat(9), (asked, seed) => {
        const bursts = [...opened, ...asked.map((name) => [requests[name]])];
        const answers = answersOf(play({ bursts, seed, timers: 'ordered' })).slice(opened.length);
        expect(answers).toMatchObject(expected(asked));
      }),
      { numRuns: 40 },
    );
  });
});

describe('the player', () => {
  it('shows a time that does not go back while it plays, a sample after the other (C-091, INV-118)', () => {
    for (const seed of [1, 2]) {
      for (const timers of ['urgent', 'ordered'] as const) {
        const { taken, end } = playPlayer({ seed, timers, frames: 6, variant: { tellsTime: true } });
        expect(end).toBe('quiescent');
        const texts = taken.flatMap(({ emitted }) =>
          emitted.map((event) => String(Reflect.get(event, 'message'))),
        );
        const times = texts
          .filter((text) => text.startsWith('stream time'))
          .map((text) => Number(text.slice(12)));
        expect(times).toEqual([...times].sort((a, b) => a - b));
        if (timers === 'ordered') continue;
        expect(times.length).toBeGreaterThan(2);
        expect(times.at(-1)).toBeGreaterThan(0);
      }
    }
  });

  it('makes the sound the master clock that both streams follow, until they have stopped (C-085, C-086)', () => {
    for (const seed of [1, 2, 3]) {
      const { taken } = playPlayer({ seed, frames: 3 });
      const sent = taken.flatMap((step) => step.sent).filter(({ event }) => event.type === 'CallMinidriver');
      const told = sent
        .map(({ event }) => Object(Reflect.get(event, 'srb')))
        .filter(({ Command }) => Command?.includes('CLOCK'))
        .map(({ Command, StreamObject, CommandData }) => [
          Command,
          StreamObject,
          CommandData?.MasterClockHandle,
        ]);
      expect(told).toEqual([
        ['SRB_OPEN_MASTER_CLOCK', 'pin:1', 2],
        ['SRB_INDICATE_MASTER_CLOCK', 'pin:0', 2],
        ['SRB_INDICATE_MASTER_CLOCK', 'pin:1', 2],
        ['SRB_INDICATE_MASTER_CLOCK', 'pin:0', 0],
        ['SRB_INDICATE_MASTER_CLOCK', 'pin:1', 0],
        ['SRB_CLOSE_MASTER_CLOCK', 'pin:1', undefined],
      ]);
    }
  });
});
