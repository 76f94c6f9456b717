import { describe, expect, it } from 'vitest';
import { type Play, play, schedules, unhandled } from './play.js';
import { playPlayer } from './playerRun.js';
import { setState } from './requests.js';
import type { Request } from './scriptedRequester.js';
import type { StubInput } from './stubMinidriver.js';

const format = {
  ...{ FormatSize: 64, Flags: 0, SampleSize: 0, MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO' },
  ...{ SubFormat: 'KSDATAFORMAT_SUBTYPE_NONE', Specifier: 'KSDATAFORMAT_SPECIFIER_NONE' },
};
const FileObject = 'pin:0';
const opened: Request[][] = [
  [{ type: 'IRP_MJ_CREATE', object: 'filter' }],
  [{ type: 'IRP_MJ_CREATE', object: 'pin', FilterObject: 'filter:0', PinId: 0, DataFormat: format }],
];
const createClock: Request = { type: 'KsCreateClock', FileObject };
const closeClock: Request = { type: 'KsCloseClock', FileObject };
const follow = (Value: number): Request => ({ type: 'KSPROPERTY_STREAM_MASTERCLOCK', FileObject, Value });
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

describe('a master clock', () => {
  it('is opened, indicated and closed by one SRB each, in turn (C.12)', () => {
    for (const schedule of schedules) {
      expect(
        ask([[createClock], [follow(1)], [follow(0)], [closeClock], [createClock]], {}, schedule),
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
    const { answers, commands: sent } = ask([[pause], [follow(1)]]);
    expect(answers).toEqual([OK, 'STATUS_INVALID_DEVICE_STATE']);
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
      const crowd = [createClock, follow(1), closeClock, createClock, follow(0), cleanup];
      const { answers, commands: sent } = ask([crowd, [close], [...(opened[1] ?? [])]], {}, schedule);
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
