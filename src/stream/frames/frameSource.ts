import type { FrameFormat } from './frameFormat.js';
import { frameTime100ns } from './frameTime.js';

/** A frame as a source gives it. */
export interface SourceFrame {
  /**
   * What stands between `FRAME` and its newline in a y4m file, verbatim with its leading blank; `''` when
   * nothing.
   */
  readonly parameters: string;
  /** The planes of the format, one after the other; exactly `bytesPerFrame(format)` bytes. */
  readonly data: Uint8Array;
}

/** A frame on its way: which one it is and when it began. */
export interface Frame extends SourceFrame {
  /** Counted from 0 at the source; a lost frame leaves a hole. */
  readonly number: number;
  /** Begin of the frame in units of 100 ns from the start of the clip. */
  readonly timeStamp100ns: number;
}

/**
 * Something that frames can be taken from, one at a time, in order, once.
 *
 * Determinism: the same frames on every run. Errors (a damaged clip) are thrown by the call that meets them,
 * and again by each later one.
 */
export interface FrameSource {
  readonly format: FrameFormat;
  /** The next frame in memory of its own; `undefined` at the end, also when asked again. */
  next(): SourceFrame | undefined;
  /**
   * Like {@link next}, but into the caller's memory, so that a long clip allocates nothing per frame.
   *
   * @param target of exactly `bytesPerFrame(format)` bytes; its content is undefined after an error
   * @returns the frame's parameters (`''` is a frame!), or `undefined` at the end
   * @throws UsageError when `target` has another length; nothing is taken from the source then
   */
  readInto(target: Uint8Array): string | undefined;
}

/**
 * The rest of a source as numbered and stamped frames, each in memory of its own, taken only when asked for.
 */
export function* frames(source: FrameSource): Generator<Frame, void, undefined> {
  for (let number = 0; ; number++) {
    const frame = source.next();
    if (frame === undefined) return;
    yield stampFrame(source.format, number, frame);
  }
}

/** Frame `number` of a clip with its time stamp; `data` is not copied. */
export function stampFrame(format: FrameFormat, number: number, frame: SourceFrame): Frame {
  const { parameters, data } = frame;
  return { number, timeStamp100ns: frameTime100ns(format.frameRate, number), parameters, data };
}
