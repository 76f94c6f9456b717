import { defineSystem, never, reachable, type WorldView } from 'interlace';
import { assign, sendTo, setup } from 'xstate';

const AMOUNT = 10;

type AccountEvent =
  | { readonly type: 'READ' | 'WITHDRAW'; readonly from: string }
  | { readonly type: 'WRITE'; readonly balance: number }
  | { readonly type: 'DEPOSIT' };

/** Knows its balance. It answers two kinds of clerks: those who do the sum, and those who leave it to the account. */
const account = setup({
  types: {
    context: {} as { readonly balance: number },
    input: {} as { readonly balance: number },
    events: {} as AccountEvent,
    tags: {} as 'idle',
  },
  actions: {
    tellBalance: sendTo(
      ({ system, event }) => system.get('from' in event ? event.from : ''),
      ({ context }) => ({ type: 'BALANCE', balance: context.balance }),
    ),
    answer: sendTo(
      ({ system, event }) => system.get('from' in event ? event.from : ''),
      (_, type: 'WITHDRAWN' | 'REFUSED') => ({ type }),
    ),
    setBalance: assign({
      balance: ({ context, event }) => (event.type === 'WRITE' ? event.balance : context.balance),
    }),
    add: assign({ balance: ({ context }, amount: number) => context.balance + amount }),
  },
  guards: { isCovered: ({ context }) => context.balance >= AMOUNT },
}).createMachine({
  id: 'account',
  context: ({ input }) => input,
  initial: 'open',
  states: {
    open: {
      tags: ['idle'],
      on: {
        READ: { actions: 'tellBalance' },
        WRITE: { actions: 'setBalance' },
        WITHDRAW: [
          {
            guard: 'isCovered',
            actions: [
              { type: 'add', params: -AMOUNT },
              { type: 'answer', params: 'WITHDRAWN' },
            ],
          },
          { actions: { type: 'answer', params: 'REFUSED' } },
        ],
        DEPOSIT: { actions: { type: 'add', params: AMOUNT } },
      },
    },
  },
});

const clerkSetup = setup({
  types: {
    events: {} as
      | { readonly type: 'BALANCE'; readonly balance: number }
      | { readonly type: 'WITHDRAWN' | 'REFUSED' },
  },
  actions: {
    ask: sendTo(
      ({ system }) => system.get('alice'),
      ({ self }, type: 'READ' | 'WITHDRAW'): AccountEvent => ({ type, from: self.id }),
    ),
    deposit: sendTo(({ system }) => system.get('bob'), { type: 'DEPOSIT' }),
    writeLess: sendTo(
      ({ system }) => system.get('alice'),
      ({ event }): AccountEvent => ({
        type: 'WRITE',
        balance: (event.type === 'BALANCE' ? event.balance : 0) - AMOUNT,
      }),
    ),
  },
});

/** Reads the balance, does the sum, and writes the result: what was written meanwhile is lost. */
const readingClerk = clerkSetup.createMachine({
  id: 'readingClerk',
  initial: 'asking',
  states: {
    asking: {
      entry: { type: 'ask', params: 'READ' },
      on: { BALANCE: { target: 'done', actions: ['writeLess', 'deposit'] } },
    },
    done: { type: 'final' },
  },
});

/** Leaves the sum to the account, which does it in one step. */
const askingClerk = clerkSetup.createMachine({
  id: 'askingClerk',
  initial: 'asking',
  states: {
    asking: {
      entry: { type: 'ask', params: 'WITHDRAW' },
      on: { WITHDRAWN: { target: 'done', actions: 'deposit' }, REFUSED: 'refused' },
    },
    done: { type: 'final' },
    refused: { type: 'final' },
  },
});

/**
 * Clerks move 10 from alice to bob, each once; alice can pay for all but one of them.
 *
 * Three clerks that leave the sum to the account have 28 states, n of them (2n + 1) · 2ⁿ⁻¹. Alice takes their requests in the
 * order in which they started. When she has granted j, m of those j clerks are done and the others have not heard of it; of
 * the m deposits some have arrived: Σₘ (j over m) · (m + 1) = (j + 2) · 2ʲ⁻¹ states. The last clerk is refused, and does not
 * know it yet or does:
 *
 *     Σⱼ (j + 2) · 2ʲ⁻¹  for j < n  +  2 · (n + 1) · 2ⁿ⁻²
 *
 * Three clerks that read and write have 68 states, and most of them have lost money.
 *
 * @param count how many clerks, at least one
 */
export function bankTransfer(count: number, clerks: 'ask' | 'read and write' = 'ask') {
  const alice = AMOUNT * (count - 1);
  const names = Array.from({ length: count }, (_, i) => `clerk${i}`);
  const balance = (world: WorldView, of: string): number => world.snapshot(of)?.context.balance;
  const logic = clerks === 'ask' ? askingClerk : readingClerk;
  const system = defineSystem({
    name: `bank of ${count} clerks that ${clerks}`,
    actors: {
      alice: { logic: account, input: { balance: alice } },
      bob: { logic: account, input: { balance: 0 } },
      ...Object.fromEntries(names.map((name) => [name, { logic }])),
    },
  });
  const properties = [
    never(
      'money is lost or made',
      (world) => world.quiescent && balance(world, 'alice') + balance(world, 'bob') !== alice,
    ),
    never('an account is overdrawn', (world) => balance(world, 'alice') < 0),
    reachable('all that alice had is with bob', (world) => balance(world, 'bob') === alice),
  ];
  return { system, properties };
}
