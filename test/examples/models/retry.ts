import type { Model } from './model.js';

interface Order {
  readonly shop: 'paying' | 'paid' | 'givenUp';
  readonly attempt: number;
  /** Milliseconds until the shop's next attempt, and until each answer is sent. */
  readonly patience: number | null;
  readonly answers: readonly number[];
  /** How many lie unread. */
  readonly requests: number;
  readonly news: number;
  readonly charges: number;
}

/** Counters, and a sorted list of times. */
export function retryModel(attemptsMax: number, remembers: boolean): Model<Order> {
  const later = (order: Order, ms: number): Order => ({
    ...order,
    patience: order.patience === null ? null : order.patience - ms,
    answers: order.answers.map((left) => left - ms),
  });
  const patienceEnds = (order: Order): Order[] => {
    const { patience, attempt, answers } = order;
    if (patience === null || answers.some((left) => left < patience)) return [];
    const now = later(order, patience);
    return attempt < attemptsMax
      ? [{ ...now, attempt: attempt + 1, patience: 300 * 2 ** attempt, requests: order.requests + 1 }]
      : [{ ...now, shop: 'givenUp', patience: null }];
  };
  const answerGoes = (order: Order): Order[] => {
    const [first] = order.answers;
    if (first === undefined || (order.patience !== null && order.patience < first)) return [];
    const now = later(order, first);
    return [{ ...now, answers: now.answers.slice(1), news: order.news + 1 }];
  };
  return {
    first: { shop: 'paying', attempt: 1, patience: 300, answers: [], requests: 1, news: 0, charges: 0 },
    nexts: (order) => [
      ...patienceEnds(order),
      ...answerGoes(order),
      ...(order.requests > 0
        ? [
            {
              ...order,
              requests: order.requests - 1,
              charges: remembers ? 1 : order.charges + 1,
              answers: [...order.answers, 250],
            },
          ]
        : []),
      ...(order.news > 0
        ? [
            {
              ...order,
              news: order.news - 1,
              ...(order.shop === 'paying' ? { shop: 'paid' as const, patience: null } : {}),
            },
          ]
        : []),
    ],
    isWrong: ({ charges }) => charges > 1,
  };
}
