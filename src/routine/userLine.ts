/**
 * Where user code is now, as ` (file.ts:12)`, for error messages; empty when it cannot be told. The folder is left out, so
 * that messages are the same on every machine.
 */
export function userLine(): string {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  for (const frame of frames) {
    const at = /([^/\\(]+):(\d+):\d+\)?$/.exec(frame.trim());
    if (!at || /[/\\](routine|runtime|kernel)[/\\][A-Za-z]+\.[jt]s:/.test(frame) || frame.includes('node:'))
      continue;
    return ` (${at[1]}:${at[2]})`;
  }
  return '';
}
