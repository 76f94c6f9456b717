import { UsageError } from '../../kernel/usageError.js';

/** A fraction of two whole numbers, not necessarily in lowest terms. */
export interface Ratio {
  readonly num: number;
  readonly den: number;
}

/**
 * The layouts that we carry, all 8 bit and planar; the four kinds of 4:2:0 differ only in where chroma is
 * sampled.
 */
export const chromaKinds = ['420jpeg', '420mpeg2', '420paldv', '420', '422', '444', 'mono'] as const;

/** Name of a layout as in the C tag of YUV4MPEG2. */
export type Chroma = (typeof chromaKinds)[number];

/**
 * Field order: unknown, progressive, top field first, bottom field first, mixed (told by each frame's
 * parameters).
 */
export const interlacings = ['?', 'p', 't', 'b', 'm'] as const;

/** Field order as in the I tag of YUV4MPEG2. */
export type Interlacing = (typeof interlacings)[number];

/** What a frame of a clip looks like, and how many there are in a second. Immutable plain data. */
export interface FrameFormat {
  /** Luma samples in a line, at least 1; odd is fine. */
  readonly width: number;
  /** Lines, at least 1; odd is fine. */
  readonly height: number;
  readonly chroma: Chroma;
  /** Frames in a second, such that {@link isPlayableRate} holds. */
  readonly frameRate: Ratio;
  readonly interlacing: Interlacing;
  /** Width of a sample : its height; 0:0 when unknown. */
  readonly pixelAspect: Ratio;
  /** Whole tags that we only hand on, in order and verbatim, for instance `XCOLORRANGE=FULL`. */
  readonly extensions: readonly string[];
}

/** One plane of a frame; planes follow each other without gaps, rows without padding, one byte a sample. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  /** Where it begins, counted from the start of the frame's payload. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/**
 * 1 GiB: the largest payload of a frame. More than twice an uncompressed 16K frame, less than any engine's
 * array limit.
 */
export const bytesPerFrameMax = 2 ** 30;

/** Largest part of a frame rate: ten million times it is still exact in a double (see `frameTime100ns`). */
export const ratePartMax = 900_000_000;

/**
 * Whether we can play this many frames in a second: the parts are whole numbers from 1 to
 * {@link ratePartMax}, and a frame lasts from 100 ns, so that no two have one time stamp, to an hour, so that
 * 250,000 have exact ones.
 */
export function isPlayableRate({ num, den }: Ratio): boolean {
  const areCounts = [num, den].every((part) => Number.isInteger(part) && part >= 1 && part <= ratePartMax);
  return areCounts && num <= 10_000_000 * den && den <= 3600 * num;
}

const subsampling: Record<Chroma, { readonly across: number; readonly down: number } | undefined> = {
  '420jpeg': { across: 2, down: 2 },
  '420mpeg2': { across: 2, down: 2 },
  '420paldv': { across: 2, down: 2 },
  '420': { across: 2, down: 2 },
  '422': { across: 2, down: 1 },
  '444': { across: 1, down: 1 },
  mono: undefined,
};

/**
 * A format from its size; the rest defaults to 4:2:0 (`420jpeg`), 25 frames per second, progressive, square
 * samples.
 *
 * @throws UsageError when a side is no whole number of at least 1, the rate is not playable, or the frame is
 *   larger than {@link bytesPerFrameMax}
 * @example frameFormat({ width: 320, height: 240, frameRate: { num: 30_000, den: 1001 } })
 */
export function frameFormat(
  parts: Pick<FrameFormat, 'width' | 'height'> & Partial<Omit<FrameFormat, 'width' | 'height'>>,
): FrameFormat {
  const format: FrameFormat = {
    chroma: '420jpeg',
    frameRate: { num: 25, den: 1 },
    interlacing: 'p',
    pixelAspect: { num: 1, den: 1 },
    extensions: [],
    ...parts,
  };
  requireSide('width', format.width);
  requireSide('height', format.height);
  if (!isPlayableRate(format.frameRate)) {
    const { num, den } = format.frameRate;
    throw new UsageError(`${num}:${den} is no playable frame rate`, 'give one such as { num: 25, den: 1 }');
  }
  if (bytesPerFrame(format) > bytesPerFrameMax) {
    const { width, height, chroma } = format;
    throw new UsageError(
      `a frame of ${width}x${height} in ${chroma} has more than ${bytesPerFrameMax} bytes`,
      'choose a smaller size',
    );
  }
  return format;
}

/** The planes in the order of the payload: Y, Cb, Cr; Y alone for mono. Chroma sizes round up. */
export function planes(format: Pick<FrameFormat, 'width' | 'height' | 'chroma'>): readonly Plane[] {
  const { width, height } = format;
  const lumaBytes = width * height;
  const luma = { width, height, offsetBytes: 0, sizeBytes: lumaBytes };
  const cut = subsampling[format.chroma];
  if (cut === undefined) return [luma];
  const chroma = { width: Math.ceil(width / cut.across), height: Math.ceil(height / cut.down) };
  const sizeBytes = chroma.width * chroma.height;
  return [
    luma,
    { ...chroma, offsetBytes: lumaBytes, sizeBytes },
    { ...chroma, offsetBytes: lumaBytes + sizeBytes, sizeBytes },
  ];
}

/**
 * Size of a frame's payload: the sum over its {@link planes}. Exact up to 2^53; larger sizes may be off by
 * rounding.
 */
export function bytesPerFrame(format: Pick<FrameFormat, 'width' | 'height' | 'chroma'>): number {
  return planes(format).reduce((sum, plane) => sum + plane.sizeBytes, 0);
}

function requireSide(what: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= bytesPerFrameMax) return;
  throw new UsageError(`${value} is no ${what}`, `give a whole number from 1 to ${bytesPerFrameMax}`);
}
