import { describe, expect, it } from 'vitest';
import { diningPhilosophers } from '../../examples/systems/diningPhilosophers.js';
import { check } from '../../src/index.js';

interface Table {
  /** How many forks each philosopher has, or 3 when fed. */
  readonly has: readonly number[];
  /** GOTs that each has not noticed. */
  readonly got: readonly number[];
  /** Per fork: who has it (-1: nobody), who waits, and its unread mail: a philosopher's number is a request, -1 a return. */
  readonly forks: readonly {
    readonly by: number;
    readonly line: readonly number[];
    readonly mail: readonly number[];
  }[];
}

/** The table without actors: counts, numbers and lists, and every next table. */
function naive(count: number, numbered: boolean) {
  const forksOf = (p: number): [number, number] => {
    const [left, right] = [p, (p + 1) % count];
    return numbered && left > right ? [right, left] : [left, right];
  };
  const mailed = (table: Table, fork: number, letter: number): Table => ({
    ...table,
    forks: table.forks.map((f, i) => (i === fork ? { ...f, mail: [...f.mail, letter] } : f)),
  });
  const all = Array.from({ length: count }, (_, i) => i);
  const empty: Table = {
    has: all.map(() => 0),
    got: all.map(() => 0),
    forks: all.map(() => ({ by: -1, line: [], mail: [] })),
  };
  const first = all.reduce((table, p) => mailed(table, forksOf(p)[0], p), empty);
  const nexts = (table: Table): Table[] => [
    ...all.flatMap((p) => {
      if (table.got[p] === 0) return [];
      const has = (table.has[p] ?? 0) + 1;
      const next = {
        ...table,
        has: table.has.map((h, i) => (i === p ? (has === 2 ? 3 : has) : h)),
        got: table.got.map((g, i) => (i === p ? g - 1 : g)),
      };
      const [one, two] = forksOf(p);
      return [has === 1 ? mailed(next, two, p) : mailed(mailed(next, one, -1), two, -1)];
    }),
    ...all.flatMap((f) => {
      const fork = table.forks[f];
      if (!fork || fork.mail.length === 0) return [];
      const [letter = -1, ...mail] = fork.mail;
      const asks = letter >= 0;
      const given = asks ? (fork.by === -1 ? letter : -1) : (fork.line[0] ?? -1);
      const by = asks ? (fork.by === -1 ? letter : fork.by) : given;
      const line = asks ? (fork.by === -1 ? fork.line : [...fork.line, letter]) : fork.line.slice(1);
      return [
        {
          ...table,
          got: table.got.map((g, i) => (i === given ? g + 1 : g)),
          forks: table.forks.map((other, i) => (i === f ? { by: by === -1 ? -1 : by, line, mail } : other)),
        },
      ];
    }),
  ];
  const known = new Map([[keyOf(first), 0]]);
  const queue = [first];
  let transitions = 0;
  let deadlock: number | undefined;
  for (const table of queue) {
    const depth = known.get(keyOf(table)) ?? 0;
    const successors = nexts(table);
    transitions += successors.length;
    if (successors.length === 0 && table.has.some((h) => h !== 3)) deadlock ??= depth;
    for (const next of successors) {
      if (known.has(keyOf(next))) continue;
      known.set(keyOf(next), depth + 1);
      queue.push(next);
    }
  }
  return { states: known.size, transitions, deadlock };
}

/** Who has a fork is in the model only as taken or free: two tables that differ in that alone are one. */
function keyOf(table: Table): string {
  return JSON.stringify({
    ...table,
    forks: table.forks.map(({ by, ...fork }) => ({ taken: by !== -1, ...fork })),
  });
}

/** Published; compared with a fresh search and a fresh enumeration. */
const published = [
  { count: 2, order: 'left', states: 14, deadlock: 6 },
  { count: 3, order: 'left', states: 52, deadlock: 9 },
  { count: 4, order: 'left', states: 194, deadlock: 12 },
  { count: 2, order: 'numbered', states: 20, deadlock: undefined },
  { count: 3, order: 'numbered', states: 84, deadlock: undefined },
  { count: 4, order: 'numbered', states: 331, deadlock: undefined },
] as const;

describe('dining philosophers', () => {
  it.each(published)(
    '$count, fork by order $order: $states states',
    async ({ count, order, states, deadlock }) => {
      const expected = naive(count, order === 'numbered');
      expect(expected).toMatchObject({ states, deadlock });
      const whole = await check(diningPhilosophers(count, order), { builtIn: { deadlock: false } });
      expect(whole).toMatchObject({ verdict: 'holds', exhausted: true });
      expect(whole.statistics).toMatchObject({ states, transitions: expected.transitions });
      const outcome = await check(diningPhilosophers(count, order));
      expect(outcome.verdict).toBe(deadlock === undefined ? 'holds' : 'violated');
      expect(outcome.violations[0]?.steps.length).toBe(deadlock);
      if (deadlock !== undefined) expect(outcome.violations[0]?.property).toBe('no deadlock');
    },
  );
});
