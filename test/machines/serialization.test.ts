import fc from 'fast-check';
import type { NTSTATUS, PnpDecision, PropertyRequest } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { checkedUnserialization } from '../../machines/propertySerialization.js';
import { everySchedule } from './everyIoctlSchedule.js';
import { type Asking, answersOf, ask, asked, files, printed, property } from './ioctlRequests.js';
import { play, unhandled } from './play.js';
import { OTHER_SET, propertyMinidriver, SET } from './propertyMinidriver.js';
import { opened } from './requests.js';
import type { Request } from './scriptedRequester.js';

/** KSPROPERTY_TYPE_SERIALIZESET and KSPROPERTY_TYPE_UNSERIALIZESET (G-033). */

const OK = 'STATUS_SUCCESS';
const CANCELLED = 'STATUS_CANCELLED';
const commands = {
  'filter:0': { get: 'SRB_GET_DEVICE_PROPERTY 0', set: 'SRB_SET_DEVICE_PROPERTY 0' },
  'pin:0': { get: 'SRB_GET_STREAM_PROPERTY 2', set: 'SRB_SET_STREAM_PROPERTY 2' },
} as const;
const commandsOf = (file: string) => commands[file === 'pin:0' ? 'pin:0' : 'filter:0'];

const serialize = (change: Partial<PropertyRequest> = {}) =>
  property({ Flags: 'KSPROPERTY_TYPE_SERIALIZESET', OutputLength: 96, ...change });
const unserialize = (Value: object, change: Partial<PropertyRequest> = {}) =>
  property({ Flags: 'KSPROPERTY_TYPE_UNSERIALIZESET', OutputLength: 92, Value, ...change });

const NO_TYPE = { Set: 'GUID_NULL', Id: 0 };
const serial = (Id: number, Value: number, PropertyLength = 4) => ({
  PropTypeSet: Id === 1 ? { Set: 'KSPROPTYPESETID_General', Id: 'VT_I4' } : NO_TYPE,
  ...{ Id, PropertyLength, Value: { Value } },
});
const header = (...Properties: readonly object[]) => {
  return { PropertySet: SET, Count: Properties.length, Properties };
};

