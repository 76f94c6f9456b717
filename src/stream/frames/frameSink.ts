import { type MonoTypeOperatorFunction, tap } from 'rxjs';
import type { Frame } from './frameSource.js';

/**
 * Somewhere that frames go: a file, a hash, statistics. It ends with {@link close}, or with {@link discard}
 * when anything, `close` included, has failed.
 *
 * Determinism: the result depends only on the frames and their order, never on when they came.
 */
export interface FrameSink {
  /** Takes a frame; `frame.data` may be reused by the caller as soon as this returns. */
  write(frame: Frame): void;
  /** All frames are there: the result counts. */
  close(): void;
  /**
   * Something went wrong: no result, nothing half-written stays behind. Does nothing after `close` or a second time; must not
   * throw.
   */
  discard(): void;
}

/**
 * One sink that hands each frame to several, in order. `close` stops at the first that throws; then discard
 * it.
 */
export function teeSink(sinks: readonly FrameSink[]): FrameSink {
  return {
    write(frame) {
      for (const sink of sinks) sink.write(frame);
    },
    close() {
      for (const sink of sinks) sink.close();
    },
    discard() {
      for (const sink of sinks) sink.discard();
    },
  };
}

/**
 * Pours all frames into a sink and closes it; when the source or the sink throws, the sink is discarded and
 * the error passed on, so that a damaged clip leaves no half-written output.
 */
export function pourFrames(frames: Iterable<Frame>, sink: FrameSink): void {
  try {
    for (const frame of frames) sink.write(frame);
    sink.close();
  } catch (error) {
    sink.discard();
    throw error;
  }
}

/**
 * The same for a stream: each frame is written before it is passed on; completion closes, an error (of the
 * stream or of the sink) or an early unsubscription discards. To keep the first frames of a stream, put
 * `take` in front, not behind.
 *
 * @example frames$(clip, clock).pipe(intoSink(openY4mWriter(file, clip.header))).subscribe()
 */
export function intoSink(sink: FrameSink): MonoTypeOperatorFunction<Frame> {
  return (stream) =>
    stream.pipe(
      tap({ next: (frame) => sink.write(frame), complete: () => sink.close() }),
      tap({ error: () => sink.discard(), unsubscribe: () => sink.discard() }),
    );
}
