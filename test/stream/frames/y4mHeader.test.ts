import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/kernel/usageError.js';
import {
  chromaKinds,
  type FrameFormat,
  frameFormat,
  interlacings,
} from '../../../src/stream/frames/frameFormat.js';
import { Y4mError } from '../../../src/stream/frames/y4mError.js';
import { parseY4mHeader, printY4mHeader } from '../../../src/stream/frames/y4mHeader.js';
import { rateArbitrary } from './clipArbitrary.js';

const count = fc.integer({ min: 1, max: 900_000_000 });
const formatArbitrary: fc.Arbitrary<FrameFormat> = fc.record({
  width: fc.integer({ min: 1, max: 16_000 }),
  height: fc.integer({ min: 1, max: 16_000 }),
  chroma: fc.constantFrom(...chromaKinds),
  frameRate: rateArbitrary,
  interlacing: fc.constantFrom(...interlacings),
  pixelAspect: fc.oneof(fc.record({ num: count, den: count }), fc.constant({ num: 0, den: 0 })),
  extensions: fc.array(fc.constantFrom('XCOLORRANGE=FULL', 'Xa', 'XYSCSS=422', 'Z', 'Xé'), { maxLength: 4 }),
});

function refusalOf(header: string): string {
  try {
    parseY4mHeader(header, 'clip.y4m');
  } catch (error) {
    if (error instanceof Y4mError) return `${error.kind} ${error.offsetBytes}: ${error.message}`;
    throw error;
  }
  return 'taken';
}

