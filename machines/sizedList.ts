import type { Answer } from './answer.js';

/** sizeof(KSMULTIPLE_ITEM): the size and the count in front of a list. */
export const KSMULTIPLE_ITEM_SIZE = 8;

/** The smallest multiple of 8 that is not less: where the next item of a list may begin (FILE_QUAD_ALIGNMENT). */
export function quadAligned(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}

/**
 * The answer to a question for a list (G-036): without a buffer the size that it needs; with room for the header alone, size and
 * count; with room for all, the list.
 *
 * @param itemsSize bytes of all items together
 */
export function sizedList(items: readonly unknown[], itemsSize: number, outputLength: number): Answer {
  const size = KSMULTIPLE_ITEM_SIZE + itemsSize;
  if (outputLength === 0) return { Status: 'STATUS_BUFFER_OVERFLOW', Information: size };
  if (outputLength >= size) return { Status: 'STATUS_SUCCESS', Information: size, Output: items };
  if (outputLength === KSMULTIPLE_ITEM_SIZE)
    return { Status: 'STATUS_SUCCESS', Information: KSMULTIPLE_ITEM_SIZE };
  return { Status: 'STATUS_BUFFER_TOO_SMALL', Information: 0 };
}
