import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { preempt, threads } from '../../src/index.js';
import { exploreAll } from './exploreAll.js';
import { outOf, runAlone } from './programs.js';

/** Records and arrays in memory behave as JavaScript's own do. */

type List = (number | undefined)[];

/** What can be done to a list; each gives something to compare. */
const deeds: readonly ((list: List, n: number) => unknown)[] = [
  (list, n) => list.push(n, n + 1),
  (list) => list.pop(),
  (list) => list.shift(),
  (list, n) => list.unshift(n),
  (list, n) => list.splice(n, 2, n),
  (list, n) => list.splice(n % 3, 1),
  (list) => list.sort(),
  (list) => list.reverse(),
  (list, n) => list.fill(n, 1, 2),
  (list, n) => {
    list[n] = n;
  },
  (list, n) => {
    list.length = n;
  },
  (list, n) => delete list[n],
  (list, n) => n in list,
  (list, n) => list.includes(n),
  (list) => [...list],
  (list) => list.map((x) => (x ?? 0) + 1),
  (list) => list.filter((x) => x !== undefined),
  (list, n) => list.concat([n]),
  (list) => list.slice(1),
  (list) => list.flatMap((x) => [x, x]),
  (list) => list.reduce<number>((sum, x) => sum + (x ?? 0), 0),
  (list) => list.length,
  (list, n) => list.at(-n),
  (list, n) => list.indexOf(n),
  (list) => Object.keys(list),
  (list) => Object.entries(list),
  (list) => JSON.stringify(list),
  (list) => list.join(),
  (list) => String(list),
  (list) => Array.isArray(list),
  (list) => {
    const seen: unknown[] = [];
    for (const x of list) seen.push(x);
    for (const key in list) seen.push(key);
    return seen;
  },
  (list) => {
    const [first, ...rest] = list;
    return [first, rest.length];
  },
  (list) => Object.hasOwn(list, '1'),
  (list, n) => list.copyWithin(0, n).length,
];

