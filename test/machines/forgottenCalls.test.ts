import { simulate } from 'interlace';
import {
  defineMinidriver,
  type HW_STREAM_REQUEST_BLOCK,
  KeAcquireSpinLock,
  KeGetCurrentIrql,
  READ_REGISTER_ULONG,
  StreamClassCompleteRequestAndMarkQueueReady,
  StreamClassDebugPrint,
  StreamClassGetDmaBuffer,
  StreamClassGetNextEvent,
  StreamClassGetPhysicalAddress,
  StreamClassQueryMasterClockSync,
  streamClassSystem,
  WRITE_REGISTER_ULONG,
} from 'interlace/stream-class';
import { describe, expect, test } from 'vitest';

/** A call of a minidriver without `yield*` does nothing, be it made of one point or of more: the callback is refused. */

type Forgets = (srb: HW_STREAM_REQUEST_BLOCK) => unknown;

const calls: Record<string, Forgets> = {
  READ_REGISTER_ULONG: () => READ_REGISTER_ULONG('STATUS'),
  WRITE_REGISTER_ULONG: () => WRITE_REGISTER_ULONG('STATUS', 1),
  StreamClassCompleteRequestAndMarkQueueReady: (srb) => StreamClassCompleteRequestAndMarkQueueReady(srb),
  StreamClassDebugPrint: () => StreamClassDebugPrint('DebugLevelInfo', 'hello'),
  StreamClassGetDmaBuffer: ({ HwDeviceExtension }) => StreamClassGetDmaBuffer(HwDeviceExtension),
  StreamClassGetNextEvent: ({ HwDeviceExtension }) =>
    StreamClassGetNextEvent(HwDeviceExtension, null, null, -1, null),
  StreamClassGetPhysicalAddress: ({ HwDeviceExtension }) =>
    StreamClassGetPhysicalAddress(HwDeviceExtension, null, {}, 'DmaBuffer'),
  StreamClassQueryMasterClockSync: ({ HwDeviceExtension }) =>
    StreamClassQueryMasterClockSync(1, HwDeviceExtension as never),
  KeAcquireSpinLock: () => KeAcquireSpinLock({}),
  KeGetCurrentIrql: () => KeGetCurrentIrql(),
};

function systemWith(forgets: Forgets) {
  function* HwReceivePacket(srb: HW_STREAM_REQUEST_BLOCK) {
    srb.Status = 'STATUS_IO_DEVICE_ERROR';
    forgets(srb);
    yield* StreamClassCompleteRequestAndMarkQueueReady(srb);
  }
  return streamClassSystem({
    name: 'forgetful device',
    minidriver: defineMinidriver({
      name: 'forgetful',
      registration: { HwReceivePacket, DeviceExtension: {}, TurnOffSynchronization: false },
      routines: {},
    }),
    hardware: { frames: 0, frameRate: { num: 25, den: 1 }, fifoDepth: 2, dmaMs: 1, frameBytes: 4096 },
    client: { buffers: 1, clientDelayMs: 0, frameBytes: 4096 },
  });
}

describe('a call without yield*', () => {
  test.each(Object.entries(calls))('of %s is refused, with callback and line', (name, forgets) => {
    const run = () => simulate(systemWith(forgets));
    expect(run).toThrow(`): ${name}(`);
    expect(run).toThrow(
      /^minidriver@HwReceivePacket.* \(forgottenCalls\.test\.ts:\d+\): .* does nothing by itself; write yield\* in front of it$/,
    );
  });

  test('is refused outside of a callback at once', () => {
    expect(() => StreamClassDebugPrint('DebugLevelInfo', 'hello')).toThrow(
      'StreamClassDebugPrint() was called outside of a thread',
    );
  });
});
