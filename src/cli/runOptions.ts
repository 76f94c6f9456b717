/** The options of `interlace run` as they were given. */
export interface RunOptions {
  readonly seed: number;
  readonly maxSteps?: number;
  readonly json?: true;
  readonly timeline?: true;
  readonly frames?: string;
  readonly out?: string;
  readonly buffers?: number;
  readonly clientDelay?: number;
}
