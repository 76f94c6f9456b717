import { type AnyActorLogic, type AnyActorRef, setup } from 'xstate';
import { defineSystem, type System } from '../../src/runtime/system.js';
import type { AbstractSystem, Effect, Payload, Reaction, Target, Transition } from './abstractSystem.js';

interface Memory {
  readonly me: AnyActorRef;
  readonly ref: AnyActorRef | null;
  readonly kid: AnyActorRef | null;
}
interface Letter {
  readonly type: string;
  readonly ref?: AnyActorRef | null;
}

const blank = setup({}).createMachine({ id: 'blank' });

/** An abstract system as XState machines: states `s0` …, events `e0` …, children with the id `c`. */
export function translate(system: AbstractSystem): System {
  const machines = new Map<number, AnyActorLogic>();
  const machine = (index: number): AnyActorLogic => {
    const known = machines.get(index) ?? translateLogic(system, index, machine);
    machines.set(index, known);
    return known;
  };
  const actors = system.names.map((name, i) => [name, { logic: machine(system.top[i] ?? -1) }] as const);
  return defineSystem({
    name: 'abstract',
    actors: Object.fromEntries(actors),
    timers: system.mode,
    start: system.any ? 'any' : 'declared',
  });
}

export function eventType(system: AbstractSystem, type: number, kid = 'c'): string {
  if (type === system.events) return `xstate.done.actor.${kid}`;
  return type === system.events + 1 ? `xstate.error.actor.${kid}` : `e${type}`;
}

function translateLogic(system: AbstractSystem, index: number, machine: (index: number) => AnyActorLogic) {
  const logic = system.logics[index];
  if (!logic) throw new Error(`there is a logic ${index}`);
  const world = setup({
    // XState takes these types from the values' types only.
    types: {} as { context: Memory; events: Letter },
    actors: { kid: logic.child === undefined ? blank : machine(logic.child) },
  });

  const action = (effect: Effect) => {
    if (effect.do === 'keep') return world.assign({ ref: ({ event }) => event.ref ?? null });
    if (effect.do === 'forget') return world.assign({ ref: null });
    if (effect.do === 'spawn') return world.assign({ kid: ({ spawn }) => spawn('kid', { id: 'c' }) });
    if (effect.do === 'cancel') return world.cancel(`t${effect.id}`);
    if (effect.do === 'stop') {
      return world.enqueueActions(({ context, enqueue }) => {
        if (!context.kid) return;
        enqueue.stopChild(context.kid);
        enqueue.assign({ kid: null });
      });
    }
    return world.enqueueActions(({ context, enqueue }) => {
      const letter = { type: `e${effect.event}`, ref: payloadOf(context, effect.carry) };
      const timer = effect.do === 'arm' ? { id: `t${effect.id}`, delay: effect.delay } : undefined;
      if (effect.to === 'raise') return timer && enqueue.raise(letter, timer);
      const to = targetOf(context, effect.to);
      if (to === null) return;
      if (effect.do === 'send' && effect.now && to) enqueue(() => to.send(letter));
      // The types of XState do not admit a target that may be undefined; what happens then is under test.
      else enqueue.sendTo(to as AnyActorRef, letter, timer);
    });
  };
  const transition = (t: Transition, from: number) => ({
    actions: [...t.effects.map(action), ...(t.to === 'fail' ? [fail] : [])],
    ...(t.to === from || t.to === 'fail' ? {} : { target: t.to === 'done' ? 'end' : `s${t.to}` }),
  });
  const reactions = (reaction: Reaction, from: number) => {
    if ('always' in reaction) return [transition(reaction.always, from)];
    const { look, is, yes, no } = reaction;
    const holds = ({ context }: { context: Memory }): boolean => see(context, look) === is;
    return [
      ...(yes ? [{ ...transition(yes, from), guard: holds }] : []),
      ...(no ? [{ ...transition(no, from), guard: (args: { context: Memory }) => !holds(args) }] : []),
    ];
  };
  const states = logic.states.map((state, at) => {
    const afterwards = state.on[system.events + 2];
    const on = state.on
      .slice(0, system.events + 2)
      .flatMap((r, type) => (r ? [[eventType(system, type), reactions(r, at)] as const] : []));
    const offers = state.offers.map((o) => ({ type: `e${o.event}`, times: o.times, expected: o.expected }));
    return [
      `s${at}`,
      {
        meta: { offers },
        on: Object.fromEntries(on),
        after: state.after === undefined || !afterwards ? {} : { [state.after]: reactions(afterwards, at) },
      },
    ] as const;
  });
  return world.createMachine({
    id: `m${index}`,
    context: ({ self }) => ({ me: self, ref: null, kid: null }),
    initial: 's0',
    entry: logic.init.map(action),
    states: { ...Object.fromEntries(states), end: { type: 'final' } },
  });
}

function fail(): never {
  throw new Error('boom');
}

function payloadOf(context: Memory, carry: Payload): AnyActorRef | null {
  return carry === 'self'
    ? context.me
    : carry === 'ref'
      ? context.ref
      : carry === 'child'
        ? context.kid
        : null;
}

/** `null`: send nothing; `undefined`: nobody is there, and the send must fail. */
function targetOf(context: Memory, target: Target): AnyActorRef | null | undefined {
  const { me } = context;
  if (target === 'self') return me;
  if (target === 'parent') return me._parent ?? null;
  if (target === 'child') return context.kid;
  if (target === 'ref') return context.ref;
  const found: AnyActorRef | undefined = me.system.get(target.slice(1));
  return target.startsWith('=') ? found : (found ?? null);
}

function see(context: Memory, look: { at: string; name?: string }): number {
  const named: AnyActorRef | undefined =
    look.name === undefined ? undefined : context.me.system.get(look.name);
  if (look.at === 'name') return named ? 1 : 0;
  const who = look.at === 'snapshot' ? named : look.at === 'child' ? context.kid : context.ref;
  if (!who) return 3;
  const seen = who.getSnapshot();
  return seen.status === 'active' ? Number(seen.value.slice(1)) & 1 : 2;
}
