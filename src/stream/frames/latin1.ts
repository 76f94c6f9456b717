/**
 * One character per byte, both ways. Header lines are kept as such text: offsets in it are byte offsets in
 * the file, and bytes beyond ASCII survive a round trip (`TextDecoder('latin1')` is windows-1252 and would
 * change some of them).
 */

/**
 * Text of `bytes`, one character (U+0000 to U+00FF) per byte. For lines, not for payload: cost is linear, by
 * character.
 */
export function latin1Text(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Whether {@link latin1Bytes} can write `text`: no character above U+00FF. */
export function isLatin1(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0xff) return false;
  return true;
}

/**
 * Bytes of `text`, the inverse of {@link latin1Text}. The caller has made sure that {@link isLatin1} holds.
 */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