test('a list in memory does what a list does', () => {
  const deed = fc.record({ deed: fc.nat({ max: deeds.length - 1 }), n: fc.nat({ max: 5 }) });
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 9 }), { maxLength: 4 }),
      fc.array(deed, { maxLength: 8 }),
      (first, plan) => {
        const own: List = [...first];
        const expected = plan.map(({ deed: i, n }) => JSON.stringify(deeds[i]?.(own, n)) ?? 'undefined');
        const end = runAlone<{ list: List; out: string }>({ list: [...first], out: '' }, function* (memory) {
          const out: string[] = [];
          for (const { deed: i, n } of plan) {
            out.push(JSON.stringify(deeds[i]?.(memory.list, n)) ?? 'undefined');
            if (n % 2 === 0) yield* preempt();
          }
          memory.out = out.join('\n');
        });
        const { list, out } = end.context.memory as { list: List; out: string };
        expect(out).toBe(expected.join('\n'));
        expect(list).toEqual(own);
        expect(Object.keys(list)).toEqual(Object.keys(own));
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

test('a record in memory does what a record does', () => {
  const key = fc.constantFrom('a', 'b', '1', '0', '', 'a b', 'toString', 'length');
  const act = fc.record({
    key,
    kind: fc.constantFrom('set', 'delete', 'keys', 'in', 'get', 'spread', 'json', 'own'),
  });
  const perform = (bag: Record<string, unknown>, kind: string, name: string): unknown => {
    if (kind === 'set') bag[name] = Object.keys(bag).length;
    if (kind === 'delete') return delete bag[name];
    if (kind === 'in') return name in bag;
    if (kind === 'get') return typeof bag[name];
    if (kind === 'spread') return { ...bag };
    if (kind === 'json') return JSON.stringify(bag);
    if (kind === 'own') return Object.hasOwn(bag, name);
    return Object.keys(bag);
  };
  fc.assert(
    fc.property(fc.array(act, { maxLength: 10 }), (plan) => {
      const own: Record<string, unknown> = { b: 1, a: 2 };
      const expected = plan.map((now) => JSON.stringify(perform(own, now.kind, now.key)));
      const end = runAlone<{ bag: Record<string, unknown>; out: string }>(
        { bag: { b: 1, a: 2 }, out: '' },
        function* (memory) {
          const out: string[] = [];
          for (const [i, now] of plan.entries()) {
            out.push(JSON.stringify(perform(memory.bag, now.kind, now.key)));
            if (i % 3 === 0) yield* preempt();
          }
          memory.out = out.join('\n');
        },
      );
      const { bag, out } = end.context.memory as { bag: object; out: string };
      expect(out).toBe(expected.join('\n'));
      expect(JSON.stringify(bag)).toBe(JSON.stringify(own));
    }),
    { numRuns: 300 },
  );
}, 60_000);

describe('a literal', () => {
  test('is copied and frozen when it is stored, with what is in it', () => {
    const nest = { inner: [1] };
    runAlone<{ x: unknown }>({ x: null }, function* (memory) {
      memory.x = nest;
      yield* preempt();
    });
    expect(Object.isFrozen(nest) && Object.isFrozen(nest.inner)).toBe(true);
  });

  test('stored twice is one object', () => {
    expect(
      outOf({ p: null, q: null }, (memory) => {
        const literal = { v: 1 };
        memory['p'] = literal;
        memory['q'] = literal;
        memory['p'].v = 2;
        return memory['p'] === memory['q'] && memory['q'].v;
      }),
    ).toBe(2);
  });

  test('may contain itself', () => {
    interface Loop {
      self?: Loop;
      list: Loop[];
    }
    const found = runAlone<{ x: Loop | null; same: boolean }>({ x: null, same: false }, function* (memory) {
      const loop: Loop = { list: [] };
      loop.self = loop;
      loop.list.push(loop);
      memory.x = loop;
      yield* preempt();
      memory.same = memory.x.self === memory.x && memory.x.list[0] === memory.x;
    });
    expect(found.status).toBe('done');
    expect(found.context.memory).toMatchObject({ same: true });
  });
});

describe('the first content of memory', () => {
  test('may hold one object twice, and cycles', () => {
    const shared = { v: 1 };
    const ring: { next: unknown } = { next: null };
    ring.next = ring;
    const found = runAlone({ a: shared, b: [shared], ring, same: false }, function* (memory) {
      memory.a.v = 2;
      yield* preempt();
      memory.same = memory.b[0] === memory.a && memory.ring.next === memory.ring;
    });
    const end = found.context.memory as { b: unknown; same: boolean; ring: { next: unknown } };
    expect(end.same).toBe(true);
    expect(end.b).toEqual([{ v: 2 }]);
    expect(end.ring.next).toBe(end.ring);
  });

  test('tells keys with dots from paths', () => {
    const found = runAlone({ 'a.b': { v: 1 }, a: { b: { v: 2 } }, sum: 0 }, function* (memory) {
      memory['a.b'].v += 10;
      yield* preempt();
      memory.sum = memory['a.b'].v + memory.a.b.v;
    });
    expect(found.context.memory).toEqual({ 'a.b': { v: 11 }, a: { b: { v: 2 } }, sum: 13 });
  });
});

describe('the cells of an array', () => {
  const put = (index: number) => (list: number[]) => {
    list[index] = 7;
  };
  const racesOf = (
    one: (list: number[]) => void,
    other: (memory: { list: number[]; out: number }) => void,
  ): readonly string[] =>
    exploreAll(
      threads<{ list: number[]; out: number }>({
        memory: { list: [1, 2, 3], out: 0 },
        threads: {
          a: function* (memory) {
            yield* preempt();
            one(memory.list);
          },
          b: function* (memory) {
            yield* preempt();
            other(memory);
          },
        },
      }),
    ).races;
  const readsLength = (memory: { list: number[]; out: number }): void => {
    memory.out = memory.list.length;
  };

  test('a write within bounds does not disturb who reads the length', () => {
    expect(racesOf(put(0), readsLength)).toEqual([]);
  });

  test('a push, a pop and a cut do', () => {
    for (const deed of [
      (list: number[]) => list.push(4),
      (list: number[]) => list.pop(),
      (list: number[]) => list.splice(1),
    ])
      expect(racesOf(deed, readsLength)).toEqual(['a b: memory.list.length']);
  });

  test('a write within bounds disturbs a cut that takes the cell away, and nobody at another index', () => {
    const cut = (memory: { list: number[] }): void => {
      memory.list.length = 1;
    };
    expect(racesOf(put(2), cut)).toEqual(['a b: memory.list[2]']);
    expect(racesOf(put(0), cut)).toEqual([]);
  });

  test('who lists keys is disturbed by a new key, not by a new value', () => {
    const lists = (memory: { list: number[]; out: number }): void => {
      memory.out = Object.keys(memory.list).length;
    };
    expect(racesOf((list) => delete list[1], lists)).toEqual(['a b: memory.list.*']);
    expect(racesOf(put(1), (memory) => void Reflect.ownKeys(memory.list))).toEqual([]);
  });
});
