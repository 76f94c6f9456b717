import type { FileObject, KSDATARANGE, MethodRequest, NTSTATUS } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import {
  type Asking,
  answersOf,
  ask,
  asked,
  files,
  method,
  pinProperty,
  printed,
  unknown,
} from './ioctlRequests.js';
import { METHODS } from './propertyMinidriver.js';

const OK = 'STATUS_SUCCESS';

describe('a request for a method', () => {
  const refused: [string, Partial<MethodRequest>, NTSTATUS][] = [
    ['G-012, less than a KSMETHOD', { InputLength: 23 }, 'STATUS_INVALID_BUFFER_SIZE'],
    ['G-013, no buffer at its address', { Value: null }, 'STATUS_ACCESS_VIOLATION'],
    ['G-045, an unknown set', { Set: 'NOBODYS_METHODSETID' }, 'STATUS_PROPSET_NOT_FOUND'],
    ['G-045, an unknown id', { Id: 3 }, 'STATUS_NOT_FOUND'],
    ['G-045, a method that is not supported', { Id: 2 }, 'STATUS_NOT_FOUND'],
    ['G-027, no flags', { Flags: '' }, 'STATUS_INVALID_PARAMETER'],
    ['G-046, less than MinMethod', { InputLength: 27 }, 'STATUS_INVALID_BUFFER_SIZE'],
    ['G-047, less than MinData', { OutputLength: 7 }, 'STATUS_BUFFER_TOO_SMALL'],
  ];
  const srbs = { 'filter:0': 'SRB_DEVICE_METHOD 0', 'pin:0': 'SRB_STREAM_METHOD 2' };

  for (const FileObject of files) {
    it.each(refused)(`of ${FileObject} with %s never reaches the minidriver (G-002)`, (_, change, Status) => {
      expect(asked(method({ FileObject, ...change }))).toEqual({ Status, Information: 0, asked: [] });
    });

    it(`of ${FileObject} brings the minidriver its STREAM_METHOD_DESCRIPTOR, and its results back (A-102)`, () => {
      const srb = srbs[FileObject === 'pin:0' ? 'pin:0' : 'filter:0'];
      expect(asked(method({ FileObject }), { bytes: 8 })).toEqual({
        Status: OK,
        Information: 8,
        Output: { Factor: 21, Result: 42 },
        asked: [`${srb} ${METHODS} 1 KSMETHOD_TYPE_SEND set 0 in 28 out 8 factor 21`],
      });
    });

    it(`of ${FileObject} for support is answered from the tables (G-048)`, () => {
      const support = (Flags: string, OutputLength: number) =>
        asked(method({ FileObject, Flags, OutputLength }));
      expect(support('KSMETHOD_TYPE_SETSUPPORT', 0)).toEqual({ Status: OK, Information: 0, asked: [] });
      const Output = { Flags: 'KSMETHOD_TYPE_MODIFY' };
      expect(support('KSMETHOD_TYPE_BASICSUPPORT', 4)).toEqual({
        Status: OK,
        Information: 4,
        Output,
        asked: [],
      });
      expect(support('KSMETHOD_TYPE_BASICSUPPORT', 3).Status).toBe('STATUS_BUFFER_TOO_SMALL');
    });
  }
});

describe('an IRP that the class driver does not understand', () => {
  const commands = {
    'filter:0': 'SRB_UNKNOWN_DEVICE_COMMAND',
    'pin:0': 'SRB_UNKNOWN_STREAM_COMMAND',
  } as const;
  const of = (FileObject: FileObject) => commands[FileObject === 'pin:0' ? 'pin:0' : 'filter:0'];

  for (const FileObject of files) {
    it(`goes to the minidriver of ${FileObject} with its IRP (A-075, G-010)`, () => {
      const flags = FileObject === 'pin:0' ? 2 : 0;
      expect(asked(unknown({ FileObject }), { bytes: 3 })).toEqual({
        Status: OK,
        Information: 3,
        asked: [`${of(FileObject)} ${flags} IRP_MJ_DEVICE_CONTROL 4660 in 8 out 16`],
      });
    });

    it(`of ${FileObject} that the minidriver does not know either is no request of this device (G-010)`, () => {
      const answered = (status: NTSTATUS) =>
        asked(unknown({ FileObject }), { answers: { [of(FileObject)]: status } }).Status;
      expect(answered('STATUS_NOT_IMPLEMENTED')).toBe('STATUS_INVALID_DEVICE_REQUEST');
      expect(answered('STATUS_IO_DEVICE_ERROR')).toBe('STATUS_IO_DEVICE_ERROR');
    });
  }

  it('may be a read or a write, which are no data path (A-011)', () => {
    for (const type of ['IRP_MJ_READ', 'IRP_MJ_WRITE'] as const) {
      const { IoControlCode: _, ...request } = {
        IoControlCode: 0,
        ...unknown({ type, FileObject: 'pin:0' }),
      };
      expect(asked(request).asked).toEqual([`SRB_UNKNOWN_STREAM_COMMAND 2 ${type} none in 8 out 16`]);
    }
  });
});

