import fc from 'fast-check';
import type {
  ActionPlan,
  ActorPlan,
  Descriptor,
  GuardPlan,
  InvokePlan,
  MachinePlan,
  StatePlan,
  TargetPlan,
  TransitionPlan,
} from './plan.js';
import { INTERNAL, SCRIPTED, SENT, TIMER_IDS, WILDCARDS } from './plan.js';
import type { Script } from './reference.js';

/** A machine and what happens to it. */
export interface GeneratedCase {
  readonly plan: MachinePlan;
  readonly script: readonly { readonly afterMs: number; readonly type: string }[];
}

/**
 * What the machines never do, and why; the reasons are told in full where each is seen to:
 *
 * - loop for ever (fuel, planStates.ts) or use the id of a child twice (a world refuses it, architecture 4.3);
 * - send to their children in exits (the step often stops them: interlace.ts), go back to a history state from inside of its
 *   parent (XState then spawns an id that runs: planTransitions.ts);
 * - have `always` on a state around regions (a defect of the adapter: planStates.ts);
 * - throw in a custom action, or stop what an assign has spawned, in an initial macrostep (XState has started the children by
 *   then, a world has not; planMachine.ts, planActions.ts);
 * - as a child: arm a delayed sendTo under an id, look up anybody but the root, carry a system id (XState lets timers and
 *   children of an actor that has failed go on; planActions.ts); as a reducer: notice `xstate.stop` (a world sends none).
 *
 * Whatever else depends on XState's being depth first ends a comparison where it occurs (interlace.ts).
 */

/**
 * The instants of a script. Entry `i` is at `…+ i/16` ms: all delays of machines are whole, so that no timer is due at the
 * instant of an entry, nor timers that were armed after different entries at one instant.
 */
export function scriptOf({ script }: GeneratedCase): Script {
  let atMs = 0;
  return script.map(({ afterMs, type }, i) => {
    atMs += afterMs;
    return [atMs + (i + 1) / 16, { type }];
  });
}

const small = fc.nat(11);
const delay = fc.integer({ min: 1, max: 400 });
const timerId = fc.constantFrom(...TIMER_IDS);

const guard: fc.Arbitrary<GuardPlan> = fc.letrec<{ guard: GuardPlan }>((tie) => ({
  guard: fc.oneof(
    { maxDepth: 2 },
    { weight: 8, arbitrary: fc.constantFrom<GuardPlan>('even', 'atLeast') },
    { weight: 1, arbitrary: fc.constant<GuardPlan>('fragile') },
    { weight: 2, arbitrary: fc.record({ in: small }) },
    { weight: 2, arbitrary: fc.record({ not: tie('guard') }) },
    { weight: 2, arbitrary: fc.record({ and: fc.tuple(tie('guard'), tie('guard')) }) },
    { weight: 2, arbitrary: fc.record({ or: fc.tuple(tie('guard'), tie('guard')) }) },
  ),
})).guard;

/** @param failures how often, among 40 or so, an action throws */
function actionsFailing(failures: number): {
  plain: fc.Arbitrary<ActionPlan>;
  any: fc.Arbitrary<ActionPlan>;
} {
  const plain = fc.oneof<fc.MaybeWeightedArbitrary<ActionPlan>[]>(
    { weight: 9, arbitrary: fc.constantFrom<ActionPlan>('count', 'emit') },
    { weight: failures, arbitrary: fc.constantFrom<ActionPlan>('fail', 'failAssign') },
    { weight: 6, arbitrary: fc.constantFrom<ActionPlan>('sendSelf', 'sendKid', 'sendInvoked', 'sendSystem') },
    {
      weight: 6,
      arbitrary: fc.constantFrom<ActionPlan>('spawnChild', 'spawnInAssign', 'stopChild', 'stopKid'),
    },
    { weight: 2, arbitrary: fc.record({ raise: fc.constantFrom(...INTERNAL) }) },
    { weight: 4, arbitrary: fc.record({ raiseAfter: delay, id: timerId }) },
    {
      weight: 3,
      arbitrary: fc.record({ sendAfter: delay, to: fc.constantFrom('self', 'kid', 'parent'), id: timerId }),
    },
    { weight: 3, arbitrary: fc.record({ cancel: timerId }) },
  );
  const any = fc.oneof<fc.MaybeWeightedArbitrary<ActionPlan>[]>(
    { weight: 10, arbitrary: plain },
    { weight: 2, arbitrary: fc.constant<ActionPlan>('sendParent') },
    { weight: 1, arbitrary: fc.record({ enqueue: guard, actions: fc.array(plain, { maxLength: 2 }) }) },
  );
  return { plain, any };
}

const target: fc.Arbitrary<TargetPlan> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ state: small }) },
  { weight: 3, arbitrary: fc.constant<TargetPlan>('none') },
  { weight: 3, arbitrary: fc.record({ history: small }) },
  { weight: 1, arbitrary: fc.record({ regions: small }) },
  { weight: 1, arbitrary: fc.constant<TargetPlan>('forbidden') },
);

function transition(
  event: fc.Arbitrary<Descriptor>,
  action: fc.Arbitrary<ActionPlan>,
): fc.Arbitrary<TransitionPlan> {
  const guarded = fc.option(guard, { nil: undefined, freq: 2 });
  const actions = fc.array(action, { maxLength: 2 });
  return fc.record({ event, to: target, reenter: fc.boolean(), guard: guarded, actions });
}

