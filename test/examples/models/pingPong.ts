import { changed, type Model } from './model.js';

interface Rally {
  readonly hits: readonly number[];
  /** Per player: the bounces left in each ball that comes. */
  readonly balls: readonly (readonly number[])[];
}

/** Two lists of balls. */
export const pingPongModel: Model<Rally> = {
  first: { hits: [0, 0], balls: [[2], [2]] },
  nexts: ({ hits, balls }) =>
    [0, 1].flatMap((player) => {
      const [ball, ...others] = balls[player] ?? [];
      if (ball === undefined) return [];
      const taken = changed(balls, player, () => others);
      return [
        {
          hits: changed(hits, player, (n) => n + 1),
          balls: ball === 0 ? taken : changed(taken, 1 - player, (list) => [...list, ball - 1]),
        },
      ];
    }),
  isWrong: () => false,
};
