import { simulate, type TraceStep } from 'interlace';
import {
  CONTROL_INTERRUPT_ENABLE,
  CONTROL_RUN,
  type PnpDecision,
  StreamClassScheduleTimer,
  streamClassSystem,
  WRITE_REGISTER_BUFFER_ULONG,
  WRITE_REGISTER_ULONG,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { failure, type Plain, plainMinidriver, say } from './plainMinidriver.js';
import { ledger, type Play, play, realCamera, type Setting, schedules, unhandled } from './play.js';
import { cleanup, close, opened, openFilter, openPin } from './requests.js';

const closePin = [[cleanup('pin:0')], [close('pin:0')]];
const closeFilter = [[cleanup('filter:0')], [close('filter:0')]];
const life = [...opened, ...closePin, ...closeFilter];
const modes: readonly Plain[] = [{}, { off: true }];
const INITIALIZE = ['SRB_INITIALIZE_DEVICE', 'SRB_GET_STREAM_INFO', 'SRB_INITIALIZATION_COMPLETE'];
const [OPEN, CLOSE, PAGING_OUT] = ['SRB_OPEN_STREAM', 'SRB_CLOSE_STREAM', 'SRB_PAGING_OUT_DRIVER'] as const;
const [OUT, IN] = ['MmPageEntireDriver', 'MmResetDriverPaging'] as const;
const END = ['SRB_UNINITIALIZE_DEVICE', 'IoDeleteDevice', 'DriverUnload'];

/** What reaches the minidriver, from DriverEntry on. */
const called = (p: Play): string[] =>
  p.steps
    .flatMap(({ sent }) => sent)
    .filter(({ to }) => to === 'minidriver')
    .map(({ event }) => Reflect.get(event, 'srb')?.Command ?? event.type)
    .slice(1);

function sound(setting: Setting): Play {
  const p = play({ pageOutWhenUnopened: true, ...setting });
  expect(failure(p)).toBe('undefined');
  expect(p.run.end).toBe('quiescent');
  expect(ledger(p)).toEqual({ irps: [], srbs: [], errors: [] });
  expect(unhandled(p)).toEqual([]);
  return p;
}

describe('a driver that may be paged out', () => {
  it('is asked after the last close, and only if the registry says so (C-080, C.11)', () => {
    for (const mode of modes) {
      for (const schedule of schedules) {
        const setting: Setting = { ...schedule, minidriver: plainMinidriver(mode), bursts: life };
        const untold = sound({ ...setting, pageOutWhenUnopened: false });
        expect(called(untold)).toEqual([...INITIALIZE, OPEN, CLOSE, ...END]);
        const p = sound({ ...setting, life: [] });
        expect(called(p)).toEqual([...INITIALIZE, OPEN, CLOSE, PAGING_OUT, OUT]);
      }
    }
  });

  it('is one of a system that is told so (C-066)', () => {
    const asked = (pageOutWhenUnopened?: boolean): number => {
      const steps: TraceStep[] = [];
      const system = streamClassSystem({
        ...{ name: 'stack', minidriver: realCamera },
        hardware: { frames: 1, frameRate: { num: 25, den: 1 }, fifoDepth: 2, dmaMs: 5 },
        client: { buffers: 1, clientDelayMs: 0, frameBytes: 10_000 },
        ...(pageOutWhenUnopened === undefined ? {} : { pageOutWhenUnopened }),
      });
      const run = simulate(system, { seed: 1, onStep: (step) => steps.push(step) });
      return called({ run, steps }).filter((call) => call === PAGING_OUT).length;
    };
    expect([asked(), asked(false), asked(true)]).toEqual([0, 0, 1]);
  });

  it('is not paged out while another request is on its way, such as that of a removal (C.11)', () => {
    const seen = new Set<string>();
    for (const mode of modes) {
      for (const schedule of schedules) {
        const p = sound({ ...schedule, minidriver: plainMinidriver(mode), bursts: life });
        const all = called(p);
        const paged = all.includes(OUT);
        expect(all.filter((call) => call === IN)).toHaveLength(paged ? 1 : 0);
        expect(all.slice(-3)).toEqual(END);
        seen.add(`${mode.off === true} ${paged}`);
      }
    }
    expect([...seen].sort()).toEqual(['false false', 'false true', 'true false', 'true true']);
  });

  it('stays when it says no (C.11)', () => {
    const no: Plain['on'] = {
      *SRB_PAGING_OUT_DRIVER(srb) {
        srb.Status = 'STATUS_NOT_IMPLEMENTED';
        yield* say('no');
      },
    };
    for (const mode of modes) {
      const p = sound({ minidriver: plainMinidriver({ ...mode, on: no }), bursts: life, life: [] });
      expect(called(p)).toEqual([...INITIALIZE, OPEN, CLOSE, PAGING_OUT]);
    }
  });

  it('is back before anything is delivered with the next open, which waits for the answer (C.11, C-031)', () => {
    for (const mode of modes) {
      for (const schedule of schedules) {
        const again = [...closeFilter.slice(0, 1), [close('filter:0'), openFilter], [openPin()]];
        const bursts = [...opened, ...closePin, ...again, ...closePin];
        const p = sound({ ...schedule, minidriver: plainMinidriver(mode), bursts });
        expect(called(p)).toEqual([...INITIALIZE, OPEN, CLOSE, PAGING_OUT, OUT, IN, OPEN, CLOSE]);
        expect(p.run.world.snapshot('client')?.context.answers).toEqual(Array(10).fill('STATUS_SUCCESS'));
      }
    }
  });

  it('is back with the next open although that asks it for nothing (C.11)', () => {
    for (const mode of modes) {
      const p = play({
        ...{ pageOutWhenUnopened: true, life: [], minidriver: plainMinidriver(mode) },
        bursts: [[openFilter], ...closeFilter, [openFilter]],
      });
      expect(called(p)).toEqual([...INITIALIZE, PAGING_OUT, OUT, IN]);
    }
  });

  it('is back before it is told of a change of power; without power it is not asked (C.11, INV-060)', () => {
    const cycle: PnpDecision[] = [
      { type: 'Sleep', when: { afterMs: 10 } },
      { type: 'Wake', when: { afterMs: 10 } },
    ];
    const power = 'SRB_CHANGE_POWER_STATE';
    const minidriver = plainMinidriver({});
    const idle = sound({ minidriver, bursts: life, life: cycle });
    expect(called(idle)).toEqual([...INITIALIZE, OPEN, CLOSE, PAGING_OUT, OUT, IN, power, power]);
    const asleep = sound({ stub: { openMs: 15 }, bursts: life, life: cycle });
    expect(called(asleep)).toEqual([...INITIALIZE, OPEN, power, CLOSE, power]);
  });
});

describe('a minidriver that says that it may be paged out', () => {
  it('has left no call to come (C-080, INV-063)', () => {
    function* Tell() {
      yield* say('never');
    }
    for (const mode of modes) {
      const on: Plain['on'] = {
        *SRB_PAGING_OUT_DRIVER(srb) {
          yield* StreamClassScheduleTimer(null, srb.HwDeviceExtension, 500, Tell, null);
        },
      };
      const minidriver = plainMinidriver({ ...mode, routines: { Tell }, on });
      const p = play({ pageOutWhenUnopened: true, minidriver, bursts: life });
      expect(failure(p)).toMatch(/SRB_PAGING_OUT_DRIVER, while the timer routine of the device .*INV-063/);
    }
  });

  it('has told its device not to interrupt (C-080, INV-063)', () => {
    function* HwInterrupt() {
      yield* WRITE_REGISTER_ULONG('STATUS', 1);
      return true;
    }
    const running: Plain['on'] = {
      *SRB_CLOSE_STREAM() {
        yield* WRITE_REGISTER_BUFFER_ULONG('DMA_DESCRIPTORS', [0x1000, 4]);
        yield* WRITE_REGISTER_ULONG('CONTROL', CONTROL_RUN | CONTROL_INTERRUPT_ENABLE);
      },
    };
    const stopping: Plain['on'] = {
      ...running,
      *SRB_PAGING_OUT_DRIVER() {
        yield* WRITE_REGISTER_ULONG('CONTROL', 0);
      },
    };
    for (const off of [false, true]) {
      const setting = (on: Plain['on'] = {}): Setting => ({
        ...{ pageOutWhenUnopened: true, life: [], bursts: life },
        minidriver: plainMinidriver({ off, HwInterrupt, on }),
      });
      expect(failure(play(setting(running)))).toContain(
        'HwInterrupt was called although the driver is paged out (C-080, INV-063)',
      );
      expect(failure(play(setting(stopping)))).toBe('undefined');
    }
  });
});
