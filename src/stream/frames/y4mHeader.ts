import { UsageError } from '../../kernel/usageError.js';
import {
  bytesPerFrame,
  bytesPerFrameMax,
  type Chroma,
  chromaKinds,
  type FrameFormat,
  type Interlacing,
  interlacings,
  isPlayableRate,
  type Ratio,
  ratePartMax,
} from './frameFormat.js';
import { isLatin1 } from './latin1.js';
import { excerpt, Y4mError } from './y4mError.js';
import { checkMagic, type RefuseY4m } from './y4mLine.js';

/**
 * The first line of a YUV4MPEG2 file (yuv4mpeg(5) of mjpegtools): the magic, then tags, each a letter and its
 * value, each after at least one blank:
 *
 *     YUV4MPEG2 W320 H240 F30000:1001 Ip A1:1 C420jpeg XCOLORRANGE=FULL
 *
 * `W` and `H` are required. Where the manual leaves room we do as ffmpeg and mjpegtools do: without `C` the
 * old tag `XYSCSS=` decides and then 420jpeg; `F0:0` and no `F` mean "unknown" and are taken as 25:1; no `I`
 * is `I?`, no `A` is `A0:0`; tags of unknown letters are handed on like `X` tags. A known tag that comes
 * twice is refused.
 */

/** What every file begins with. */
export const y4mMagic = 'YUV4MPEG2';

const knownTags = 'WHFIAC';
const useSmaller = 'use a clip with smaller frames';
const writeAgain = 'write the clip again, for instance with `ffmpeg -i IN -pix_fmt yuv420p OUT.y4m`';

interface Tag {
  readonly value: string;
  readonly offsetBytes: number;
}

/**
 * Reads a header line.
 *
 * @param line the line without its newline, one character a byte; it begins at byte 0 of the file
 * @param file its name, for messages
 * @throws Y4mError with the offset of the tag that is wrong, or of the line's end when one is missing
 */
export function parseY4mHeader(line: string, file: string): FrameFormat {
  const refuse: RefuseY4m = (offsetBytes, kind, detail, fix = writeAgain) => {
    throw new Y4mError({ file, offsetBytes, kind, detail, fix });
  };
  checkMagic(line, true, y4mMagic, 'a clip', 0, refuse);
  const { tags, extensions } = splitTags(line, refuse);
  const width = sizeOf('W', 'width', tags, line, refuse);
  const height = sizeOf('H', 'height', tags, line, refuse);
  const chroma = chromaOf(tags.get('C') ?? oldChromaTag(extensions), refuse);
  if (bytesPerFrame({ width, height, chroma }) > bytesPerFrameMax) {
    const detail = `a frame of ${width}x${height} in ${chroma} has more than ${bytesPerFrameMax} bytes`;
    refuse(tags.get('W')?.offsetBytes ?? 0, 'unsupported', detail, useSmaller);
  }
  return {
    width,
    height,
    chroma,
    frameRate: frameRateOf(tags.get('F'), refuse),
    interlacing: interlacingOf(tags.get('I'), refuse),
    pixelAspect: pixelAspectOf(tags.get('A'), refuse),
    extensions: extensions.map((tag) => tag.value),
  };
}

/**
 * The header line of a format, without its newline; {@link parseY4mHeader} gives an equal format back.
 *
 * @throws UsageError when an extension tag could not be read back: it is empty, holds a blank, a newline or a
 *   character
 *   above U+00FF, or begins with one of W, H, F, I, A, C
 */
export function printY4mHeader(format: FrameFormat): string {
  for (const tag of format.extensions) {
    if (/^[^WHFIAC \n][^ \n]*$/.test(tag) && isLatin1(tag)) continue;
    throw new UsageError(`${excerpt(tag)} is no extension tag`, 'give a tag such as XCOLORRANGE=FULL');
  }
  const { width, height, frameRate, interlacing, pixelAspect, chroma, extensions } = format;
  return [
    `${y4mMagic} W${width} H${height} F${frameRate.num}:${frameRate.den}`,
    `I${interlacing} A${pixelAspect.num}:${pixelAspect.den} C${chroma}`,
    ...extensions,
  ].join(' ');
}

