import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/kernel/usageError.js';
import { bytesPerFrame } from '../../../src/stream/frames/frameFormat.js';
import { Y4mError } from '../../../src/stream/frames/y4mError.js';
import { openY4m, type Y4mFrame } from '../../../src/stream/frames/y4mReader.js';
import { clipArbitrary, payloadBytes, piecesArbitrary } from './clipArbitrary.js';
import { ascii, memorySource } from './memoryBytes.js';

function readAll(bytes: Uint8Array, pieces?: readonly number[]): { header: string; frames: Y4mFrame[] } {
  const clip = openY4m(memorySource(bytes, pieces), 'clip.y4m');
  const frames: Y4mFrame[] = [];
  for (let frame = clip.next(); frame !== undefined; frame = clip.next()) frames.push(frame);
  return { header: clip.header, frames };
}

function failureOf(run: () => unknown): Y4mError {
  try {
    run();
  } catch (error) {
    if (error instanceof Y4mError) return error;
    throw error;
  }
  throw new Error('expected a Y4mError');
}

describe('openY4m', () => {
  it('reads every valid clip, in whatever pieces its bytes come', () => {
    fc.assert(
      fc.property(clipArbitrary(), piecesArbitrary, (clip, pieces) => {
        const reader = openY4m(memorySource(clip.bytes, pieces), 'clip.y4m');
        const { width, height, chroma, extensions } = reader.format;
        expect({ width, height, chroma, extensions }).toEqual({
          width: clip.width,
          height: clip.height,
          chroma: clip.chroma ?? '420jpeg',
          extensions: clip.extensions,
        });
        expect(bytesPerFrame(reader.format)).toBe(payloadBytes(clip.width, clip.height, clip.chroma));
        expect(readAll(clip.bytes, pieces)).toEqual({ header: clip.header, frames: clip.frames });
      }),
      { numRuns: 500 },
    );
  });

  it('reads the same into memory of the caller', () => {
    fc.assert(
      fc.property(clipArbitrary(), piecesArbitrary, (clip, pieces) => {
        const reader = openY4m(memorySource(clip.bytes, pieces), 'clip.y4m');
        const target = new Uint8Array(bytesPerFrame(reader.format));
        for (const frame of clip.frames) {
          expect(reader.readInto(target)).toBe(frame.parameters);
          expect(target).toEqual(frame.data);
        }
        expect(reader.readInto(target)).toBeUndefined();
        expect(reader.readInto(target)).toBeUndefined();
      }),
    );
  });

  it('names the cut of a clip that was truncated at any byte, or reads a shorter clip', () => {
    fc.assert(
      fc.property(clipArbitrary(4), piecesArbitrary, (clip, pieces) => {
        for (let cut = 0; cut < clip.bytes.length; cut++) {
          const short = clip.bytes.subarray(0, cut);
          const boundary = clip.boundaries.indexOf(cut);
          if (boundary >= 0) {
            expect(readAll(short, pieces).frames).toEqual(clip.frames.slice(0, boundary));
          } else {
            const failure = failureOf(() => readAll(short, pieces));
            expect([failure.kind, failure.offsetBytes]).toEqual(['truncated', cut]);
            expect(failure.message).toContain(`clip.y4m: truncated at byte ${cut}: `);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('gives a clip or a Y4mError with an offset inside the file, whatever bytes were changed', () => {
    const change = fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(0x0a, 0x20, 0x30, 0x39)));
    fc.assert(
      fc.property(clipArbitrary(), fc.array(change, { minLength: 1, maxLength: 6 }), (clip, changes) => {
        const bytes = clip.bytes.slice();
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        try {
          readAll(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Y4mError);
          if (!(error instanceof Y4mError)) return;
          expect(error.offsetBytes).toBeGreaterThanOrEqual(0);
          expect(error.offsetBytes).toBeLessThanOrEqual(bytes.length);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses random bytes where they cease to be the magic', () => {
    const magic = ascii('YUV4MPEG2 ');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        const first = bytes.findIndex((byte, index) => byte !== magic[index]);
        expect(failureOf(() => readAll(bytes)).offsetBytes).toBe(first === -1 ? bytes.length : first);
      }),
    );
  });

  it('says what a truncated frame needs and what is there', () => {
    const bytes = Uint8Array.from([...ascii('YUV4MPEG2 W4 H2 Cmono\nFRAME\n12345678FRAME\n123')]);
    expect(failureOf(() => readAll(bytes)).message).toBe(
      'clip.y4m: truncated at byte 45: frame 1 needs 8 bytes, 3 are there; give a complete .y4m file',
    );
  });

  it('repeats its error instead of going on behind it', () => {
    const reader = openY4m(memorySource(ascii('YUV4MPEG2 W1 H1 Cmono\nFRAMEX\n1FRAME\n2')), 'clip.y4m');
    const first = failureOf(() => reader.next());
    expect(first.offsetBytes).toBe(27);
    expect(failureOf(() => reader.next())).toBe(first);
    expect(failureOf(() => reader.readInto(new Uint8Array(1)))).toBe(first);
  });

  it.each([
    ['', 0, 'truncated', 'the file is empty'],
    ['RIFF....AVI LIST\n', 0, 'malformed', 'begins with YUV4MPEG2'],
    ['YUV4MPEG3 W1 H1\n', 8, 'malformed', 'not with "YUV4MPEG3 "'],
    ['YUV4MPEG2W1 H1\n', 9, 'malformed', 'and a blank'],
    ['YUV4\n', 4, 'malformed', 'begins with YUV4MPEG2'],
    [`YUV4MPEG2 W1 H1 X${'x'.repeat(2000)}\n`, 1024, 'malformed', 'more than 1024 bytes'],
    ['YUV4MPEG2 W1 H1 Cmono\nfRAME\n1', 22, 'malformed', 'frame 0 begins with FRAME'],
    ['YUV4MPEG2 W1 H1 Cmono\nFRAME\n1FRA\n2', 32, 'malformed', 'frame 1 begins with FRAME'],
    [`YUV4MPEG2 W1 H1 Cmono\nFRAME ${'x'.repeat(2000)}\n1`, 22 + 1024, 'malformed', 'line of frame 0'],
  ] as const)('refuses %j at byte %i', (text, offsetBytes, kind, detail) => {
    const failure = failureOf(() => readAll(ascii(text)));
    expect([failure.offsetBytes, failure.kind]).toEqual([offsetBytes, kind]);
    expect(failure.message).toContain(detail);
  });

  it('takes lines of exactly the limit', () => {
    const tag = `X${'x'.repeat(1024 - 'YUV4MPEG2 W1 H1 Cmono '.length - 1)}`;
    const frameTag = ` X${'x'.repeat(1024 - 'FRAME X'.length)}`;
    const { header, frames } = readAll(ascii(`YUV4MPEG2 W1 H1 Cmono ${tag}\nFRAME${frameTag}\n1`));
    expect(header).toHaveLength(1024);
    expect(frames).toEqual([{ parameters: frameTag, data: ascii('1') }]);
  });

  it('does not allocate what only the header promises', () => {
    const before = process.memoryUsage().arrayBuffers;
    const reader = openY4m(memorySource(ascii('YUV4MPEG2 W32768 H32768 Cmono\nFRAME\n123')), 'clip.y4m');
    expect(failureOf(() => reader.next()).message).toContain('needs 1073741824 bytes, 3 are there');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 2 ** 20);
  });

  it('collects a first frame larger than a piece', () => {
    const size = 2000 * 1700;
    const payload = Uint8Array.from({ length: size }, (_, index) => index % 251);
    const bytes = Buffer.concat([
      ascii('YUV4MPEG2 W2000 H1700 Cmono\nFRAME\n'),
      payload,
      ascii('FRAME\n'),
      payload,
    ]);
    const { frames } = readAll(bytes, [99_991]);
    expect(frames.map((frame) => Buffer.compare(frame.data, payload))).toEqual([0, 0]);
  });

  it('refuses memory of the wrong size and stays where it is', () => {
    const reader = openY4m(memorySource(ascii('YUV4MPEG2 W1 H1 Cmono\nFRAME\n1')), 'clip.y4m');
    expect(() => reader.readInto(new Uint8Array(2))).toThrow(UsageError);
    expect(reader.next()?.data).toEqual(ascii('1'));
  });

  it.each([-1, 1.5, Number.NaN, 1e9])('refuses a source that says it has read %d bytes', (count) => {
    expect(() => openY4m({ read: () => count }, 'clip.y4m')).toThrow(/a byte source returned/);
  });

  it('passes on, and repeats, what the source throws', () => {
    const source = memorySource(ascii('YUV4MPEG2 W1 H1 Cmono\nFRAME\n'), [29]);
    let reads = 0;
    const reader = openY4m(
      {
        read(into) {
          if (reads++ > 0) throw new RangeError('disk gone');
          return source.read(into);
        },
      },
      'clip.y4m',
    );
    expect(() => reader.next()).toThrow('disk gone');
    expect(() => reader.next()).toThrow('disk gone');
    expect(reads).toBe(2);
  });

  it('reads 10,000 frames through two pieces of memory', () => {
    const header = ascii('YUV4MPEG2 W320 H240\n');
    const frame = Buffer.concat([ascii('FRAME\n'), new Uint8Array(115_200)]);
    const seen = new Set<ArrayBufferLike>();
    let offset = 0;
    const total = header.length + 10_000 * frame.length;
    const reader = openY4m(
      {
        read(into) {
          seen.add(into.buffer);
          const isHeader = offset < header.length;
          const from = isHeader ? offset : (offset - header.length) % frame.length;
          const piece = (isHeader ? header : frame).subarray(from, from + into.length);
          if (offset >= total) return 0;
          into.set(piece);
          offset += piece.length;
          return piece.length;
        },
      },
      'long.y4m',
    );
    const target = new Uint8Array(115_200);
    let count = 0;
    while (reader.readInto(target) !== undefined) count++;
    expect(count).toBe(10_000);
    expect(seen.size).toBeLessThanOrEqual(2);
  });
});
