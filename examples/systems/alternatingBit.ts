import { defineSystem, never, reachable, type WorldView } from 'interlace';
import { assign, sendTo, setup } from 'xstate';

/** What the channels carry: an item, or the acknowledgement of one. */
interface Letter {
  readonly bit: 0 | 1;
  readonly item?: number;
}

const carry = (letter: Letter) => ({ type: 'CARRY', letter }) as const;

/** Has room for one letter, and loses what else comes. The environment delivers the letter or loses it. */
const channel = setup({
  types: {
    context: {} as { readonly to: string; readonly letter: Letter | undefined },
    input: {} as { readonly to: string },
    events: {} as { readonly type: 'CARRY'; readonly letter: Letter } | { readonly type: 'DELIVER' | 'LOSE' },
    tags: {} as 'idle',
  },
  actions: {
    take: assign({ letter: ({ event }) => (event.type === 'CARRY' ? event.letter : undefined) }),
    deliver: sendTo(
      ({ system, context }) => system.get(context.to),
      ({ context }) => ({ type: 'LETTER', letter: context.letter }),
    ),
    forget: assign({ letter: undefined }),
  },
}).createMachine({
  id: 'channel',
  context: ({ input }) => ({ ...input, letter: undefined }),
  initial: 'empty',
  states: {
    empty: { tags: ['idle'], on: { CARRY: { target: 'full', actions: 'take' } } },
    full: {
      meta: { offers: [{ type: 'DELIVER', expected: true }, 'LOSE'] },
      on: {
        DELIVER: { target: 'empty', actions: ['deliver', 'forget'] },
        LOSE: { target: 'empty', actions: 'forget' },
      },
    },
  },
});

interface Numbered {
  /** Whether letters are told apart by their bit. */
  readonly looksAtBit: boolean;
}

interface LetterEvent {
  readonly type: 'LETTER';
  readonly letter: Letter;
}

/** Sends the items 0, 1, 2, … one after the other, each again and again until it is acknowledged. */
const sender = setup({
  types: {
    context: {} as Numbered & { readonly item: number; readonly count: number },
    input: {} as Numbered & { readonly count: number },
    events: {} as LetterEvent,
    tags: {} as 'idle',
  },
  actions: {
    send: sendTo(
      ({ system }) => system.get('there'),
      ({ context: { item } }) => carry({ bit: item % 2 === 0 ? 0 : 1, item }),
    ),
    goOn: assign({ item: ({ context }) => context.item + 1 }),
  },
  guards: {
    isStale: ({ context, event }) => context.looksAtBit && event.letter.bit !== context.item % 2,
    isLast: ({ context }) => context.item + 1 === context.count,
  },
}).createMachine({
  id: 'sender',
  context: ({ input }) => ({ ...input, item: 0 }),
  initial: 'sending',
  states: {
    sending: {
      entry: 'send',
      after: { 1000: { target: 'sending', reenter: true } },
      on: {
        LETTER: [
          { guard: 'isStale' },
          { guard: 'isLast', target: 'done', actions: 'goOn' },
          { target: 'sending', reenter: true, actions: 'goOn' },
        ],
      },
    },
    done: { tags: ['idle'] },
  },
});

/** Acknowledges every letter, and takes only those that it has not had. */
const receiver = setup({
  types: {
    context: {} as Numbered & { readonly items: readonly (number | undefined)[] },
    input: {} as Numbered,
    events: {} as LetterEvent,
    tags: {} as 'idle',
  },
  actions: {
    take: assign({ items: ({ context, event }) => [...context.items, event.letter.item] }),
    acknowledge: sendTo(
      ({ system }) => system.get('back'),
      ({ event }) => carry({ bit: event.letter.bit }),
    ),
  },
  guards: {
    isKnown: ({ context, event }) => context.looksAtBit && event.letter.bit !== context.items.length % 2,
  },
}).createMachine({
  id: 'receiver',
  context: ({ input }) => ({ ...input, items: [] }),
  initial: 'listening',
  states: {
    listening: {
      tags: ['idle'],
      on: {
        LETTER: [{ guard: 'isKnown', actions: 'acknowledge' }, { actions: ['take', 'acknowledge'] }],
      },
    },
  },
});

/**
 * The alternating-bit protocol (Bartlett, Scantlebury and Wilkinson, A Note on Reliable Full-Duplex Transmission over
 * Half-Duplex Links, 1969): one bit tells a letter from the one before it, over channels that lose what they like.
 *
 * Three items have 450 states, n items 183n − 99: the first has 84, and each of the others 183, since an acknowledgement of the
 * item before it, or the item itself once more, may still be under way. Time is urgent, so that the sender repeats a letter only when nobody has unread mail; it may do so while the letter or its
 * acknowledgement is still in a channel. Without the bit the receiver takes a repeated letter for the next one.
 *
 * @param count how many items, at least one
 */
export function alternatingBit(count: number, letters: 'numbered' | 'plain' = 'numbered') {
  const looksAtBit = letters === 'numbered';
  const received = (world: WorldView): readonly number[] => world.snapshot('receiver')?.context.items ?? [];
  const system = defineSystem({
    name: `${count} ${letters} letters over a channel that loses some`,
    timers: 'urgent',
    actors: {
      sender: { logic: sender, input: { count, looksAtBit } },
      there: { logic: channel, input: { to: 'receiver' } },
      back: { logic: channel, input: { to: 'sender' } },
      receiver: { logic: receiver, input: { looksAtBit } },
    },
  });
  const properties = [
    never('items arrive otherwise than they were sent', (world) =>
      received(world).some((item, i) => item !== i),
    ),
    never(
      'the sender ends before all has arrived',
      (world) => world.snapshot('sender')?.value === 'done' && received(world).length < count,
    ),
    reachable('all items arrive', (world) => received(world).length === count),
  ];
  return { system, properties };
}