function splitTags(line: string, refuse: RefuseY4m): { tags: Map<string, Tag>; extensions: Tag[] } {
  const tags = new Map<string, Tag>();
  const extensions: Tag[] = [];
  let offsetBytes = y4mMagic.length;
  for (const token of line.slice(y4mMagic.length).split(' ')) {
    const letter = token.charAt(0);
    if (letter === '') {
      // Two blanks in a row, or the one at the end.
    } else if (!knownTags.includes(letter)) {
      extensions.push({ value: token, offsetBytes });
    } else if (tags.has(letter)) {
      refuse(offsetBytes, 'malformed', `the tag ${letter} is there a second time: ${excerpt(token)}`);
    } else {
      tags.set(letter, { value: token.slice(1), offsetBytes });
    }
    offsetBytes += token.length + 1;
  }
  return { tags, extensions };
}

function sizeOf(
  letter: string,
  what: string,
  tags: Map<string, Tag>,
  line: string,
  refuse: RefuseY4m,
): number {
  const tag = tags.get(letter);
  if (tag === undefined) return refuse(line.length, 'malformed', `the header has no ${what} (tag ${letter})`);
  const size = /^[0-9]+$/.test(tag.value) ? Number(tag.value) : 0;
  const found = excerpt(tag.value);
  if (size > bytesPerFrameMax) {
    refuse(tag.offsetBytes, 'unsupported', `the ${what} ${found} is too large`, useSmaller);
  }
  if (size >= 1) return size;
  return refuse(tag.offsetBytes, 'malformed', `the ${what} is a whole number from 1, not ${found}`);
}

function chromaOf(tag: Tag | undefined, refuse: RefuseY4m): Chroma {
  if (tag === undefined) return '420jpeg';
  const chroma = chromaKinds.find((kind) => kind === tag.value);
  if (chroma !== undefined) return chroma;
  const detail = `the chroma format ${excerpt(tag.value)} is not supported`;
  return refuse(
    tag.offsetBytes,
    'unsupported',
    detail,
    `convert the clip to one of ${chromaKinds.join(', ')}`,
  );
}

/** `XYSCSS=420MPEG2` and the like: how mjpegtools named the layout before there was a C tag. */
function oldChromaTag(extensions: readonly Tag[]): Tag | undefined {
  const old = extensions.find((tag) => tag.value.startsWith('XYSCSS='));
  return old && { value: old.value.slice('XYSCSS='.length).toLowerCase(), offsetBytes: old.offsetBytes };
}

function frameRateOf(tag: Tag | undefined, refuse: RefuseY4m): Ratio {
  const unknown = { num: 25, den: 1 };
  if (tag === undefined) return unknown;
  const rate = ratioOf(tag, 'frame rate', refuse);
  if (rate.den === 0) return unknown;
  if (isPlayableRate(rate)) return rate;
  const detail = `at a frame rate of ${tag.value} a frame lasts less than 100 ns or more than an hour`;
  return refuse(tag.offsetBytes, 'unsupported', detail, 'give the clip a frame rate that can be played');
}

function pixelAspectOf(tag: Tag | undefined, refuse: RefuseY4m): Ratio {
  return tag === undefined ? { num: 0, den: 0 } : ratioOf(tag, 'pixel aspect', refuse);
}

/** Two whole numbers from 1, or 0:0 for "unknown". */
function ratioOf(tag: Tag, what: string, refuse: RefuseY4m): Ratio {
  const [, first = '', second = ''] = /^([0-9]+):([0-9]+)$/.exec(tag.value) ?? [];
  const num = Number(first);
  const den = Number(second);
  const isWritten = first !== '' && (num === 0) === (den === 0);
  if (isWritten && num <= ratePartMax && den <= ratePartMax) return { num, den };
  const found = excerpt(tag.value);
  const detail = `a ${what} is two whole numbers from 1 to ${ratePartMax} with a colon, not ${found}`;
  return refuse(tag.offsetBytes, 'malformed', detail);
}

function interlacingOf(tag: Tag | undefined, refuse: RefuseY4m): Interlacing {
  if (tag === undefined) return '?';
  const interlacing = interlacings.find((kind) => kind === tag.value);
  if (interlacing !== undefined) return interlacing;
  const detail = `the interlacing is one of ${interlacings.join(', ')}, not ${excerpt(tag.value)}`;
  return refuse(tag.offsetBytes, 'malformed', detail);
}
