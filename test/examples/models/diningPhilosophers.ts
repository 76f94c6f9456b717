import { changed, type Model, upTo } from './model.js';

interface Fork {
  readonly isTaken: boolean;
  /** Who waits for it. */
  readonly line: readonly number[];
  /** Unread: a philosopher's number is a request, -1 a return. */
  readonly mail: readonly number[];
}

interface Table {
  /** How many forks each philosopher has, or 3 when fed. */
  readonly has: readonly number[];
  /** GOTs that each has not noticed. */
  readonly got: readonly number[];
  readonly forks: readonly Fork[];
}

const nothing: Fork = { isTaken: false, line: [], mail: [] };

/** The table without actors: counts, numbers and lists. */
export function diningPhilosophersModel(count: number, numbered: boolean): Model<Table> {
  const forksOf = (p: number): [number, number] => {
    const [left, right] = [p, (p + 1) % count];
    return numbered && left > right ? [right, left] : [left, right];
  };
  const mailed = (table: Table, fork: number, letter: number): Table => ({
    ...table,
    forks: changed(table.forks, fork, (f) => ({ ...f, mail: [...f.mail, letter] })),
  });
  const gets = (table: Table, p: number | undefined): Table =>
    p === undefined ? table : { ...table, got: changed(table.got, p, (n) => n + 1) };
  const philosopherTakes = (table: Table, p: number): Table[] => {
    if (table.got[p] === 0) return [];
    const has = (table.has[p] ?? 0) + 1;
    const next = {
      ...table,
      has: changed(table.has, p, () => (has === 2 ? 3 : has)),
      got: changed(table.got, p, (n) => n - 1),
    };
    const [one, two] = forksOf(p);
    return [has === 1 ? mailed(next, two, p) : mailed(mailed(next, one, -1), two, -1)];
  };
  const forkTakes = (table: Table, f: number): Table[] => {
    const {
      isTaken,
      line,
      mail: [letter, ...mail],
    } = table.forks[f] ?? nothing;
    if (letter === undefined) return [];
    const becomes = (fork: Omit<Fork, 'mail'>): Table => ({
      ...table,
      forks: changed(table.forks, f, () => ({ ...fork, mail })),
    });
    if (letter === -1) return [gets(becomes({ isTaken: line.length > 0, line: line.slice(1) }), line[0])];
    return isTaken
      ? [becomes({ isTaken, line: [...line, letter] })]
      : [gets(becomes({ isTaken: true, line }), letter)];
  };
  const all = upTo(count);
  const empty: Table = { has: all.map(() => 0), got: all.map(() => 0), forks: all.map(() => nothing) };
  return {
    first: all.reduce((table, p) => mailed(table, forksOf(p)[0], p), empty),
    nexts: (table) => all.flatMap((i) => [...philosopherTakes(table, i), ...forkTakes(table, i)]),
    isWrong: ({ has }, isStuck) => isStuck && has.some((n) => n !== 3),
  };
}
