import { defineSystem, eventually, never, reachable } from 'interlace';
import { assign, sendTo, setup } from 'xstate';

const FIRST_PATIENCE_MS = 300;
const ANSWER_MS = 250;

interface Pay {
  readonly type: 'PAY';
  /** Of an order; the same in every attempt. */
  readonly key: string;
}

/** Wants to be paid. When no answer comes in time it asks again and waits twice as long, until it has asked often enough. */
const shop = setup({
  types: {
    context: {} as { readonly attempt: number; readonly attemptsMax: number },
    input: {} as { readonly attemptsMax: number },
    events: {} as { readonly type: 'PAID' },
    tags: {} as 'idle',
  },
  actions: {
    pay: sendTo(
      ({ system }) => system.get('bank'),
      (): Pay => ({ type: 'PAY', key: 'order 7' }),
    ),
    countAttempt: assign({ attempt: ({ context }) => context.attempt + 1 }),
  },
  delays: { patience: ({ context }) => FIRST_PATIENCE_MS * 2 ** (context.attempt - 1) },
  guards: { mayTryAgain: ({ context }) => context.attempt < context.attemptsMax },
}).createMachine({
  id: 'shop',
  context: ({ input }) => ({ ...input, attempt: 1 }),
  initial: 'paying',
  states: {
    paying: {
      entry: 'pay',
      on: { PAID: 'paid' },
      after: {
        patience: [
          { guard: 'mayTryAgain', target: 'paying', reenter: true, actions: 'countAttempt' },
          { target: 'givenUp' },
        ],
      },
    },
    paid: { tags: ['idle'] },
    givenUp: { tags: ['idle'] },
  },
});

/** Charges, and answers a while later. It remembers what it has charged, if it is a good one. */
const bank = setup({
  types: {
    context: {} as {
      readonly remembers: boolean;
      readonly charged: readonly string[];
    },
    input: {} as { readonly remembers: boolean },
    events: {} as Pay,
    tags: {} as 'idle',
  },
  actions: {
    charge: assign({ charged: ({ context, event }) => [...context.charged, event.key] }),
    answer: sendTo(({ system }) => system.get('shop'), { type: 'PAID' }, { delay: ANSWER_MS }),
  },
  guards: {
    knowsKey: ({ context, event }) => context.remembers && context.charged.includes(event.key),
  },
}).createMachine({
  id: 'bank',
  context: ({ input }) => ({ ...input, charged: [] }),
  initial: 'open',
  states: {
    open: {
      tags: ['idle'],
      on: { PAY: [{ guard: 'knowsKey', actions: 'answer' }, { actions: ['charge', 'answer'] }] },
    },
  },
});

/**
 * A request that is repeated when no answer comes in time: the bank must know it again.
 *
 * Up to three attempts have 87 states, whether the bank remembers or not. Time is part of them: each timer knows how long it
 * still has to run, and a message may wait while a timer runs out. One attempt has 8: the request is unread, or the
 * answer is on its way, unread or read; and each time the shop has given up, or not.
 *
 * A bank that does not remember charges twice. Even with one that does, the shop may give up an order that was charged: no
 * number of attempts changes that.
 *
 * @param attemptsMax at least one
 */
export function retry(attemptsMax: number, bankIs: 'remembering' | 'forgetful' = 'remembering') {
  const system = defineSystem({
    name: `up to ${attemptsMax} attempts to pay, with a ${bankIs} bank`,
    actors: {
      shop: { logic: shop, input: { attemptsMax } },
      bank: { logic: bank, input: { remembers: bankIs === 'remembering' } },
    },
  });
  const properties = [
    never('the order is charged twice', (world) => world.snapshot('bank')?.context.charged.length > 1),
    eventually('the shop is paid or gives up', (world) => world.snapshot('shop')?.value !== 'paying'),
    reachable('the shop is paid', (world) => world.snapshot('shop')?.value === 'paid'),
    reachable(
      'the shop gives up what was charged',
      (world) =>
        world.snapshot('shop')?.value === 'givenUp' && world.snapshot('bank')?.context.charged.length > 0,
    ),
  ];
  return { system, properties };
}