describe('a data intersection', () => {
  const range = (SubFormat: string, FormatSize = 64): KSDATARANGE => ({
    ...{ FormatSize, Flags: 0, SampleSize: 0 },
    ...{ MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO', SubFormat, Specifier: 'KSDATAFORMAT_SPECIFIER_NONE' },
  });
  const intersect = (DataRanges: readonly KSDATARANGE[], change = {}) =>
    pinProperty('KSPROPERTY_PIN_DATAINTERSECTION', {
      InputLength: 40 + 64 * DataRanges.length,
      OutputLength: 64,
      Pin: { PinId: 0, DataRanges },
      ...change,
    });
  const three = intersect([range('first'), range('second'), range('third')]);
  const answering = (...SRB_GET_DATA_INTERSECTION: NTSTATUS[]): Asking => ({
    answers: { SRB_GET_DATA_INTERSECTION },
    bytes: 64,
  });
  const srb = (SubFormat: string, size = 64) =>
    `SRB_GET_DATA_INTERSECTION 0 stream 0 ${SubFormat} size ${size}`;

  it('asks for one range after the other until one matches, and brings its format back (G-037, A-103)', () => {
    expect(asked(three, answering('STATUS_NO_MATCH', OK))).toEqual({
      Status: OK,
      Information: 64,
      Output: { SubFormat: 'second' },
      asked: [srb('first'), srb('second')],
    });
  });

  it('finds nothing when no range matches, whatever the minidriver calls that (G-037)', () => {
    expect(
      asked(three, answering('STATUS_NO_MATCH', 'STATUS_IO_DEVICE_ERROR', 'STATUS_NOT_IMPLEMENTED')),
    ).toEqual({
      Status: 'STATUS_NO_MATCH',
      Information: 0,
      asked: [srb('first'), srb('second'), srb('third')],
    });
  });

  it('ends with a format that does not fit: its size is the answer (G-026)', () => {
    const request = intersect([range('first'), range('second')], { OutputLength: 0, Value: null });
    expect(asked(request, answering('STATUS_BUFFER_OVERFLOW'))).toEqual({
      Status: 'STATUS_BUFFER_OVERFLOW',
      Information: 64,
      asked: [srb('first', 0)],
    });
    expect(asked(three, answering('STATUS_BUFFER_TOO_SMALL'))).toMatchObject({
      Status: 'STATUS_BUFFER_TOO_SMALL',
      Information: 0,
      asked: [srb('first')],
    });
  });

  it('with bad ranges never reaches the minidriver (G-002, G-035, G-037, G-038)', () => {
    const fails = (request: typeof three, Status: NTSTATUS) =>
      expect(asked(request)).toEqual({ Status, Information: 0, asked: [] });
    fails(intersect([range('small', 63)]), 'STATUS_INVALID_BUFFER_SIZE');
    fails(intersect([range('big', 65)]), 'STATUS_INVALID_BUFFER_SIZE');
    fails(intersect([range('a'), range('b')], { InputLength: 40 + 64 }), 'STATUS_INVALID_BUFFER_SIZE');
    fails(intersect([range('a')], { InputLength: 39 }), 'STATUS_INVALID_BUFFER_SIZE');
    fails(intersect([range('a')], { Pin: { PinId: 1 } }), 'STATUS_INVALID_PARAMETER');
    fails(intersect([]), 'STATUS_NO_MATCH');
  });

  it('lets a range of odd size be followed at the next multiple of 8, and end where it ends (G-038)', () => {
    const ranges = [range('first', 65), range('second', 65)];
    const { asked: heard } = asked(
      intersect(ranges, { InputLength: 40 + 72 + 65 }),
      answering('STATUS_NO_MATCH'),
    );
    expect(heard).toEqual([srb('first'), srb('second')]);
  });

  it('goes on at its turn: others may come in between (D-021)', () => {
    for (const seed of [1, 2, 3]) {
      const p = ask([[three, unknown()]], { ...answering('STATUS_NO_MATCH', 'STATUS_NO_MATCH'), seed });
      expect(printed(p).map((text) => text.split(' ')[4] ?? '')).toEqual(['first', 'in', 'second']);
      expect(
        answersOf(p)
          .slice(2)
          .map(({ Status }) => Status),
      ).toEqual([OK, OK]);
    }
  });
});
