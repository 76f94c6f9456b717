import type { Property } from '../property/property.js';
import type { System } from '../runtime/system.js';
import type { Ratio } from './frames/frameFormat.js';
import type { FrameSource } from './frames/frameSource.js';

/** What a scenario is told about the clip and the client. */
export interface StreamOptions {
  /** How many frames the clip has; the hardware captures no more. 0 is legal. */
  readonly frames: number;
  readonly frameRate: Ratio;
  /** Payload of one frame: what the client's buffers hold and what one DMA moves. */
  readonly frameBytes: number;
  /** Reads that the client keeps outstanding, at least 1. */
  readonly buffers: number;
  /** Virtual time between a completed read and the next one into the same buffer, at least 0. */
  readonly clientDelayMs: number;
}

/** A system that carries frames, as `interlace run` finds it by its name. Its actors emit `FrameEvent`s. */
export interface StreamScenario {
  readonly name: string;
  /** One line, as `interlace list` shows it. */
  readonly summary: string;
  /** The system for a clip and a client; equal options give systems with equal runs. */
  system(options: StreamOptions): System;
  /** What is expected of the system, whatever the clip. Default: what is built in. */
  readonly properties?: readonly Property[];
  /**
   * What a scenario that plays the clip plays beside it; scenarios that capture have none. Its actors emit `PlayEvent`s of the
   * streams 'video' and 'audio'.
   */
  sound?(options: StreamOptions): FrameSource;
}
