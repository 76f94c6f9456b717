import { changed, type Model, upTo } from './model.js';

interface Counting {
  readonly n: number;
  /** 's' before the first step, 'r' at the read, a number at the write of what was read plus one, 'e' at the end. */
  readonly at: readonly ('s' | 'r' | number | 'e')[];
}

/** Threads as program counters. */
export function counterModel(count: number, swaps: boolean): Model<Counting> {
  return {
    first: { n: 0, at: upTo(count).map(() => 's') },
    nexts: ({ n, at }) =>
      at.flatMap((place, i) => {
        const goesTo = (next: typeof place, value = n): Counting => ({
          n: value,
          at: changed(at, i, () => next),
        });
        if (place === 'e') return [];
        if (place === 's') return [goesTo('r')];
        if (place === 'r') return [goesTo(n)];
        return [swaps && place !== n ? goesTo('s') : goesTo('e', place + 1)];
      }),
    isWrong: ({ n, at }) => at.every((place) => place === 'e') && n !== count,
  };
}

interface Peterson {
  readonly at: readonly ('start' | 'flag' | 'turn' | 'wait' | 'inside' | 'leave')[];
  readonly flag: readonly boolean[];
  readonly turn: number;
}

/** TLC's states of Peterson's lock in PlusCal: program counters, flags, turn. */
export const petersonModel: Model<Peterson> = {
  first: { flag: [false, false], turn: 0, at: ['start', 'start'] },
  nexts: ({ at, flag, turn }) =>
    [0, 1].flatMap((me): Peterson[] => {
      const goesTo = (place: Peterson['at'][number], change: Partial<Peterson> = {}): Peterson => ({
        ...{ flag, turn },
        ...change,
        at: changed(at, me, () => place),
      });
      switch (at[me]) {
        case 'start':
          return [goesTo('flag')];
        case 'flag':
          return [goesTo('turn', { flag: changed(flag, me, () => true) })];
        case 'turn':
          return [goesTo('wait', { turn: 1 - me })];
        case 'wait':
          return !flag[1 - me] || turn === me ? [goesTo('inside')] : [];
        case 'inside':
          return [goesTo('leave')];
        default:
          return [goesTo('start', { flag: changed(flag, me, () => false) })];
      }
    }),
  isWrong: ({ at }) => at.every((place) => place === 'inside'),
};
