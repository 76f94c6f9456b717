import { isTypedArray } from './frozenBuiltIns.js';

/**
 * A document as JSON, also with values that JSON has no words for (architecture 4.3): a bigint is its digits with an `n`, a number
 * that JSON lacks its name, an error its name and message, a map the list of its entries, a set and a typed array a list.
 *
 * Determinism: the same document gives the same text.
 *
 * @param indent how many blanks a level is set in; 0: all is one line
 * @throws TypeError when there is a cycle in it
 */
export function jsonText(document: object, indent = 2): string {
  return JSON.stringify(document, (_key, value: unknown) => plain(value), indent);
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Map || value instanceof Set || isTypedArray(value)) return [...value];
  return value;
}
