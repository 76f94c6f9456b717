import { describe, expect, test } from 'vitest';
import { preempt, read, threads, until, write } from '../../src/index.js';
import { countSchedules, exploreAll } from './exploreAll.js';

/** Fewer processors than threads (contracts): a higher priority takes one at any point, an equal one only where it is let. */

interface Trail {
  trail: string;
  go: boolean;
}

const memory: Trail = { trail: '', go: false };

function steps(name: string, points: number) {
  return function* (shared: Trail) {
    for (let i = 0; i < points; i++) yield* write(shared, 'trail', shared.trail + name);
  };
}

const trails = (found: { readonly ends: readonly string[] }): string[] =>
  found.ends.map((end) => JSON.parse(end).trail);

describe('on one processor', () => {
  test('equals run one after the other', () => {
    const found = exploreAll(
      threads({ memory, processors: 1, races: 'ignore', threads: { a: steps('a', 2), b: steps('b', 2) } }),
    );
    expect(trails(found)).toEqual(['aabb', 'bbaa']);
  });

  test('a higher priority comes in at any point, and is not interrupted', () => {
    const found = exploreAll(
      threads({
        memory,
        processors: 1,
        races: 'ignore',
        threads: { low: steps('l', 2), high: { priority: 1, run: steps('h', 2) } },
      }),
    );
    // `low` has computed what it writes when it comes to the point before, so it may overwrite what `high` did.
    expect(trails(found)).toContain('hhll');
    expect(trails(found)).toContain('llhh');
    expect(trails(found).some((trail) => /hl+h/.test(trail))).toBe(false);
  });

  test('equals take over at preempt(), when one blocks, and when one ends', () => {
    const program = (between: (shared: Trail) => Generator) =>
      threads({
        memory,
        processors: 1,
        races: 'ignore',
        threads: {
          a: function* (shared) {
            yield* write(shared, 'trail', `${shared.trail}a`);
            yield* between(shared);
            yield* write(shared, 'trail', `${yield* read(shared, 'trail')}A`);
          },
          b: function* (shared) {
            yield* read(shared, 'trail');
            yield* write(shared, 'trail', `${yield* read(shared, 'trail')}b`);
            yield* write(shared, 'go', true);
          },
        } as Parameters<typeof threads<Trail>>[0]['threads'],
      });
    expect(trails(exploreAll(program((shared) => read(shared, 'go'))))).toEqual(['aAb', 'baA']);
    expect(trails(exploreAll(program(() => preempt())))).toContain('abA');
    expect(trails(exploreAll(program((shared) => until(() => shared.go))))).toContain('abA');
  });

  test('who was preempted goes on before its equals', () => {
    const found = exploreAll(
      threads({
        memory,
        processors: 1,
        races: 'ignore',
        threads: { a: steps('a', 2), b: steps('b', 2), high: { priority: 1, run: steps('h', 1) } },
      }),
    );
    for (const trail of trails(found)) expect(trail).not.toMatch(/a.*b.*a|b.*a.*b/);
  });
});

describe('on two processors', () => {
  test('two that were preempted go on, in any order', () => {
    const found = exploreAll(
      threads({
        memory,
        processors: 2,
        races: 'ignore',
        threads: {
          a: steps('a', 2),
          b: steps('b', 2),
          c: { priority: 1, run: steps('c', 1) },
          d: { priority: 1, run: steps('d', 1) },
        },
      }),
    );
    expect(found.statuses).toEqual(['done']);
  });
});

describe('races with fewer processors', () => {
  const plain = function* (shared: { x: number }) {
    shared.x += 1;
    yield* preempt();
    shared.x += 1;
  };
  const races = (processors: number, high = 0): readonly string[] =>
    exploreAll(
      threads({
        memory: { x: 0 },
        processors,
        threads: { a: plain, b: { priority: high, run: plain }, c: function* () {} },
      }),
    ).races;

  test('equals on one processor never race', () => {
    expect(races(1)).toEqual([]);
  });

  test('a higher priority races with whom it can preempt', () => {
    expect(races(1, 1)).toEqual(['a b: memory.x']);
  });

  test('two processors race', () => {
    expect(races(2)).toEqual(['a b: memory.x']);
  });

  test('who was preempted in its plain code races with who preempted it', () => {
    const found = exploreAll(
      threads({
        memory: { x: 0, go: false },
        processors: 1,
        threads: {
          low: function* (shared) {
            yield* write(shared, 'go', true);
            shared.x = 1;
          },
          high: {
            priority: 1,
            run: function* (shared) {
              yield* until(() => shared.go);
              shared.x = 2;
            },
          },
        },
      }),
    );
    expect(found.races).toEqual(['low high: memory.x']);
  });
});

test('as many processors as threads leave everything possible', () => {
  const program = (processors: number) =>
    threads({ memory, processors, races: 'ignore', threads: { a: steps('a', 1), b: steps('b', 1) } });
  expect(countSchedules(program(2))).toBe(6);
  expect(countSchedules(program(1))).toBe(2);
});
