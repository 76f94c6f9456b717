import { type DataFormatQuestion, dataFormatRequest, type KSDATAFORMAT } from 'interlace/stream-class';
import { expect, it } from 'vitest';
import { player } from '../../examples/minidrivers/player.js';
import { answersOf } from '../machines/ioctlRequests.js';
import { play } from '../machines/play.js';
import { openFilter, openPin } from '../machines/requests.js';

const video: KSDATAFORMAT = {
  ...{ FormatSize: 64, Flags: 0, SampleSize: 4608, MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO' },
  ...{ SubFormat: 'MEDIASUBTYPE_IYUV', Specifier: 'KSDATAFORMAT_SPECIFIER_NONE' },
};
const audio: KSDATAFORMAT = { ...video, SampleSize: 3840, MajorFormat: 'KSDATAFORMAT_TYPE_AUDIO' };

it('the player says what format each stream has, and takes no samples of another size', () => {
  const larger = { ...audio, SampleSize: 7680 };
  const questions: DataFormatQuestion[] = [
    { type: 'get' },
    { type: 'propose', format: larger },
    { type: 'set', format: larger },
    { type: 'set', format: audio },
  ];
  const requests = questions.map((question) => {
    const { irp: _, ...request } = dataFormatRequest('client.irp0', 'pin:0', question);
    return [request];
  });
  const p = play({
    bursts: [[openFilter], [openPin({ PinId: 1, DataFormat: audio })], ...requests],
    minidriver: player([video, audio]),
  });
  const [, , got, ...statuses] = answersOf(p);
  expect(got).toEqual({ Status: 'STATUS_SUCCESS', Information: 64, Output: audio });
  expect(statuses.map(({ Status }) => Status)).toEqual([
    'STATUS_NOT_SUPPORTED',
    'STATUS_NOT_SUPPORTED',
    'STATUS_SUCCESS',
  ]);
});
