import type { HW_STREAM_DESCRIPTOR, KSDATAFORMAT, NTSTATUS } from 'interlace/stream-class';
import { defaultDataFormat } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { method, pinProperty, property } from './ioctlRequests.js';
import { type Play, play, unhandled } from './play.js';
import { propertyMinidriver } from './propertyMinidriver.js';
import { opened, openFilter, openPin } from './requests.js';
import type { Request } from './scriptedRequester.js';
import { stubDescriptor } from './stubMinidriver.js';

/** The rows of G.5: what a client writes, and what it is told. The minidriver hears of none of it. */

const OK = 'STATUS_SUCCESS';
const BAD_SIZE = 'STATUS_INVALID_BUFFER_SIZE';
const BAD = 'STATUS_INVALID_PARAMETER';

const srbsSent = ({ steps }: Play): string[] =>
  steps.flatMap(({ sent }) =>
    sent
      .filter(({ event }) => event.type === 'CallMinidriver')
      .map(({ event }) => Reflect.get(event, 'srb')?.Command),
  );

function answer(bursts: readonly (readonly Request[])[], descriptor: HW_STREAM_DESCRIPTOR) {
  const p = play({ bursts, stub: { descriptor } });
  expect(unhandled(p)).toEqual([]);
  return { status: p.run.world.snapshot('client')?.context.answers.at(-1), srb: srbsSent(p).at(-1) };
}

function withStream(change: object): HW_STREAM_DESCRIPTOR {
  const descriptor = stubDescriptor(1);
  return { ...descriptor, StreamInfo: descriptor.StreamInfo.map((info) => ({ ...info, ...change })) };
}

describe('the data of a stream', () => {
  const header = { Data: 5000, FrameExtent: 9000, DataUsed: 0, PresentationTime: 0, OptionsFlags: [] };
  const data =
    (type: 'IOCTL_KS_READ_STREAM' | 'IOCTL_KS_WRITE_STREAM') =>
    (change: object, request: object = {}): Request => ({
      ...{ type, FileObject: 'pin:0', StreamHeader: { ...header, ...change } },
      ...request,
    });
  const streams = {
    read: { of: data('IOCTL_KS_READ_STREAM'), descriptor: withStream({}), srb: 'SRB_READ_DATA' },
    write: {
      of: data('IOCTL_KS_WRITE_STREAM'),
      descriptor: withStream({ DataFlow: 'KSPIN_DATAFLOW_IN' }),
      srb: 'SRB_WRITE_DATA',
    },
  };
  const noTime = { OptionsFlags: ['TIMEVALID'], TimeScale: { Numerator: 1, Denominator: 0 } };
  const noScale = { OptionsFlags: ['TIMEVALID'], TimeScale: { Numerator: 0, Denominator: 1 } };
  const rows: [string, object, object, NTSTATUS][] = [
    ['no header (G-070)', { OptionsFlags: ['TYPECHANGED'] }, { OutputLength: 0 }, BAD_SIZE],
    ['half a header (G-070)', {}, { OutputLength: 24 }, BAD_SIZE],
    ['a header that says that it is longer (G-071)', { Size: 56 }, {}, BAD_SIZE],
    ['no buffer (G-074)', { Data: 0 }, {}, 'STATUS_ACCESS_VIOLATION'],
    ['two headers of a format change (G-075)', { OptionsFlags: ['TYPECHANGED'] }, { OutputLength: 96 }, BAD],
    ['a time divided by nothing (G-076)', noTime, {}, BAD],
    ['a time multiplied by nothing (G-076)', noScale, {}, BAD],
  ];
  for (const [verb, { of, descriptor, srb }] of Object.entries(streams)) {
    it.each(rows)(`is refused in a ${verb} with %s`, (_, change, request, status) => {
      expect(answer([...opened, [of(change, request)]], descriptor)).toEqual({
        status,
        srb: 'SRB_OPEN_STREAM',
      });
    });

    it(`is passed on in a sound ${verb}, which may say what is usual`, () => {
      const said = { Size: 48, OptionsFlags: ['TIMEVALID'], TimeScale: { Numerator: 1, Denominator: 3 } };
      expect(answer([...opened, [of(said, { OutputLength: 48 })]], descriptor)).toEqual({ status: OK, srb });
      // Who says that a time means nothing may write what he likes.
      expect(answer([...opened, [of({ ...noTime, OptionsFlags: [] })]], descriptor)).toEqual({
        status: OK,
        srb,
      });
      expect(answer([...opened, [of({ Data: 0, FrameExtent: 0 })]], descriptor)).toEqual({ status: OK, srb });
    });
  }
});

