import {
  type HW_STREAM_OBJECT,
  type HW_STREAM_REQUEST_BLOCK,
  StreamClassScheduleTimer,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { complete, failure, type Plain, plainMinidriver, said, say, type Work } from './plainMinidriver.js';
import { emitted, type Play, play, type Setting, schedules, unhandled } from './play.js';
import { cleanup, close, opened, read } from './requests.js';

interface Note {
  readonly text: string;
}

/** The routine of all timers here: it says what its context holds. */
function* Tell(note: Note) {
  yield* say(note.text);
}

/** Arms the timer of a stream; without one, that of the device. */
function* arm(srb: HW_STREAM_REQUEST_BLOCK, microseconds: number, text: string, isDevice = false) {
  const stream = isDevice ? null : srb.StreamObject;
  yield* StreamClassScheduleTimer(stream, srb.HwDeviceExtension, microseconds, Tell, { text });
}

function* disarm(srb: HW_STREAM_REQUEST_BLOCK) {
  yield* StreamClassScheduleTimer(srb.StreamObject, srb.HwDeviceExtension, 0, null, null);
}

const kinds: readonly Plain[] = [{}, { off: true }];
const closing = [[cleanup('pin:0')], [close('pin:0')]];
const bursts = [...opened, [read()]];

/** Plays a minidriver that does something with a read, and stays alive. */
function reading(work: Work, kind: Plain = {}, setting: Setting = {}): Play {
  const minidriver = plainMinidriver({
    routines: { Tell },
    ...kind,
    on: { ...kind.on, SRB_READ_DATA: work },
  });
  return play({ bursts, ...setting, minidriver });
}

/** When something was said, in virtual milliseconds. */
const times = (p: Play): Record<string, number> =>
  Object.fromEntries(
    p.steps.flatMap(({ emitted: all, atMs }) =>
      all.filter(({ type }) => type === 'DebugPrint').map((event) => [Reflect.get(event, 'message'), atMs]),
    ),
  );

describe('a timer', () => {
  it('calls its routine once, after its microseconds, with its context (D-067)', () => {
    const work: Work = function* (srb) {
      yield* arm(srb, 2500, 'expired');
    };
    for (const kind of kinds) {
      for (const schedule of schedules) {
        const p = reading(work, kind, schedule);
        expect(failure(p)).toBe('undefined');
        expect(unhandled(p)).toEqual([]);
        expect(times(p)).toEqual({ expired: 2.5 });
        expect(said(p)).toEqual(['expired']);
        expect(p.run.end).toBe('quiescent');
      }
    }
  });

  it('that is armed again is the same timer: the first call never comes (D-067, INV-015)', () => {
    for (const kind of kinds) {
      const p = reading(function* (srb) {
        yield* arm(srb, 1000, 'first');
        yield* arm(srb, 9000, 'second');
        yield* arm(srb, 4000, 'third');
      }, kind);
      expect(times(p)).toEqual({ third: 4 });
    }
  });

  it('is cancelled by no time and no routine, and expires at once by no time and a routine (J10)', () => {
    for (const kind of kinds) {
      const cancelled = reading(function* (srb) {
        yield* disarm(srb);
        yield* arm(srb, 1000, 'never');
        yield* disarm(srb);
      }, kind);
      expect(said(cancelled)).toEqual([]);
      expect(cancelled.run.end).toBe('quiescent');
      const atOnce = reading(function* (srb) {
        yield* arm(srb, 0, 'at once');
      }, kind);
      expect(times(atOnce)).toEqual({ 'at once': 0 });
    }
  });

  it('of a stream is not the timer of the device (D-067)', () => {
    const p = reading(function* (srb) {
      yield* arm(srb, 1000, 'of the stream');
      yield* arm(srb, 2000, 'of the device', true);
    });
    expect(times(p)).toEqual({ 'of the stream': 1, 'of the device': 2 });
  });

  it('can be armed by its own routine', () => {
    interface Count {
      readonly object: HW_STREAM_OBJECT;
      left: number;
    }
    function* Again(count: Count) {
      yield* say(`left ${count.left}`);
      if (count.left-- > 0)
        yield* StreamClassScheduleTimer(count.object, count.object.HwDeviceExtension, 1000, Again, count);
    }
    for (const kind of kinds) {
      const p = reading(
        function* (srb) {
          const object = srb.StreamObject;
          if (!object) return;
          yield* StreamClassScheduleTimer(object, srb.HwDeviceExtension, 1000, Again, { object, left: 2 });
        },
        { ...kind, routines: { Again } },
      );
      expect(times(p)).toEqual({ 'left 2': 1, 'left 1': 2, 'left 0': 3 });
    }
  });

  it('wants a time in whole microseconds, and a routine if it has one (D-067, J10)', () => {
    for (const time of [-1, 0.5, Number.NaN]) {
      expect(
        failure(
          reading(function* (srb) {
            yield* arm(srb, time, 'never');
          }),
        ),
      ).toContain('D-067');
    }
    const p = reading(function* (srb) {
      yield* StreamClassScheduleTimer(srb.StreamObject, srb.HwDeviceExtension, 5, null, null);
    });
    expect(failure(p)).toContain('J10');
  });
});

/** A minidriver whose timer routine takes its time, and whose reads do, each with words at their beginning and end. */
const slow: Plain = {
  routines: { Slow },
  on: {
    *SRB_OPEN_STREAM(srb) {
      yield* StreamClassScheduleTimer(srb.StreamObject, srb.HwDeviceExtension, 0, Slow, null);
    },
    *SRB_READ_DATA(srb) {
      yield* say('read in');
      yield* StreamClassScheduleTimer(srb.StreamObject, srb.HwDeviceExtension, 0, Slow, null);
      yield* say('read out');
    },
  },
};

function* Slow() {
  yield* say('timer in');
  yield* say('timer');
  yield* say('timer out');
}

/** Whether something else was said between `in` and `out` of the same. */
const isTorn = (all: readonly unknown[], who: string): boolean =>
  all.some((text, i) => {
    if (text !== `${who} in`) return false;
    const behind = all.slice(i + 1, all.indexOf(`${who} out`, i));
    return behind.some((other) => !String(other).startsWith(who));
  });

const many = Array.from({ length: 16 }, (_, seed): Setting => ({ seed, timers: 'ordered' }));
const anyhow = [
  ...many.slice(0, 10),
  ...many.slice(0, 3).map((schedule): Setting => ({ ...schedule, timers: 'urgent' })),
];

describe('a timer routine', () => {
  it('runs under the lock in mode ON: nobody is inside with it (table D.2)', () => {
    for (const schedule of many) {
      const words = said(play({ bursts, ...schedule, minidriver: plainMinidriver(slow) }));
      expect(words).toContain('timer in');
      expect(isTorn(words, 'timer') || isTorn(words, 'read')).toBe(false);
    }
  });

  it('overlaps with receive calls in mode OFF, but not with itself (D-014, table D.3)', () => {
    const plays = many.map((schedule) =>
      said(
        play({
          bursts: [...bursts, [read()]],
          ...schedule,
          minidriver: plainMinidriver({ ...slow, off: true }),
        }),
      ),
    );
    expect(plays.some((words) => isTorn(words, 'read'))).toBe(true);
    for (const words of plays) {
      const order = words.filter((text) => text === 'timer in' || text === 'timer out');
      expect(order.every((text, i) => text === (i % 2 === 0 ? 'timer in' : 'timer out'))).toBe(true);
    }
  });

  it('comes from a DPC in mode OFF: on one processor a read does not interrupt it (table D.2)', () => {
    const words = many.map((schedule) =>
      said(
        play({
          ...{ bursts: [...bursts, [read()]], ...schedule },
          minidriver: plainMinidriver({ ...slow, off: true, processors: 1 }),
        }),
      ),
    );
    expect(words.some((all) => isTorn(all, 'read'))).toBe(true);
    expect(words.some((all) => isTorn(all, 'timer'))).toBe(false);
  });

  it('that is on its way comes although its timer is cancelled (D-068)', () => {
    const work: Work = function* (srb) {
      const extension = srb.HwDeviceExtension as { isArmed?: boolean };
      if (!extension.isArmed) yield* arm(srb, 1, 'expired');
      extension.isArmed = true;
      yield* say('lingers');
      yield* disarm(srb);
      yield* say('cancelled');
    };
    for (const kind of kinds) {
      const orders = many.map((schedule) => {
        const p = reading(work, kind, { ...schedule, bursts: [...bursts, [read()]] });
        return said(p).filter((text) => text !== 'lingers');
      });
      const seen = new Set(orders.map((order) => order.join()));
      expect(seen).toContain('cancelled,cancelled');
      expect(seen).toContain('cancelled,expired,cancelled');
    }
  });
});

describe('a minidriver that leaves a timer armed', () => {
  const armed: NonNullable<Plain['on']> = {
    *SRB_OPEN_STREAM(srb) {
      yield* arm(srb, 1e6, 'late');
    },
  };

  it('when it completes SRB_CLOSE_STREAM fails: the class driver cancels nothing (D-069, INV-052)', () => {
    for (const kind of kinds) {
      const minidriver = plainMinidriver({ ...kind, routines: { Tell }, on: armed });
      const p = play({ bursts: [...opened, ...closing], minidriver });
      expect(failure(p)).toContain('the timer routine of pin:0 is still to come (D-069, INV-052)');
    }
  });

  it('when it fails SRB_OPEN_STREAM fails too', () => {
    const minidriver = plainMinidriver({
      routines: { Tell },
      on: {
        *SRB_OPEN_STREAM(srb) {
          yield* arm(srb, 1e6, 'late');
          srb.Status = 'STATUS_UNSUCCESSFUL';
        },
      },
    });
    expect(failure(play({ bursts: opened, minidriver }))).toContain('INV-052');
  });

  it('is well when it cancels first, and the pin that has its name later has a timer of its own', () => {
    const twin: Plain = {
      routines: { Tell },
      on: {
        *SRB_OPEN_STREAM(srb) {
          yield* arm(srb, 1e6, 'never');
        },
        *SRB_READ_DATA(srb) {
          yield* arm(srb, 7000, 'read');
        },
        *SRB_CLOSE_STREAM(srb) {
          yield* disarm(srb);
        },
      },
    };
    for (const kind of kinds) {
      const again = [...opened, ...closing, ...opened.slice(1), [read()]];
      const closed = play({
        bursts: [...opened, ...closing],
        minidriver: plainMinidriver({ ...kind, ...twin }),
      });
      expect(closed.run.world.addresses().filter((address) => address.includes('timer'))).toEqual([]);
      const p = play({ bursts: again, minidriver: plainMinidriver({ ...kind, ...twin }) });
      expect(failure(p)).toBe('undefined');
      expect(unhandled(p)).toEqual([]);
      expect(times(p)).toEqual({ read: 7 });
    }
  });

  it('cannot know whether cancelling has come in time; who lets the last call complete the close is well (D-068, BUG-28)', () => {
    interface Polled {
      readonly object: HW_STREAM_OBJECT;
      closing: HW_STREAM_REQUEST_BLOCK | null;
    }
    const poll = (object: HW_STREAM_OBJECT, polled: Polled) =>
      StreamClassScheduleTimer(object, object.HwDeviceExtension, 10_000, Poll, polled);
    function* Poll(polled: Polled) {
      yield* say('polls');
      if (polled.closing) yield* complete(polled.closing);
      else yield* poll(polled.object, polled);
    }
    const on = (close: Work) => ({
      *SRB_OPEN_STREAM({ StreamObject: object }: HW_STREAM_REQUEST_BLOCK) {
        if (!object) return;
        const extension = object.HwStreamExtension as { polled?: Polled };
        extension.polled = { object, closing: null };
        yield* poll(object, extension.polled);
      },
      SRB_CLOSE_STREAM: close,
    });
    const hasty = on(function* (srb) {
      yield* disarm(srb);
    });
    const patient = on(function* (srb) {
      const extension = srb.StreamObject?.HwStreamExtension as { polled?: Polled };
      if (extension.polled) extension.polled.closing = srb;
      yield* say('waits for the timer');
      return 'keeps';
    });
    const plays = (work: NonNullable<Plain['on']>, kind: Plain) =>
      anyhow.map((schedule) => {
        const minidriver = plainMinidriver({ ...kind, routines: { Poll }, on: work });
        return play({ bursts: [...opened, ...closing], ...schedule, minidriver });
      });
    for (const kind of kinds) {
      const failures = plays(hasty, kind).map(failure);
      expect(failures.some((text) => text.includes('INV-052'))).toBe(true);
      expect(failures).toContain('undefined');
      for (const p of plays(patient, kind)) {
        expect(failure(p)).toBe('undefined');
        expect(p.run.world.snapshot('client')?.context.answers.at(-1)).toBe('STATUS_SUCCESS');
        expect(p.run.end).toBe('quiescent');
      }
    }
  });

  it('when it completes SRB_UNINITIALIZE_DEVICE fails (C-070, INV-059)', () => {
    const run = (on: NonNullable<Plain['on']>, kind: Plain) =>
      play({
        script: { buffers: 1 },
        hardware: { frames: 0 },
        minidriver: plainMinidriver({ ...kind, routines: { Tell }, on }),
      });
    const initialized = {
      *SRB_INITIALIZATION_COMPLETE(srb: HW_STREAM_REQUEST_BLOCK) {
        yield* arm(srb, 1e9, 'late', true);
      },
    };
    const twin: NonNullable<Plain['on']> = {
      ...initialized,
      *SRB_UNINITIALIZE_DEVICE(srb) {
        yield* StreamClassScheduleTimer(null, srb.HwDeviceExtension, 0, null, null);
      },
    };
    for (const kind of kinds) {
      expect(failure(run(initialized, kind))).toContain(
        'the timer routine of the device is still to come (C-070',
      );
      expect(failure(run(twin, kind))).toBe('undefined');
    }
  });

  it('may let it expire after the stream is cleaned up', () => {
    expect(
      emitted(
        play({ bursts: opened, minidriver: plainMinidriver({ routines: { Tell }, on: armed }) }),
        'DebugPrint',
      ),
    ).toHaveLength(1);
  });
});
