/**
 * A random machine as plain data: a failing case prints as this, and shrinks as this.
 *
 * Numbers that pick something (a target, an actor, a state) are taken modulo what there is, so every plan means a machine.
 */
export interface MachinePlan {
  readonly root: StatePlan;
  /** Logics that it can spawn and invoke, by `k0`, `k1`, … */
  readonly actors: readonly ActorPlan[];
  /** Its context factory spawns `k0`. */
  readonly spawnsInContext: boolean;
  /** It invokes `k0` at its root, with the system id `helper`. Only the root machine does: children have no system ids. */
  readonly helper: boolean;
  /** Whether it lives on when a child fails and nothing else handles that. */
  readonly forgiving: boolean;
  /** After how many milliseconds it ends, whatever it is doing: well or with an error. Only children do. */
  readonly lifetime: number | undefined;
}

/** A child is a machine, or a `fromTransition` that counts. */
export type ActorPlan = MachinePlan | 'counter';

export interface StatePlan {
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final';
  readonly states: readonly StatePlan[];
  /** Of a compound state: also a history state. */
  readonly history: 'shallow' | 'deep' | undefined;
  readonly initial: number;
  readonly entry: readonly ActionPlan[];
  readonly exit: readonly ActionPlan[];
  readonly on: readonly TransitionPlan[];
  readonly always: TransitionPlan | undefined;
  /** When its states, or all its regions, have come to an end. */
  readonly onDone: TransitionPlan | undefined;
  readonly after: AfterPlan | undefined;
  readonly invoke: InvokePlan | undefined;
  /** Whether it has tags, meta and (a final one) output. */
  readonly labelled: boolean;
}

interface AfterPlan {
  readonly delay: number | 'named' | 'dynamic';
  readonly transition: TransitionPlan;
}

export interface InvokePlan {
  readonly actor: number;
  readonly onDone: TransitionPlan | undefined;
  readonly onError: TransitionPlan | undefined;
}

export interface TransitionPlan {
  readonly event: Descriptor;
  readonly to: TargetPlan;
  readonly reenter: boolean;
  readonly guard: GuardPlan | undefined;
  readonly actions: readonly ActionPlan[];
}

/** A state; a history state; a state in each of two regions of one parallel state; or that the event is forbidden. */
export type TargetPlan =
  | { readonly state: number }
  | { readonly history: number }
  | { readonly regions: number }
  | 'none'
  | 'forbidden';

export type GuardPlan =
  | 'even'
  | 'atLeast'
  | 'fragile'
  | { readonly in: number }
  | { readonly not: GuardPlan }
  | { readonly and: readonly [GuardPlan, GuardPlan] }
  | { readonly or: readonly [GuardPlan, GuardPlan] };

export type ActionPlan =
  | 'count'
  | 'emit'
  | 'fail'
  | 'failAssign'
  | 'sendSelf'
  | 'sendParent'
  | 'sendKid'
  | 'sendInvoked'
  | 'sendSystem'
  | 'spawnChild'
  | 'spawnInAssign'
  | 'stopChild'
  | 'stopKid'
  | { readonly raise: Internal }
  | { readonly raiseAfter: number; readonly id: TimerId }
  | { readonly sendAfter: number; readonly to: 'self' | 'kid' | 'parent'; readonly id: TimerId }
  | { readonly cancel: TimerId }
  | { readonly enqueue: GuardPlan; readonly actions: readonly ActionPlan[] };

export const TIMER_IDS = ['t0', 't1'] as const;
type TimerId = (typeof TIMER_IDS)[number];

/** Only a script sends these: a transition on them needs no fuel (see planMachine.ts). */
export const SCRIPTED = ['go', 'step', 'key.a', 'key.b'] as const;
/** What a machine raises for itself. */
export const INTERNAL = ['in.a', 'in.b'] as const;
type Internal = (typeof INTERNAL)[number];
/** What else machines send: to a child, to the parent, to oneself, and late. */
export const SENT = ['down', 'up', 'own', 'late.raised', 'late.sent'] as const;
export const WILDCARDS = [
  '*',
  'key.*',
  'in.*',
  'late.*',
  'xstate.done.actor.*',
  'xstate.error.actor.*',
] as const;

export type Descriptor =
  | (typeof SCRIPTED)[number]
  | Internal
  | (typeof SENT)[number]
  | (typeof WILDCARDS)[number];