/** Leaves something out in `without` of `without + 1` cases. */
function seldom<T>(arbitrary: fc.Arbitrary<T>, without: number): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: without, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function often<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(arbitrary, { nil: undefined, freq: 4 });
}

type Kinds = readonly StatePlan['kind'][];

/** What differs between the root machine and its descendants. */
interface Role {
  readonly onEvent: fc.Arbitrary<TransitionPlan>;
  readonly action: fc.Arbitrary<ActionPlan>;
  /** In how many of that many more cases there is none. */
  readonly withoutAlways: number;
  readonly withoutAfter: number;
  readonly ends: Kinds;
}

function roleOf(
  event: fc.Arbitrary<Descriptor>,
  failures: number,
  rest: Pick<Role, 'withoutAlways' | 'withoutAfter' | 'ends'>,
): Role {
  const { plain, any } = actionsFailing(failures);
  return { onEvent: transition(event, any), action: plain, ...rest };
}

/** A script talks to the root only. Children wait for their parents, live on timers, and end sooner, so that parents see it. */
const rootRole = roleOf(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<Descriptor>(...SCRIPTED) },
    { weight: 3, arbitrary: fc.constantFrom<Descriptor>(...INTERNAL, ...SENT) },
    { weight: 2, arbitrary: fc.constantFrom<Descriptor>(...WILDCARDS) },
    { weight: 2, arbitrary: fc.constantFrom<Descriptor>('xstate.done.actor.*', 'xstate.error.actor.*') },
  ),
  1,
  { withoutAlways: 4, withoutAfter: 2, ends: ['final'] },
);
const childRole = roleOf(
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<Descriptor>('down') },
    { weight: 2, arbitrary: fc.constantFrom<Descriptor>(...INTERNAL, ...SENT) },
    { weight: 1, arbitrary: fc.constantFrom<Descriptor>(...WILDCARDS) },
  ),
  10,
  { withoutAlways: 5, withoutAfter: 1, ends: ['final', 'final'] },
);

/** @param height how many levels there may be below */
function state(height: number, kinds: Kinds, role: Role): fc.Arbitrary<StatePlan> {
  const { onEvent, action } = role;
  const after = fc.record({
    delay: fc.oneof(
      { weight: 3, arbitrary: delay },
      { weight: 2, arbitrary: fc.constantFrom('named', 'dynamic') },
    ),
    transition: onEvent,
  });
  const invoke: fc.Arbitrary<InvokePlan> = fc.record({
    actor: small,
    onDone: onEvent,
    onError: often(onEvent),
  });
  return fc.constantFrom(...kinds).chain((kind) => {
    const nested = kind === 'compound' || kind === 'parallel';
    const inner = innerKinds(kind, height - 1, role);
    return fc.record<StatePlan>({
      kind: fc.constant(kind),
      states: nested
        ? fc.array(state(height - 1, inner, role), { minLength: 2, maxLength: 3 })
        : fc.constant([]),
      history: kind === 'compound' ? fc.constantFrom(undefined, 'shallow', 'deep') : fc.constant(undefined),
      initial: small,
      entry: fc.array(action, { maxLength: 2 }),
      exit: fc.array(action, { maxLength: 1 }),
      on: fc.array(onEvent, { minLength: nested ? 1 : 0, maxLength: 3 }),
      always: seldom(onEvent, role.withoutAlways),
      onDone: nested ? often(onEvent) : fc.constant(undefined),
      after: seldom(after, role.withoutAfter),
      invoke: seldom(invoke, 2),
      labelled: fc.boolean(),
    });
  });
}

function innerKinds(kind: StatePlan['kind'], height: number, { ends }: Role): Kinds {
  const deep: Kinds = height > 0 ? ['compound', 'compound', 'parallel'] : ['atomic'];
  return kind === 'parallel' ? ['atomic', 'final', ...deep] : ['atomic', 'atomic', ...ends, ...deep];
}

function actor(depth: number): fc.Arbitrary<ActorPlan> {
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<ActorPlan>('counter') },
    { weight: 3, arbitrary: machine(depth) },
  );
}

function machine(depth: number): fc.Arbitrary<MachinePlan> {
  const root =
    depth === 0
      ? state(3, ['compound', 'compound', 'parallel'], rootRole)
      : state(1, ['compound'], childRole);
  const actorsMax = [2, 1, 0][depth] ?? 0;
  return fc.record({
    root,
    actors: actorsMax === 0 ? fc.constant([]) : fc.array(actor(depth + 1), { maxLength: actorsMax }),
    spawnsInContext: fc.boolean(),
    helper: depth === 0 ? fc.boolean() : fc.constant(false),
    forgiving: fc.boolean(),
    lifetime: depth === 0 ? fc.constant(undefined) : seldom(delay, 2),
  });
}

/** Random machines with their scripts. */
export const generatedCase: fc.Arbitrary<GeneratedCase> = fc.record({
  plan: machine(0),
  script: fc.array(
    fc.record({ afterMs: fc.integer({ min: 5, max: 120 }), type: fc.constantFrom(...SCRIPTED) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  ),
});
