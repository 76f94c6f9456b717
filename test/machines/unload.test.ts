import {
  CONTROL_INTERRUPT_ENABLE,
  CONTROL_RUN,
  classDriver,
  type HW_STREAM_REQUEST_BLOCK,
  StreamClassCallAtNewPriority,
  StreamClassScheduleTimer,
  WRITE_REGISTER_BUFFER_ULONG,
  WRITE_REGISTER_ULONG,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { enqueueActions } from 'xstate';
import { complete, failure, plainMinidriver, say } from './plainMinidriver.js';
import { type Play, play, realCamera, schedules, unhandled } from './play.js';

const sentOf = (p: Play) => p.steps.flatMap(({ sent }) => sent);
const toMinidriver = (p: Play): string[] =>
  sentOf(p)
    .filter(({ to }) => to === 'minidriver')
    .map(({ event }) => Reflect.get(event, 'srb')?.Command ?? event.type);

/** What is sent from SRB_UNINITIALIZE_DEVICE on, in order; what only says that calls have returned is left out. */
function lastMessages(p: Play): string[] {
  const sent = sentOf(p).map(({ to, event }) => {
    const { type } = event;
    const about = Reflect.get(event, 'callback') ?? Reflect.get(event, 'notification');
    return [type === 'CallMinidriver' || type.endsWith('Notification') ? about : type, to].join(' → ');
  });
  const first = sent.lastIndexOf('HwReceivePacket → minidriver');
  return sent.slice(first).filter((text) => !text.startsWith('CallbackReturned'));
}

describe('a removal', () => {
  it('lets the device go when the minidriver has, then the driver; nothing of it is called again (C-075 to C-077, M-018)', () => {
    for (const schedule of schedules) {
      for (const minidriver of [{}, { minidriver: realCamera }]) {
        const p = play({ ...schedule, ...minidriver });
        const last = lastMessages(p).filter((text) => !text.startsWith('ReadyForNext'));
        expect(last).toEqual([
          'HwReceivePacket → minidriver',
          expect.stringMatching(/^(DeviceRequestComplete|CompleteRequestAndMarkQueueReady) → classDriver$/),
          'IoDisconnectInterrupt → synchronizer',
          'IoDeleteDevice → synchronizer',
          'IoDeleteDevice → minidriver',
          'DeviceDeleted → classDriver',
          'IoStopTimer → watchdog',
          'IoCompleteRequest → pnpManager',
          'DriverUnload → classDriver',
          'DriverUnload → minidriver',
        ]);
        expect(toMinidriver(p).at(-1)).toBe('DriverUnload');
        expect(p.run.world.snapshot('classDriver')?.value).toBe('unloaded');
        expect(unhandled(p)).toEqual([]);
      }
      const { context } =
        play({ ...schedule, minidriver: realCamera }).run.world.snapshot('minidriver') ?? {};
      expect(context).toEqual({ HwDeviceExtension: null, activations: {}, cancelled: [] });
    }
  });

  it('of a device that never started goes the same way (C-001)', () => {
    for (const schedule of schedules) {
      const stub = { answers: { SRB_INITIALIZE_DEVICE: 'STATUS_NO_SUCH_DEVICE' } } as const;
      const p = play({ ...schedule, stub });
      expect(toMinidriver(p).slice(-3)).toEqual(['SRB_INITIALIZE_DEVICE', 'IoDeleteDevice', 'DriverUnload']);
    }
  });

  it('waits for who is still inside, a Low routine too (C-011, C-076)', () => {
    function* High(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* complete(srb);
    }
    function* Low(srb: HW_STREAM_REQUEST_BLOCK) {
      yield* StreamClassCallAtNewPriority(null, srb.HwDeviceExtension, 'LowToHigh', High, srb);
      for (let i = 0; i < 9; i++) yield* say('lingers');
    }
    const minidriver = plainMinidriver({
      routines: { High, Low },
      on: {
        *SRB_UNINITIALIZE_DEVICE(srb) {
          yield* StreamClassCallAtNewPriority(null, srb.HwDeviceExtension, 'Low', Low, srb);
          return 'keeps';
        },
      },
    });
    const waited = schedules.filter((schedule) => {
      const p = play({ ...schedule, minidriver, bursts: [] });
      expect(failure(p)).toBe('undefined');
      const said = p.steps.flatMap(({ emitted }, i) =>
        emitted.some(({ type }) => type === 'DebugPrint') ? [i] : [],
      );
      expect(said).toHaveLength(9);
      const stepOf = (type: string) =>
        p.steps.findIndex(({ sent }) =>
          sent.some(({ to, event }) => to === 'minidriver' && event.type === type),
        );
      expect(p.steps.findIndex(({ event }) => event.type === 'DeviceDeleted')).toBeGreaterThan(said[8] ?? 0);
      return stepOf('IoDeleteDevice') < (said[8] ?? 0);
    });
    expect(waited.length).toBeGreaterThan(0);
  });

  it('finds a timer that is armed behind the completion of SRB_UNINITIALIZE_DEVICE (C-077, INV-055)', () => {
    function* Tell() {
      yield* say('never');
    }
    for (const off of [false, true]) {
      const minidriver = plainMinidriver({
        off,
        routines: { Tell },
        on: {
          *SRB_UNINITIALIZE_DEVICE(srb) {
            const device = srb.HwDeviceExtension;
            yield* complete(srb);
            yield* StreamClassScheduleTimer(null, device, 500, Tell, null);
            return 'keeps';
          },
        },
      });
      const p = play({ minidriver, bursts: [] });
      expect(failure(p)).toContain(
        'the device is removed while the timer routine of the device is still to come (C-076, C-077, INV-055)',
      );
    }
  });
});

describe('a class driver', () => {
  it('that leaves the interrupt connected calls a driver that is gone (C-076)', () => {
    function* HwInterrupt() {
      yield* say('hears');
      return false;
    }
    const minidriver = plainMinidriver({
      HwInterrupt,
      on: {
        *SRB_UNINITIALIZE_DEVICE() {
          yield* WRITE_REGISTER_BUFFER_ULONG('DMA_DESCRIPTORS', [0x1000, 4]);
          yield* WRITE_REGISTER_ULONG('CONTROL', CONTROL_RUN | CONTROL_INTERRUPT_ENABLE);
        },
      },
    });
    const setting = { minidriver, bursts: [] };
    expect(failure(play(setting))).toBe('undefined');
    const broken = classDriver.provide({ actions: { disconnectInterrupt: () => undefined } });
    const p = play({ ...setting, classDriver: broken });
    expect(failure(p)).toContain('HwInterrupt was called although the device is gone');
  });

  it('that unloads a driver whose device is there is found (C-077)', () => {
    const broken = classDriver.provide({
      actions: {
        callDriverEntry: enqueueActions(({ enqueue }) => {
          enqueue.sendTo(({ system }) => system.get('minidriver'), { type: 'DriverUnload' });
        }),
      },
    });
    const p = play({ minidriver: plainMinidriver({}), bursts: [], classDriver: broken });
    expect(failure(p)).toContain('DriverUnload was called although the device is there');
  });
});
