import fc from 'fast-check';
import {
  defaultDataFormat,
  type KSDATAFORMAT,
  type KSSTATE,
  type NTSTATUS,
  type PropertyRequest,
} from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { connectionProperty } from '../../machines/connectionProperties.js';
import { answersOf, ask, asked, printed, property } from './ioctlRequests.js';
import { opened, setState } from './requests.js';
import { stubDescriptor } from './stubMinidriver.js';

/** KSPROPERTY_CONNECTION_DATAFORMAT and KSPROPERTY_CONNECTION_PROPOSEDATAFORMAT (C-059). */

const OK = 'STATUS_SUCCESS';
const DATAFORMAT = 'KSPROPERTY_CONNECTION_DATAFORMAT';
const PROPOSEDATAFORMAT = 'KSPROPERTY_CONNECTION_PROPOSEDATAFORMAT';

const connection = (Id: string, change: Partial<PropertyRequest>) =>
  property({ FileObject: 'pin:0', Set: 'KSPROPSETID_Connection', Id, ...change });
const offer = (
  Id: string,
  format: Partial<KSDATAFORMAT> = {},
  OutputLength = 64,
  change: Partial<PropertyRequest> = {},
) =>
  connection(Id, {
    Flags: 'KSPROPERTY_TYPE_SET',
    OutputLength,
    Value: { ...defaultDataFormat, ...format },
    ...change,
  });
const get = (OutputLength: number) => connection(DATAFORMAT, { OutputLength });
const commands = { [DATAFORMAT]: 'SRB_SET_DATA_FORMAT', [PROPOSEDATAFORMAT]: 'SRB_PROPOSE_DATA_FORMAT' };

for (const [id, command] of Object.entries(commands)) {
  describe(`a format for ${command}`, () => {
    it('is brought to the minidriver, whose status is the answer', () => {
      const heard = [`${command} 2 ${defaultDataFormat.SubFormat} size 0`];
      const none = { Information: 0, asked: heard };
      expect(asked(offer(id), { bytes: 0 })).toEqual({ Status: OK, ...none });
      for (const Status of ['STATUS_NOT_SUPPORTED', 'STATUS_NOT_IMPLEMENTED'] as const) {
        const answers = { [command]: Status };
        expect(asked(offer(id), { answers })).toEqual({ Status, ...none });
      }
    });

    const bad: [string, ReturnType<typeof offer>, NTSTATUS][] = [
      ['fewer bytes than a KSDATAFORMAT (G-025)', offer(id, {}, 63), 'STATUS_BUFFER_TOO_SMALL'],
      ['a size below 64 (G-080)', offer(id, { FormatSize: 63 }), 'STATUS_INVALID_BUFFER_SIZE'],
      ['a size beyond its buffer (G-080)', offer(id, { FormatSize: 65 }), 'STATUS_INVALID_BUFFER_SIZE'],
      [
        'something else in its buffer',
        connection(id, { Flags: 'KSPROPERTY_TYPE_SET', OutputLength: 64, Value: { FormatSize: 64 } }),
        'STATUS_INVALID_PARAMETER',
      ],
      ['no range for it (G-082)', offer(id, { MajorFormat: 'KSDATAFORMAT_TYPE_AUDIO' }), 'STATUS_NO_MATCH'],
      ['no buffer (G-013)', offer(id, {}, 64, { Value: null }), 'STATUS_ACCESS_VIOLATION'],
      [
        'a filter as its object (G-020)',
        offer(id, {}, 64, { FileObject: 'filter:0' }),
        'STATUS_PROPSET_NOT_FOUND',
      ],
    ];
    it.each(bad)('with %s never reaches the minidriver (G-002)', (_, request, Status) => {
      expect(asked(request)).toEqual({ Status, Information: 0, asked: [] });
    });

    it('may be asked for in every state: what goes when, the minidriver knows', () => {
      const states: KSSTATE[] = ['KSSTATE_ACQUIRE', 'KSSTATE_PAUSE', 'KSSTATE_RUN'];
      for (let reached = 0; reached <= states.length; reached++) {
        const p = ask([...states.slice(0, reached).map((state) => [setState(state)]), [offer(id)]]);
        expect(printed(p)).toHaveLength(1);
      }
    });
  });
}

describe('the format of a stream', () => {
  it('is got from the minidriver; without a buffer its size, as the minidriver says (G-024, G-026)', () => {
    expect(asked(get(64), { bytes: 64 })).toMatchObject({
      Status: OK,
      Information: 64,
      Output: { FormatSize: 64, SubFormat: 'GUID_NULL' },
      asked: ['SRB_GET_DATA_FORMAT 2 none size 64'],
    });
    const answers = { SRB_GET_DATA_FORMAT: 'STATUS_BUFFER_OVERFLOW' } as const;
    const size = asked(get(0), { bytes: 64, answers });
    expect(size).toEqual({
      Status: 'STATUS_BUFFER_OVERFLOW',
      Information: 64,
      asked: ['SRB_GET_DATA_FORMAT 2 none size 0'],
    });
  });

  it('is proposed, and a proposal is not got (G-022)', () => {
    const { Status, asked: heard } = asked(connection(PROPOSEDATAFORMAT, { OutputLength: 64 }));
    expect([Status, heard]).toEqual(['STATUS_NOT_FOUND', []]);
  });

  it('goes through the control queue in the order of arrival (D-021)', () => {
    const p = ask([[offer(PROPOSEDATAFORMAT), offer(DATAFORMAT), get(64)]], { bytes: 0 });
    expect(printed(p).map((text) => text.split(' ')[0])).toEqual([
      'SRB_PROPOSE_DATA_FORMAT',
      'SRB_SET_DATA_FORMAT',
      'SRB_GET_DATA_FORMAT',
    ]);
    expect(answersOf(p)).toHaveLength(opened.length + 3);
  });

  it('reaches the minidriver exactly when it is as long as it says and in a range of the stream', () => {
    const info = stubDescriptor(1).StreamInfo[0];
    const stream = { StreamObject: 'pin:0', StreamNumber: 0, TimeoutOriginal: 2 } as const;
    const header = { ...stream, Flags: 2 } as const;
    const types = ['KSDATAFORMAT_TYPE_VIDEO', 'KSDATAFORMAT_TYPE_AUDIO'];
    fc.assert(
      fc.property(
        fc.integer({ min: 56, max: 72 }),
        fc.integer({ min: 56, max: 72 }),
        fc.constantFrom(...types),
        fc.constantFrom(DATAFORMAT, PROPOSEDATAFORMAT),
        (OutputLength, FormatSize, MajorFormat, Id) => {
          const Value = { ...defaultDataFormat, FormatSize, MajorFormat };
          const request: PropertyRequest = {
            ...{ type: 'IOCTL_KS_PROPERTY', irp: 'client.irp0', FileObject: 'pin:0', InputLength: 24 },
            ...{ Set: 'KSPROPSETID_Connection', Id, Flags: 'KSPROPERTY_TYPE_SET', OutputLength, Value },
          };
          const outcome = connectionProperty(request, 'set', header, info);
          const isSound = FormatSize >= 64 && FormatSize <= OutputLength && MajorFormat === types[0];
          expect('type' in outcome && outcome.type === 'ControlRequest').toBe(isSound);
        },
      ),
    );
  });
});
