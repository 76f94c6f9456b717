import { describe, expect, it } from 'vitest';
import type { FrameEvent } from '../../src/stream/frameEvents.js';
import { FramePath } from '../../src/stream/framePath.js';
import { frameFormat } from '../../src/stream/frames/frameFormat.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import { scatterGather } from '../../src/stream/physicalMemory.js';

const format = frameFormat({ width: 4, height: 2, chroma: 'mono' });
const period = 400_000;

const capture = (frame: number): FrameEvent => ({ type: 'FrameCaptured', frame });
const drop = (frame: number): FrameEvent => ({ type: 'FrameDropped', frame });
const transfer = (frame: number, address: number): FrameEvent => {
  return { type: 'DmaTransfer', frame, elements: scatterGather(address, 8) };
};
const deliver = (frame: number, address: number): FrameEvent => {
  return { type: 'FrameDelivered', address, bytes: 8, presentationTime: frame * period };
};

/** What is said of frames after each event. */
function say(...events: FrameEvent[]) {
  const path = new FramePath(testPattern(format, 10));
  const log: string[] = [];
  let line = '';
  path.dropped$.subscribe((number) => (line += ` -${number}`));
  path.delivered$.subscribe((frame) => (line += ` +${frame.number}`));
  for (const event of events) {
    line = '';
    path.take(event);
    log.push(line.trim());
  }
  return { log, faults: path.faults };
}

describe('FramePath', () => {
  it('drops a frame for which no room is at once', () => {
    expect(say(capture(0), drop(1)).log).toEqual(['', '-1']);
  });

  it('drops what is overwritten in its buffer before it arrives', () => {
    const { log } = say(capture(0), transfer(0, 4096), capture(1), transfer(1, 4096), deliver(1, 4096));
    expect(log).toEqual(['', '', '', '-0', '+1']);
  });

  it('drops the frames before one that arrives, and then takes them for late', () => {
    const { log, faults } = say(
      ...[capture(0), capture(1), transfer(0, 4096), transfer(1, 8192)],
      ...[deliver(1, 8192), deliver(0, 4096)],
    );
    expect(log.slice(4)).toEqual(['-0 +1', '']);
    expect(faults).toEqual(['the frame with the time stamp 0 (number 0) arrived after frame 1']);
  });

  it('takes a second transfer, and an arrival that memory does not reach, for faults', () => {
    const { faults } = say(capture(0), transfer(0, 0), transfer(0, 0), deliver(0, 2 ** 40));
    expect(faults).toEqual([
      'frame 0 was transferred, which is not in the FIFO',
      expect.stringContaining('frame 0 arrived nowhere: a buffer of 8 bytes at 1099511627776'),
    ]);
  });
});
