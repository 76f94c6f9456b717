import {
  type HW_STREAM_REQUEST_BLOCK,
  StreamClassGetPhysicalAddress,
  scatterGather,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { complete, failure, type Plain, plainMinidriver, said, say, type Work } from './plainMinidriver.js';
import { type Play, play, type Setting, schedules } from './play.js';
import { opened, read } from './requests.js';

interface Descriptor {
  frame?: number;
}

const PAGE = 4096;
/** A buffer of 9000 bytes at 5000: 3192 bytes of page 1, page 2, and 1712 bytes of page 3. */
const DATA = 5000;
const BYTES = 9000;

const where = (srb: HW_STREAM_REQUEST_BLOCK) =>
  StreamClassGetPhysicalAddress(srb.HwDeviceExtension, srb, srb.SRBExtension ?? {}, 'PerRequestExtension');

function reading(work: Work, plain: Plain = {}, setting: Setting = {}): Play {
  const minidriver = plainMinidriver({ ...plain, on: { ...plain.on, SRB_READ_DATA: work } });
  return play({ bursts: [...opened, [read()]], ...setting, minidriver });
}

describe('the extension of a request', () => {
  it('is there for who registers a size, and begins without what the last request has left (A-051)', () => {
    const work: Work = function* ({ SRBExtension }) {
      const descriptor = SRBExtension as Descriptor | null;
      yield* say(descriptor ? `frame ${descriptor.frame}` : 'none');
      if (descriptor) descriptor.frame = 7;
    };
    const bursts = [...opened, [read()], [read()]];
    for (const off of [false, true]) {
      for (const schedule of schedules) {
        const setting = { ...schedule, bursts };
        expect(said(reading(work, { off }, setting))).toEqual(['none', 'none']);
        const p = reading(work, { off, PerRequestExtensionSize: 64 }, setting);
        expect(said(p)).toEqual(['frame undefined', 'frame undefined']);
      }
    }
  });

  it('lies somewhere else for each request that is out, and for one after the other in the same place (A-051, F-007)', () => {
    const tell: Work = function* (srb) {
      const { PhysicalAddress, Length } = yield* where(srb);
      yield* say(`${PhysicalAddress - 2 ** 36} ${Length}`);
    };
    const bursts = [...opened, [read(), read(), read()]];
    const kept: Work = function* (srb) {
      yield* tell(srb);
      return 'keeps';
    };
    for (const schedule of schedules) {
      const size = { off: true, DmaBufferSize: 100, PerRequestExtensionSize: 5000 };
      // Behind the page of the DMA buffer, whole pages apart.
      const apart = said(reading(kept, size, { ...schedule, bursts })).toSorted();
      expect(apart).toEqual([1, 3, 5].map((page) => `${page * PAGE} 5000`).toSorted());
      const again = said(reading(tell, size, { ...schedule, bursts: [...opened, [read()], [read()]] }));
      expect(again).toEqual([`${PAGE} 5000`, `${PAGE} 5000`]);
    }
  });

  it('is no other memory, nor that of a request that has been given back (A-063, A-128)', () => {
    const size = { PerRequestExtensionSize: 64 };
    const other: Work = function* (srb) {
      yield* StreamClassGetPhysicalAddress(srb.HwDeviceExtension, srb, srb, 'PerRequestExtension');
    };
    expect(failure(reading(other, size))).toContain('no SRBExtension of a request');
    const late: Work = function* (srb) {
      const extension = srb.HwDeviceExtension;
      const mine = srb.SRBExtension ?? {};
      yield* complete(srb);
      yield* StreamClassGetPhysicalAddress(extension, null, mine, 'PerRequestExtension');
      return 'keeps';
    };
    expect(failure(reading(late, size))).toContain('no SRBExtension of a request');
  });

  it('has a whole number of bytes', () => {
    for (const PerRequestExtensionSize of [-1, 0.5, Number.NaN])
      expect(() => plainMinidriver({ PerRequestExtensionSize })).toThrow(/PerRequestExtensionSize/);
  });
});

describe('the contiguous length', () => {
  it('goes through a buffer page by page, as the scatter/gather list does (F-007, F-008)', () => {
    const work: Work = function* (srb) {
      const [header] = srb.CommandData.DataBufferArray ?? [];
      if (!header) return;
      for (let at = header.Data; at < header.Data + header.FrameExtent; ) {
        const piece = yield* StreamClassGetPhysicalAddress(srb.HwDeviceExtension, srb, at, 'SRBDataBuffer');
        yield* say(`${piece.PhysicalAddress} ${piece.Length}`);
        at += piece.Length;
      }
    };
    const pieces = scatterGather(DATA, BYTES).map((piece) => `${piece.PhysicalAddress} ${piece.Length}`);
    expect(pieces).toHaveLength(3);
    for (const off of [false, true]) expect(said(reading(work, { off }))).toEqual(pieces);
  });

  it('of a header and of the DMA buffer is all of it (F-007)', () => {
    const work: Work = function* (srb) {
      const [header] = srb.CommandData.DataBufferArray ?? [];
      if (!header) return;
      yield* say(
        `${(yield* StreamClassGetPhysicalAddress(srb.HwDeviceExtension, srb, header, 'SRBDataBuffer')).Length}`,
      );
    };
    expect(said(reading(work))).toEqual(['48']);
  });

  it('of an address beside the buffers is refused (A-128)', () => {
    for (const address of [DATA - 1, DATA + BYTES, DATA + BYTES + 1]) {
      const work: Work = function* (srb) {
        yield* StreamClassGetPhysicalAddress(srb.HwDeviceExtension, srb, address, 'SRBDataBuffer');
      };
      expect(failure(reading(work))).toContain('in no buffer of one');
    }
  });
});
