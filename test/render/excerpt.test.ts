import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Excerpt } from '../../src/render/excerpt.js';

/** What is shown of a text in which capitals are marked, with the number of characters left out. */
function excerptOf(text: string, itemsMax: number): string {
  const excerpt = new Excerpt<string>(itemsMax);
  const begin = [...text].filter((c) => excerpt.take(c, c !== c.toLowerCase()));
  const { leftOut, last } = excerpt.end();
  return `${begin.join('')}(${leftOut})${last.join('')}`;
}

describe('Excerpt', () => {
  it('shows the begin to the second mark, and the end from behind the last but one', () => {
    expect(excerptOf('aaBccDeeFggHiiJkk', 100)).toBe('aaBccD(6)iiJkk');
  });

  it('leaves out nothing of a sequence with few marks', () => {
    for (const text of ['', 'a', 'A', 'aBc', 'aBcDe', 'aBcDeFg']) {
      expect(excerptOf(text, 100).replace('(0)', '')).toBe(text);
    }
  });

  it('shows a limited number where marks are rare', () => {
    expect(excerptOf('abcdefghijklmnop', 3)).toBe('abc(10)nop');
    expect(excerptOf('AbCdefghijklMnopqrstU', 3)).toBe('AbC(15)stU');
  });

  it('accounts for every item, and shows each in its place', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 1, max: 30 }), (text, itemsMax) => {
        const [, begin = '', leftOut, last = ''] =
          /^(.*)\((\d+)\)(.*)$/su.exec(excerptOf(text.replaceAll(/[()]/g, ''), itemsMax)) ?? [];
        const plain = text.replaceAll(/[()]/g, '');
        expect(plain.startsWith(begin) && plain.endsWith(last)).toBe(true);
        expect([...begin].length + Number(leftOut) + [...last].length).toBe([...plain].length);
      }),
    );
  });
});
