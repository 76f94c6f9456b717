import { allocate } from 'interlace';
import {
  StreamClassCallAtNewPriority,
  StreamClassGetDmaBuffer,
  StreamClassGetPhysicalAddress,
  scatterGather,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { failure, type Plain, plainMinidriver, said, say, type Work } from './plainMinidriver.js';
import { type Play, play, schedules } from './play.js';
import { opened, read } from './requests.js';

/** What the buffer is used for here. */
interface Descriptors {
  written?: number;
}

function reading(work: Work, plain: Plain = {}, setting = {}): Play {
  const minidriver = plainMinidriver({ DmaBufferSize: 64, ...plain, on: { SRB_READ_DATA: work } });
  return play({ bursts: [...opened, [read()], [read()]], ...setting, minidriver });
}
function* HwInterrupt() {
  yield* say('never');
  return false;
}
const modes: readonly Plain[] = [{}, { HwInterrupt }, { off: true }];

describe('the DMA buffer', () => {
  it('is one and the same for as long as the device is there, and keeps what is written to it (F-007, M-093)', () => {
    const work: Work = function* ({ HwDeviceExtension }) {
      const buffer = (yield* StreamClassGetDmaBuffer(HwDeviceExtension)) as Descriptors | null;
      if (!buffer) return;
      yield* say(`written ${buffer.written ?? 'nothing'}`);
      buffer.written = 7;
    };
    for (const mode of modes) {
      for (const schedule of schedules) {
        const p = reading(work, mode, schedule);
        expect(failure(p)).toBe('undefined');
        expect(said(p)).toEqual(['written nothing', 'written 7']);
      }
    }
  });

  it('has a physical address, where no buffer of a client can lie (F-007, A-128)', () => {
    const work: Work = function* ({ HwDeviceExtension }) {
      const buffer = yield* StreamClassGetDmaBuffer(HwDeviceExtension);
      if (!buffer) return;
      const { PhysicalAddress, Length } = yield* StreamClassGetPhysicalAddress(
        HwDeviceExtension,
        null,
        buffer,
        'DmaBuffer',
      );
      expect(Length).toBe(64);
      yield* say(String(PhysicalAddress));
    };
    const [first, second] = said(reading(work)).map(Number);
    expect(second).toBe(first);
    // Pages are permuted among 64 GiB, which is all that clients have.
    expect(first).toBe(2 ** 36);
    expect(() => scatterGather(2 ** 36, 1)).toThrow(RangeError);
  });

  it('is there only for who registers a size (A-080)', () => {
    const work: Work = function* ({ HwDeviceExtension }) {
      yield* say(String(yield* StreamClassGetDmaBuffer(HwDeviceExtension)));
    };
    expect(said(reading(work, { DmaBufferSize: 0 }))).toEqual(['null', 'null']);
    expect(said(reading(work))).not.toContain('null');
  });

  it('may be asked for from everywhere, a Low routine too (D-066)', () => {
    function* Low(context: { readonly extension: object }) {
      const buffer = yield* StreamClassGetDmaBuffer(context.extension);
      if (buffer)
        yield* say(
          `${(yield* StreamClassGetPhysicalAddress(context.extension, null, buffer, 'DmaBuffer')).PhysicalAddress}`,
        );
    }
    const work: Work = function* ({ StreamObject, HwDeviceExtension }) {
      const context = { extension: HwDeviceExtension };
      yield* StreamClassCallAtNewPriority(StreamObject, HwDeviceExtension, 'Low', Low, context);
    };
    for (const mode of modes) {
      const minidriver = plainMinidriver({
        ...{ DmaBufferSize: 64, ...mode, routines: { Low } },
        on: { SRB_READ_DATA: work },
      });
      const p = play({ bursts: [...opened, [read()]], minidriver });
      expect(failure(p)).toBe('undefined');
      expect(said(p)).toEqual([String(2 ** 36)]);
    }
  });

  it('is not any other memory, nor is it a header (A-128)', () => {
    const other: Work = function* ({ HwDeviceExtension }) {
      const record = allocate({ size: 64 });
      yield* StreamClassGetPhysicalAddress(HwDeviceExtension, null, record, 'DmaBuffer');
    };
    const header: Work = function* (srb) {
      const [first] = srb.CommandData.DataBufferArray ?? [];
      if (first) yield* StreamClassGetPhysicalAddress(srb.HwDeviceExtension, srb, first, 'DmaBuffer');
    };
    for (const work of [other, header]) expect(failure(reading(work))).toContain('not the DMA buffer');
    // An Address of its own makes no header of it.
    const forged: Work = function* (srb) {
      const buffer = (yield* StreamClassGetDmaBuffer(srb.HwDeviceExtension)) as { Address?: number } | null;
      const [first] = srb.CommandData.DataBufferArray ?? [];
      if (!buffer || !first) return;
      const wrong = Object.assign(buffer, first);
      yield* StreamClassGetPhysicalAddress(srb.HwDeviceExtension, srb, wrong, 'SRBDataBuffer');
    };
    expect(failure(reading(forged))).toContain('no header of a request');
  });

  it('has a whole number of bytes', () => {
    for (const DmaBufferSize of [-1, 0.5, Number.NaN]) {
      expect(() => plainMinidriver({ DmaBufferSize })).toThrow(/DmaBufferSize/);
    }
  });
});
