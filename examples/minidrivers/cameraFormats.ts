import type { HW_STREAM_REQUEST_BLOCK, KSDATAFORMAT, KSDATARANGE, NTSTATUS } from 'interlace/stream-class';
import { giveFormat } from './dataFormats.js';

/** What the camera keeps of the format of its stream. */
export interface Pace {
  /** So many pictures of the sensor make one frame of the stream: 1 at its own rate, 2 at half of it. */
  picturesPerFrame: number;
  /** Pictures to come that are in no frame. */
  picturesToSkip: number;
}

/** The range that the camera declares: what a format says of time is not in it. */
export function rangeOf({ VideoInfoHeader: _, ...range }: KSDATAFORMAT): KSDATARANGE {
  return range;
}

/** The pace of a format; `undefined` when the camera cannot deliver it: it neither scales nor converts, and skips whole pictures only. */
function picturesPerFrame(sensor: KSDATAFORMAT, format: KSDATAFORMAT): number | undefined {
  const isOurs =
    format.MajorFormat === sensor.MajorFormat &&
    format.SubFormat === sensor.SubFormat &&
    format.Specifier === sensor.Specifier &&
    format.SampleSize === sensor.SampleSize;
  if (!isOurs) return undefined;
  const asked = format.VideoInfoHeader;
  // Who says nothing of time and size takes what comes.
  if (!asked) return 1;
  const { AvgTimePerFrame = 0, biSizeImage = 0 } = sensor.VideoInfoHeader ?? {};
  const pictures = asked.AvgTimePerFrame / AvgTimePerFrame;
  return asked.biSizeImage === biSizeImage && Number.isInteger(pictures) && pictures > 0
    ? pictures
    : undefined;
}

/** Takes the format with which a stream is opened, or that it is to switch to. */
export function setFormat(pace: Pace, sensor: KSDATAFORMAT, srb: HW_STREAM_REQUEST_BLOCK): NTSTATUS {
  const { OpenFormat } = srb.CommandData;
  const pictures = OpenFormat && picturesPerFrame(sensor, OpenFormat);
  if (!pictures) return 'STATUS_NOT_SUPPORTED';
  if (srb.Command === 'SRB_PROPOSE_DATA_FORMAT') return 'STATUS_SUCCESS';
  pace.picturesPerFrame = pictures;
  pace.picturesToSkip = 0;
  return 'STATUS_SUCCESS';
}

/** SRB_GET_DATA_FORMAT. */
export function getFormat(pace: Pace, sensor: KSDATAFORMAT, srb: HW_STREAM_REQUEST_BLOCK): NTSTATUS {
  const { OpenFormat } = srb.CommandData;
  if (!OpenFormat) return 'STATUS_NOT_IMPLEMENTED';
  const { VideoInfoHeader: own, ...range } = sensor;
  const VideoInfoHeader = own && {
    ...own,
    AvgTimePerFrame: own.AvgTimePerFrame * pace.picturesPerFrame,
  };
  const format = VideoInfoHeader ? { ...range, VideoInfoHeader } : range;
  return giveFormat(srb, format, OpenFormat, srb.NumberOfBytesToTransfer);
}
