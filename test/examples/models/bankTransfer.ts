import { changed, type Model, upTo } from './model.js';

interface Bank {
  /** In tens. */
  readonly alice: number;
  readonly bob: number;
  /** Unread by alice: a clerk's number asks, `['=', n]` sets. */
  readonly queue: readonly (number | readonly ['=', number])[];
  readonly deposits: number;
  /** What a clerk waits for or has: no answer, an unread one (a balance, or yes and no), the end. */
  readonly clerks: readonly (null | number | 'yes' | 'no' | 'done' | 'refused')[];
}

/** Tens, and clerks that are one value each. */
export function bankTransferModel(count: number, clerksReadAndWrite: boolean): Model<Bank> {
  const aliceTakes = (bank: Bank): Bank[] => {
    const [first, ...queue] = bank.queue;
    if (first === undefined) return [];
    if (typeof first !== 'number') return [{ ...bank, alice: first[1], queue }];
    const granted = bank.alice >= 1;
    const answer = clerksReadAndWrite ? bank.alice : granted ? 'yes' : 'no';
    const alice = clerksReadAndWrite || !granted ? bank.alice : bank.alice - 1;
    return [{ ...bank, alice, queue, clerks: changed(bank.clerks, first, () => answer) }];
  };
  const clerkTakes = (bank: Bank, i: number): Bank[] => {
    const answer = bank.clerks[i];
    const ended = { ...bank, clerks: changed(bank.clerks, i, () => 'done' as const) };
    if (typeof answer === 'number') {
      return [{ ...ended, queue: [...bank.queue, ['=', answer - 1]], deposits: bank.deposits + 1 }];
    }
    if (answer === 'yes') return [{ ...ended, deposits: bank.deposits + 1 }];
    return answer === 'no' ? [{ ...bank, clerks: changed(bank.clerks, i, () => 'refused') }] : [];
  };
  return {
    first: { alice: count - 1, bob: 0, queue: upTo(count), deposits: 0, clerks: upTo(count).map(() => null) },
    nexts: (bank) => [
      ...aliceTakes(bank),
      ...(bank.deposits > 0 ? [{ ...bank, bob: bank.bob + 1, deposits: bank.deposits - 1 }] : []),
      ...upTo(count).flatMap((i) => clerkTakes(bank, i)),
    ],
    isWrong: ({ alice, bob }, isStuck) => alice < 0 || (isStuck && alice + bob !== count - 1),
  };
}
