import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueStore } from '../../src/kernel/valueStore.js';
import { sameValue } from './sameValue.js';

const store = (): ValueStore => new ValueStore({ leafOf: () => undefined });

/** Few distinct leaves and short composites, so that equal and nearly equal values are met often. */
const { value } = fc.letrec<{ value: unknown; leaf: unknown; list: unknown[]; record: object }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    tie('leaf'),
    tie('list'),
    tie('record'),
    composite(tie('value')),
  ),
  leaf: fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      true,
      false,
      0,
      -0,
      1,
      NaN,
      Infinity,
      0n,
      1n,
      -1n,
      '',
      '0',
      'u',
      'n',
      ',',
      '}',
      '"',
      '\\',
      '\ud800',
      '\\ud800',
    ),
    fc.constantFrom(0, 1, NaN).map((ms) => new Date(ms)),
    fc.constantFrom('', 'boom').map((message) => new Error(message)),
    fc.constantFrom('', 'boom').map((message) => new TypeError(message)),
    fc.array(fc.constantFrom(0, 1), { maxLength: 2 }).map((items) => new Uint8Array(items)),
    fc.array(fc.constantFrom(0, -0, NaN), { maxLength: 2 }).map((items) => new Float64Array(items)),
    fc.array(fc.constantFrom(0n, 1n), { maxLength: 2 }).map((items) => new BigInt64Array(items)),
    fc.integer(),
    fc.double(),
    fc.string(),
    fc.bigInt(),
  ),
  list: fc.sparseArray(tie('value'), { maxLength: 3, maxNumElements: 2, noTrailingHole: false }),
  record: fc.dictionary(fc.constantFrom('a', 'b', 'c', '0', '__proto__', 'a"', ''), tie('value'), {
    maxKeys: 2,
  }),
}));

function composite(inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const key = fc.constantFrom<unknown>('a', 'b', 1, NaN, undefined);
  return fc.oneof(
    fc.array(fc.tuple(key, inner), { maxLength: 2 }).map((entries) => new Map(entries)),
    fc.uniqueArray(inner, { maxLength: 2, comparator: sameValue }).map((items) => new Set(items)),
  );
}

/** Two values, often the same one made twice. */
const pair = fc.oneof(
  fc.tuple(value, value),
  fc.clone(value, 2),
  fc.tuple(value, value).map(([a, b]) => [
    [a, b],
    [b, a],
  ]),
);

