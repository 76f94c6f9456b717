import type {
  AbstractActor,
  AbstractEvent,
  AbstractLogic,
  AbstractSystem,
  AbstractWorld,
  Effect,
  Look,
  Payload,
  Target,
  Timer,
  Transition,
} from './abstractSystem.js';

/**
 * A second implementation of the semantics (architecture 4.1 and 4.3), for {@link AbstractSystem}s: a plain interpreter over
 * plain objects, with no interning, no memo and no XState. It follows `ample-fuzz.mjs` (section 2); where that sketch is silent
 * (what is left of a step that fails, two timers under one id) it does what XState's `Actor` does.
 */
type Op =
  | { readonly op: 'send'; readonly to: string; readonly event: AbstractEvent }
  | { readonly op: 'arm'; readonly timer: Timer }
  | { readonly op: 'cancel'; readonly what: string }
  | { readonly op: 'spawn'; readonly what: string }
  | { readonly op: 'stop'; readonly what: string };

/** The system is larger than what a test wants to look at. */
export class TooBig extends Error {}
/** User code throws. */
export class Failure extends Error {}

const LIMITS = { queue: 4, timers: 3 };
export const EVENT = (type: number, ref = '', error = ''): AbstractEvent => ({ type, ref, error });
const running = (a: AbstractActor | undefined): boolean =>
  a?.status === 'active' || a?.status === 'unstarted';
const parentOf = (address: string): string => address.slice(0, Math.max(0, address.lastIndexOf('/')));

function mentionsOf(a: AbstractActor): string[] {
  return [a.ref, a.kid, ...a.queue.map((e) => e.ref), ...a.timers.flatMap((t) => [t.to, t.event.ref])];
}

/** One atomic step. */
export class Step {
  readonly actors: Record<string, AbstractActor>;
  readonly #before: AbstractWorld;
  readonly #starts: string[] = [];
  readonly #system: AbstractSystem;

  constructor(system: AbstractSystem, before: AbstractWorld) {
    this.#system = system;
    this.#before = before;
    this.actors = { ...before.actors };
  }

  start(address: string): void {
    this.#run(address, 'start', EVENT(0));
    for (let kid = this.#starts.shift(); kid !== undefined; kid = this.#starts.shift()) {
      if (this.actors[kid]?.status === 'unstarted') this.#run(kid, 'start', EVENT(0));
    }
  }

  take(address: string, event: AbstractEvent): void {
    this.#run(address, 'event', event);
    for (let kid = this.#starts.shift(); kid !== undefined; kid = this.#starts.shift()) {
      if (this.actors[kid]?.status === 'unstarted') this.#run(kid, 'start', EVENT(0));
    }
  }

  append(to: string, event: AbstractEvent): void {
    const a = this.actors[to];
    if (!a || !running(a)) return;
    if (a.queue.length >= LIMITS.queue) throw new TooBig();
    this.actors[to] = { ...a, queue: [...a.queue, event] };
  }

  change(address: string, change: Partial<AbstractActor>): void {
    this.actors[address] = { ...this.actor(address), ...change };
  }

  actor(address: string): AbstractActor {
    const a = this.actors[address];
    if (!a) throw new Error(`the abstract actor ${address} exists`);
    return a;
  }

  /** The transition that would take an event; throws a Failure when a guard would. */
  choose(address: string, { type }: AbstractEvent): Transition | undefined {
    const a = this.actor(address);
    const reaction = this.logicOf(a).states[a.at]?.on[type];
    if (!reaction) return undefined;
    if ('always' in reaction) return reaction.always;
    if (!reaction.yes && !reaction.no) return undefined;
    return this.#see(address, reaction.look, type) === reaction.is ? reaction.yes : reaction.no;
  }

  logicOf(a: AbstractActor): AbstractLogic {
    const logic = this.#system.logics[a.logic];
    if (!logic) throw new Error(`there is a logic ${a.logic}`);
    return logic;
  }

