import {
  bufferTime,
  delay,
  interval,
  map,
  of,
  Subject,
  scheduled,
  throttleTime,
  timer,
  VirtualTimeScheduler,
} from 'rxjs';
import { describe, expect, it } from 'vitest';
import { frameFormat } from '../../src/stream/frames/frameFormat.js';
import { frames$ } from '../../src/stream/frames/frameStream.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import { VirtualClock } from '../../src/stream/virtualClock.js';

/** A clock and a list of what was said at which time. */
function clockAndLog() {
  const clock = new VirtualClock();
  const log: string[] = [];
  return { clock, log, say: (text: unknown) => log.push(`${clock.now()}: ${text}`) };
}

describe('VirtualClock', () => {
  it('stands still until it is advanced, and then does what was due, each thing at its time', () => {
    const { clock, log, say } = clockAndLog();
    clock.schedule(() => say('later'), 20);
    clock.schedule(() => say('sooner'), 10);
    clock.schedule(() => say('sooner, second'), 10);
    expect(log).toEqual([]);
    clock.advanceTo(15);
    expect(log).toEqual(['10: sooner', '10: sooner, second']);
    expect(clock.now()).toBe(15);
    clock.advanceTo(20);
    expect(log.slice(2)).toEqual(['20: later']);
  });

  it('does in the same advance what work schedules within it', () => {
    const { clock, log, say } = clockAndLog();
    clock.schedule(() => {
      say('first');
      clock.schedule(() => say('at once'));
      clock.schedule(() => say('too late'), 6);
    }, 5);
    clock.advanceTo(10);
    expect(log).toEqual(['5: first', '5: at once']);
  });

  it('is exact to 100 ns and does not drift', () => {
    const { clock, say, log } = clockAndLog();
    const subscription = interval(33.3667, clock).subscribe((n) => n % 1000 === 999 && say(n));
    clock.advanceTo(100_100.1);
    expect(log).toEqual(['33366.7: 999', '66733.4: 1999', '100100.1: 2999']);
    subscription.unsubscribe();
    clock.advanceTo(200_000);
    expect(log).toHaveLength(3);
  });

  it('forgets what was unsubscribed, also by the work itself', () => {
    const { clock, log, say } = clockAndLog();
    clock.schedule(() => say('never'), 5).unsubscribe();
    clock.schedule(function () {
      this.unsubscribe();
      this.schedule(undefined, 1);
      say('once');
    }, 5);
    clock.advanceTo(10);
    expect(log).toEqual(['5: once']);
  });

  it('passes on what work throws, and goes on behind it', () => {
    const { clock, log, say } = clockAndLog();
    clock.schedule(() => {
      throw new Error('broken work');
    }, 1);
    clock.schedule(() => say('still there'), 2);
    expect(() => clock.advanceTo(5)).toThrow('broken work');
    clock.advanceTo(5);
    expect(log).toEqual(['2: still there']);
  });

  it('does not run back', () => {
    const clock = new VirtualClock();
    clock.advanceTo(5);
    expect(() => clock.advanceTo(4.9999)).toThrow('5 ms to 4.9999 ms');
  });

  it('drives operators and sources as the virtual time of RxJS does', () => {
    function play(clock: VirtualClock | VirtualTimeScheduler, run: () => void): string[] {
      const log: string[] = [];
      const say = (what: string) => (value: unknown) =>
        log.push(`${clock.now()} ${what} ${JSON.stringify(value)}`);
      const source = new Subject<number>();
      interval(7, clock).subscribe(source);
      source.pipe(delay(3, clock)).subscribe(say('delay'));
      source.pipe(throttleTime(20, clock)).subscribe(say('throttle'));
      source.pipe(bufferTime(25, clock)).subscribe(say('buffer'));
      timer(5, 11, clock).subscribe(say('timer'));
      scheduled(of('a', 'b'), clock).subscribe(say('scheduled'));
      const clip = testPattern(frameFormat({ width: 1, height: 1 }), 3);
      frames$(clip, clock)
        .pipe(map((frame) => frame.number))
        .subscribe({ next: say('frame'), complete: () => say('end')(0) });
      run();
      return log;
    }
    const theirs = new VirtualTimeScheduler(undefined, 500);
    const ours = new VirtualClock();
    const expected = play(theirs, () => theirs.flush());
    const found = play(ours, () => {
      for (let ms = 0; ms <= 500; ms += 4) ours.advanceTo(ms);
    });
    expect(found).toEqual(expected);
    expect(found.length).toBeGreaterThan(150);
  });
});
