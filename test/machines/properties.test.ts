import type { NTSTATUS, PropertyRequest } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { answersOf, ask, asked, files, pinProperty, printed, property } from './ioctlRequests.js';
import { OTHER_SET, SET } from './propertyMinidriver.js';
import { openPin, setState } from './requests.js';

const OK = 'STATUS_SUCCESS';

/** The commands of a property on a filter and on a pin, and the SRB's Flags. */
const commands = {
  'filter:0': { get: 'SRB_GET_DEVICE_PROPERTY 0', set: 'SRB_SET_DEVICE_PROPERTY 0' },
  'pin:0': { get: 'SRB_GET_STREAM_PROPERTY 2', set: 'SRB_SET_STREAM_PROPERTY 2' },
} as const;

type Row = [string, Partial<PropertyRequest>, NTSTATUS, number?];

/** Requests that end in the class driver, with the bytes that their answers carry. */
const refused: Row[] = [
  ['G-012, less than a KSPROPERTY', { InputLength: 23 }, 'STATUS_INVALID_BUFFER_SIZE'],
  ['G-013, no buffer at its address', { Value: null }, 'STATUS_ACCESS_VIOLATION'],
  ['G-020, an unknown set', { Set: 'NOBODYS_PROPERTYSETID' }, 'STATUS_PROPSET_NOT_FOUND'],
  ['G-021, an unknown id', { Id: 5 }, 'STATUS_NOT_FOUND'],
  ['G-021, an id that the count does not cover', { Set: OTHER_SET, Id: 8 }, 'STATUS_NOT_FOUND'],
  ['G-022, a get that is not supported', { Id: 3 }, 'STATUS_NOT_FOUND'],
  ['G-022, a set that is not supported', { Id: 2, Flags: 'KSPROPERTY_TYPE_SET' }, 'STATUS_NOT_FOUND'],
  ['G-023, less than MinProperty', { Id: 2, InputLength: 27 }, 'STATUS_INVALID_BUFFER_SIZE'],
  ['G-024, a get without a buffer', { OutputLength: 0, Value: null }, 'STATUS_BUFFER_OVERFLOW', 4],
  ['G-025, a get with too small a buffer', { OutputLength: 3 }, 'STATUS_BUFFER_TOO_SMALL'],
  [
    'G-025, a set of too few bytes',
    { Flags: 'KSPROPERTY_TYPE_SET', OutputLength: 3 },
    'STATUS_BUFFER_TOO_SMALL',
  ],
  [
    'G-025, a set of nothing',
    { Flags: 'KSPROPERTY_TYPE_SET', OutputLength: 0, Value: null },
    'STATUS_BUFFER_TOO_SMALL',
  ],
  ['G-027, no flags', { Flags: '' }, 'STATUS_INVALID_PARAMETER'],
  ['G-027, get and set', { Flags: 'KSPROPERTY_TYPE_GET | KSPROPERTY_TYPE_SET' }, 'STATUS_INVALID_PARAMETER'],
  ['G-027, an unknown flag', { Flags: 'KSPROPERTY_TYPE_GET | 0x8' }, 'STATUS_INVALID_PARAMETER'],
  [
    'G-028, support of an unknown set',
    { Set: 'X', Flags: 'KSPROPERTY_TYPE_SETSUPPORT' },
    'STATUS_PROPSET_NOT_FOUND',
  ],
  [
    'G-029, too small for flags',
    { Flags: 'KSPROPERTY_TYPE_BASICSUPPORT', OutputLength: 3 },
    'STATUS_BUFFER_TOO_SMALL',
  ],
  [
    'G-031, too small for its handler',
    { Id: 4, Flags: 'KSPROPERTY_TYPE_BASICSUPPORT', InputLength: 23 },
    'STATUS_INVALID_BUFFER_SIZE',
  ],
  [
    'G-032, relations without a buffer',
    { Flags: 'KSPROPERTY_TYPE_RELATIONS', OutputLength: 0, Value: null },
    'STATUS_BUFFER_OVERFLOW',
    32,
  ],
  [
    'G-032, too small for all',
    { Flags: 'KSPROPERTY_TYPE_RELATIONS', OutputLength: 31 },
    'STATUS_BUFFER_TOO_SMALL',
  ],
  [
    'G-033, a serialized set without a buffer',
    { Flags: 'KSPROPERTY_TYPE_SERIALIZESET', OutputLength: 0, Value: null },
    'STATUS_BUFFER_OVERFLOW',
    // The header, and for properties 1 and 9 a header and the value; 3 cannot be got.
    20 + (32 + 4) + (32 + 8),
  ],
  [
    'G-033, a serialized set in too small a buffer',
    { Flags: 'KSPROPERTY_TYPE_SERIALIZESET', OutputLength: 95 },
    'STATUS_BUFFER_TOO_SMALL',
  ],
  [
    'default values of which none are declared',
    { Flags: 'KSPROPERTY_TYPE_DEFAULTVALUES' },
    'STATUS_NOT_FOUND',
  ],
  [
    'G-034, a raw unserialization',
    { Flags: 'KSPROPERTY_TYPE_UNSERIALIZERAW' },
    'STATUS_INVALID_DEVICE_REQUEST',
  ],
  ['G-034, a raw serialization', { Flags: 'KSPROPERTY_TYPE_SERIALIZERAW' }, 'STATUS_INVALID_DEVICE_REQUEST'],
];

