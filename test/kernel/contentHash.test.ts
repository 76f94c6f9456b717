import { describe, expect, it } from 'vitest';
import { ContentHash, type HashWords } from '../../src/kernel/contentHash.js';

const wordsOf = (...texts: string[]): HashWords => {
  const hash = new ContentHash();
  for (const text of texts) hash.text(text);
  return hash.words();
};

function bits(word: number): number {
  let count = 0;
  for (let x = word >>> 0; x !== 0; x >>>= 1) count += x & 1;
  return count;
}

describe('ContentHash', () => {
  it('gives the words that it has always given: recorded fingerprints stay valid', () => {
    expect({
      nothing: new ContentHash().words(),
      empty: wordsOf(''),
      letter: wordsOf('a'),
      text: wordsOf('{"type":"PING"}'),
      two: wordsOf('snapshot', 'ping'),
      numbers: new ContentHash()
        .number(0)
        .number(-1)
        .number(2 ** 31 - 1)
        .words(),
      wide: wordsOf('\ud83d\ude00 ü'),
    }).toMatchInlineSnapshot(`
      {
        "empty": [
          1647056973,
          28481485,
          1163940195,
          624421780,
        ],
        "letter": [
          488951408,
          1137025836,
          1073549187,
          -1800045522,
        ],
        "nothing": [
          53940210,
          1683935157,
          76998802,
          -1462780881,
        ],
        "numbers": [
          1924452066,
          1105636506,
          -1669548987,
          -1011825193,
        ],
        "text": [
          -1787501730,
          -1287853144,
          2076305509,
          2008230065,
        ],
        "two": [
          1014019283,
          1898239118,
          662340831,
          681471535,
        ],
        "wide": [
          1919541003,
          2133705794,
          -2019922232,
          1719111660,
        ],
      }
    `);
  });

  it('tells where one text ends and the next begins', () => {
    const parts = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], ['a', 'b', 'c']];
    expect(new Set(parts.map((p) => wordsOf(...p).join())).size).toBe(parts.length);
  });

  it('gives words without disturbing what is fed later', () => {
    const hash = new ContentHash().text('a');
    hash.words();
    expect(hash.text('b').words()).toEqual(wordsOf('a', 'b'));
  });

  it('changes half of the bits of each word when one bit of the text changes', () => {
    const flips = [0, 0, 0, 0];
    const samples = 4000;
    for (let i = 0; i < samples; i++) {
      const text = `{"left":d${i},"right":d${i * 7}}`;
      const at = i % text.length;
      const other =
        text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << (i % 7))) + text.slice(at + 1);
      const [a, b] = [wordsOf(text), wordsOf(other)];
      flips.forEach((sum, w) => {
        flips[w] = sum + bits((a[w] ?? 0) ^ (b[w] ?? 0));
      });
    }
    for (const sum of flips) expect(sum / samples).toBeCloseTo(16, 0);
  });

  it('collides in one word no more often than chance, and never in two words at once', () => {
    const texts = Array.from(
      { length: 100_000 },
      (_, i) => `{"client":d${i % 317},"left":d${(i / 317) | 0}}`,
    );
    const all = texts.map((text) => wordsOf(text));
    const pairs: string[] = [];
    for (const word of [0, 1, 2, 3]) {
      const first = new Map<number, number>();
      let collisions = 0;
      all.forEach((words, i) => {
        const value = words[word] ?? 0;
        const before = first.get(value);
        if (before === undefined) first.set(value, i);
        else {
          collisions++;
          pairs.push(`${before}-${i}`);
        }
      });
      // Expected: 100,000² / 2³³ = 1.2; 12 or more has a probability below 10⁻⁸.
      expect(collisions).toBeLessThan(12);
    }
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('tells states apart whose fingerprints are sums of slots', () => {
    const slot = (name: string) => Array.from({ length: 1000 }, (_, i) => wordsOf('snapshot', name, `d${i}`));
    const [a, b] = [slot('a'), slot('b')];
    const low = new Int32Array(1_000_000);
    const sums = new Set<bigint>();
    a.forEach(([a0, a1], i) => {
      b.forEach(([b0, b1], j) => {
        low[i * 1000 + j] = a0 ^ b0;
        if (j % 10 === 0) sums.add((BigInt(a0 ^ b0) << 32n) ^ BigInt((a1 ^ b1) >>> 0));
      });
    });
    expect(sums.size).toBe(100_000);
    low.sort();
    let collisions = 0;
    for (let i = 1; i < low.length; i++) if (low[i] === low[i - 1]) collisions++;
    // Expected: 10¹² / 2³³ = 116 with a deviation of 11.
    expect(collisions).toBeLessThan(200);
  });
});
