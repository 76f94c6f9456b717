import type { IoCompleteRequest } from 'interlace/streaming';

/** sizeof(KSMULTIPLE_ITEM): the size and the count in front of a list. */
const HEADER_SIZE = 8;

/**
 * The answer to a question for a list (G-036): without a buffer the size that it needs; with room for the header alone, size and
 * count; with room for all, the list.
 */
export function sizedList(
  items: readonly string[],
  itemSize: number,
  outputLength: number,
): Pick<IoCompleteRequest, 'Status' | 'Information' | 'Output'> {
  const size = HEADER_SIZE + items.length * itemSize;
  if (outputLength === 0) return { Status: 'STATUS_BUFFER_OVERFLOW', Information: size };
  if (outputLength >= size) return { Status: 'STATUS_SUCCESS', Information: size, Output: items };
  if (outputLength === HEADER_SIZE) return { Status: 'STATUS_SUCCESS', Information: HEADER_SIZE };
  return { Status: 'STATUS_BUFFER_TOO_SMALL', Information: 0 };
}
