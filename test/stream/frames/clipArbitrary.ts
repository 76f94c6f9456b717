import fc from 'fast-check';
import { ascii } from './memoryBytes.js';

/**
 * A valid clip with what it must be read as; made here from the description of the format, not by our writer.
 */
export interface Clip {
  readonly bytes: Uint8Array;
  readonly header: string;
  readonly width: number;
  readonly height: number;
  readonly chroma: string | undefined;
  readonly extensions: readonly string[];
  readonly frames: readonly { readonly parameters: string; readonly data: Uint8Array }[];
  /** Offsets at which the file may be cut and is still a clip: behind the header and behind each frame. */
  readonly boundaries: readonly number[];
}

/** Payload size from the layout's definition, written as a table of its own. */
export function payloadBytes(width: number, height: number, chroma: string | undefined): number {
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  if (chroma === 'mono') return width * height;
  if (chroma === '444') return 3 * width * height;
  if (chroma === '422') return width * height + 2 * halfWidth * height;
  return width * height + 2 * halfWidth * halfHeight;
}

const layout = fc.constantFrom(undefined, '420jpeg', '420mpeg2', '420paldv', '420', '422', '444', 'mono');
const tagText = fc
  .array(
    fc.integer({ min: 0, max: 255 }).filter((byte) => byte !== 0x0a && byte !== 0x20),
    { maxLength: 6 },
  )
  .map((bytes) => String.fromCharCode(...bytes));
const extension = fc.oneof(
  fc.constantFrom('XCOLORRANGE=FULL', 'XCOLORRANGE=LIMITED', 'X', 'Zunknown', 'w1'),
  tagText.map((text) => `X${text}`),
);
const ratioPart = fc.integer({ min: 1, max: 900_000_000 });
const ratio = fc.tuple(ratioPart, ratioPart);
/** Frame rates that can be played: a frame lasts from 100 ns to an hour. */
export const rateArbitrary = fc
  .oneof(
    fc.record({ num: fc.integer({ min: 1, max: 1_000_000 }), den: fc.integer({ min: 1, max: 1_000_000 }) }),
    fc.record({ num: ratioPart, den: ratioPart }),
    fc.constantFrom(
      { num: 1, den: 3600 },
      { num: 10_000_000, den: 1 },
      { num: 900_000_000, den: 900_000_000 },
    ),
  )
  .filter(({ num, den }) => num / den <= 10_000_000 && den / num <= 3600);
const rateText = fc.oneof(
  rateArbitrary.map(({ num, den }) => `${num}:${den}`),
  fc.constantFrom('30000:1001', '0:0', '25:1'),
);
const ratioText = fc.oneof(
  ratio.map(([num, den]) => `${num}:${den}`),
  fc.constant('0:0'),
);
const parametersText = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  fc.constantFrom(' ', ' Ip', ' I1ti Xa=b', '  X'),
  tagText.map((text) => ` X${text}`),
);

/** Clips of up to `sideMax` × `sideMax` with up to 4 frames, of all layouts, odd sizes, tags in any order. */
export function clipArbitrary(sideMax = 9): fc.Arbitrary<Clip> {
  const side = fc.integer({ min: 1, max: sideMax });
  return fc
    .record({
      width: side,
      height: side,
      chroma: layout,
      rate: fc.option(rateText),
      aspect: fc.option(ratioText),
      interlacing: fc.option(fc.constantFrom('?', 'p', 't', 'b', 'm')),
      extensions: fc.array(extension, { maxLength: 3 }),
      gap: fc.constantFrom(' ', '  '),
      end: fc.constantFrom('', ' '),
      order: fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }),
      parameters: fc.array(parametersText, { maxLength: 4 }),
      seed: fc.nat(255),
    })
    .map(
      ({
        width,
        height,
        chroma,
        rate,
        aspect,
        interlacing,
        extensions,
        gap,
        end,
        order,
        parameters,
        seed,
      }) => {
        const tags = [`W${width}`, `H${height}`];
        if (chroma !== undefined) tags.push(`C${chroma}`);
        if (rate !== null) tags.push(`F${rate}`);
        if (aspect !== null) tags.push(`A${aspect}`);
        if (interlacing !== null) tags.push(`I${interlacing}`);
        for (const from of order) tags.push(...tags.splice(from % tags.length, 1));
        const header = ['YUV4MPEG2', ...tags, ...extensions].join(gap) + end;
        const size = payloadBytes(width, height, chroma);
        const frames = parameters.map((text, number) => ({
          parameters: text,
          data: Uint8Array.from({ length: size }, (_, index) => (seed + 31 * number + 7 * index) % 256),
        }));
        const pieces: Uint8Array[] = [ascii(`${header}\n`)];
        const boundaries = [header.length + 1];
        for (const frame of frames) {
          pieces.push(ascii(`FRAME${frame.parameters}\n`), frame.data);
          boundaries.push((boundaries.at(-1) ?? 0) + 6 + frame.parameters.length + size);
        }
        const bytes = Uint8Array.from(Buffer.concat(pieces));
        return { bytes, header, width, height, chroma, extensions, frames, boundaries };
      },
    );
}

/** Sizes of the pieces in which a source gives its bytes: single bytes, odd pieces, all at once. */
export const piecesArbitrary: fc.Arbitrary<readonly number[]> = fc.oneof(
  fc.constantFrom([1], [Infinity], [65_536], [2, 3, 5]),
  fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 }),
);