describe('a request about a property', () => {
  for (const FileObject of files) {
    it.each(refused)(
      `of ${FileObject} with %s never reaches the minidriver (G-002)`,
      (_, change, Status, bytes = 0) => {
        expect(asked(property({ FileObject, ...change }))).toEqual({ Status, Information: bytes, asked: [] });
      },
    );

    it(`of ${FileObject} brings the minidriver its STREAM_PROPERTY_DESCRIPTOR (A-100)`, () => {
      const { get, set } = commands[FileObject === 'pin:0' ? 'pin:0' : 'filter:0'];
      expect(asked(property({ FileObject }))).toEqual({
        Status: OK,
        Information: 4,
        Output: { Value: 50 },
        asked: [`${get} ${SET} 1 KSPROPERTY_TYPE_GET instance none set 0 in 24 out 4 value none`],
      });
      const Flags = 'KSPROPERTY_TYPE_SET';
      expect(asked(property({ FileObject, Flags, Value: { Value: 60 } }))).toEqual({
        Status: OK,
        Information: 4,
        asked: [`${set} ${SET} 1 ${Flags} instance none set 0 in 24 out 4 value 60`],
      });
      const other = { Set: OTHER_SET, Id: 7, InputLength: 30, OutputLength: 9, Instance: { Instance: 5 } };
      expect(asked(property({ FileObject, ...other })).asked).toEqual([
        `${get} ${OTHER_SET} 7 KSPROPERTY_TYPE_GET instance 5 set 1 in 30 out 9 value none`,
      ]);
    });

    it(`of ${FileObject} with a node brings its flag along, and is judged by the others (A-101)`, () => {
      const Flags = 'KSPROPERTY_TYPE_GET | KSPROPERTY_TYPE_TOPOLOGY';
      const { Status, asked: heard } = asked(property({ FileObject, Flags }));
      expect([Status, heard.length]).toEqual([OK, 1]);
      expect(heard[0]).toContain(` ${Flags} `);
    });
  }

  it('is judged from its buffers to its set, its id, its flags and the item: the first failure is the answer (G-004)', () => {
    const faults: Partial<PropertyRequest>[] = [
      { InputLength: 23 },
      { Value: null },
      { Set: 'NOBODYS_PROPERTYSETID' },
      { Id: 5 },
      { Flags: '' },
      { Id: 3 },
      { Id: 2, InputLength: 27 },
    ];
    const statuses = [
      'STATUS_INVALID_BUFFER_SIZE',
      'STATUS_ACCESS_VIOLATION',
      'STATUS_PROPSET_NOT_FOUND',
      'STATUS_NOT_FOUND',
      'STATUS_INVALID_PARAMETER',
      'STATUS_NOT_FOUND',
      'STATUS_INVALID_BUFFER_SIZE',
    ];
    const first = (from: number) => Object.assign({}, ...faults.slice(from).reverse());
    const together = { OutputLength: 4 };
    expect(faults.map((_, from) => asked(property({ ...together, ...first(from) })).Status)).toEqual(
      statuses,
    );
  });

  it('sets what a later one gets, whichever way they come', () => {
    const set = property({ Flags: 'KSPROPERTY_TYPE_SET', Value: { Value: 70 } });
    for (const seed of [1, 2, 3]) {
      const p = ask([[set, property()], [property({ FileObject: 'pin:0' })]], { seed });
      expect(
        answersOf(p)
          .slice(2)
          .map(({ Output }) => Output),
      ).toEqual([undefined, { Value: 70 }, { Value: 70 }]);
    }
  });

  it('that fails carries no information, whatever the minidriver says; a buffer overflow the size (A-020, G-026, INV-035)', () => {
    const answered = (Status: NTSTATUS) =>
      asked(property({ Id: 2, InputLength: 28 }), { answers: { SRB_GET_DEVICE_PROPERTY: Status }, bytes: 4 });
    expect(answered('STATUS_IO_DEVICE_ERROR')).toMatchObject({
      Status: 'STATUS_IO_DEVICE_ERROR',
      Information: 0,
    });
    expect(answered('STATUS_BUFFER_OVERFLOW')).toMatchObject({
      Status: 'STATUS_BUFFER_OVERFLOW',
      Information: 4,
    });
    expect(answered('STATUS_BUFFER_OVERFLOW').Output).toBeUndefined();
    expect(answered('STATUS_NOT_IMPLEMENTED')).toMatchObject({
      Status: 'STATUS_NOT_IMPLEMENTED',
      Information: 0,
    });
  });
});

