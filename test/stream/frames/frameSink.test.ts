import { take, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { frameFormat } from '../../../src/stream/frames/frameFormat.js';
import { type FrameSink, intoSink, pourFrames, teeSink } from '../../../src/stream/frames/frameSink.js';
import { frames } from '../../../src/stream/frames/frameSource.js';
import { frames$ } from '../../../src/stream/frames/frameStream.js';
import { hashSink } from '../../../src/stream/frames/hashSink.js';
import { testPattern } from '../../../src/stream/frames/testPattern.js';
import { openY4mWriter } from '../../../src/stream/frames/y4mWriter.js';
import { MemorySink, sha256 } from './memoryBytes.js';

// The clip and its payload, made without our code:
//   python3 -c "
//   import sys
// b=lambda i:i.to_bytes(4,'big')+bytes(16+(x+y+(2*p+3)*i)%219 for p,(w,h) in
// enumerate([(21,9),(11,5),(11,5)])
//     for y in range(h) for x in range(w))[4:]
//   h=b'YUV4MPEG2 W21 H9 F30000:1001 Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n'
//   sys.stdout.buffer.write(h+b''.join(b'FRAME\n'+b(i) for i in range(12)))" | sha256sum
// and for the payload the same without h and b'FRAME\n'.
const clipSha256 = 'ff60f1e3b980814c58d12a8f09c194d015ca0a7c5795b567e9175033e7c79dfc';
const payloadSha256 = 'c5b216e66c9518fc35cb3bf411d70bedd9c7ff78b20b107f6b186a4173f4f7d7';
const format = frameFormat({
  width: 21,
  height: 9,
  frameRate: { num: 30_000, den: 1001 },
  chroma: '420mpeg2',
  extensions: ['XCOLORRANGE=LIMITED'],
});

/** A sink that writes down what happens to it and fails where it is told to. */
function loggingSink(name: string, log: string[], failing = ''): FrameSink {
  const note = (what: string) => {
    log.push(`${name} ${what}`);
    if (what === failing) throw new Error(`${name} failed at ${what}`);
  };
  return {
    write: (frame) => note(`write ${frame.number}`),
    close: () => note('close'),
    discard: () => note('discard'),
  };
}

function sha256Of(bytes: Uint8Array): string {
  const hasher = sha256();
  hasher.update(bytes);
  return hasher.digestHex();
}

describe('pourFrames', () => {
  it('gives the file and the payload hash that were computed outside', () => {
    const file = new MemorySink();
    const hash = hashSink(sha256());
    pourFrames(frames(testPattern(format, 12)), teeSink([openY4mWriter(file, format), hash]));
    expect(hash.digestHex()).toBe(payloadSha256);
    expect(sha256Of(file.bytes)).toBe(clipSha256);
  });

  it('discards all sinks when one fails, and passes the error on', () => {
    const log: string[] = [];
    const sinks = [loggingSink('a', log), loggingSink('b', log, 'write 1'), loggingSink('c', log)];
    expect(() => pourFrames(frames(testPattern(format, 3)), teeSink(sinks))).toThrow('b failed at write 1');
    expect(log.join()).toBe(
      'a write 0,b write 0,c write 0,a write 1,b write 1,a discard,b discard,c discard',
    );
  });

  it('discards when the sink cannot be closed', () => {
    const log: string[] = [];
    expect(() => pourFrames([], loggingSink('a', log, 'close'))).toThrow('a failed at close');
    expect(log).toEqual(['a close', 'a discard']);
  });
});

describe('intoSink', () => {
  function play(failing: string, limit = 2): string[] {
    const clock = new VirtualTimeScheduler();
    const log: string[] = [];
    frames$(testPattern(format, 2), clock)
      .pipe(intoSink(loggingSink('sink', log, failing)), take(limit + 1))
      .pipe(take(limit))
      .subscribe({
        next: ({ number }) => log.push(`passed ${number}`),
        complete: () => log.push('end'),
        error: (error) => log.push(String(error)),
      });
    clock.flush();
    return log;
  }

  it('writes each frame before it passes it on, and closes at the end', () => {
    expect(play('', 3)).toEqual([
      'sink write 0',
      'passed 0',
      'sink write 1',
      'passed 1',
      'sink close',
      'end',
    ]);
  });

  it('ends the stream with the error of a sink, and discards', () => {
    expect(play('write 1', 3)).toEqual([
      'sink write 0',
      'passed 0',
      'sink write 1',
      'sink discard',
      'Error: sink failed at write 1',
    ]);
    expect(play('close', 3).slice(-3)).toEqual(['sink close', 'sink discard', 'Error: sink failed at close']);
  });

  it('discards when nobody listens any more', () => {
    expect(play('', 1)).toEqual(['sink write 0', 'passed 0', 'end', 'sink discard']);
  });

  it('gives the same hash in virtual time', () => {
    const clock = new VirtualTimeScheduler();
    const hash = hashSink(sha256());
    frames$(testPattern(format, 12), clock).pipe(intoSink(hash)).subscribe();
    clock.flush();
    expect(hash.digestHex()).toBe(payloadSha256);
  });
});

describe('hashSink', () => {
  it('is the hash of nothing without frames', () => {
    const hash = hashSink(sha256());
    pourFrames([], hash);
    expect(hash.digestHex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    hash.close();
  });

  it('has no digest before the end, and none after a failure', () => {
    const hash = hashSink(sha256());
    expect(() => hash.digestHex()).toThrow(/before its frames ended/);
    hash.discard();
    expect(() => hash.digestHex()).toThrow(/before its frames ended/);
  });
});
