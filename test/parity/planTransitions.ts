import { and } from 'xstate';
import type { Feature } from './features.js';
import type { Descriptor, StatePlan, TransitionPlan } from './plan.js';
import { SCRIPTED } from './plan.js';
import { actionsOf, guardOf, note, type Surroundings } from './planActions.js';

export interface Place {
  readonly id: string;
  readonly plan: StatePlan;
}

/** The machine around a state. */
export interface Around extends Surroundings {
  readonly places: readonly Place[];
  readonly forgiving: boolean;
}

/**
 * A transition as XState wants it.
 *
 * @param features what has happened when it is taken; for one that is not `on` an event, what it is on
 */
export function transitionOf(
  plan: TransitionPlan,
  source: Place,
  features: readonly Feature[],
  around: Around,
  invokeId: string | undefined,
): Record<string, unknown> {
  const { count } = around;
  const free = features.length === 0 && SCRIPTED.some((type) => type === plan.event);
  if (plan.to === 'forbidden' && features.length === 0) {
    const counting = (): boolean => {
      count('forbidden');
      return true;
    };
    return { guard: counting };
  }
  const fuel = free ? undefined : features.includes('always') ? 'spark' : 'fuel';
  const target = targetsOf(plan, source.id, around);
  const happened: Feature[] = [
    ...features,
    ...(features.length === 0 ? descriptorFeatures(plan.event) : []),
    ...(target.length > 1 ? (['multiple targets'] as const) : []),
    ...(target.length > 0 && plan.reenter ? (['reenter'] as const) : []),
    ...historyFeatures(target, around),
  ];
  const noted = note(
    `${source.id.slice(source.id.lastIndexOf('s'))}!`,
    ({ event }) => {
      for (const feature of [...happened, ...eventFeatures(event.type)]) count(feature);
    },
    fuel,
  );
  // The end of a child is rare enough.
  const ofChild = features.some((feature) => feature.startsWith('child'));
  const own = !ofChild && plan.guard && guardOf(plan.guard, around);
  const guard = fuel && own ? and([fuel, own as never]) : (fuel ?? (own || undefined)); // XState types guards by the machine around them.
  return {
    ...(target.length > 0 ? { target: target.map((id) => `#${id}`), reenter: plan.reenter } : {}),
    ...(guard === undefined ? {} : { guard }),
    // Where the state is left, its child is gone before the transition's actions.
    actions: [
      noted,
      ...plan.actions.flatMap((action) =>
        actionsOf(action, around, target.length > 0 ? undefined : invokeId),
      ),
    ],
  };
}

/**
 * History is only gone back to from outside: where a state inside leads to it and it means that very state, XState enters the
 * state a second time without leaving it, and what it invoked goes on unlisted under an id that is taken. A world refuses that.
 */
function targetsOf({ to }: TransitionPlan, source: string, { places }: Around): readonly string[] {
  if (typeof to === 'string') return [];
  if ('state' in to) return pick(places.slice(1), to.state).map(({ id }) => id);
  if ('history' in to) {
    const withHistory = places.filter(({ id, plan }) => plan.history && !source.startsWith(`${id}.`));
    return pick(withHistory, to.history).map(({ id }) => `${id}.h`);
  }
  const parallels = places.filter(({ plan }) => plan.kind === 'parallel' && plan.states.length > 1);
  return pick(parallels, to.regions).flatMap((parallel) =>
    [0, 1].flatMap((region) => {
      const inside = places.filter(({ id }) => `${id}.`.startsWith(`${parallel.id}.s${region}.`));
      return pick(inside, to.regions).map(({ id }) => id);
    }),
  );
}

export function pick<T>(list: readonly T[], index: number): T[] {
  const item = list[index % Math.max(1, list.length)];
  return item === undefined ? [] : [item];
}

export function descriptorFeatures(descriptor: Descriptor): Feature[] {
  if (descriptor === '*') return ['wildcard'];
  if (descriptor === 'xstate.done.actor.*') return ['partial wildcard', 'child done: wildcard'];
  if (descriptor === 'xstate.error.actor.*') return ['partial wildcard', 'child failed: wildcard'];
  return descriptor.endsWith('.*') ? ['partial wildcard'] : [];
}

function historyFeatures(target: readonly string[], { places }: Around): Feature[] {
  const owner = places.find(({ id }) => target.includes(`${id}.h`));
  return owner?.plan.history ? [`history ${owner.plan.history}`] : [];
}

export function eventFeatures(type: string): Feature[] {
  if (type === 'late.raised') return ['raise with delay'];
  if (type === 'late.sent') return ['sendTo with delay'];
  if (type === 'own') return ['mailbox: sent to itself'];
  if (type === 'up') return ['sendParent'];
  if (type.startsWith('in.')) return ['raise'];
  return SCRIPTED.some((scripted) => scripted === type) ? ['mailbox: sent by the script'] : [];
}