describe('the creation of a pin', () => {
  const create = (change: object, descriptor = withStream({})) =>
    answer([[openFilter], [openPin(change)]], descriptor);
  const format = (change: Partial<KSDATAFORMAT>) => ({ DataFormat: { ...defaultDataFormat, ...change } });
  const opens = { status: OK, srb: 'SRB_OPEN_STREAM' };
  const refused = (status: NTSTATUS) => ({ status, srb: 'SRB_INITIALIZATION_COMPLETE' });

  it('is refused when its structures are shorter than they say (G-080)', () => {
    expect(create({ InputLength: 127 })).toEqual(refused(BAD_SIZE));
    expect(create({ InputLength: 128 })).toEqual(opens);
    expect(create({ ...format({ FormatSize: 88 }), InputLength: 64 + 87 })).toEqual(refused(BAD_SIZE));
    expect(create(format({ FormatSize: 63 }))).toEqual(refused(BAD_SIZE));
    // The first failure is the answer (G-004).
    expect(create({ InputLength: 127, PinId: 9 })).toEqual(refused(BAD_SIZE));
  });

  it('is refused for an interface or a medium that is not the stream’s (G-082)', () => {
    expect(create({ Interface: 'KSINTERFACE_FILEIO_STREAMING' })).toEqual(refused('STATUS_NO_MATCH'));
    expect(create({ Medium: 'VENDOR_MEDIUM' })).toEqual(refused('STATUS_NO_MATCH'));
    const vendors = withStream({
      MediumsCount: 1,
      Mediums: ['VENDOR_MEDIUM', 'KSMEDIUM_STANDARD_ANYINSTANCE'],
    });
    expect(create({ Medium: 'VENDOR_MEDIUM' }, vendors)).toEqual(opens);
    expect(create({}, vendors)).toEqual(refused('STATUS_NO_MATCH'));
  });

  it('is refused beyond the streams and formats that the descriptor counts (G-081, G-082)', () => {
    const descriptor = stubDescriptor(1);
    const [info] = descriptor.StreamInfo;
    const uncounted = { ...descriptor, StreamInfo: info ? [info, info] : [] };
    expect(create({ PinId: 1 }, uncounted)).toEqual(refused(BAD));
    expect(create({}, withStream({ NumberOfFormatArrayEntries: 0 }))).toEqual(refused('STATUS_NO_MATCH'));
  });
});

describe('a minidriver that says that it has moved more bytes than there is room for (INV-038)', () => {
  const range = {
    ...{ FormatSize: 64, Flags: 0, SampleSize: 0 },
    MajorFormat: 'v',
    SubFormat: 's',
    Specifier: 'p',
  };
  const Pin = { PinId: 0, DataRanges: [range] };
  const requests: [string, Request, number][] = [
    ['a property', property({ OutputLength: 4 }), 4],
    ['a property of a stream', property({ FileObject: 'pin:0', OutputLength: 4 }), 4],
    ['a method', method({ OutputLength: 8 }), 8],
    [
      'a format',
      property({
        ...{ FileObject: 'pin:0', Set: 'KSPROPSETID_Connection', Id: 'KSPROPERTY_CONNECTION_DATAFORMAT' },
        OutputLength: 64,
      }),
      64,
    ],
    [
      'a data intersection',
      pinProperty('KSPROPERTY_PIN_DATAINTERSECTION', { InputLength: 104, OutputLength: 64, Pin }),
      64,
    ],
  ];

  it.each(requests)('fails with %s', (_, request, room) => {
    const fails = (bytes: number, Status: NTSTATUS = OK): boolean => {
      const commands = ['SRB_GET_DEVICE_PROPERTY', 'SRB_GET_DATA_INTERSECTION'] as const;
      const answers = Object.fromEntries(commands.map((command) => [command, Status]));
      const minidriver = propertyMinidriver({ bytes, answers });
      const { run } = play({ bursts: [...opened, [request]], minidriver });
      const { status, error } = run.world.snapshot('minidriver') ?? {};
      if (status === 'error') expect(String(error)).toContain('INV-038');
      return status === 'error';
    };
    expect(fails(room)).toBe(false);
    expect(fails(room + 1)).toBe(true);
    // Then it is the size that the client needs (G-026).
    if (request === requests[0]?.[1]) expect(fails(room + 1, 'STATUS_BUFFER_OVERFLOW')).toBe(false);
  });
});