describe('a property set', () => {
  for (const FileObject of files) {
    const { get, set } = commandsOf(FileObject);
    const gets = [
      `${get} ${SET} 1 KSPROPERTY_TYPE_GET instance none set 0 in 24 out 4 value none`,
      `${get} ${SET} 9 KSPROPERTY_TYPE_GET instance none set 0 in 24 out 8 value none`,
    ];
    const sets = [
      `${set} ${SET} 9 KSPROPERTY_TYPE_SET instance none set 0 in 24 out 4 value 60`,
      `${set} ${SET} 1 KSPROPERTY_TYPE_SET instance none set 0 in 24 out 4 value 70`,
    ];

    it(`of ${FileObject} is serialized by one get after the other, in the order of the table`, () => {
      for (const off of [false, true]) {
        expect(asked(serialize({ FileObject }), { off })).toEqual({
          Status: OK,
          Information: 20 + (32 + 4) + (32 + 4),
          Output: header(serial(1, 50), serial(9, 50)),
          asked: gets,
        });
      }
    });

    it(`of ${FileObject} is unserialized by one set after the other, in the order of the buffer`, () => {
      for (const off of [false, true]) {
        const request = unserialize(header(serial(9, 60), serial(1, 70)), { FileObject });
        expect(asked(request, { off })).toEqual({ Status: OK, Information: 92, asked: sets });
      }
    });

    it(`of ${FileObject} ends with the first property that fails: no other is asked for`, () => {
      const failing = (...statuses: NTSTATUS[]): Asking => {
        const [command = ''] = get.split(' ');
        return { answers: { [command]: statuses } };
      };
      const fails = (asking: Asking) => asked(serialize({ FileObject }), asking);
      expect(fails(failing('STATUS_IO_DEVICE_ERROR'))).toEqual({
        ...{ Status: 'STATUS_IO_DEVICE_ERROR', Information: 0, asked: gets.slice(0, 1) },
      });
      expect(fails(failing(OK, 'STATUS_BUFFER_OVERFLOW'))).toEqual({
        ...{ Status: 'STATUS_BUFFER_OVERFLOW', Information: 0, asked: gets },
      });
    });

    it(`of ${FileObject} that is cancelled asks for no other property, whatever the minidriver says (D-043)`, () => {
      for (const keeps of [CANCELLED, OK] as const) {
        for (const blocks of [false, true]) {
          const cancel: Request = { type: 'IoCancelIrp', irp: 'client.irp0', FileObject };
          const p = ask([[serialize({ FileObject }), cancel]], { keeps, blocks });
          expect(answersOf(p).at(-1)).toEqual({ Status: CANCELLED, Information: 0 });
          expect(printed(p).filter((text) => text.startsWith('SRB_GET')).length).toBeLessThanOrEqual(1);
        }
      }
    });

    it(`of ${FileObject} whose device vanishes meanwhile is refused: the rest is asked of nobody (C-068)`, () => {
      const p = play({
        bursts: [...opened, [serialize({ FileObject })]],
        minidriver: propertyMinidriver({ keeps: OK }),
        life: [{ type: 'Unplug', when: { afterMs: 5 } }],
      });
      expect(unhandled(p)).toEqual([]);
      expect(answersOf(p).at(-1)).toEqual({ Status: 'STATUS_DEVICE_REMOVED', Information: 0 });
      expect(printed(p)).toEqual(gets.slice(0, 1));
    });

    it(`of ${FileObject} shares its queue with other requests (D-021)`, () => {
      const p = ask([[serialize({ FileObject }), serialize({ FileObject }), property({ FileObject })]]);
      const answers = answersOf(p).slice(2);
      expect(answers.filter(({ Information }) => Information === 92)).toHaveLength(2);
      expect(answers.filter(({ Information }) => Information === 4)).toHaveLength(1);
      expect(printed(p)).toHaveLength(5);
    });
  }

  it('of which nothing is serialized has a header only, and nobody is asked', () => {
    for (const [PropertySet, FileObject] of [
      [OTHER_SET, 'filter:0'],
      ['KSPROPSETID_Pin', 'filter:0'],
      ['KSPROPSETID_Connection', 'pin:0'],
    ] as const) {
      const empty = { PropertySet, Count: 0, Properties: [] };
      const answer = { Status: OK, Information: 20, asked: [] };
      expect(asked(serialize({ Set: PropertySet, FileObject, OutputLength: 20 }))).toEqual({
        ...answer,
        Output: empty,
      });
      expect(asked(unserialize(empty, { Set: PropertySet, FileObject, OutputLength: 20 }))).toEqual(answer);
    }
  });

  const bad: [string, object, NTSTATUS, number?][] = [
    ['a buffer without room for a header', header(), 'STATUS_INVALID_BUFFER_SIZE', 19],
    ['a buffer that ends in a value', header(serial(1, 1), serial(9, 1)), 'STATUS_INVALID_BUFFER_SIZE', 91],
    ['a count beyond its properties', { ...header(serial(1, 1)), Count: 2 }, 'STATUS_INVALID_BUFFER_SIZE'],
    ['the header of another set', { ...header(), PropertySet: OTHER_SET }, 'STATUS_INVALID_PARAMETER'],
    ['something else in its buffer', { Value: 1 }, 'STATUS_INVALID_PARAMETER'],
    ['a property that is none', header({ Id: 1 }), 'STATUS_INVALID_PARAMETER'],
    ['an unknown property (G-021)', header(serial(1, 1), serial(5, 1)), 'STATUS_NOT_FOUND'],
    ['a property that is not got (G-022)', header(serial(3, 1)), 'STATUS_NOT_FOUND'],
    ['a property that is not set (G-022)', header(serial(4, 1)), 'STATUS_NOT_FOUND'],
    ['a value of too few bytes (G-025)', header(serial(1, 1), serial(9, 1, 3)), 'STATUS_BUFFER_TOO_SMALL'],
  ];
  it.each(bad)(
    'to be unserialized with %s never reaches the minidriver (G-002)',
    (_, Value, Status, room) => {
      const OutputLength = room ?? 92;
      expect(asked(unserialize(Value, { OutputLength }))).toEqual({ Status, Information: 0, asked: [] });
    },
  );

  it('is unserialized exactly if every property could be set by itself and the buffer holds all', () => {
    const item = (PropertyId: number, MinData: number) => ({
      ...{ PropertyId, GetSupported: true, SetSupported: true, MinProperty: 24 },
      ...{ MinData, SerializedSize: 8 },
    });
    const table = {
      set: { Set: SET, PropertiesCount: 3, PropertyItem: [item(0, 0), item(1, 4), item(2, 8)] },
      index: 0,
    };
    const serials = fc.array(fc.record({ Id: fc.nat(3), PropertyLength: fc.nat(9), Value: fc.object() }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(serials, fc.nat(5), fc.integer({ min: 0, max: 200 }), (Properties, Count, OutputLength) => {
        const Value = { PropertySet: SET, Count, Properties };
        const request: PropertyRequest = {
          ...{ type: 'IOCTL_KS_PROPERTY', irp: 'client.irp0', FileObject: 'filter:0', InputLength: 24 },
          ...{ Set: SET, Id: 0, Flags: 'KSPROPERTY_TYPE_UNSERIALIZESET', OutputLength, Value },
        };
        const counted = Properties.slice(0, Count);
        const bytes = counted.reduce((sum, { PropertyLength }) => sum + 32 + PropertyLength, 20);
        const isSound =
          Count <= Properties.length &&
          bytes <= OutputLength &&
          counted.every(({ Id, PropertyLength }) => Id < 3 && PropertyLength >= 4 * Id);
        const outcome = checkedUnserialization(request, table);
        const steps = 'steps' in outcome ? outcome.steps : [];
        if (!isSound) {
          expect('Status' in outcome && outcome.Status).not.toBe(OK);
          expect(outcome).toHaveProperty('Status');
        } else if (counted.length === 0) {
          expect(outcome).toEqual({ Status: OK, Information: 20 });
        }
        expect(
          steps.map(({ PropertyInfo: { Property, PropertyInfo, PropertyOutputSize } }) => ({
            ...{ Id: Property.Id, Value: PropertyInfo, PropertyLength: PropertyOutputSize },
          })),
        ).toEqual(isSound ? counted : []);
      }),
    );
  });
});

describe('in every schedule a serialized set is answered once', () => {
  const sets = [serialize(), serialize({ FileObject: 'pin:0' })];
  const sound = async (burst: readonly Request[], asking: Asking, life: readonly PnpDecision[] = []) => {
    const outcome = await everySchedule([burst], asking, life);
    expect(outcome.violations.map(({ property: name, message }) => `${name}: ${message}`)).toEqual([]);
    expect([outcome.verdict, outcome.exhausted]).toEqual(['holds', true]);
    return outcome.witnesses;
  };

  it('when it is cancelled', async () => {
    const cancels: Request[] = [
      { type: 'IoCancelIrp', irp: 'client.irp0', FileObject: 'filter:0' },
      { type: 'IoCancelIrp', irp: 'client.irp1', FileObject: 'pin:0' },
    ];
    const witnesses = await sound([...sets, ...cancels], {});
    expect(witnesses['a request is let go of']?.reached).toBe(true);
  });

  it('when the plug is pulled: the rest of it is asked of nobody (C-068)', async () => {
    const witnesses = await sound(sets, {}, [{ type: 'Unplug', when: { afterMs: 5 } }]);
    expect(witnesses['a request is refused as gone']?.reached).toBe(true);
  });
});
