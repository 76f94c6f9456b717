import {
  type KSDATAFORMAT,
  KSEVENT_CONNECTION_ENDOFSTREAM,
  KSEVENT_CONNECTION_POSITIONUPDATE,
  KSEVENTSETID_Connection,
  type PlayerScript,
  playerSystem,
  type StreamOptions,
  type StreamScenario,
  soundBlockBytes,
  soundBlocks,
} from 'interlace/stream-class';
import { type PlayerVariant, player } from '../minidrivers/player.js';

/** Each channel has room for three samples, and fetches one in a millisecond. */
const FIFO_DEPTH = 3;
const DMA_MS = 1;

/** The scenario with a minidriver as it should be, or with one that a vendor got wrong. */
export function playerSystemWith(options: StreamOptions, variant?: PlayerVariant) {
  const { frames, frameRate, frameBytes, buffers, clientDelayMs } = options;
  const video: KSDATAFORMAT = {
    FormatSize: 64,
    Flags: 0,
    SampleSize: frameBytes,
    MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO',
    SubFormat: 'MEDIASUBTYPE_IYUV',
    Specifier: 'KSDATAFORMAT_SPECIFIER_NONE',
  };
  const audio: KSDATAFORMAT = {
    ...video,
    SampleSize: soundBlockBytes(frameRate),
    MajorFormat: 'KSDATAFORMAT_TYPE_AUDIO',
    SubFormat: 'KSDATAFORMAT_SUBTYPE_PCM',
  };
  const channel = { rate: frameRate, fifoDepth: FIFO_DEPTH, dmaMs: DMA_MS };
  const client: PlayerScript = {
    streams: [
      { name: 'video', dataFormat: video, frameBytes },
      { name: 'audio', dataFormat: audio, frameBytes: audio.SampleSize },
    ],
    ...{ frames, buffers, clientDelayMs },
    // The sound is the master clock.
    clockStream: 1,
    events: [
      { Set: KSEVENTSETID_Connection, Id: KSEVENT_CONNECTION_POSITIONUPDATE },
      { Set: KSEVENTSETID_Connection, Id: KSEVENT_CONNECTION_ENDOFSTREAM },
    ],
  };
  return playerSystem({
    name: 'player',
    minidriver: player([video, audio], variant),
    decoder: { VIDEO: channel, AUDIO: channel },
    client,
  });
}

/** A decoder with two streams that an application plays a clip and its sound through, to their ends. */
export const playerScenario: StreamScenario = {
  name: 'player',
  summary: 'an application plays a clip and its sound through a decoder that reads memory by DMA',
  system: (options) => playerSystemWith(options),
  sound: ({ frameRate, frames }) => soundBlocks(frameRate, frames),
};
