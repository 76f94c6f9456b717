import { expect, it } from 'vitest';
import { reasonOf } from '../../src/kernel/reasonOf.js';

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;

it.each<[thrown: unknown, said: string]>([
  [new RangeError('too far'), 'too far'],
  ['too far', 'too far'],
  [null, 'null'],
  [Symbol('far'), 'Symbol(far)'],
  [{ code: 5n, at: Number.NaN }, '{"code":"5n","at":"NaN"}'],
  [new Map([['a', new Set([1])]]), '[["a",[1]]]'],
  [Object.create(null), '{}'],
  [cycle, 'an object'],
])('says what was thrown: %o', (thrown, said) => {
  expect(reasonOf(thrown)).toBe(said);
});