describe('a question for support', () => {
  const support = (OutputLength: number, change: Partial<PropertyRequest> = {}) =>
    asked(property({ Flags: 'KSPROPERTY_TYPE_BASICSUPPORT', OutputLength, ...change }), { bytes: 2 });
  const access = { AccessFlags: 'KSPROPERTY_TYPE_GET | KSPROPERTY_TYPE_SET' };

  it('of a set succeeds when it is declared, whatever the id (G-028)', () => {
    for (const declared of [SET, OTHER_SET, 'KSPROPSETID_Pin']) {
      const Flags = 'KSPROPERTY_TYPE_SETSUPPORT';
      const question = property({ Set: declared, Id: 99, Flags, OutputLength: 0, Value: null });
      expect(asked(question)).toEqual({ Status: OK, Information: 0, asked: [] });
    }
  });

  it('gets flags, or a description, or the values too, as the buffer allows (G-029, G-030)', () => {
    expect(support(4)).toEqual({ Status: OK, Information: 4, Output: access, asked: [] });
    expect(support(39)).toMatchObject({ Information: 4, Output: access });
    const description = {
      ...access,
      DescriptionSize: 72,
      PropTypeSet: { Set: 'KSPROPTYPESETID_General', Id: 'VT_I4' },
      MembersListCount: 1,
    };
    expect(support(40)).toEqual({ Status: OK, Information: 40, Output: description, asked: [] });
    expect(support(71)).toMatchObject({ Information: 40, Output: description });
    expect(support(72)).toMatchObject({
      Information: 72,
      Output: { ...description, MembersList: [{ Members: [{ SignedMinimum: 0, SignedMaximum: 100 }] }] },
    });
    expect(support(100, { Set: OTHER_SET, Id: 7 })).toMatchObject({
      Information: 40,
      Output: { DescriptionSize: 40, PropTypeSet: { Set: 'GUID_NULL', Id: 0 }, MembersListCount: 0 },
    });
    expect(support(4, { Id: 3 })).toMatchObject({ Output: { AccessFlags: 'KSPROPERTY_TYPE_SET' } });
  });

  it('goes to the minidriver as a get when it has a handler, who sees the flags (G-031)', () => {
    const Flags = 'KSPROPERTY_TYPE_BASICSUPPORT';
    expect(support(2, { Id: 4 }).asked).toEqual([
      `SRB_GET_DEVICE_PROPERTY 0 ${SET} 4 ${Flags} instance none set 0 in 24 out 2 value none`,
    ]);
  });

  it('gets the relations of a property, as far as the buffer goes (G-032, G-036)', () => {
    const Flags = 'KSPROPERTY_TYPE_RELATIONS';
    const related = (OutputLength: number) => asked(property({ Flags, OutputLength }));
    expect(related(8)).toEqual({ Status: OK, Information: 8, asked: [] });
    expect(related(32)).toEqual({ Status: OK, Information: 32, Output: [{ Set: SET, Id: 2 }], asked: [] });
  });

  it('gets the size of a serialized set (G-033)', () => {
    const Flags = 'KSPROPERTY_TYPE_SERIALIZESIZE';
    expect(asked(property({ Flags }))).toEqual({
      Status: OK,
      Information: 4,
      Output: { Size: 96 },
      asked: [],
    });
  });
});

