import { describe, expect, it } from 'vitest';
import { NotAValueError } from '../../src/kernel/notAValue.js';
import { ValueStore } from '../../src/kernel/valueStore.js';

const store = new ValueStore({ leafOf: () => undefined });

function refusalOf(value: unknown): NotAValueError {
  try {
    store.intern(value);
  } catch (error) {
    if (error instanceof NotAValueError) return error;
    throw error;
  }
  throw new Error('it was taken for a value');
}

class Point {
  readonly x = 1;
}
class Stack extends Array<number> {}
class Table extends Map<string, number> {}
class Day extends Date {}
class Bytes extends Uint8Array {}

function cycle(): object {
  const one: Record<string, unknown> = {};
  one['next'] = [one];
  return one;
}

const hidden = Object.defineProperty({}, 'key', { value: 1, enumerable: false });
const orphanPrototype = Object.assign(Object.create(null), { inherited: 1 });

const refused: [name: string, value: unknown, what: RegExp][] = [
  ['a named function', function callback() {}, /the function 'callback'/],
  ['an arrow function', (() => () => {})(), /a function/],
  ['a class', Point, /the function 'Point'/],
  ['a symbol', Symbol('s'), /Symbol\(s\)/],
  ['an instance of a class', new Point(), /an instance of Point/],
  ['an instance of a class that extends Array', new Stack(), /an instance of Stack/],
  ['an instance of a class that extends Map', new Table(), /an instance of Table/],
  ['an instance of a class that extends Date', new Day(0), /an instance of Day/],
  ['an instance of a class that extends a typed array', new Bytes(1), /an instance of Bytes/],
  ['a Node buffer, whose slices share memory', Buffer.from([1]), /an instance of Buffer/],
  ['an object that inherits from one without a prototype', Object.create(orphanPrototype), /an instance of/],
  ['a promise', Promise.resolve(1), /a promise/],
  ['a regular expression', /x/, /an instance of RegExp/],
  ['a WeakMap', new WeakMap(), /an instance of WeakMap/],
  ['an ArrayBuffer', new ArrayBuffer(1), /an instance of ArrayBuffer/],
  ['a DataView', new DataView(new ArrayBuffer(1)), /an instance of DataView/],
  ['a boxed number', Object(1), /an instance of Number/],
  ['a symbol key', { [Symbol('k')]: 1 }, /the symbol key Symbol\(k\)/],
  [
    'a getter',
    {
      get now() {
        return 1;
      },
    },
    /an accessor/,
  ],
  ['a setter', { set now(_: number) {} }, /an accessor/],
  ['a hidden property', hidden, /a hidden/],
  ['an array with another property', Object.assign([1], { extra: 1 }), /extra properties/],
  ['a Map with a property', Object.assign(new Map(), { extra: 1 }), /an instance of Map/],
  ['a cycle', cycle(), /a cycle/],
  ['an iterator', [1].values(), /an instance of|a prototype of its own/],
  ['an object that inherits from a plain one', Object.create({}), /^an object with a prototype of its own$/],
  ['a generator, whose class has no name', (function* () {})(), /^an instance of a class$/],
];

describe('ValueStore', () => {
  it.each(refused)('refuses %s', (_name, value, what) => {
    expect(refusalOf(value).what).toMatch(what);
  });

  it.each<[path: string, value: unknown]>([
    ['', () => {}],
    ['.pins[3].callback', { pins: [0, 1, 2, { callback: () => {} }] }],
    ['["two words"]', { 'two words': Symbol('s') }],
    ['["__proto__ "][0]', { '__proto__ ': [new Point()] }],
    [
      '.map.key(1)',
      {
        map: new Map<unknown, unknown>([
          ['a', 1],
          [() => {}, 2],
        ]),
      },
    ],
    ['.map.value(0).f', { map: new Map([['a', { f: () => {} }]]) }],
    ['.set.item(2)', { set: new Set([1, 2, () => {}]) }],
    [
      '.now',
      {
        get now() {
          return 1;
        },
      },
    ],
    ['[1]', Object.defineProperty([0, 0], '1', { get: () => 1, enumerable: true })],
  ])('says where: %j', (path, value) => {
    expect(refusalOf(value).path).toBe(path);
    expect(refusalOf(value).message).toContain(path === '' ? 'it is' : path);
  });

  it('says where a cycle begins', () => {
    expect(refusalOf(cycle()).path).toMatch(/^\.next\[0\]\.next.{1,60}…$/);
  });

  it('never runs a getter', () => {
    let runs = 0;
    refusalOf({
      get now() {
        return ++runs;
      },
    });
    expect(runs).toBe(0);
  });

  it('remembers nothing of what it refused', () => {
    const { size } = store;
    refusalOf({ a: [1, 2, () => {}] });
    refusalOf({ a: [1, 2, () => {}] });
    expect(store.size - size).toBeLessThanOrEqual(1);
  });

  it('takes a value that is 400 levels deep', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 400; i++) deep = [deep];
    expect(store.intern(deep).text.length).toBe(802);
  });

  it('takes plain objects without a prototype, and tells them from others', () => {
    expect(store.intern(Object.create(null)).text).not.toBe(store.intern({}).text);
    expect(Object.getPrototypeOf(store.intern(Object.create(null)).value)).toBe(null);
  });
});
