import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/kernel/usageError.js';
import { frameFormat } from '../../../src/stream/frames/frameFormat.js';
import { pourFrames } from '../../../src/stream/frames/frameSink.js';
import { frames } from '../../../src/stream/frames/frameSource.js';
import { Y4mError } from '../../../src/stream/frames/y4mError.js';
import { openY4m } from '../../../src/stream/frames/y4mReader.js';
import { openY4mWriter } from '../../../src/stream/frames/y4mWriter.js';
import { clipArbitrary, piecesArbitrary } from './clipArbitrary.js';
import { ascii, MemorySink, memorySource } from './memoryBytes.js';

const dot = frameFormat({ width: 1, height: 1, chroma: 'mono' });
const dotFrame = { number: 0, timeStamp100ns: 0, parameters: '', data: ascii('1') };

describe('openY4mWriter', () => {
  it('writes what was read byte for byte', () => {
    fc.assert(
      fc.property(clipArbitrary(), piecesArbitrary, (clip, pieces) => {
        const reader = openY4m(memorySource(clip.bytes, pieces), 'clip.y4m');
        const sink = new MemorySink();
        pourFrames(frames(reader), openY4mWriter(sink, reader.header));
        expect(sink.ending).toBe('closed');
        expect(sink.bytes).toEqual(clip.bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('writes a header that is read as the same format', () => {
    fc.assert(
      fc.property(clipArbitrary(), (clip) => {
        const reader = openY4m(memorySource(clip.bytes), 'clip.y4m');
        const sink = new MemorySink();
        pourFrames(frames(reader), openY4mWriter(sink, reader.format));
        const again = openY4m(memorySource(sink.bytes), 'again.y4m');
        expect(again.format).toEqual(reader.format);
        expect([...frames(again)].map(({ data }) => data)).toEqual(clip.frames.map(({ data }) => data));
      }),
    );
  });

  it('leaves no half-written output when the clip is damaged', () => {
    fc.assert(
      fc.property(clipArbitrary(4), fc.nat(), (clip, at) => {
        const cut = at % clip.bytes.length;
        fc.pre(cut >= (clip.boundaries[0] ?? 0));
        const reader = openY4m(memorySource(clip.bytes.subarray(0, cut)), 'clip.y4m');
        const sink = new MemorySink();
        const pour = () => pourFrames(frames(reader), openY4mWriter(sink, reader.header));
        if (clip.boundaries.includes(cut)) pour();
        else expect(pour).toThrow(Y4mError);
        expect(sink.ending).toBe(clip.boundaries.includes(cut) ? 'closed' : 'discarded');
      }),
    );
  });

  it('writes a clip without frames', () => {
    const sink = new MemorySink();
    openY4mWriter(sink, dot).close();
    expect(sink.bytes).toEqual(ascii('YUV4MPEG2 W1 H1 F25:1 Ip A1:1 Cmono\n'));
  });

  it.each([
    'YUV4MPEG2 W1',
    'YUV4MPEG2 W1 H1 C420p10',
    'YUV4MPEG2 W1 H1\nFRAME',
    'YUV4MPEG2 W1 H1 X\u0100',
    `YUV4MPEG2 W1 H1 X${'x'.repeat(1024)}`,
  ])('refuses the header %j before anything is written', (header) => {
    const sink = new MemorySink();
    expect(() => openY4mWriter(sink, header)).toThrow(UsageError);
    expect(sink.bytes).toHaveLength(0);
    expect(sink.ending).toBe('discarded');
  });

  it.each([
    { parameters: '', data: ascii('12') },
    { parameters: 'Ip', data: ascii('1') },
    { parameters: ' X\nFRAME', data: ascii('1') },
    { parameters: ' X\u0100', data: ascii('1') },
    { parameters: ` ${'x'.repeat(1024)}`, data: ascii('1') },
  ])('refuses a frame that could not be read back, and writes none of it: %j', (frame) => {
    const sink = new MemorySink();
    const writer = openY4mWriter(sink, dot);
    const before = sink.bytes;
    expect(() => writer.write(frame)).toThrow(UsageError);
    expect(sink.bytes).toEqual(before);
    writer.write(dotFrame);
    writer.close();
  });

  it('takes nothing more once it is closed', () => {
    const sink = new MemorySink();
    const writer = openY4mWriter(sink, dot);
    writer.close();
    writer.discard();
    expect(() => writer.write(dotFrame)).toThrow(/is ended/);
    expect(() => writer.close()).toThrow(/is ended/);
    expect(sink.ending).toBe('closed');
  });

  it('can only be discarded once its sink has failed in the middle of a frame', () => {
    const sink = new MemorySink();
    const writer = openY4mWriter(
      {
        write(bytes) {
          if (bytes.length === 1) throw new Error('disk full');
          sink.write(bytes);
        },
        close: () => sink.close(),
        discard: () => sink.discard(),
      },
      dot,
    );
    expect(() => writer.write(dotFrame)).toThrow('disk full');
    expect(() => writer.write(dotFrame)).toThrow(/is broken/);
    expect(() => writer.close()).toThrow(/is broken/);
    writer.discard();
    expect(sink.ending).toBe('discarded');
  });
});
