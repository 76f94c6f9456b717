import type { DataFormatQuestion, KSDATAFORMAT } from 'interlace/streaming';
import type { ClientQuestion } from './clientQuestions.js';
import type { ClientStep } from './clientStep.js';

/** What the application is to do. */
export interface ClientScript {
  /** Reads that it keeps outstanding, each with a buffer of its own. */
  readonly buffers: number;
  /** How long it works on a frame before it reads into that buffer again. */
  readonly clientDelayMs: number;
  /** Size of each buffer. */
  readonly frameBytes: number;
  /** Which stream it opens. Default 0. */
  readonly pinId?: number;
  /** The format that it opens the stream with. Default {@link defaultDataFormat}. */
  readonly dataFormat?: KSDATAFORMAT;
  /**
   * What it asks about the format before it streams, in order; the buffers stay as large as they are. It goes home when a format
   * is not set, and not when one that it proposes is refused. Default nothing.
   */
  readonly formats?: readonly DataFormatQuestion[];
  /** It stops when no read has been completed for so long, its own delay not counted. Default 2000. */
  readonly silenceMs?: number;
  /** What it does, in order. Default: it captures once. */
  readonly steps?: readonly ClientStep[];
  /** An event of the stream that it enables before it streams, and disables afterwards. Default none. */
  readonly event?: ClientEventScript;
  /** What it asks, all at once, when it lets the stream flow. Default nothing. */
  readonly questions?: readonly ClientQuestion[];
}

/** Which event an application wants to be told of, and what it asks for with it (E-020). */
export interface ClientEventScript {
  readonly Set: string;
  readonly Id: number;
  /** The event-specific parameters, 4 bytes each. */
  readonly Parameters: Readonly<Record<string, number>>;
}

export interface ClientInput {
  readonly script: ClientScript;
}

export const defaultDataFormat: KSDATAFORMAT = {
  FormatSize: 64,
  Flags: 0,
  SampleSize: 0,
  MajorFormat: 'KSDATAFORMAT_TYPE_VIDEO',
  SubFormat: 'KSDATAFORMAT_SUBTYPE_NONE',
  Specifier: 'KSDATAFORMAT_SPECIFIER_NONE',
};

/** How long a client waits for a frame, if its script says nothing else. */
export const SILENCE_MS = 2000;
