import type { ByteCursor } from './byteCursor.js';
import { excerpt, type Y4mFault } from './y4mError.js';

/** Longest header or FRAME line without its newline (ffmpeg and mjpegtools stop at 128 to 256). */
export const lineBytesMax = 1024;

/** Throws the error for what is wrong at an offset of the file. */
export type RefuseY4m = (offsetBytes: number, kind: Y4mFault['kind'], detail: string, fix?: string) => never;

/**
 * Reads a line that must begin with `magic` and a blank, or be just that.
 *
 * @param subject what the line belongs to, for messages: "the header"
 * @returns the whole line without its newline, or `undefined` when the source has ended before it
 */
export function readY4mLine(
  cursor: ByteCursor,
  magic: string,
  subject: string,
  refuse: RefuseY4m,
): string | undefined {
  const start = cursor.offsetBytes;
  const line = cursor.readLine(lineBytesMax);
  if (line === undefined) return undefined;
  checkMagic(line.text, line.endedBy === 'newline', magic, subject, start, refuse);
  if (line.endedBy === 'end') refuse(cursor.offsetBytes, 'truncated', `the line of ${subject} has no end`);
  if (line.endedBy === 'limit') {
    refuse(cursor.offsetBytes, 'malformed', `the line of ${subject} has more than ${lineBytesMax} bytes`);
  }
  return line.text;
}

/**
 * Refuses a line that does not begin with `magic` and a blank and is not just that. Of a line that is not
 * whole, because the file has ended, a beginning of it is enough here: that file is truncated, not malformed.
 *
 * @param start offset of the line in the file
 */
export function checkMagic(
  text: string,
  isWhole: boolean,
  magic: string,
  subject: string,
  start: number,
  refuse: RefuseY4m,
): void {
  const wanted = text.length > magic.length ? `${magic} ` : magic;
  let matching = 0;
  while (matching < wanted.length && text[matching] === wanted[matching]) matching++;
  if (matching === wanted.length || (matching === text.length && !isWhole)) return;
  const found = excerpt(text.slice(0, magic.length + 1));
  refuse(
    start + matching,
    'malformed',
    `${subject} begins with ${magic} and a blank or newline, not with ${found}`,
  );
}
