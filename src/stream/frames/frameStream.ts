import { Observable, type SchedulerLike, type Subscription } from 'rxjs';
import { UsageError } from '../../kernel/usageError.js';
import { type Frame, type FrameSource, stampFrame } from './frameSource.js';
import { frameTime100ns } from './frameTime.js';

const unitsPerMs = 10_000;

/**
 * A source played at its frame rate: frame n comes n periods after the subscription, in the time of
 * `scheduler`, and the stream completes one period after the last frame began. A frame is taken from the
 * source only when its time has come, so memory stays flat however long the clip is.
 *
 * Schedulers count milliseconds: frame n comes in the first whole one that is not before its time stamp. Each
 * is computed from the start, so nothing drifts; a scheduler of real time that is late catches up.
 *
 * A source can be taken once, so a second subscription is refused with a {@link UsageError}; use `share()`.
 * An error of the source becomes the error of the stream.
 */
export function frames$(source: FrameSource, scheduler: SchedulerLike): Observable<Frame> {
  let isTaken = false;
  return new Observable<Frame>((subscriber) => {
    if (isTaken) {
      subscriber.error(
        new UsageError('a frame source was subscribed to twice', 'put share() behind frames$'),
      );
      return undefined;
    }
    isTaken = true;
    const startMs = scheduler.now();
    let pending: Subscription | undefined;
    // Each frame is a task of its own: rescheduling from within one (`this.schedule`) would chain the tasks
    // of a virtual time scheduler to each other, and the chain would grow with the clip.
    function play(number: number): void {
      const dueMs = startMs + Math.ceil(frameTime100ns(source.format.frameRate, number) / unitsPerMs);
      pending = scheduler.schedule(() => deliver(number), Math.max(0, dueMs - scheduler.now()));
    }
    function deliver(number: number): void {
      try {
        const frame = source.next();
        if (frame === undefined) {
          subscriber.complete();
        } else {
          subscriber.next(stampFrame(source.format, number, frame));
          if (!subscriber.closed) play(number + 1);
        }
      } catch (error) {
        subscriber.error(error);
      }
    }
    play(0);
    return () => pending?.unsubscribe();
  });
}
