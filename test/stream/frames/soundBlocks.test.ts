import { describe, expect, it } from 'vitest';
import { soundBlockBytes, soundBlocks } from '../../../src/stream/frames/soundBlocks.js';

describe('soundBlocks', () => {
  it('makes blocks that last as long as a frame, rounded up to whole samples', () => {
    expect(soundBlockBytes({ num: 25, den: 1 })).toBe(3840);
    expect(soundBlockBytes({ num: 30_000, den: 1001 })).toBe(2 * 1602);
  });

  it('carries the number of each block, and a triangle wave behind it', () => {
    const source = soundBlocks({ num: 25, den: 1 }, 2);
    const blocks = [source.next(), source.next()].map((frame) => frame?.data ?? new Uint8Array());
    expect(source.next()).toBeUndefined();
    expect(source.readInto(new Uint8Array(3840))).toBeUndefined();
    const wave = blocks.flatMap((block) => {
      const view = new DataView(block.buffer);
      return Array.from({ length: block.length / 2 - 2 }, (_, i) => view.getInt16(4 + 2 * i, true));
    });
    expect(blocks.map((block) => new DataView(block.buffer).getUint32(0, true))).toEqual([0, 1]);
    expect([Math.min(...wave), Math.max(...wave)]).toEqual([-12_000, 12_000]);
    const steps = wave.slice(1, 1917).map((sample, i) => Math.abs(sample - (wave[i] ?? 0)));
    expect(Math.max(...steps)).toBe(440);
  });

  it('gives the same block whichever way it is asked for', () => {
    const [one, other] = [soundBlocks({ num: 24, den: 1 }, 3), soundBlocks({ num: 24, den: 1 }, 3)];
    for (let block = one.next(); block; block = one.next()) {
      const into = new Uint8Array(block.data.length);
      expect(other.readInto(into)).toBe('');
      expect(into).toEqual(block.data);
    }
  });
});
