import { describe, expect, it } from 'vitest';
import { frameFormat } from '../../src/stream/frames/frameFormat.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import { PhysicalMemory, scatterGather } from '../../src/stream/physicalMemory.js';
import { type PlayEvent, playEventIn } from '../../src/stream/playEvents.js';
import { PlayPath } from '../../src/stream/playPath.js';

const format = frameFormat({ width: 4, height: 2, chroma: 'mono' });
const stream = 'video';

const write = (frame: number, address: number): PlayEvent => ({
  type: 'FrameWritten',
  stream,
  frame,
  address,
});
const fetch = (sample: number, address: number, bytes = 8): PlayEvent => {
  return { type: 'SampleFetched', stream, sample, elements: scatterGather(address, bytes) };
};
const present = (sample: number): PlayEvent => ({ type: 'SamplePresented', stream, sample });

function say(...events: PlayEvent[]) {
  const path = new PlayPath(stream, testPattern(format, 3), new PhysicalMemory());
  const log: string[] = [];
  path.dropped$.subscribe((number) => log.push(`-${number}`));
  path.delivered$.subscribe(({ number, data }) => log.push(`+${number} ${data.length}`));
  for (const event of events) path.take(event);
  path.end();
  return { log, faults: path.faults, account: path.account, missing: path.missing };
}

describe('PlayPath', () => {
  it('delivers what was fetched, and drops at the end what was not presented', () => {
    const { log, faults, account } = say(
      write(0, 4094),
      fetch(0, 4094),
      present(0),
      write(1, 9000),
      fetch(1, 9000),
    );
    expect(log).toEqual(['+0 8', '-1']);
    expect(faults).toEqual([]);
    expect(account).toEqual({ captured: 2, delivered: 1, dropped: 1 });
  });

  it('finds bytes that were overwritten before the fetch, too few of them, and a frame too many', () => {
    expect(say(write(0, 64), write(1, 64), fetch(0, 64), present(0)).faults).toEqual([
      expect.stringMatching(/^frame 0 was presented damaged: byte \d is \d+, the source has \d+$/),
    ]);
    const short = say(write(0, 64), fetch(0, 64, 7), present(0));
    expect([short.log, short.faults]).toEqual([['+0 8'], ['frame 0 was presented with 7 bytes, it has 8']]);
    expect(say(write(0, 64), fetch(0, 64), fetch(1, 64), present(0), present(1)).faults).toEqual([
      'sample 1 was presented, and every frame had been before',
    ]);
  });

  it('is deaf to other streams, and counts what was missing', () => {
    const other: PlayEvent = { type: 'SampleMissing', stream: 'audio' };
    expect(say(other, { type: 'SampleMissing', stream }).missing).toBe(1);
  });

  it('refuses frames that do not come one after the other, or that the source does not have', () => {
    expect(() => say(write(1, 0))).toThrow(
      "the client wrote frame 1 of stream 'video', and 0 were written before",
    );
    const all = [0, 1, 2, 3].map((frame) => write(frame, 64));
    expect(() => say(...all)).toThrow('frame 3');
  });
});

describe('playEventIn', () => {
  it.each<PlayEvent>([write(0, 1), fetch(2, 4094), present(3), { type: 'SampleMissing', stream }])(
    'knows %j, and takes nothing else from it',
    (event) => {
      const longer: { readonly type: string } = { ...event, ...{ more: true } };
      expect(playEventIn(longer)).toEqual(event);
    },
  );

  it('leaves other events alone', () => {
    expect(playEventIn({ type: 'FrameCaptured' })).toBeUndefined();
  });

  it.each([
    { type: 'FrameWritten', stream, frame: 0 },
    { type: 'FrameWritten', frame: 0, address: 0 },
    { type: 'SampleFetched', stream, sample: 0, elements: [{ PhysicalAddress: -1, Length: 1 }] },
    { type: 'SamplePresented', stream, sample: 0.5 },
    { type: 'SampleMissing' },
  ])('refuses %j and says what it should be', (event) => {
    expect(() => playEventIn(event)).toThrow(
      `an actor emitted ${JSON.stringify(event)}; a ${event.type} has the fields { `,
    );
  });
});
