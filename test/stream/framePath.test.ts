import { describe, expect, it } from 'vitest';
import type { FrameEvent } from '../../src/stream/frameEvents.js';
import { FramePath } from '../../src/stream/framePath.js';
import { frameFormat } from '../../src/stream/frames/frameFormat.js';
import { testPattern } from '../../src/stream/frames/testPattern.js';
import { scatterGather } from '../../src/stream/physicalMemory.js';

const format = frameFormat({ width: 4, height: 2, chroma: 'mono' });
const period = 400_000;

const capture = (slot: number): FrameEvent => ({ type: 'FrameCaptured', slot });
const drop: FrameEvent = { type: 'FrameDropped' };
const HEADER = 4096 * 7;
const timeAddress = scatterGather(HEADER + 8, 8)[0]?.PhysicalAddress ?? 0;
const transfer = (slot: number, address: number): FrameEvent => {
  return { type: 'DmaTransfer', slot, timeAddress, elements: scatterGather(address, 8) };
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
    expect(say(capture(0), drop).log).toEqual(['', '-1']);
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

  it('drops what was flushed from its slot, when the slot is filled again', () => {
    expect(say(capture(0), capture(1), capture(0)).log).toEqual(['', '', '-0']);
  });

  it('finds the time of a frame in memory, where the device has written it', () => {
    const found = (header: number): FrameEvent => {
      return { type: 'FrameDelivered', address: 4096, bytes: 8, presentationTime: null, header };
    };
    const frames = [capture(0), capture(1), transfer(0, 8192), transfer(1, 4096)];
    expect(say(...frames, found(HEADER)).log.at(-1)).toBe('-0 +1');
    // Nothing was written there: the time reads as 0.
    expect(say(...frames, found(0)).faults).toEqual([
      'frame 0 arrived damaged: byte 3 is 1, the source has 0',
    ]);
  });

  it('takes a time that no frame can have for a fault', () => {
    const event: FrameEvent = { type: 'FrameDelivered', address: 0, bytes: 8, presentationTime: 2 ** 53 - 1 };
    expect(say(capture(0), event).faults).toEqual([expect.stringContaining('before it was captured')]);
  });

  it('takes a second transfer, and an arrival that memory does not reach, for faults', () => {
    const { faults } = say(capture(0), transfer(0, 0), transfer(0, 0), deliver(0, 2 ** 40));
    expect(faults).toEqual([
      'slot 0 of the FIFO was transferred, and no frame is in it',
      expect.stringContaining('frame 0 arrived nowhere: a buffer of 8 bytes at 1099511627776'),
    ]);
  });
});
