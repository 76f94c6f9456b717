import { defineSystem, eventually, never, reachable, type WorldView } from 'interlace';
import { assign, enqueueActions, sendTo, setup } from 'xstate';

/** What a coordinator may get wrong, or suffer: it takes silence for consent, or it dies before it has decided. */
export type CoordinatorFault = 'presumes consent' | 'may crash';

interface Vote {
  readonly type: 'PREPARED' | 'REFUSED';
  readonly from: string;
}

interface Election {
  readonly participants: readonly string[];
  readonly fault: CoordinatorFault | undefined;
}

/** Asks everybody to prepare. Commits when all have; aborts when one refuses, or a second has passed. */
const coordinator = setup({
  types: {
    context: {} as Election & { readonly prepared: number },
    input: {} as Election,
    events: {} as Vote | { readonly type: 'CRASH' },
    tags: {} as 'idle',
  },
  actions: {
    tellAll: enqueueActions(({ context, enqueue }, type: 'PREPARE' | 'COMMIT' | 'ABORT') => {
      for (const participant of context.participants)
        enqueue.sendTo(({ system }) => system.get(participant), { type });
    }),
    countVote: assign({ prepared: ({ context }) => context.prepared + 1 }),
    forgetVotes: assign({ prepared: 0 }),
  },
  guards: {
    isLastVote: ({ context }) => context.prepared + 1 === context.participants.length,
    presumesConsent: ({ context }) => context.fault === 'presumes consent',
    mayCrash: ({ context }) => context.fault === 'may crash',
  },
}).createMachine({
  id: 'coordinator',
  context: ({ input }) => ({ ...input, prepared: 0 }),
  initial: 'voting',
  states: {
    voting: {
      entry: { type: 'tellAll', params: 'PREPARE' },
      exit: 'forgetVotes',
      meta: { offers: ['CRASH'] },
      after: { 1000: [{ guard: 'presumesConsent', target: 'committed' }, { target: 'aborted' }] },
      on: {
        PREPARED: [{ guard: 'isLastVote', target: 'committed' }, { actions: 'countVote' }],
        REFUSED: 'aborted',
        CRASH: { guard: 'mayCrash', target: 'crashed' },
      },
    },
    committed: { tags: ['idle'], entry: { type: 'tellAll', params: 'COMMIT' } },
    // Votes that are still to come change nothing.
    aborted: { tags: ['idle'], entry: { type: 'tellAll', params: 'ABORT' } },
    crashed: { tags: ['idle'] },
  },
});

/** Can go either way until it has said that it is prepared; from then on the coordinator's word counts. */
const participant = setup({
  types: {
    events: {} as { readonly type: 'PREPARE' | 'COMMIT' | 'ABORT' | 'FAIL' },
    tags: {} as 'idle',
  },
  actions: {
    vote: sendTo(
      ({ system }) => system.get('coordinator'),
      ({ self }, type: Vote['type']): Vote => ({ type, from: self.id }),
    ),
  },
}).createMachine({
  id: 'participant',
  initial: 'working',
  states: {
    working: {
      meta: { offers: ['FAIL'] },
      on: { PREPARE: { target: 'prepared', actions: { type: 'vote', params: 'PREPARED' } }, FAIL: 'unable' },
    },
    unable: { on: { PREPARE: { target: 'aborted', actions: { type: 'vote', params: 'REFUSED' } } } },
    prepared: { on: { COMMIT: 'committed', ABORT: 'aborted' } },
    committed: { tags: ['idle'] },
    aborted: { tags: ['idle'] },
  },
});

/**
 * Two-phase commit (Gray, Notes on Data Base Operating Systems, 1978): all participants commit, or all abort.
 *
 * Three participants have 1,497 states. While the coordinator waits, k of n votes lie in its mailbox, in any order and each
 * either way, and everybody else is working, unable, or prepared and counted; only that all are counted is no state of
 * waiting. After an abort too k votes may be unread; such a voter is prepared or has aborted, or has refused and the ABORT is
 * unread or read; everybody else is working, unable, prepared, or aborted, where one that has refused may not have read the
 * ABORT. After a commit everybody is prepared or committed:
 *
 *     Σₖ n!/(n−k)! · (2ᵏ · 3ⁿ⁻ᵏ + 4ᵏ · 5ⁿ⁻ᵏ)  −  1  +  2ⁿ
 *
 * With a coordinator that `presumes consent` some commit what others have refused. With one that `may crash`, those that are
 * prepared wait for ever: that is why the protocol is said to block.
 *
 * @param count how many participants, at least one
 */
export function twoPhaseCommit(count: number, fault?: CoordinatorFault) {
  const participants = Array.from({ length: count }, (_, i) => `participant${i}`);
  const howMany = (world: WorldView, ...ends: string[]): number =>
    participants.filter((name) => ends.includes(String(world.snapshot(name)?.value))).length;
  const system = defineSystem({
    name: `two-phase commit of ${count}${fault === undefined ? '' : `, the coordinator ${fault}`}`,
    actors: {
      coordinator: { logic: coordinator, input: { participants, fault } },
      ...Object.fromEntries(participants.map((name) => [name, { logic: participant }])),
    },
  });
  const properties = [
    never(
      'one commits what another does not',
      (world) => howMany(world, 'committed') > 0 && howMany(world, 'unable', 'aborted') > 0,
    ),
    eventually('all know the outcome', (world) => howMany(world, 'committed', 'aborted') === count),
    reachable('all commit', (world) => howMany(world, 'committed') === count),
    reachable('all abort', (world) => howMany(world, 'aborted') === count),
  ];
  return { system, properties };
}