describe('ValueStore', () => {
  it('gives two values the same text exactly if no code can tell them apart', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(store().intern(a).text === store().intern(b).text).toBe(sameValue(a, b));
      }),
      { numRuns: 4000 },
    );
  });

  it('gives two values the same object exactly if they have the same content', () => {
    const one = store();
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(Object.is(one.intern(a).value, one.intern(b).value)).toBe(sameValue(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives a copy that is equal to the original, and the same copy when that is interned again', () => {
    const one = store();
    fc.assert(
      fc.property(value, (v) => {
        const first = one.intern(v);
        expect(sameValue(first.value, v)).toBe(true);
        const again = one.intern(first.value);
        expect(Object.is(again.value, first.value)).toBe(true);
        expect(again.text).toBe(first.text);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives a copy that is frozen in depth, typed arrays excepted, and leaves the original as it was', () => {
    const frozen = (v: unknown): boolean => {
      if (typeof v !== 'object' || v === null || ArrayBuffer.isView(v)) return true;
      const inner = v instanceof Map ? [...v].flat() : v instanceof Set ? [...v] : Object.values(v);
      return Object.isFrozen(v) && inner.every(frozen);
    };
    fc.assert(
      fc.property(value, (v) => {
        expect(frozen(store().intern(v).value)).toBe(true);
        if (typeof v === 'object' && v !== null)
          expect(Object.isFrozen(v) && Object.keys(v).length > 0).toBe(false);
      }),
    );
  });

  it('tells apart what is easily confused', () => {
    const sparse: unknown[] = [];
    sparse.length = 1;
    const all: unknown[] = [
      {},
      { a: undefined },
      Object.create(null),
      [],
      [undefined],
      [null],
      sparse,
      [[]],
      [[], []],
      0,
      -0,
      '0',
      0n,
      NaN,
      'NaN',
      undefined,
      null,
      'u',
      'n',
      't',
      true,
      false,
      new Map(),
      new Set(),
      new Map([[1, 2]]),
      new Set([1, 2]),
      [1, 2],
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
      new Set([2, 1]),
      new Date(0),
      new Date(NaN),
      new Uint8Array(2),
      new Int8Array(2),
      new Uint8Array(3),
      new Uint8ClampedArray(2),
      new Error('x'),
      new TypeError('x'),
      new Error('y'),
      { name: 'Error', message: 'x' },
      '@a',
      '{}',
      '[]',
      'd1',
      1,
    ];
    const texts = all.map((v) => store().intern(v).text);
    expect(new Set(texts).size).toBe(all.length);
  });

  it('reads an error as its name and its message, whatever its class and stack', () => {
    class Odd extends Error {
      override readonly name = 'TypeError';
    }
    const one = store();
    expect(one.intern(new Odd('x')).value).toBe(one.intern(new TypeError('x')).value);
    expect(one.intern(new Odd('x')).value).toBeInstanceOf(TypeError);
    expect(one.intern(new Error('x', { cause: 1 })).value).toBe(one.intern(new Error('x')).value);
  });

  it('takes Map keys and Set items with equal content for one, and the last value counts', () => {
    const one = store();
    const refs = { a: { k: 1 }, b: { k: 1 } };
    const map = one.intern(
      new Map([
        [refs.a, 'first'],
        [refs.b, 'last'],
      ]),
    );
    expect(map.text).toBe(one.intern(new Map([[{ k: 1 }, 'last']])).text);
    const set = one.intern(new Set([refs.a, refs.b]));
    expect(set.text).toBe(one.intern(new Set([{ k: 1 }])).text);
    expect(set.value).toEqual(new Set([{ k: 1 }]));
  });

  it('keeps a key that is named __proto__ as a key', () => {
    const copy = store().intern(JSON.parse('{"__proto__": {"a": 1}}')).value;
    expect(Object.keys(Object(copy))).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it('throws a TypeError from every mutating method of an interned Map, Set or Date', () => {
    const one = store();
    const made = {
      map: one.intern(new Map([[1, 2]])).value,
      set: one.intern(new Set([1])).value,
      date: one.intern(new Date(0)).value,
    };
    const calls: [unknown, string][] = [
      ...['set', 'delete', 'clear'].map((name): [unknown, string] => [made.map, name]),
      ...['add', 'delete', 'clear'].map((name): [unknown, string] => [made.set, name]),
      ...Object.getOwnPropertyNames(Date.prototype)
        .filter((name) => name.startsWith('set'))
        .map((name): [unknown, string] => [made.date, name]),
    ];
    expect(calls.length).toBeGreaterThan(20);
    for (const [target, name] of calls) {
      expect(() => Reflect.apply(Reflect.get(Object(target), name), target, [1, 1]), name).toThrow(TypeError);
    }
    expect(sameValue(made, { map: new Map([[1, 2]]), set: new Set([1]), date: new Date(0) })).toBe(true);
  });

  it('notices that somebody wrote into a typed array of its own, wherever it is nested', () => {
    const one = store();
    const bytes = new Uint8Array([1, 2]);
    const interned = one.intern({ deep: [new Map([['k', bytes]])] });
    expect(one.isIntact(interned)).toBe(true);
    bytes[0] = 9;
    expect(one.isIntact(interned)).toBe(true);
    const [own] = interned.unfreezable;
    if (own) own[1] = 9;
    expect(one.isIntact(interned)).toBe(false);
  });

  it('takes an equal value for the same one again after it was told to forget', () => {
    const one = store();
    const before = one.intern({ a: [1] });
    one.clear();
    expect(one.size).toBe(0);
    const after = one.intern({ a: [1] });
    expect(after.text).toBe(before.text);
    expect(one.intern(before.value).value).toBe(after.value);
  });

  it('knows each leaf that a value mentions once, in ascending order', () => {
    const leaves = [{ n: 0 }, { n: 1 }, { n: 2 }];
    const one = new ValueStore({
      leafOf: (object) => {
        const index = leaves.findIndex((leaf) => Object.is(leaf, object));
        return index === -1 ? undefined : { value: object, text: `@"${index}"`, index };
      },
    });
    const interned = one.intern({ a: [leaves[2], { b: leaves[0] }], c: new Map([[leaves[2], leaves[0]]]) });
    expect(interned.mentions).toEqual([0, 2]);
    expect(one.intern({ a: [leaves[1]] }).mentions).toEqual([1]);
    expect(one.intern({ n: 1 }).mentions).toEqual([]);
    expect(one.intern([leaves[1]]).text).not.toBe(one.intern([{ n: 1 }]).text);
  });
});
