import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLatin1, latin1Bytes, latin1Text } from '../../../src/stream/frames/latin1.js';

describe('latin1Text', () => {
  it('is undone by latin1Bytes for all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = latin1Text(bytes);
        expect(text).toHaveLength(bytes.length);
        expect(isLatin1(text)).toBe(true);
        expect(latin1Bytes(text)).toEqual(bytes);
      }),
    );
  });

  it('has no character above U+00FF', () => {
    expect([isLatin1('\u00ff'), isLatin1('\u0100'), isLatin1('a😀')]).toEqual([true, false, false]);
  });
});
