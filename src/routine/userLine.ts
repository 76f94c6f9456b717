const LAYERS = new URL('../', import.meta.url);

/** The folder of this file and of the layers beside it, as a stack spells it: as an address, or as a path. */
const OURS = [LAYERS.href, decodeURIComponent(LAYERS.pathname)];

const DEPTH = 100;

/**
 * Where in the user's code `error` arose, or the caller is, as ` (file.ts:12)` for messages; empty when it was in no user code
 * that a thread runs. The folder is left out, so that messages are the same on every machine.
 */
export function userLine(error: Error = stack()): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const isOurs = (frame: string): boolean =>
    OURS.some((folder) => frame.includes(folder)) || frame.includes('node:');
  const first = frames.findIndex((frame) => !isOurs(frame) && place(frame) !== '');
  // Code of a thread is called by us: what has no frame of ours below it is whoever started the check.
  const isThread = frames.slice(first + 1).some(isOurs);
  return first !== -1 && isThread ? place(frames[first] ?? '') : '';
}

function place(frame: string): string {
  const at = /([^/\\(]+):(\d+):\d+\)?$/.exec(frame.trim());
  return at ? ` (${at[1]}:${at[2]})` : '';
}

function stack(): Error {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  try {
    return new Error('where');
  } finally {
    Error.stackTraceLimit = before;
  }
}