  #see(address: string, look: Look, type: number): number {
    const a = this.actor(address);
    if (look.at === 'name') return running(this.actors[look.name]) ? 1 : 0;
    const named = look.at === 'snapshot' ? (running(this.actors[look.name]) ? look.name : '') : '';
    const who = look.at === 'snapshot' ? named : look.at === 'child' ? a.kid : a.ref;
    if (who === '') return 3;
    const seen = this.actors[who];
    if (seen?.status === 'unstarted') throw new Failure(`guard ${a.logic} ${a.at} ${type} ${who}`);
    return seen?.status === 'active' ? seen.at & 1 : 2;
  }

  #run(address: string, kind: 'start' | 'event', event: AbstractEvent): void {
    const was = this.actor(address);
    const now: Op[] = [];
    const later: Op[] = [];
    let end: 'done' | 'error' | undefined;
    try {
      if (kind === 'start') {
        this.change(address, { status: 'active' });
        this.#resolve(address, this.logicOf(was).init, event, now, later);
        this.#enter(address, later);
      } else {
        const t = this.choose(address, event);
        if (t) end = this.#transit(address, t, event, now, later);
        else if (event.type === this.#system.events + 1) {
          this.change(address, { error: event.error, kidUnlisted: true });
          end = 'error';
        }
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.actors[address] = { ...was, error: error.message };
      later.length = 0;
      now.splice(0, now.length, ...now.filter((op) => op.op === 'send'));
      end = 'error';
    }
    for (const op of [...now, ...later]) this.#apply(address, op);
    const is = this.actor(address);
    if (was.kid !== '' && is.kid !== was.kid && !running(this.actors[was.kid])) this.#vanish(was.kid);
    if (end) this.#end(address, end);
  }

  #transit(address: string, t: Transition, event: AbstractEvent, now: Op[], later: Op[]): 'done' | undefined {
    const { at } = this.actor(address);
    const leaves = t.to !== at;
    if (leaves && this.#afterOf(address) !== undefined) later.push({ op: 'cancel', what: `after ${at}` });
    this.#resolve(address, t.effects, event, now, later);
    if (t.to === 'fail') throw new Failure('boom');
    if (t.to === 'done') {
      this.change(address, { at: -1 });
      return 'done';
    }
    if (leaves) {
      this.change(address, { at: t.to });
      this.#enter(address, later);
    }
    return undefined;
  }

  #afterOf(address: string): number | undefined {
    const a = this.actor(address);
    return this.logicOf(a).states[a.at]?.after;
  }

  #enter(address: string, later: Op[]): void {
    const delay = this.#afterOf(address);
    if (delay === undefined) return;
    const event = EVENT(this.#system.events + 2);
    later.push({
      op: 'arm',
      timer: { id: `after ${this.actor(address).at}`, left: delay, event, to: '', cancellable: true },
    });
  }

  #resolve(address: string, effects: readonly Effect[], event: AbstractEvent, now: Op[], later: Op[]): void {
    const given: string[] = [];
    const stopped: string[] = [];
    for (const effect of effects) {
      const a = this.actor(address);
      if (effect.do === 'send') {
        const to = this.#target(address, effect.to, effect.event);
        const sent = EVENT(effect.event, payload(address, a, effect.carry));
        if (to !== '') (effect.now ? now : later).push({ op: 'send', to, event: sent });
      } else if (effect.do === 'arm') {
        const to = effect.to === 'raise' ? '' : this.#target(address, effect.to, effect.event);
        if (effect.to !== 'raise' && to === '') continue;
        const armed = EVENT(effect.event, payload(address, a, effect.carry));
        later.push({
          op: 'arm',
          timer: { id: `t${effect.id}`, left: effect.delay, event: armed, to, cancellable: true },
        });
      } else if (effect.do === 'cancel') later.push({ op: 'cancel', what: `t${effect.id}` });
      else if (effect.do === 'keep') this.change(address, { ref: event.ref });
      else if (effect.do === 'forget') this.change(address, { ref: '' });
      else if (effect.do === 'stop') {
        if (a.kid !== '') (given.includes(a.kid) ? now : later).push({ op: 'stop', what: a.kid });
        stopped.push(a.kid);
        this.change(address, { kid: '' });
      } else {
        if (a.kid !== '' && (given.includes(a.kid) || running(this.actors[a.kid])))
          throw new Failure('spawn');
        const name = this.#freshName(address, given);
        given.push(name);
        now.push({ op: 'spawn', what: name });
        this.change(address, { kid: name });
      }
    }
  }

  #target(address: string, target: Target, event: number): string {
    const a = this.actor(address);
    if (target === 'self') return address;
    if (target === 'parent') return parentOf(address);
    if (target === 'child') return a.kid;
    if (target === 'ref') return a.ref;
    const name = target.slice(1);
    if (running(this.actors[name])) return name;
    if (target.startsWith('=')) throw new Failure(`nobody ${event}`);
    return '';
  }

  #freshName(address: string, given: readonly string[]): string {
    const used = new Set(given);
    for (const actors of [this.#before.actors, this.actors]) {
      for (const [name, a] of Object.entries(actors))
        for (const mention of [name, ...mentionsOf(a)]) used.add(mention);
    }
    for (let k = 0; ; k++) {
      const name = k === 0 ? `${address}/c` : `${address}/c~${k}`;
      if (!used.has(name)) return name;
    }
  }

  #apply(address: string, op: Op): void {
    const { timers } = this.actor(address);
    if (op.op === 'send') this.append(op.to, op.event);
    else if (op.op === 'cancel')
      this.change(address, { timers: timers.filter((t) => !(t.cancellable && t.id === op.what)) });
    else if (op.op === 'stop') this.#vanish(op.what);
    else if (op.op === 'spawn') {
      this.actors[op.what] = newborn(this.logicOf(this.actor(address)).child ?? -1);
      this.#starts.push(op.what);
    } else {
      if (timers.length >= LIMITS.timers) throw new TooBig();
      const free = this.#system.mode === 'free';
      const timer = free ? { ...op.timer, left: 0 } : op.timer;
      this.change(address, { timers: inOrder([...released(timers, timer.id), timer], free) });
    }
  }

  #end(address: string, status: 'done' | 'error'): void {
    this.change(address, { status, queue: [], timers: [] });
    for (const other of Object.keys(this.actors)) if (parentOf(other) === address) this.#vanish(other);
    const type = this.#system.events + (status === 'done' ? 0 : 1);
    const { error } = this.actor(address);
    if (parentOf(address) !== '')
      this.append(parentOf(address), EVENT(type, '', status === 'done' ? '' : error));
  }

  #vanish(address: string): void {
    if (!this.actors[address]) return;
    for (const other of Object.keys(this.actors)) if (parentOf(other) === address) this.#vanish(other);
    delete this.actors[address];
  }
}

function payload(address: string, a: AbstractActor, carry: Payload): string {
  return carry === 'self' ? address : carry === 'ref' ? a.ref : carry === 'child' ? a.kid : '';
}

export function released(timers: readonly Timer[], id: string): Timer[] {
  return timers.map((t) => (t.id === id ? { ...t, cancellable: false } : t));
}

function inOrder(timers: readonly Timer[], free: boolean): Timer[] {
  return [...timers].sort((a, b) =>
    free ? (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1) : a.left - b.left,
  );
}

export function newborn(logic: number): AbstractActor {
  const nothing = { ref: '', kid: '', error: '', kidUnlisted: false, queue: [], timers: [] };
  return { logic, status: 'unstarted', at: 0, ...nothing };
}
