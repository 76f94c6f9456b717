import { assign, setup } from 'xstate';
import { defineSystem, never } from '../../src/index.js';

interface Commit {
  readonly rm: readonly ('working' | 'prepared' | 'committed' | 'aborted')[];
  readonly tm: 'init' | 'committed' | 'aborted';
  /** Who has sent Prepared, and from whom the transaction manager has it. */
  readonly sent: readonly boolean[];
  readonly heard: readonly boolean[];
}

/** What may be done, and what becomes of it. A message that was sent stays there for ever, so that sending is remembering. */
function actionsOf(
  i: number,
): Record<string, { may(now: Commit): boolean; next(now: Commit): Partial<Commit> }> {
  const becomes = (rm: Commit['rm'][number]) => (now: Commit) => ({ rm: now.rm.with(i, rm) });
  return {
    prepare: {
      may: ({ rm }) => rm[i] === 'working',
      next: (now) => ({ ...becomes('prepared')(now), sent: now.sent.with(i, true) }),
    },
    chooseToAbort: { may: ({ rm }) => rm[i] === 'working', next: becomes('aborted') },
    hearPrepared: {
      may: ({ tm, sent }) => tm === 'init' && sent[i] === true,
      next: ({ heard }) => ({ heard: heard.with(i, true) }),
    },
    hearCommit: { may: ({ tm }) => tm === 'committed', next: becomes('committed') },
    hearAbort: { may: ({ tm }) => tm === 'aborted', next: becomes('aborted') },
  };
}

/**
 * Two-phase commit as Gray and Lamport specify it (Consensus on Transaction Commit, 2006): one set of messages that only grows,
 * and everybody may do what he may do at any time. As an XState machine to which the environment does it all.
 */
export function lamportsTwoPhaseCommit(count: number) {
  const all = Array.from({ length: count }, (_, i) => i);
  const own = all.flatMap((i) =>
    Object.entries(actionsOf(i)).map(([name, action]) => [`${name}.${i}`, action] as const),
  );
  const decisions = [
    [
      'commit',
      {
        may: ({ tm, heard }: Commit) => tm === 'init' && heard.every(Boolean),
        next: (): Partial<Commit> => ({ tm: 'committed' }),
      },
    ],
    ['abort', { may: ({ tm }: Commit) => tm === 'init', next: (): Partial<Commit> => ({ tm: 'aborted' }) }],
  ] as const;
  const every = [...own, ...decisions];
  const machine = setup({ types: { context: {} as Commit } }).createMachine({
    id: 'commit',
    context: {
      rm: all.map(() => 'working'),
      tm: 'init',
      sent: all.map(() => false),
      heard: all.map(() => false),
    },
    tags: ['idle'],
    meta: { offers: every.map(([name]) => name) },
    on: Object.fromEntries(
      every.map(([name, { may, next }]) => [
        name,
        {
          guard: ({ context }: { context: Commit }) => may(context),
          actions: assign(({ context }: { context: Commit }) => next(context)),
        },
      ]),
    ),
  });
  return {
    system: defineSystem({ name: 'two-phase commit', actors: { commit: { logic: machine } } }),
    properties: [
      never('one has committed, another has aborted', (world) => {
        const rm: Commit['rm'] = world.snapshot('commit')?.context.rm ?? [];
        return rm.includes('committed') && rm.includes('aborted');
      }),
    ],
  };
}
