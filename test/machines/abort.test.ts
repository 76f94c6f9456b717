import {
  type HW_STREAM_REQUEST_BLOCK,
  type NTSTATUS,
  StreamClassAbortOutstandingRequests,
  StreamClassCallAtNewPriority,
  StreamClassDeviceNotification,
  StreamClassScheduleTimer,
  StreamClassStreamNotification,
  type StreamPriority,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { unknown } from './ioctlRequests.js';
import { complete, failure, type Plain, plainMinidriver, said, say, type Work } from './plainMinidriver.js';
import { ledger, type Play, play, type Setting, schedules, unhandled } from './play.js';
import { cleanup, close, opened, openPin, read, setState } from './requests.js';
import type { Request } from './scriptedRequester.js';

function* HwInterrupt() {
  yield* say('never');
  return false;
}

/** Modes of the rule book (0.4, option `sync`). */
const on: readonly Plain[] = [{}, { HwInterrupt }];
const modes: readonly Plain[] = [...on, { off: true }, { off: true, HwInterrupt }];
const manySchedules = Array.from({ length: 40 }, (_, seed): Setting => ({ seed, timers: 'ordered' }));

const ERROR = 'STATUS_IO_DEVICE_ERROR';
const SUCCESS = 'STATUS_SUCCESS';

function* abortStream({ StreamObject, HwDeviceExtension }: HW_STREAM_REQUEST_BLOCK) {
  yield* say('abort');
  yield* StreamClassAbortOutstandingRequests(HwDeviceExtension, StreamObject, ERROR);
  return 'keeps';
}
function* abortDevice({ HwDeviceExtension }: HW_STREAM_REQUEST_BLOCK, Status: NTSTATUS = ERROR) {
  yield* say('abort');
  yield* StreamClassAbortOutstandingRequests(HwDeviceExtension, null, Status);
  return 'keeps';
}
function* keep({ StreamObject, HwDeviceExtension, Flags }: HW_STREAM_REQUEST_BLOCK) {
  if (Flags === 0) yield* StreamClassDeviceNotification('ReadyForNextDeviceRequest', HwDeviceExtension);
  else if (StreamObject) {
    const queue = Flags === 2 ? 'ReadyForNextStreamControlRequest' : 'ReadyForNextStreamDataRequest';
    yield* StreamClassStreamNotification(queue, StreamObject);
  }
  return 'keeps';
}

/** How many requests a minidriver has met. */
const count = (srb: HW_STREAM_REQUEST_BLOCK): number => {
  const extension = srb.HwDeviceExtension as { met?: number };
  extension.met = (extension.met ?? 0) + 1;
  return extension.met;
};

/** One piece of work for each request, in order; all that follow are completed. */
const each = (...works: readonly Work[]): Work =>
  function* (srb) {
    const work = works[count(srb) - 1];
    return work ? yield* work(srb) : undefined;
  };

/** Plays, and proves that nothing was given back twice, or went unheard. */
function run(plain: Plain, bursts: readonly (readonly Request[])[], setting: Setting = {}): Play {
  const p = play({ bursts: [...opened, ...bursts], ...setting, minidriver: plainMinidriver(plain) });
  expect(ledger(p).errors).toEqual([]);
  expect(unhandled(p)).toEqual([]);
  return p;
}
const answers = (p: Play) => p.run.world.snapshot('client')?.context.answers.slice(2);
/** The reads that were answered with a status, in order. */
const ended = ({ steps }: Play, status: NTSTATUS) =>
  steps.flatMap(({ sent }) =>
    sent.flatMap(({ event }) =>
      event.type === 'IoCompleteRequest' && Reflect.get(event, 'Status') === status
        ? [Reflect.get(event, 'irp')]
        : [],
    ),
  );

const ofDevice = unknown();
const ofStream = unknown({ FileObject: 'pin:0' });
const unknowns = (device: Work, stream: Work): Plain['on'] => ({
  SRB_UNKNOWN_DEVICE_COMMAND: device,
  SRB_UNKNOWN_STREAM_COMMAND: stream,
});

describe('StreamClassAbortOutstandingRequests', () => {
  it('ends what the minidriver owns of a stream, in the order of delivery, the request in hand too (D-060, D-061, F-017)', () => {
    // So many that their names are in another order.
    const reads = Array.from({ length: 12 }, () => read());
    const work = each(...reads.slice(1).map(() => keep), abortStream);
    for (const mode of on) {
      for (const schedule of schedules.slice(0, 4)) {
        const p = run({ ...mode, on: { SRB_READ_DATA: work } }, [reads, [read()]], schedule);
        expect(failure(p)).toBe('undefined');
        expect(ended(p, ERROR)).toEqual(reads.map((_, i) => `client.irp${i}`));
        expect(answers(p)).toEqual([...reads.map(() => ERROR), SUCCESS]);
        expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
      }
    }
  });

  it('of a stream lets the requests of the device be, of the device ends all of them (D-060, A-053)', () => {
    const bursts = [[ofDevice, read(), ofStream]];
    for (const mode of on) {
      // The last of the three to come aborts.
      const meet = (abort: Work) => each(keep, keep, abort);
      const work = meet(abortDevice);
      for (const schedule of schedules) {
        const all = run({ ...mode, on: { ...unknowns(work, work), SRB_READ_DATA: work } }, bursts, schedule);
        expect(failure(all)).toBe('undefined');
        expect(answers(all)).toEqual([ERROR, ERROR, ERROR]);
        expect(ledger(all).srbs).toEqual([]);
      }
      const aborts: Work = function* (srb) {
        const isLast = count(srb) === 2;
        return isLast ? yield* abortStream(srb) : yield* keep(srb);
      };
      const own = run({ ...mode, on: { ...unknowns(keep, aborts), SRB_READ_DATA: aborts } }, bursts);
      expect(failure(own)).toBe('undefined');
      expect(answers(own)).toEqual([ERROR, ERROR]);
      expect(ledger(own).srbs).toEqual(['client.irp0']);
    }
  });

  it('makes every queue ready, what waits there is delivered then and not ended (D-060, D-062)', () => {
    function* Abort(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* abortDevice(srb);
    }
    /** Says no Ready: whatever comes behind it waits. */
    const hold: Work = function* (srb) {
      if (count(srb) > 3) return undefined;
      yield* StreamClassScheduleTimer(null, srb.HwDeviceExtension, 9000, Abort, srb);
      return 'keeps';
    };
    const plain = { routines: { Abort }, on: { ...unknowns(hold, hold), SRB_READ_DATA: hold } };
    const three = [ofDevice, ofStream, read()];
    for (const mode of on) {
      for (const { seed } of schedules) {
        const p = run({ ...mode, ...plain }, [[...three, ...three]], { seed, timers: 'urgent' });
        expect(failure(p)).toBe('undefined');
        expect(ended(p, ERROR).sort()).toEqual(['client.irp0', 'client.irp1', 'client.irp2']);
        expect(answers(p)?.slice().sort()).toEqual([ERROR, ERROR, ERROR, SUCCESS, SUCCESS, SUCCESS]);
      }
    }
  });

  it('lets nothing follow an SRB that is on its way: each delivery has a Ready, or an abort, of its own (INV-010, D-023)', () => {
    function* Abort(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* abortDevice(srb);
    }
    const work: Work = function* (srb) {
      yield* say('read');
      if (count(srb) > 1) return 'keeps';
      yield* StreamClassScheduleTimer(null, srb.HwDeviceExtension, 0, Abort, srb);
      yield* say('ready');
      return yield* keep(srb);
    };
    const plays = manySchedules.map((schedule) =>
      said(run({ routines: { Abort }, on: { SRB_READ_DATA: work } }, [[read(), read(), read()]], schedule)),
    );
    const shapes = new Set(plays.map((words) => words.join(' ')));
    expect([...shapes].sort()).toEqual(
      [
        // The second read was delivered before the abort, which ended it: the third may come.
        'read ready read abort read',
        // It was on its way.
        'read ready abort read',
      ].sort(),
    );
  });

  it('leaves a state as it was when it ends a state change, and fails an open (C-056, C-040)', () => {
    const states: Plain = { on: { SRB_SET_STREAM_STATE: each(abortStream) } };
    const acquire = [setState('KSSTATE_ACQUIRE')];
    const p = run(states, [acquire, acquire]);
    expect(answers(p)).toEqual([ERROR, SUCCESS]);
    expect(said(p)).toEqual(['abort']);
    const opens: Plain = { on: { SRB_OPEN_STREAM: each(abortDevice) } };
    const again = run(opens, [[openPin()], [cleanup('pin:0')], [close('pin:0')]]);
    expect(failure(again)).toBe('undefined');
    expect(again.run.world.snapshot('client')?.context.answers).toEqual([
      SUCCESS,
      ERROR,
      ...Array(3).fill(SUCCESS),
    ]);
    // SRB_OPEN_STREAM is a request of the device.
    expect(answers(run({ on: { SRB_OPEN_STREAM: abortStream } }, []))).toEqual([]);
  });

  it('ends what a client waits for when it closes: the stream closes (C-040)', () => {
    function* Abort(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* abortDevice(srb);
    }
    const work: Work = function* (srb) {
      yield* StreamClassScheduleTimer(null, srb.HwDeviceExtension, 9000, Abort, srb);
      return 'keeps';
    };
    const plain: Plain = { routines: { Abort }, on: { SRB_READ_DATA: work } };
    for (const mode of on) {
      for (const { seed } of schedules) {
        const bursts = [[read(), cleanup('pin:0')], [close('pin:0')]];
        const p = run({ ...mode, ...plain }, bursts, { seed, timers: 'urgent' });
        expect(failure(p)).toBe('undefined');
        expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
      }
    }
  });
});

describe('after an abort', () => {
  it('the SRBs are not the minidriver’s any more: who has not unlinked them completes them again (D-061, INV-021, BUG-07)', () => {
    interface Held {
      list?: HW_STREAM_REQUEST_BLOCK[];
    }
    const reading = (unlinks: boolean) => {
      const hold: Work = function* (srb) {
        const held = srb.HwDeviceExtension as Held;
        held.list = [...(held.list ?? []), srb];
        return yield* keep(srb);
      };
      const abort: Work = function* (srb) {
        const held = srb.HwDeviceExtension as Held;
        if (unlinks) held.list = [];
        return yield* abortStream(srb);
      };
      const flush: Work = function* (srb) {
        const { list = [] } = srb.HwDeviceExtension as Held;
        for (const other of list) yield* complete(other);
      };
      const work = each(hold, hold, abort, flush);
      return run({ on: { SRB_READ_DATA: work } }, [[read(), read(), read()], [read()]]);
    };
    expect(failure(reading(false))).toContain('which the minidriver does not own (A-062)');
    expect(failure(reading(true))).toBe('undefined');
    expect(answers(reading(true))).toEqual([ERROR, ERROR, ERROR, SUCCESS]);
  });

  it('the one in hand is over too (D-061, INV-021)', () => {
    const completes: Work = function* (srb) {
      yield* abortStream(srb);
      yield* complete(srb);
    };
    const reading = (work: Work) => failure(run({ on: { SRB_READ_DATA: work } }, [[read()]]));
    expect(reading(completes)).toContain('which the minidriver does not own (A-062)');
    expect(reading(abortStream)).toBe('undefined');
  });

  it('they are not pending, and nothing of a stream or device that ends is to come (INV-023, INV-052)', () => {
    const pends: Work = (srb) => abortDevice(srb, 'STATUS_PENDING');
    expect(failure(run({ on: { SRB_READ_DATA: pends } }, [[read()]]))).toContain('INV-023');
    function* Late() {
      yield* say('never');
    }
    const late: Work = function* (srb) {
      yield* StreamClassScheduleTimer(srb.StreamObject, srb.HwDeviceExtension, 9000, Late, null);
      return yield* abortDevice(srb);
    };
    const opens = (work: Work) => failure(run({ routines: { Late }, on: { SRB_OPEN_STREAM: work } }, []));
    expect(opens(late)).toContain('the timer routine of pin:0 is still to come (D-069, INV-052)');
    expect(opens(abortDevice)).toBe('undefined');
  });
});

describe('an abort may be called', () => {
  function* Abort(srb: HW_STREAM_REQUEST_BLOCK) {
    yield* abortDevice(srb);
  }
  const from = (priority: StreamPriority, mode: Plain) => {
    const work: Work = function* (srb) {
      yield* StreamClassCallAtNewPriority(srb.StreamObject, srb.HwDeviceExtension, priority, Abort, srb);
      return 'keeps';
    };
    return run({ ...mode, routines: { Abort }, on: { SRB_READ_DATA: work } }, [[read()]]);
  };
  /** For each mode, whether it may. */
  const row = (played: (mode: Plain) => Play): string =>
    modes
      .map((mode) => {
        const p = played(mode);
        if (failure(p) === 'undefined') {
          expect(answers(p)).toEqual([ERROR]);
          return 'yes';
        }
        expect(failure(p)).toMatch(
          /StreamClassAbortOutstandingRequests was called from .*D-062, D-066, INV-103/,
        );
        return 'no';
      })
      .join(' ');

  it('at the level of the interrupt routine, and in mode ON at that of the entry points (D-062, D-066, J11)', () => {
    // ON without and with an interrupt, OFF without and with one.
    expect(row((mode) => run({ ...mode, on: { SRB_READ_DATA: abortStream } }, [[read()]]))).toBe(
      'yes yes no no',
    );
    expect(row((mode) => from('High', mode))).toBe('yes yes no yes');
    expect(row((mode) => from('Dispatch', mode))).toBe('no no no no');
    expect(row((mode) => from('Low', mode))).toBe('no no no no');
  });
});
