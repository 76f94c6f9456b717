import type { AnyActorRef, AnyEventObject, ProvidedActor } from 'xstate';
import {
  and,
  assign,
  cancel,
  emit,
  enqueueActions,
  not,
  or,
  raise,
  sendParent,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate';
import type { Count, Feature } from './features.js';
import type { ActionPlan, GuardPlan } from './plan.js';

/** The context of every generated machine. */
export interface Context {
  /** What transitions that could go on for ever use up. */
  readonly fuel: number;
  /** The same for eventless ones, which would leave no fuel for the rest. */
  readonly spark: number;
  /** Whether its initial macrostep is over, as far as it can tell. */
  readonly started: boolean;
  readonly n: number;
  /** How many children it has made: their ids are never used twice, because a world refuses an id that still runs. */
  readonly made: number;
  /** The last actions in order. */
  readonly log: string;
  readonly kid: AnyActorRef | undefined;
}

/** Ways in which a machine is built wrongly on purpose, to see that the comparison notices. */
export type Bend = 'none' | 'cancel does nothing' | 'deep history is shallow';

/** What building a part of a machine needs to know about the machine. */
export interface Surroundings {
  readonly id: string;
  /** 0 for the root machine, 1 for its children. */
  readonly depth: number;
  readonly actorCount: number;
  /** Ids of all states but the root. */
  readonly stateIds: readonly string[];
  readonly count: Count;
  readonly bend: Bend;
}

const LOG_LENGTH = 24;

const assignContext = assign<Context, AnyEventObject, undefined, AnyEventObject, ProvidedActor>;

interface Args {
  readonly context: Context;
  readonly event: AnyEventObject;
}

/** Writes into the log, so that the order of actions is part of the state. */
export function note(label: string, happened: (args: Args) => void = () => {}, uses?: 'fuel' | 'spark') {
  return assignContext((args) => {
    happened(args);
    const { context, event } = args;
    return {
      log: `${context.log}${label}`.slice(-LOG_LENGTH),
      started: context.started || !/^(in\.|xstate\.(init|done\.state))/.test(event.type),
      ...(uses ? { [uses]: context[uses] - 1 } : {}),
    };
  });
}

/** One element of a plan's list of actions, as XState wants it (a list of its own, or nothing). */
export function actionsOf(
  plan: ActionPlan,
  around: Surroundings,
  invokeId: string | undefined,
): readonly unknown[] {
  if (typeof plan !== 'string') return builtInsOf(plan, around, invokeId);
  const { id, count, depth } = around;
  switch (plan) {
    case 'count':
      return [assignContext({ n: ({ context }) => context.n + 1 })];
    case 'emit':
      return [
        emit(({ context }: Args) => {
          count('emit');
          return { type: 'noted', n: context.n };
        }),
      ];
    case 'fail':
      return [{ type: 'failOnFour', params: ({ context }: Args) => context }];
    case 'failAssign':
      return [
        assignContext(({ context }) => {
          if (depth === 0 ? context.n % 5 !== 3 : context.n % 2 === 0) return { n: context.n + 1 };
          count('failed: error in assign');
          throw new Error(`boom of ${id}`);
        }),
      ];
    case 'sendSelf':
      return [sendTo(({ self }: { self: AnyActorRef }) => self, { type: 'own' })];
    case 'sendParent':
      return depth === 0 ? [] : [sendParent({ type: 'up' })];
    case 'sendInvoked':
      if (invokeId !== undefined)
        return [sendTo(invokeId, counted({ type: 'down' }, 'sendTo a child by id', count))];
      return actionsOf('sendKid', around, invokeId);
    case 'sendKid':
      return [sendTo(kidOr(count), { type: 'down' })];
    case 'sendSystem':
      return sendSystem(around);
    default:
      return lifeOf(plan, around);
  }
}

/**
 * Only the root and its children look each other up. Deeper actors could do so after XState has lost their parent to an
 * exception, when a world has let them go with it.
 */
function sendSystem({ depth, count }: Surroundings): readonly unknown[] {
  if (depth > 1) return [sendParent({ type: 'up' })];
  const name = depth === 0 ? 'helper' : 'root';
  const type = depth === 0 ? 'down' : 'up';
  return [
    sendTo(
      ({ self, system }: { self: AnyActorRef; system: AnyActorRef['system'] }) => {
        const found = system.get(name);
        if (found) count('system.get');
        return found ?? self;
      },
      { type },
    ),
  ];
}

/** Spawning and stopping. */
function lifeOf(
  plan: 'spawnChild' | 'spawnInAssign' | 'stopChild' | 'stopKid',
  { actorCount, count }: Surroundings,
): readonly unknown[] {
  if (actorCount === 0) return [];
  const seed = ({ context }: Args) => ({ seed: context.n });
  switch (plan) {
    case 'spawnChild':
      return [
        spawnChild(`k${actorCount - 1}`, {
          id: ({ context }: Args) => {
            count('spawnChild');
            return `x${context.made}`;
          },
          input: seed,
        }),
        assignContext({ made: ({ context }) => context.made + 1 }),
      ];
    case 'spawnInAssign':
      return [
        assignContext(({ context, spawn }) => {
          count('spawn in assign');
          const kid = spawn('k0', { id: `y${context.made}`, input: { seed: context.n } });
          return { kid, made: context.made + 1 };
        }),
      ];
    case 'stopChild':
      return [
        stopChild(({ context }: Args) => {
          count('stopChild');
          return `x${context.made - 1}`;
        }),
      ];
    case 'stopKid':
      // A child that an initial macrostep spawns in an assign and stops again, XState starts first; a world never.
      return [stopChild(({ context }: Args) => (context.started && context.kid) || 'nobody')];
  }
}

/** What takes arguments. */
function builtInsOf(
  plan: Exclude<ActionPlan, string>,
  around: Surroundings,
  invokeId: string | undefined,
): readonly unknown[] {
  const { count, depth, bend } = around;
  if ('raise' in plan) return [raise({ type: plan.raise })];
  if ('raiseAfter' in plan) return [raise({ type: 'late.raised' }, { delay: plan.raiseAfter, id: plan.id })];
  if ('cancel' in plan) {
    if (bend === 'cancel does nothing') return [];
    return [
      cancel(() => {
        count('cancel');
        return plan.cancel;
      }),
    ];
  }
  if ('sendAfter' in plan) {
    // An id that is armed twice is forgotten once, and XState lets such a timer of a dead child go on: only the root uses ids.
    const options = depth === 0 ? { delay: plan.sendAfter, id: plan.id } : { delay: plan.sendAfter };
    if (plan.to === 'parent' && depth > 0) return [sendParent({ type: 'late.sent' }, options)];
    const self = ({ self }: { self: AnyActorRef }) => self;
    return [sendTo(plan.to === 'kid' ? kidOr(count) : self, { type: 'late.sent' }, options)];
  }
  const inner = plan.actions.flatMap((action) => actionsOf(action, around, invokeId));
  const guard = guardOf(plan.enqueue, around);
  return [
    // XState types what a queue takes by the machine around it, which a machine made from data does not have.
    enqueueActions(({ enqueue, check }) => {
      count('enqueueActions');
      if (!check(guard as never)) return enqueue.emit({ type: 'not enqueued' });
      count('enqueueActions: check holds');
      for (const action of inner) enqueue(action as never);
    }),
  ];
}

function kidOr(count: Count) {
  return ({ context, self }: { context: Context; self: AnyActorRef }): AnyActorRef => {
    if (context.kid) count('sendTo a ref in context');
    return context.kid ?? self;
  };
}

function counted<E>(event: E, feature: Feature, count: Count): () => E {
  return () => {
    count(feature);
    return event;
  };
}

/** A guard as XState wants it. */
export function guardOf(plan: GuardPlan, around: Surroundings): unknown {
  const { count, id, stateIds } = around;
  const tick = (feature: Feature, answer: boolean) => () => {
    count(feature);
    return answer;
  };
  if (plan === 'even') {
    return ({ context }: Args) => {
      count('guard');
      return context.n % 2 === 0;
    };
  }
  if (plan === 'atLeast')
    return { type: 'atLeast', params: ({ context }: Args) => ({ least: context.made }) };
  if (plan === 'fragile') {
    return ({ context }: Args) => {
      if (context.n % 6 !== 5) return true;
      count('failed: error in a guard');
      throw new Error(`boom of ${id}`);
    };
  }
  if ('in' in plan) {
    const state = stateIds[plan.in % stateIds.length];
    return state === undefined
      ? tick('guard', true)
      : and([tick('guard stateIn', true), stateIn(`#${state}`)]);
  }
  const inner = (guard: GuardPlan): never => guardOf(guard, around) as never; // XState types guards by the machine around them.
  if ('not' in plan) return not(and([tick('guard not', true), inner(plan.not)]));
  if ('and' in plan) return and([tick('guard and', true), ...plan.and.map(inner)]);
  return or([tick('guard or', false), ...plan.or.map(inner)]);
}
