import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { frameFormat } from '../../../src/stream/frames/frameFormat.js';
import type { FrameSource } from '../../../src/stream/frames/frameSource.js';
import { frames$ } from '../../../src/stream/frames/frameStream.js';
import { testPattern, testPatternNumber } from '../../../src/stream/frames/testPattern.js';

const ntsc = frameFormat({ width: 4, height: 4, frameRate: { num: 30_000, den: 1001 } });

/** Counts how many frames were taken from a source. */
function counted(source: FrameSource): FrameSource & { taken: number } {
  return {
    format: source.format,
    taken: 0,
    next() {
      this.taken++;
      return source.next();
    },
    readInto: (target) => source.readInto(target),
  };
}

function play(frameCount: number): string[] {
  const clock = new VirtualTimeScheduler();
  const seen: string[] = [];
  frames$(testPattern(ntsc, frameCount), clock).subscribe({
    next: (frame) => seen.push(`${clock.now()} ms: ${frame.number} @ ${frame.timeStamp100ns}`),
    complete: () => seen.push(`${clock.now()} ms: end`),
  });
  clock.flush();
  return seen;
}

describe('frames$', () => {
  it('gives each frame in the first whole millisecond from its time stamp, and ends a period later', () => {
    expect(play(4)).toEqual([
      '0 ms: 0 @ 0',
      '34 ms: 1 @ 333666',
      '67 ms: 2 @ 667333',
      '101 ms: 3 @ 1001000',
      '134 ms: end',
    ]);
  });

  it('is the same every time', () => {
    expect(play(50)).toEqual(play(50));
  });

  it('counts from its subscription and does not drift over 20,000 frames', () => {
    const clock = new VirtualTimeScheduler();
    let last = '';
    clock.schedule(() => {
      frames$(testPattern(ntsc, 20_000), clock).subscribe((frame) => {
        last = `${clock.now()} ms: ${frame.number}, ${testPatternNumber(ntsc, frame.data)}`;
      });
    }, 500);
    clock.flush();
    expect(last).toBe(`${500 + Math.ceil((19_999 * 1001) / 30)} ms: 19999, 19999`);
  });

  it('takes a frame only when its time has come, and none after an unsubscription', () => {
    const clock = new VirtualTimeScheduler(undefined, 100);
    const source = counted(testPattern(ntsc, 1000));
    const subscription = frames$(source, clock).subscribe();
    expect(source.taken).toBe(0);
    clock.flush();
    expect(source.taken).toBe(3);
    subscription.unsubscribe();
    clock.maxFrames = Infinity;
    clock.flush();
    expect(source.taken).toBe(3);
  });

  it('stops when a subscriber unsubscribes in the middle of a frame', () => {
    const clock = new VirtualTimeScheduler();
    const source = counted(testPattern(ntsc, 1000));
    const subscription = frames$(source, clock).subscribe(({ number }) => {
      if (number === 2) subscription.unsubscribe();
    });
    clock.flush();
    expect(source.taken).toBe(3);
    expect(clock.actions).toHaveLength(0);
  });

  it('passes an error of the source on', () => {
    const clock = new VirtualTimeScheduler();
    const seen: string[] = [];
    const source: FrameSource = {
      ...testPattern(ntsc, 1),
      next() {
        throw new Error('damaged');
      },
    };
    frames$(source, clock).subscribe({ error: (error) => seen.push(String(error)) });
    clock.flush();
    expect(seen).toEqual(['Error: damaged']);
  });

  it('refuses a second subscription, which would take frames from the first', () => {
    const clock = new VirtualTimeScheduler();
    const stream = frames$(testPattern(ntsc, 3), clock);
    let first = 0;
    const errors: string[] = [];
    stream.subscribe(() => first++);
    stream.subscribe({ error: (error) => errors.push(String(error)) });
    clock.flush();
    expect(first).toBe(3);
    expect(errors.join()).toContain('subscribed to twice');
  });
});
