import type { CoordinatorFault } from '../../../examples/systems/twoPhaseCommit.js';
import { changed, type Model, upTo } from './model.js';

interface Transaction {
  readonly coordinator: 'voting' | 'committed' | 'aborted' | 'crashed';
  readonly counted: number;
  /** Unread votes: who, and whether for it. */
  readonly votes: readonly (readonly [number, boolean])[];
  /** Each participant's first letter and its unread mail: p, c, a. */
  readonly participants: readonly { readonly is: 'w' | 'u' | 'p' | 'c' | 'a'; readonly mail: string }[];
}

/** n letters and a pile of votes. */
export function twoPhaseCommitModel(count: number, fault?: CoordinatorFault): Model<Transaction> {
  const told = (state: Transaction, word: 'committed' | 'aborted'): Transaction => ({
    ...state,
    coordinator: word,
    counted: 0,
    participants: state.participants.map(({ is, mail }) => ({ is, mail: mail + word[0] })),
  });
  const takesVote = (state: Transaction): Transaction[] => {
    const [first, ...votes] = state.votes;
    if (!first || state.coordinator === 'crashed') return first ? [{ ...state, votes }] : [];
    if (state.coordinator !== 'voting') return [{ ...state, votes }];
    if (!first[1]) return [told({ ...state, votes }, 'aborted')];
    const counted = state.counted + 1;
    return [counted === count ? told({ ...state, votes }, 'committed') : { ...state, votes, counted }];
  };
  const takesMail = (state: Transaction, who: number): Transaction[] => {
    const { is, mail } = state.participants[who] ?? { is: 'w', mail: '' };
    if (mail === '') return [];
    const rest = mail.slice(1);
    const becomes = (next: typeof is): Transaction => ({
      ...state,
      participants: changed(state.participants, who, () => ({ is: next, mail: rest })),
    });
    const votes = (next: typeof is, yes: boolean): Transaction => {
      const after = becomes(next);
      return { ...after, votes: [...after.votes, [who, yes]] };
    };
    if (mail[0] === 'p') return [is === 'w' ? votes('p', true) : votes('a', false)];
    return [becomes(is !== 'p' ? is : mail[0] === 'c' ? 'c' : 'a')];
  };
  return {
    first: {
      coordinator: 'voting',
      counted: 0,
      votes: [],
      participants: upTo(count).map(() => ({ is: 'w', mail: 'p' })),
    },
    nexts: (state) => [
      ...takesVote(state),
      ...(state.coordinator === 'voting'
        ? [
            told(state, fault === 'presumes consent' ? 'committed' : 'aborted'),
            ...(fault === 'may crash' ? [{ ...state, coordinator: 'crashed' as const, counted: 0 }] : []),
          ]
        : []),
      ...upTo(count).flatMap((who) => [
        ...takesMail(state, who),
        ...(state.participants[who]?.is === 'w'
          ? [
              {
                ...state,
                participants: changed(state.participants, who, ({ mail }) => ({ is: 'u' as const, mail })),
              },
            ]
          : []),
      ]),
    ],
    isWrong: ({ participants }, isStuck) => {
      const has = (letters: string): boolean => participants.some(({ is }) => letters.includes(is));
      return (has('c') && has('ua')) || (isStuck && has('wup'));
    },
  };
}
