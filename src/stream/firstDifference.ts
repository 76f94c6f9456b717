/** Index of the first byte that differs, of two arrays of one length that begin at the start of their buffers. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  const wordCount = a.length >>> 2;
  const aWords = new Uint32Array(a.buffer, 0, wordCount);
  const bWords = new Uint32Array(b.buffer, 0, wordCount);
  let word = 0;
  while (word < wordCount && aWords[word] === bWords[word]) word++;
  let byte = word * 4;
  while (byte < a.length && a[byte] === b[byte]) byte++;
  return byte < a.length ? byte : undefined;
}