describe('parseY4mHeader', () => {
  it('undoes printY4mHeader for every format', () => {
    fc.assert(
      fc.property(formatArbitrary, (format) => {
        expect(parseY4mHeader(printY4mHeader(format), 'clip.y4m')).toEqual(format);
      }),
    );
  });

  it('takes a header with only a size as 4:2:0 of unknown kind at 25 frames per second', () => {
    expect(parseY4mHeader('YUV4MPEG2 W7 H5', 'clip.y4m')).toEqual({
      width: 7,
      height: 5,
      chroma: '420jpeg',
      frameRate: { num: 25, den: 1 },
      interlacing: '?',
      pixelAspect: { num: 0, den: 0 },
      extensions: [],
    });
  });

  it('keeps X tags and unknown tags verbatim and in order, also twice', () => {
    const header = 'YUV4MPEG2 Xb W7 QQ H5 XCOLORRANGE=FULL Xb C444 \u00ff';
    expect(parseY4mHeader(header, 'clip.y4m').extensions).toEqual([
      'Xb',
      'QQ',
      'XCOLORRANGE=FULL',
      'Xb',
      '\u00ff',
    ]);
  });

  it('takes F0:0 and A0:0 as unknown', () => {
    const format = parseY4mHeader('YUV4MPEG2 W1 H1 F0:0 A0:0', 'clip.y4m');
    expect([format.frameRate, format.pixelAspect]).toEqual([
      { num: 25, den: 1 },
      { num: 0, den: 0 },
    ]);
  });

  it('lets the old tag XYSCSS decide where there is no C tag', () => {
    expect(parseY4mHeader('YUV4MPEG2 W1 H1 XYSCSS=420MPEG2', 'a').chroma).toBe('420mpeg2');
    expect(parseY4mHeader('YUV4MPEG2 W1 H1 XYSCSS=411 C422', 'a').chroma).toBe('422');
    expect(refusalOf('YUV4MPEG2 W1 H1 XYSCSS=411')).toMatch(/^unsupported 16: .*"411"/);
  });

  it.each(['420p10', '420p12', '422p16', '444alpha', '411', 'mono16', '', '420JPEG', '420jpegx'])(
    'refuses the layout %j by name and lists those it carries',
    (chroma) => {
      const refusal = refusalOf(`YUV4MPEG2 W4 H4 C${chroma}`);
      expect(refusal).toMatch(/^unsupported 16: clip\.y4m: unsupported at byte 16: the chroma format /);
      expect(refusal).toContain(JSON.stringify(chroma));
      for (const kind of chromaKinds) expect(refusal).toContain(kind);
    },
  );

  it.each([
    ['H5', 12, 'no width'],
    ['W5', 12, 'no height'],
    ['', 10, 'no width'],
    ['W0 H1', 10, 'not "0"'],
    ['W-4 H1', 10, 'not "-4"'],
    ['W1 H+4', 13, 'not "+4"'],
    ['W1 H4.5', 13, 'not "4.5"'],
    ['W1 H', 13, 'not ""'],
    ['W1 Hx', 13, 'not "x"'],
    ['W0x10 H1', 10, 'not "0x10"'],
    ['W1e3 H1', 10, 'not "1e3"'],
    ['W1 H1\r', 13, 'not "1\\r"'],
    ['W1 H1 F25', 16, 'not "25"'],
    ['W1 H1 F25:0', 16, 'not "25:0"'],
    ['W1 H1 F0:1', 16, 'not "0:1"'],
    ['W1 H1 F-25:1', 16, 'not "-25:1"'],
    ['W1 H1 F25:1:1', 16, 'not "25:1:1"'],
    ['W1 H1 F900000001:1', 16, 'from 1 to 900000000'],
    ['W1 H1 F1:99999999999999999999', 16, 'from 1 to 900000000'],
    ['W1 H1 A1:0', 16, 'pixel aspect'],
    ['W1 H1 A', 16, 'pixel aspect'],
    ['W1 H1 I', 16, 'interlacing'],
    ['W1 H1 Ix', 16, 'not "x"'],
    ['W1 H1 Ipp', 16, 'not "pp"'],
    ['W1 H1 W2', 16, 'a second time: "W2"'],
    ['W1 H1 C420 C420', 21, 'a second time'],
    ['W1 H1 Ip  It', 20, 'a second time'],
  ])('refuses %j at byte %i', (tags, offsetBytes, detail) => {
    const refusal = refusalOf(`YUV4MPEG2 ${tags}`);
    expect(refusal).toMatch(
      new RegExp(`^malformed ${offsetBytes}: clip\\.y4m: malformed at byte ${offsetBytes}: `),
    );
    expect(refusal).toContain(detail);
  });

  it.each(['1:3601', '10000001:1'])('refuses the rate %s, which nobody could play', (rate) => {
    expect(refusalOf(`YUV4MPEG2 W1 H1 F${rate}`)).toContain(
      `unsupported 16: clip.y4m: unsupported at byte 16: at a`,
    );
  });

  it.each([
    ['W32768 H32769 Cmono', 10, 'a frame of 32768x32769 in mono has more than 1073741824 bytes'],
    ['W32768 H32768 C420', 10, 'a frame of 32768x32768 in 420'],
    ['H1 W99999999999', 13, 'the width "99999999999" is too large'],
    [`W1 H${'9'.repeat(400)}`, 13, 'the height "9999999999999999999999999999999999999999"… is too large'],
  ])('refuses %j, which no memory could hold', (tags, offsetBytes, detail) => {
    const refusal = refusalOf(`YUV4MPEG2 ${tags}`);
    expect(refusal).toMatch(new RegExp(`^unsupported ${offsetBytes}: `));
    expect(refusal).toContain(detail);
  });

  it('takes the largest frame that it may', () => {
    expect(refusalOf('YUV4MPEG2 W32768 H32768 Cmono')).toBe('taken');
  });
});

describe('printY4mHeader', () => {
  it('writes the tags in one order', () => {
    const format = frameFormat({ width: 320, height: 240, extensions: ['XCOLORRANGE=FULL'] });
    expect(printY4mHeader(format)).toBe('YUV4MPEG2 W320 H240 F25:1 Ip A1:1 C420jpeg XCOLORRANGE=FULL');
  });

  it.each(['', 'X a', 'X\n', 'W5', 'C422', 'X\u0100'])('refuses the extension tag %j', (tag) => {
    const format = { ...frameFormat({ width: 1, height: 1 }), extensions: [tag] };
    expect(() => printY4mHeader(format)).toThrow(UsageError);
  });
});
