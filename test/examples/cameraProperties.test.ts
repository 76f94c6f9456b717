import type { ClientQuestion } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import {
  CAMERA_PROPERTYSET,
  deviceProperties,
  KSPROPERTY_VIDEOPROCAMP_BRIGHTNESS as ID,
  PROPSETID_VIDCAP_VIDEOPROCAMP as SET,
} from '../../examples/minidrivers/cameraProperties.js';
import { propertiesScenario } from '../../examples/scenarios/properties.js';
import { bundled } from '../../src/cli/catalog.js';
import { interlace } from '../cli/commandLine.js';
import { answersOf } from '../machines/ioctlRequests.js';
import { type Play, play, realCamera } from '../machines/play.js';
import { opened } from '../machines/requests.js';
import type { Request } from '../machines/scriptedRequester.js';
import { playCamera } from './cameraRun.js';

const OK = 'STATUS_SUCCESS';

const property = (change: Partial<ClientQuestion> = {}): Request => {
  const { object = 'filter', ...rest } = change;
  return {
    type: 'IOCTL_KS_PROPERTY',
    FileObject: `${object}:0`,
    InputLength: 36,
    ...{ Set: SET, Id: ID, Flags: 'KSPROPERTY_TYPE_GET' },
    OutputLength: 36,
    Value: {},
    ...rest,
  };
};
const brighten = (Value: number): Request => property({ Flags: 'KSPROPERTY_TYPE_SET', Value: { Value } });

function asked(...requests: Request[]) {
  const p: Play = play({
    bursts: [...opened, ...requests.map((request) => [request])],
    minidriver: realCamera,
  });
  return answersOf(p).slice(opened.length);
}

describe('the camera', () => {
  it('remembers its brightness, and refuses what is out of range', () => {
    const Flags = 'KSPROPERTY_VIDEOPROCAMP_FLAGS_MANUAL';
    const brightness = (Value: number) => ({ Value, Flags, Capabilities: Flags });
    expect(asked(property(), brighten(200), property(), brighten(256), brighten(-1), property())).toEqual([
      { Status: OK, Information: 36, Output: brightness(128) },
      { Status: OK, Information: 36 },
      { Status: OK, Information: 36, Output: brightness(200) },
      { Status: 'STATUS_INVALID_PARAMETER', Information: 0 },
      { Status: 'STATUS_INVALID_PARAMETER', Information: 0 },
      { Status: OK, Information: 36, Output: brightness(200) },
    ]);
  });

  it('has a table from which the class driver tells range and default (G-030)', () => {
    const [answer] = asked(property({ Flags: 'KSPROPERTY_TYPE_BASICSUPPORT', OutputLength: 92 }));
    const MembersList = deviceProperties[0]?.PropertyItem[0]?.Values?.MembersList;
    expect(answer).toMatchObject({ Status: OK, Information: 40 + (16 + 16) + (16 + 4) });
    expect(answer?.Output).toMatchObject({ DescriptionSize: 92, MembersListCount: 2, MembersList });
    expect(MembersList?.[1]?.Members).toEqual([{ Value: 128 }]);
  });

  it('has a default brightness, which the class driver tells from the same table', () => {
    const Flags = 'KSPROPERTY_TYPE_DEFAULTVALUES';
    const defaults = (OutputLength: number) => property({ Flags, OutputLength });
    const answers = asked(defaults(0), defaults(39), defaults(40), defaults(60));
    expect(answers.map(({ Status, Information }) => [Status, Information])).toEqual([
      ['STATUS_BUFFER_OVERFLOW', 60],
      ['STATUS_BUFFER_TOO_SMALL', 0],
      [OK, 40],
      [OK, 60],
    ]);
    expect(answers[2]?.Output).not.toHaveProperty('MembersList');
    expect(answers[3]?.Output).toMatchObject({
      MembersListCount: 1,
      MembersList: [{ Members: [{ Value: 128 }] }],
    });
  });

  it('has one format, and says how large it is (G-037)', () => {
    const range = {
      ...{ FormatSize: 64, Flags: 0, SampleSize: 0, MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO' },
      ...{ SubFormat: 'KSDATAFORMAT_SUBTYPE_NONE', Specifier: 'KSDATAFORMAT_SPECIFIER_NONE' },
    };
    const intersect = (OutputLength: number, ...DataRanges: (typeof range)[]): Request =>
      property({
        ...{ Set: 'KSPROPSETID_Pin', Id: 'KSPROPERTY_PIN_DATAINTERSECTION', OutputLength },
        InputLength: 40 + 64 * DataRanges.length,
        Pin: { PinId: 0, DataRanges },
      });
    const other = { ...range, SubFormat: 'MEDIASUBTYPE_YUY2' };
    expect(
      asked(intersect(64, other, range), intersect(0, range), intersect(63, range), intersect(64, other)),
    ).toEqual([
      { Status: OK, Information: 64, Output: range },
      { Status: 'STATUS_BUFFER_OVERFLOW', Information: 64 },
      { Status: 'STATUS_BUFFER_TOO_SMALL', Information: 0 },
      { Status: 'STATUS_NO_MATCH', Information: 0 },
    ]);
  });

  it('says what state its stream is in (C-060), and how many reads it holds', () => {
    const pin = { object: 'pin', InputLength: 24, OutputLength: 4 } as const;
    const state = property({ ...pin, Set: 'KSPROPSETID_Connection', Id: 'KSPROPERTY_CONNECTION_STATE' });
    const held = property({ ...pin, Set: CAMERA_PROPERTYSET, Id: 1 });
    expect(asked(state, held).map(({ Output }) => Output)).toEqual([
      { State: 'KSSTATE_STOP' },
      { HeldReads: 0 },
    ]);
  });
});

describe('the scenario', () => {
  it('loses no frame over its questions, and gets its answers while it streams', () => {
    for (const seed of [1, 2, 3]) {
      const { steps, delivered } = playCamera({ scenario: propertiesScenario, seed, frames: 6 });
      expect(delivered).toEqual([0, 1, 2, 3, 4, 5]);
      const answers = answersOf({ steps }).filter(
        ({ Information }) => Information === 36 || Information === 4,
      );
      expect(answers.map(({ Status }) => Status)).toEqual([OK, OK]);
      expect(answers.find(({ Output }) => Output)?.Output).toEqual({ HeldReads: expect.any(Number) });
    }
  });

  it('is sound in every schedule', async () => {
    const { code, out } = await interlace(['check', 'properties', '--no-reduction', '--json'], {
      catalog: bundled,
    });
    const { verdict, exhausted } = JSON.parse(out);
    expect([code, verdict, exhausted]).toEqual([0, 'holds', true]);
  });
});
