import { frameFormat, type Ratio } from './frameFormat.js';
import type { FrameSource } from './frameSource.js';

const samplesPerSecond = 48_000;
const toneHz = 440;

/** Bytes of a block of sound that lasts as long as one frame, rounded up to whole 16-bit samples. */
export function soundBlockBytes({ num, den }: Ratio): number {
  return 2 * Math.ceil((samplesPerSecond * den) / num);
}

/**
 * Sound that needs no file, a block to each frame of a clip: a triangle wave of 440 Hz, 48,000 samples a second, 16 bits, one
 * channel, little endian; over it, the first two samples of each block carry the block's number, least significant byte first.
 * Block n's bytes are a function of the rate and n.
 */
export function soundBlocks(frameRate: Ratio, count: number): FrameSource {
  const sizeBytes = soundBlockBytes(frameRate);
  const format = frameFormat({ width: sizeBytes, height: 1, chroma: 'mono', frameRate });
  let number = 0;
  const draw = (into: Uint8Array): void => {
    const samples = new DataView(into.buffer, into.byteOffset, sizeBytes);
    const first = (number * sizeBytes) / 2;
    for (let i = 0; i < sizeBytes / 2; i++) samples.setInt16(2 * i, triangle(first + i), true);
    if (sizeBytes >= 4) samples.setUint32(0, number, true);
    number++;
  };
  return {
    format,
    next() {
      if (number >= count) return undefined;
      const data = new Uint8Array(sizeBytes);
      draw(data);
      return { parameters: '', data };
    },
    readInto(target) {
      if (number >= count) return undefined;
      draw(target);
      return '';
    },
  };
}

/** The wave at a sample, exact: whole numbers from -12,000 to 12,000. */
function triangle(sample: number): number {
  const phase = (sample * toneHz) % samplesPerSecond;
  const rise = phase < samplesPerSecond / 2 ? phase : samplesPerSecond - phase;
  return rise - samplesPerSecond / 4;
}
