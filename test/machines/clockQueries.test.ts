import { allocate } from 'interlace';
import {
  CLOCK_SUPPORT_CAN_RETURN_STREAM_TIME,
  type HW_STREAM_OBJECT,
  type HW_STREAM_REQUEST_BLOCK,
  type HW_TIME_CONTEXT,
  StreamClassCallAtNewPriority,
  StreamClassQueryMasterClock,
  StreamClassQueryMasterClockSync,
  StreamClassScheduleTimer,
  type TIME_FUNCTION,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { complete, failure, type Plain, plainMinidriver, said, say, type Work } from './plainMinidriver.js';
import { type Play, play, schedules, unhandled } from './play.js';
import { cleanup, close, closeClock, createClock, follow, opened, read } from './requests.js';
import type { Request } from './scriptedRequester.js';

const FileObject = 'pin:0';
/** The stream is its own master clock. */
const following = [...opened, [createClock], [follow('clock:0')]];

/** It is 70 on the clock's own time, 90 on the system's. */
function* Clock(context: HW_TIME_CONTEXT) {
  yield* say('clock in');
  context.Time = 70;
  context.SystemTime = 90;
  yield* say('clock out');
}
function* Forgetful(context: HW_TIME_CONTEXT) {
  yield* say('looks');
  context.Time = 70;
}
function* Told({ Function: asked, Time, SystemTime }: HW_TIME_CONTEXT) {
  yield* say(`${asked} ${Time} ${SystemTime}`);
}
const STREAM_TIME = 'TIME_GET_STREAM_TIME 70 90';

function* HwInterrupt() {
  yield* say('never');
  return false;
}

/** Modes of the rule book (0.4, option `sync`). */
const modes: readonly Plain[] = [{}, { HwInterrupt }, { off: true }, { off: true, HwInterrupt }];

/** A minidriver whose stream has a clock, and which does something with a read. */
function withClock(work: Work, mode: Plain = {}, clock: typeof Clock | null = Clock): Plain {
  return {
    ...mode,
    routines: { Clock, Forgetful, Told, ...mode.routines },
    on: {
      *SRB_OPEN_STREAM({ StreamObject: object }) {
        if (object) object.HwClockObject.HwClockFunction = clock;
        if (object) object.HwClockObject.ClockSupportFlags = CLOCK_SUPPORT_CAN_RETURN_STREAM_TIME;
        yield* say('opened');
      },
      SRB_READ_DATA: work,
      ...mode.on,
    },
  };
}

const ask = (srb: HW_STREAM_REQUEST_BLOCK, handle = 1, asked: TIME_FUNCTION = 'TIME_GET_STREAM_TIME') => {
  if (!srb.StreamObject) throw new Error('a read has a stream');
  return StreamClassQueryMasterClock(srb.StreamObject, handle, asked, Told);
};
function* askAtOnce(srb: HW_STREAM_REQUEST_BLOCK, handle = 1) {
  const { HwDeviceExtension, StreamObject: HwStreamObject } = srb;
  if (!HwStreamObject) return;
  const asked: TIME_FUNCTION = 'TIME_GET_STREAM_TIME';
  const context = allocate({ HwDeviceExtension, HwStreamObject, Function: asked, Time: 0, SystemTime: 0 });
  yield* StreamClassQueryMasterClockSync(handle, context);
  yield* Told(context);
}

const run = (
  plain: Plain,
  bursts: readonly (readonly Request[])[] = [...following, [read()]],
  setting = {},
): Play => play({ bursts, ...setting, minidriver: plainMinidriver(plain) });
const told = (p: Play) => said(p).filter((text) => String(text).startsWith('TIME_'));

describe('a question to the master clock', () => {
  it('is answered by its routine, and the answer comes with the callback (C-088, M-059, M-062, T11)', () => {
    for (const mode of modes) {
      for (const schedule of schedules) {
        const p = run(withClock(ask, mode), undefined, schedule);
        expect(failure(p)).toBe('undefined');
        expect(unhandled(p)).toEqual([]);
        expect(told(p)).toEqual([STREAM_TIME]);
        expect(p.run.end).toBe('quiescent');
      }
    }
  });

  it('at once is answered on the stack of the caller (C-088, J28)', () => {
    for (const mode of [{}, { off: true }]) {
      const p = run(withClock(askAtOnce, mode));
      expect(failure(p)).toBe('undefined');
      expect(told(p)).toEqual([STREAM_TIME]);
    }
  });

  it('at once is not for DIRQL, but for a Low routine (D-066, INV-103)', () => {
    expect(failure(run(withClock(askAtOnce, { HwInterrupt })))).toMatch(
      /ReceiveDataPacket \(C-088, D-066, INV-103\)/,
    );
    function* Low(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* askAtOnce(srb);
    }
    const low = withClock(
      function* (srb) {
        yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'Low', Low, srb);
        return 'keeps';
      },
      { HwInterrupt, routines: { Low } },
    );
    expect(told(run(low))).toEqual([STREAM_TIME]);
    function* LowAsks(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* ask(srb);
    }
    const wrong = withClock(
      function* (srb) {
        yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, 'Low', LowAsks, srb);
        return 'keeps';
      },
      { routines: { LowAsks } },
    );
    expect(failure(run(wrong))).toContain('D-065');
  });

  it('is one at a time for a stream; the callback may ask the next (C-088, INV-018)', () => {
    const twice: Work = function* (srb) {
      yield* ask(srb);
      yield* ask(srb);
    };
    expect(failure(run(withClock(twice)))).toContain('INV-018');
    function* Again({ HwStreamObject, Time }: HW_TIME_CONTEXT) {
      yield* say(`TIME_ ${Time}`);
      yield* StreamClassQueryMasterClock(HwStreamObject, 1, 'TIME_GET_STREAM_TIME', Told);
    }
    const chained: Work = function* ({ StreamObject }) {
      if (StreamObject) yield* StreamClassQueryMasterClock(StreamObject, 1, 'TIME_GET_STREAM_TIME', Again);
    };
    for (const mode of modes) {
      const p = run(withClock(chained, { ...mode, routines: { Again } }));
      expect(failure(p)).toBe('undefined');
      expect(told(p)).toEqual(['TIME_ 70', STREAM_TIME]);
    }
  });

  it('names the clock that the stream was told last, and none when it runs free (C-085, INV-116, INV-117)', () => {
    const asking = (handle: number): Work =>
      function* (srb) {
        yield* ask(srb, handle);
      };
    const failureOf = (handle: number, bursts: readonly Request[][], work = asking(handle)) =>
      failure(run(withClock(work), [...bursts, [read()]]));
    expect(failureOf(0, following)).toContain('INV-116');
    expect(failureOf(2, following)).toContain('INV-117');
    expect(failureOf(1, [...opened, [createClock]])).toContain('INV-116');
    expect(failureOf(1, [...following, [follow(null)]])).toContain('INV-117');
    expect(failureOf(1, following)).toBe('undefined');
    const atOnce: Work = (srb) => askAtOnce(srb, 2);
    expect(failureOf(2, following, atOnce)).toContain('INV-117');
  });

  it('is for a function that the clock advertises (A-124, INV-115)', () => {
    const p = run(withClock((srb) => ask(srb, 1, 'TIME_READ_ONBOARD_CLOCK')));
    expect(failure(p)).toContain('TIME_READ_ONBOARD_CLOCK, which the clock does not advertise');
  });

  it('wants both times from the routine (A-125, INV-115)', () => {
    for (const mode of modes) {
      expect(failure(run(withClock(ask, mode, Forgetful)))).toContain('INV-115');
    }
  });

  it('of a clock that its client has closed has an answer that means nothing (J31)', () => {
    const p = run(withClock(ask), [...following, [closeClock], [read()]]);
    expect(failure(p)).toBe('undefined');
    expect(told(p)).toEqual(['TIME_GET_STREAM_TIME 0 0']);
    expect(said(p)).not.toContain('clock in');
  });

  it('in the window of SRB_INDICATE_MASTER_CLOCK goes to the clock before it, here none, or to the new one (C-090, J31, BUG-47)', () => {
    const indicated = (work: Work): Plain => withClock(ask, { on: { SRB_INDICATE_MASTER_CLOCK: work } });
    const bursts = [...opened, [createClock], [follow('clock:0')]];
    const answers = (work: Work) => {
      const plays = Array.from({ length: 16 }, (_, seed) =>
        run({ ...indicated(work), routines: { Clock, Told, Later } }, bursts, { seed, timers: 'ordered' }),
      );
      for (const p of plays) expect(failure(p)).toBe('undefined');
      return new Set(plays.flatMap(told));
    };
    function* Later(object: HW_STREAM_OBJECT) {
      yield* StreamClassQueryMasterClock(object, 1, 'TIME_GET_STREAM_TIME', Told);
    }
    const none = 'TIME_GET_STREAM_TIME 0 0';
    const before: Work = (srb) => ask(srb);
    const hasty: Work = function* (srb) {
      const object = srb.StreamObject;
      yield* complete(srb);
      if (object) yield* Later(object);
      return 'keeps';
    };
    // The window is over before a timer that is armed now expires.
    const patient: Work = function* (srb) {
      const { StreamObject: object, HwDeviceExtension } = srb;
      yield* complete(srb);
      if (object) yield* StreamClassScheduleTimer(object, HwDeviceExtension, 1, Later, object);
      return 'keeps';
    };
    expect(answers(before)).toEqual(new Set([none]));
    expect(answers(hasty)).toEqual(new Set([none, STREAM_TIME]));
    expect(answers(patient)).toEqual(new Set([STREAM_TIME]));
  });

  it('must have been answered when the stream is closed (INV-052)', () => {
    const late = withClock(ask, {
      on: {
        *SRB_CLOSE_STREAM(srb) {
          yield* ask(srb);
        },
      },
    });
    const p = run(late, [...following, [cleanup(FileObject)], [close(FileObject)]]);
    expect(failure(p)).toContain('the clock routine of pin:0 is still to come (D-069, INV-052)');
  });
});

