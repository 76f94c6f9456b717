import type { NTSTATUS } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { play, unhandled } from './play.js';
import type { Request } from './scriptedRequester.js';
import { stubDescriptor } from './stubMinidriver.js';

const header = { Data: 5000, FrameExtent: 9000, PresentationTime: 0, OptionsFlags: [] };
const write = (DataUsed: number): Request => ({
  type: 'IOCTL_KS_WRITE_STREAM',
  FileObject: 'pin:0',
  StreamHeader: { ...header, DataUsed },
});
const format = {
  ...{ FormatSize: 64, Flags: 0, SampleSize: 0, MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO' },
  ...{ SubFormat: 'KSDATAFORMAT_SUBTYPE_NONE', Specifier: 'KSDATAFORMAT_SPECIFIER_NONE' },
};

function answers(flow: 'KSPIN_DATAFLOW_IN' | 'KSPIN_DATAFLOW_OUT', request: Request): NTSTATUS {
  const descriptor = stubDescriptor(1);
  const StreamInfo = descriptor.StreamInfo.map((info) => ({ ...info, DataFlow: flow }));
  const bursts: Request[][] = [
    [{ type: 'IRP_MJ_CREATE', object: 'filter' }],
    [{ type: 'IRP_MJ_CREATE', object: 'pin', FilterObject: 'filter:0', PinId: 0, DataFormat: format }],
    [request],
  ];
  const p = play({ bursts, stub: { descriptor: { ...descriptor, StreamInfo } } });
  expect(unhandled(p)).toEqual([]);
  return p.run.world.snapshot('client')?.context.answers.at(-1);
}

describe('a write', () => {
  it('to an output stream, like a read from an input stream, is no valid request (G-072)', () => {
    const read: Request = {
      type: 'IOCTL_KS_READ_STREAM',
      FileObject: 'pin:0',
      StreamHeader: { ...header, DataUsed: 0 },
    };
    expect(answers('KSPIN_DATAFLOW_OUT', write(9000))).toBe('STATUS_INVALID_DEVICE_REQUEST');
    expect(answers('KSPIN_DATAFLOW_IN', read)).toBe('STATUS_INVALID_DEVICE_REQUEST');
  });

  it('of more bytes than its buffer has is refused, of as many it is not (G-073)', () => {
    expect(answers('KSPIN_DATAFLOW_IN', write(9001))).toBe('STATUS_INVALID_PARAMETER');
    expect(answers('KSPIN_DATAFLOW_IN', write(9000))).not.toBe('STATUS_INVALID_PARAMETER');
  });
});
