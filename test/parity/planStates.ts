import type { AnyEventObject } from 'xstate';
import { sendParent } from 'xstate';
import type { Count, Feature } from './features.js';
import type { Descriptor, InvokePlan, StatePlan, TransitionPlan } from './plan.js';
import { actionsOf, type Context, note } from './planActions.js';
import {
  type Around,
  descriptorFeatures,
  eventFeatures,
  type Place,
  pick,
  transitionOf,
} from './planTransitions.js';

/** All states of a plan with their ids, outside in. */
export function* placesOf(plan: StatePlan, id: string): Generator<Place> {
  yield { id, plan };
  for (const [i, state] of plan.states.entries()) yield* placesOf(state, `${id}.s${i}`);
}

/** A state, and all below, as XState wants it. */
export function stateOf(plan: StatePlan, id: string, level: number, around: Around): Record<string, unknown> {
  const { count } = around;
  const invokeId =
    plan.invoke && around.actorCount > 0 && plan.kind !== 'final' ? `v${id.replaceAll('.', '_')}` : undefined;
  const label = id.slice(id.lastIndexOf('s'));
  const entered: Feature[] = [
    ...(plan.kind === 'parallel' ? (['parallel'] as const) : []),
    ...(plan.kind === 'compound' && level > 1 ? (['nested compound'] as const) : []),
    ...(plan.labelled ? (['tags and meta'] as const) : []),
    ...(invokeId ? (['invoke'] as const) : []),
  ];
  const actions = (plans: StatePlan['entry']): unknown[] =>
    plans.flatMap((action) => actionsOf(action, around, invokeId));
  const entry = [note(`+${label}`, () => entered.forEach(count)), ...actions(plan.entry)];
  // Whoever is told something in an exit is often stopped by the same step: see the header of interlace.ts.
  const leaving = plan.exit.filter(
    (action) => typeof action !== 'string' || !action.startsWith('send') || action === 'sendSelf',
  );
  const left = (): void => {
    if (invokeId) count('stop by leaving the state');
  };
  const common = {
    entry,
    exit: [note(`-${label}`, left), ...actions(leaving)],
    ...(plan.labelled ? { tags: [label, 'labelled'], meta: { label } } : {}),
  };
  if (plan.kind === 'final')
    return { ...common, type: 'final', ...(plan.labelled ? { output: finalOutput(count) } : {}) };
  const transition = (t: TransitionPlan, features: readonly Feature[] = []) =>
    transitionOf(t, { id, plan }, features, around, invokeId);
  const on: Record<string, unknown> = level === 0 ? heardOf(around) : {};
  for (const t of plan.on) {
    on[t.event] = [transition(t), ...[on[t.event] ?? []].flat()];
  }
  return {
    ...common,
    on,
    ...regionsOf(plan, id, level, around),
    ...(plan.onDone && level > 0 ? { onDone: transition(plan.onDone, [doneFeature(plan)]) } : {}),
    // XState takes eventless transitions in the order of its `_nodes`. The adapter knows that for two states inside of
    // regions, not for one inside and one around them: until it does, only what holds no parallel state has `always`.
    ...(plan.always && !holdsParallel(plan) ? { always: transition(plan.always, ['always']) } : {}),
    ...(plan.after
      ? { after: { [plan.after.delay]: transition(plan.after.transition, afterFeatures(plan.after.delay)) } }
      : {}),
    ...(invokeId && plan.invoke ? { invoke: invokeOf(plan.invoke, invokeId, around, transition) } : {}),
  };
}

/** Whatever a machine gets shows in its log at least, and a child answers what it does not understand. */
function heardOf({ count, depth, forgiving }: Around): Record<string, unknown> {
  const types: Descriptor[] = ['own', 'up', 'down', 'in.*', 'late.*', 'xstate.done.actor.*'];
  if (forgiving) types.push('xstate.error.actor.*');
  const heard = types.map((type) => {
    const happened = ({ event }: { event: AnyEventObject }): void =>
      [...eventFeatures(event.type), ...descriptorFeatures(type)].forEach(count);
    const noted = note(type[0] ?? '', happened, 'fuel');
    const answer = type === 'down' && depth > 0 ? [sendParent({ type: 'up' })] : [];
    return [type, [{ guard: 'fuel', actions: [noted, ...answer] }]] as const;
  });
  return Object.fromEntries(heard);
}

function regionsOf(plan: StatePlan, id: string, level: number, around: Around): Record<string, unknown> {
  if (plan.states.length === 0) return {};
  const { bend } = around;
  const states: Record<string, unknown> = {};
  for (const [i, state] of plan.states.entries())
    states[`s${i}`] = stateOf(state, `${id}.s${i}`, level + 1, around);
  if (plan.kind === 'parallel') return { type: 'parallel', states };
  if (plan.history) {
    const history = bend === 'deep history is shallow' ? 'shallow' : plan.history;
    states['h'] = { type: 'history', history };
  }
  // What is over at once is compared badly: at a start a parent hears of it among other things.
  const going = [...plan.states.keys()].filter((i) => plan.states[i]?.kind !== 'final');
  const [initial] = pick(going.length > 0 ? going : [0], plan.initial);
  return { initial: `s${initial}`, states };
}

function invokeOf(
  plan: InvokePlan,
  id: string,
  { actorCount }: Around,
  transition: (t: TransitionPlan, features: readonly Feature[]) => unknown,
): Record<string, unknown> {
  return {
    src: `k${plan.actor % actorCount}`,
    id,
    input: ({ context }: { context: Context }) => ({ seed: context.n + 1 }),
    ...(plan.onDone ? { onDone: transition(plan.onDone, ['child done: onDone']) } : {}),
    ...(plan.onError ? { onError: transition(plan.onError, ['child failed: onError']) } : {}),
  };
}

function holdsParallel(plan: StatePlan): boolean {
  return plan.kind === 'parallel' || plan.states.some(holdsParallel);
}

function finalOutput(count: Count) {
  return ({ context }: { context: Context }) => {
    count('final with output');
    return context.n;
  };
}

function doneFeature({ kind }: StatePlan): Feature {
  return kind === 'parallel' ? 'parallel: state done' : 'compound: state done';
}

function afterFeatures(delay: number | 'named' | 'dynamic'): Feature[] {
  return delay === 'named' ? ['after', 'after: named delay'] : ['after'];
}