describe('a clock', () => {
  it('is created for a stream that has a routine for it only (C.12)', () => {
    const p = run(withClock(ask, {}, null), [...opened, [createClock]]);
    expect(p.run.world.snapshot('client')?.context.answers.at(-1)).toBe('STATUS_NOT_IMPLEMENTED');
    const commands = p.steps.flatMap(({ sent }) =>
      sent.map(({ event }) => Reflect.get(event, 'srb')?.Command),
    );
    expect(commands).not.toContain('SRB_OPEN_MASTER_CLOCK');
  });

  it('runs its routine under the lock in mode ON, beside reads in mode OFF (table D.2, J28)', () => {
    const reading: Work = function* (srb) {
      yield* say('read in');
      yield* say('read out');
      const extension = srb.HwDeviceExtension as { asked?: boolean };
      if (!extension.asked) yield* ask(srb);
      extension.asked = true;
    };
    const isTorn = (mode: Plain) =>
      Array.from({ length: 16 }, (_, seed) =>
        said(
          run(withClock(reading, mode), [...following, [read(), read(), read()]], {
            seed,
            timers: 'ordered',
          }),
        ),
      ).some((all) => all.slice(all.indexOf('clock in'), all.indexOf('clock out')).length > 1);
    expect(isTorn({})).toBe(false);
    expect(isTorn({ HwInterrupt })).toBe(false);
    expect(isTorn({ off: true })).toBe(true);
  });
});