describe('KSPROPSETID_Pin', () => {
  it('is answered from the stream descriptor (A-092, J61)', () => {
    const answer = (id: string, OutputLength = 8) => asked(pinProperty(id, { OutputLength }));
    const Output = (id: string) => answer(id).Output;
    expect(answer('KSPROPERTY_PIN_CTYPES')).toEqual({
      Status: OK,
      Information: 4,
      Output: { PinTypes: 1 },
      asked: [],
    });
    expect(Output('KSPROPERTY_PIN_CINSTANCES')).toEqual({ PossibleCount: 2, CurrentCount: 1 });
    expect(Output('KSPROPERTY_PIN_DATAFLOW')).toEqual({ DataFlow: 'KSPIN_DATAFLOW_OUT' });
    expect(Output('KSPROPERTY_PIN_COMMUNICATION')).toEqual({ Communication: 'KSPIN_COMMUNICATION_SINK' });
    // Each range begins at a multiple of 8 bytes.
    expect(answer('KSPROPERTY_PIN_DATARANGES', 0)).toMatchObject({ Information: 8 + 64 + 104 });
    expect(answer('KSPROPERTY_PIN_DATARANGES', 176).Output).toMatchObject([
      { FormatSize: 64 },
      { FormatSize: 100 },
    ]);
  });

  it('counts the instances that are open', () => {
    const p = ask([[openPin()], [pinProperty('KSPROPERTY_PIN_CINSTANCES', { OutputLength: 8 })]]);
    expect(answersOf(p).at(-1)?.Output).toEqual({ PossibleCount: 2, CurrentCount: 2 });
  });

  it('knows no pin beyond the streams (G-035), and nothing of a pin in a KSPROPERTY (G-023)', () => {
    const id = 'KSPROPERTY_PIN_DATAFLOW';
    for (const Pin of [{ PinId: 1 }, { PinId: -1 }])
      expect(asked(pinProperty(id, { Pin })).Status).toBe('STATUS_INVALID_PARAMETER');
    expect(asked(pinProperty(id, { InputLength: 31 })).Status).toBe('STATUS_INVALID_BUFFER_SIZE');
  });

  it('cannot be set (G-022), and is no set of a pin (G-020)', () => {
    const id = 'KSPROPERTY_PIN_CTYPES';
    expect(asked(pinProperty(id, { Flags: 'KSPROPERTY_TYPE_SET' })).Status).toBe('STATUS_NOT_FOUND');
    expect(asked(pinProperty(id, { FileObject: 'pin:0' })).Status).toBe('STATUS_PROPSET_NOT_FOUND');
  });
});

describe('KSPROPERTY_CONNECTION_STATE', () => {
  const state = (change: Partial<PropertyRequest>) =>
    property({
      FileObject: 'pin:0',
      Set: 'KSPROPSETID_Connection',
      Id: 'KSPROPERTY_CONNECTION_STATE',
      ...change,
    });

  it('that is no state is refused (G-039), and so is one of too few bytes (G-025)', () => {
    const Flags = 'KSPROPERTY_TYPE_SET';
    const fails = (change: Partial<PropertyRequest>) => asked(state({ Flags, ...change })).Status;
    expect(fails({ Value: { State: 4 } })).toBe('STATUS_INVALID_PARAMETER');
    expect(fails({ Value: { State: 'KSSTATE_WALK' } })).toBe('STATUS_INVALID_PARAMETER');
    expect(fails({ Value: {} })).toBe('STATUS_INVALID_PARAMETER');
    expect(fails({ Value: { State: 'KSSTATE_PAUSE' }, OutputLength: 3 })).toBe('STATUS_BUFFER_TOO_SMALL');
    expect(asked(setState('KSSTATE_PAUSE')).Status).toBe(OK);
  });

  it('is got from the minidriver (C-060, J54)', () => {
    expect(asked(state({}))).toEqual({
      Status: OK,
      Information: 4,
      Output: { State: 'KSSTATE_PAUSE' },
      asked: ['SRB_GET_STREAM_STATE 2 asks for the state'],
    });
  });

  it('is no property of a filter (G-020)', () => {
    expect(asked(state({ FileObject: 'filter:0' })).Status).toBe('STATUS_PROPSET_NOT_FOUND');
  });

  it('goes through the same queue as the properties of the stream, in the order of arrival (D-021)', () => {
    const p = ask([[setState('KSSTATE_PAUSE'), property({ FileObject: 'pin:0' }), state({})]]);
    expect(printed(p).map((text) => text.split(' ')[0])).toEqual([
      'SRB_GET_STREAM_PROPERTY',
      'SRB_GET_STREAM_STATE',
    ]);
  });
});
