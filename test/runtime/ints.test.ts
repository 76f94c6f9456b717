import { describe, expect, it } from 'vitest';
import { Ints } from '../../src/runtime/ints.js';

describe('Ints', () => {
  it('keeps what was pushed, in order, however much it is', () => {
    const ints = new Ints(1);
    const numbers = Array.from({ length: 1000 }, (_, i) => (i * 7919) ^ -i);
    expect(numbers.map((n) => ints.push(n))).toEqual(numbers.map((_, i) => i));
    expect(numbers.map((_, i) => ints.at(i))).toEqual(numbers);
    expect(ints.length).toBe(1000);
  });

  it('reads 0 where nothing was pushed yet', () => {
    expect(new Ints(4).at(2)).toBe(0);
  });

  it('holds 32-bit integers', () => {
    const ints = new Ints();
    ints.push(2 ** 31);
    ints.push(-1);
    expect([ints.at(0), ints.at(1)]).toEqual([-(2 ** 31), -1]);
  });
});
