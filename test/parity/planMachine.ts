import type { AnyActorLogic, AnyEventObject, AnyStateMachine } from 'xstate';
import { createMachine, fromTransition } from 'xstate';
import type { Count } from './features.js';
import type { ActorPlan, MachinePlan } from './plan.js';
import type { Bend, Context } from './planActions.js';
import { placesOf, stateOf } from './planStates.js';
import type { Around } from './planTransitions.js';

/**
 * Builds the machine that a plan describes.
 *
 * Nothing goes on for ever: a transition that the machines themselves can bring about (eventless, delayed, on a raised or sent
 * event, on a child's end, or a wildcard) needs a unit of fuel and uses it up. Those on events of the script need none.
 */
export function machineOf(plan: MachinePlan, count: Count, bend: Bend = 'none'): AnyStateMachine {
  return build(plan, 'm', 0, count, bend);
}

const FUEL = [25, 12, 6];
const SPARK = 4;

function build(plan: MachinePlan, id: string, depth: number, count: Count, bend: Bend): AnyStateMachine {
  const places = [...placesOf(plan.root, id)];
  const stateIds = places.slice(1).map((place) => place.id);
  const around: Around = {
    id,
    depth,
    actorCount: plan.actors.length,
    stateIds,
    count,
    bend,
    places,
    forgiving: plan.forgiving,
  };
  const actors = Object.fromEntries(
    plan.actors.map((actor, i) => [`k${i}`, actorOf(actor, `${id}-k${i}`, depth + 1, count, bend)] as const),
  );
  const helper = {
    src: 'k0',
    id: 'helper',
    systemId: 'helper',
    input: ({ context }: { context: Context }) => ({ seed: context.n }),
  };
  const root = stateOf(plan.root, id, 0, around);
  const config = {
    ...root,
    id,
    ...(plan.lifetime ? { after: { ...Object(root['after']), [plan.lifetime]: endOf(plan) } } : {}),
    context: contextOf(plan, depth, count),
    output: ({ context, event }: { context: Context; event: { output?: unknown } }) => {
      count('done with output');
      return { n: context.n, of: event.output };
    },
    ...(plan.helper && plan.actors.length > 0 ? { invoke: helper } : {}),
  };
  // Machines should not be due at one instant: which of them then goes first is a choice of a world's.
  const spread = [...id].reduce((sum, character) => 5 * sum + character.charCodeAt(0), 0);
  // XState derives its types from literal configs; one that is made at run time has none.
  return createMachine(
    config as never,
    {
      actors,
      guards: {
        fuel: ({ context }: { context: Context }) => context.fuel > 0,
        spark: ({ context }: { context: Context }) => context.spark > 0,
        atLeast: ({ context }: { context: Context }, { least }: { least: number }) => {
          count('guard with dynamic params');
          return context.n >= least;
        },
      },
      actions: {
        failOnFour: (_: unknown, { n, started }: Context) => {
          count('action with dynamic params');
          // When an action throws at the start, XState has started the children already; a world lets them go unstarted.
          if (!started || (depth === 0 ? n % 5 !== 4 : n % 2 === 0)) return;
          count('failed: error in an action');
          throw new Error(`boom of ${id}`);
        },
      },
      delays: {
        named: 11 + (spread % 31),
        dynamic: ({ context }: { context: Context }) => {
          count('after: dynamic delay');
          return 53 + ((7 * spread + context.n) % 37);
        },
      },
    } as never,
  );
}

/** The end of a lifetime: for some the final state, if there is one, for the others an error. */
function endOf({ root, lifetime }: MachinePlan): object {
  const final = root.states.findIndex(({ kind }) => kind === 'final');
  return final === -1 || (lifetime ?? 0) % 3 === 0 ? { actions: 'expire' } : { target: `.s${final}` };
}

function contextOf(plan: MachinePlan, depth: number, count: Count) {
  return ({
    input,
    spawn,
  }: {
    input: { seed: number } | undefined;
    spawn: (src: string, options: object) => unknown;
  }) => {
    if (input) count('input');
    if (depth > 1) count('child of a child');
    const spawns = plan.spawnsInContext && plan.actors.length > 0;
    if (spawns) count('spawn in context');
    const kid = spawns ? spawn('k0', { id: 'first', input: { seed: 1 } }) : undefined;
    return {
      fuel: FUEL[depth] ?? 3,
      spark: SPARK,
      started: false,
      n: input?.seed ?? 0,
      made: 0,
      log: '',
      kid,
    };
  };
}

function actorOf(plan: ActorPlan, id: string, depth: number, count: Count, bend: Bend): AnyActorLogic {
  if (plan !== 'counter') return build(plan, id, depth, count, bend);
  return fromTransition(
    (
      state: { seen: number },
      { type }: AnyEventObject,
      { emit }: { emit: (event: { type: 'seen'; seen: number }) => void },
    ) => {
      // XState lets a reducer see that it is stopped; in a world a stopped actor just vanishes (architecture 4.1).
      if (type === 'xstate.stop') return state;
      count('fromTransition child');
      if (state.seen % 2 === 0) emit({ type: 'seen', seen: state.seen });
      return { seen: state.seen + 1 };
    },
    ({ input }: { input: { seed: number } | undefined }) => ({ seen: input?.seed ?? 0 }),
  );
}
