import { type DataFormatQuestion, dataFormatRequest, type KSDATAFORMAT } from 'interlace/stream-class';
import { describe, expect, it } from 'vitest';
import { camera } from '../../examples/minidrivers/camera.js';
import { cameraSystem } from '../../examples/scenarios/cameraSystem.js';
import { formatsScenario } from '../../examples/scenarios/formats.js';
import { answersOf } from '../machines/ioctlRequests.js';
import { play } from '../machines/play.js';
import { openFilter, openPin } from '../machines/requests.js';
import { playCamera } from './cameraRun.js';

const OK = 'STATUS_SUCCESS';
const NOT_SUPPORTED = 'STATUS_NOT_SUPPORTED';

const sensor: KSDATAFORMAT = {
  ...{ FormatSize: 64, Flags: 0, SampleSize: 10_000 },
  MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO',
  SubFormat: 'MEDIASUBTYPE_IYUV',
  Specifier: 'KSDATAFORMAT_SPECIFIER_VIDEOINFO',
  VideoInfoHeader: { AvgTimePerFrame: 400_000, biSizeImage: 10_000 },
};
const every = (pictures: number, biSizeImage = 10_000): KSDATAFORMAT => ({
  ...sensor,
  VideoInfoHeader: { AvgTimePerFrame: pictures * 400_000, biSizeImage },
});

/** What a camera answers about formats, one question after the other; it is opened with its own. */
function answers(...questions: readonly DataFormatQuestion[]) {
  const requests = questions.map((question) => {
    const { irp: _, ...request } = dataFormatRequest('client.irp0', 'pin:0', question);
    return [request];
  });
  const p = play({
    bursts: [[openFilter], [openPin({ DataFormat: sensor })], ...requests],
    minidriver: camera(sensor),
  });
  return answersOf(p).slice(2);
}

describe('the camera', () => {
  it('takes its own format and whole parts of its frame rate, and nothing that it cannot deliver', () => {
    const offers: [KSDATAFORMAT, string][] = [
      [sensor, OK],
      [every(2), OK],
      [every(7), OK],
      // No size but its own, no faster, no half a picture.
      [every(1, 2500), NOT_SUPPORTED],
      [{ ...every(1), SampleSize: 2500 }, NOT_SUPPORTED],
      [every(0.5), NOT_SUPPORTED],
      [every(1.5), NOT_SUPPORTED],
      [every(0), NOT_SUPPORTED],
    ];
    for (const type of ['propose', 'set'] as const) {
      const statuses = answers(...offers.map(([format]) => ({ type, format }))).map(({ Status }) => Status);
      expect(statuses).toEqual(offers.map(([, status]) => status));
    }
  });

  it('has the format that was set last with success; a proposal changes nothing', () => {
    const got = answers(
      ...[{ type: 'propose', format: every(3) } as const, { type: 'get' } as const],
      ...[{ type: 'set', format: every(2) } as const, { type: 'get' } as const],
      ...[{ type: 'set', format: every(1.5) } as const, { type: 'get' } as const],
    ).filter(({ Output }) => Output);
    expect(got.map(({ Output }) => Output)).toEqual([sensor, every(2), every(2)]);
  });

  it('is not opened with a format that it cannot deliver (A-070)', () => {
    const p = play({
      bursts: [[openFilter], [openPin({ DataFormat: every(1, 2500) })]],
      minidriver: camera(sensor),
    });
    expect(answersOf(p).map(({ Status }) => Status)).toEqual([OK, 'STATUS_NOT_IMPLEMENTED']);
  });
});

describe('the scenario', () => {
  it('has every other picture arrive, whatever the schedule', () => {
    for (const seed of [1, 2, 3]) {
      const { delivered, stream, steps } = playCamera({ scenario: formatsScenario, seed, frames: 8 });
      expect(delivered).toEqual([0, 2, 4, 6]);
      expect(stream).toMatchObject({ faults: [] });
      const [, , small, slow, set, got] = answersOf({ steps });
      expect([small?.Status, slow?.Status, set?.Status]).toEqual([NOT_SUPPORTED, OK, OK]);
      expect(got?.Output).toMatchObject({ VideoInfoHeader: { AvgTimePerFrame: 800_000 } });
    }
  });

  it('of who must have what the camera cannot deliver ends before the stream runs', () => {
    const { delivered } = playCamera({
      scenario: {
        ...formatsScenario,
        system: (options) =>
          cameraSystem('refused', options, {
            formats: (own) => [{ type: 'set', format: { ...own, SampleSize: 1 } }],
          }),
      },
      frames: 4,
    });
    expect(delivered).toEqual([]);
  });
});
