/**
 * Random small actor systems, as plain data: the generator of `ample-fuzz.mjs` (section 1), narrowed to what a translation to
 * XState can say in full. Numbers stand for event types: 0 … E-1 are sent, E and E+1 tell the end of the child, E+2 is `after`.
 */
export type Mode = 'ordered' | 'urgent' | 'free';

/** `?a0`: whoever goes by the name, else nobody is sent anything; `=a0`: whoever goes by the name, else the sender fails. */
export type Target = 'self' | 'parent' | 'child' | 'ref' | `?${string}` | `=${string}`;
export type Payload = 'nothing' | 'self' | 'ref' | 'child';

export type Effect =
  | {
      readonly do: 'send';
      readonly to: Target;
      readonly event: number;
      readonly carry: Payload;
      readonly now: boolean;
    }
  | {
      readonly do: 'arm';
      readonly id: number;
      readonly delay: number;
      readonly event: number;
      readonly to: Target | 'raise';
      readonly carry: Payload;
    }
  | { readonly do: 'cancel'; readonly id: number }
  | { readonly do: 'spawn' }
  | { readonly do: 'stop' }
  | { readonly do: 'keep' }
  | { readonly do: 'forget' };

export interface Transition {
  /** `done` and `fail` end the actor. */
  readonly to: number | 'done' | 'fail';
  readonly effects: readonly Effect[];
}

/** What a guard looks at: the parity of somebody's state (2: ended or gone, 3: nobody), or whether a name is taken. */
export type Look =
  | { readonly at: 'snapshot' | 'name'; readonly name: string }
  | { readonly at: 'child' | 'ref' };

export type Reaction =
  | { readonly always: Transition }
  | {
      readonly look: Look;
      readonly is: number;
      readonly yes: Transition | undefined;
      readonly no: Transition | undefined;
    };

interface AbstractOffer {
  readonly event: number;
  readonly times: number;
  readonly expected: boolean;
}

interface AbstractState {
  readonly on: readonly (Reaction | undefined)[];
  readonly after: number | undefined;
  readonly offers: readonly AbstractOffer[];
}

export interface AbstractLogic {
  readonly states: readonly AbstractState[];
  readonly init: readonly Effect[];
  /** Which logic its child runs. */
  readonly child: number | undefined;
}

export interface AbstractSystem {
  readonly mode: Mode;
  readonly any: boolean;
  readonly events: number;
  readonly names: readonly string[];
  readonly top: readonly number[];
  readonly logics: readonly AbstractLogic[];
}

export interface AbstractEvent {
  readonly type: number;
  readonly ref: string;
  readonly error: string;
}
export interface Timer {
  readonly id: string;
  readonly left: number;
  readonly event: AbstractEvent;
  /** The receiver; '' when it is raised. */
  readonly to: string;
  readonly cancellable: boolean;
}
export interface AbstractActor {
  readonly logic: number;
  readonly status: 'unstarted' | 'active' | 'done' | 'error';
  /** -1 is the final state. */
  readonly at: number;
  readonly ref: string;
  readonly kid: string;
  readonly error: string;
  /** An unhandled failure of the child takes it out of the list of children; other ends leave it there. */
  readonly kidUnlisted: boolean;
  readonly queue: readonly AbstractEvent[];
  readonly timers: readonly Timer[];
}
export interface AbstractWorld {
  readonly actors: Readonly<Record<string, AbstractActor>>;
  readonly budgets: Readonly<Record<string, number>>;
}

/** A generator with 32 bits of state (mulberry32): the systems of a seed are the same on every machine. */
export function draws(seed: number): () => number {
  let s = seed;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * @param rearm whether a timer may be armed under an id that is armed already, or that another kind of timer has; a view of the
 *   world does not show all that matters then
 */
export function generate(rand: () => number, mode: Mode, rearm: boolean): AbstractSystem {
  const int = (n: number): number => Math.floor(rand() * n);
  const chance = (p: number): boolean => rand() < p;
  const pick = <T>(all: readonly [T, ...T[]]): T => all[int(all.length)] ?? all[0];
  const has = {
    timers: chance(0.55),
    offers: chance(0.5),
    kids: chance(0.65),
    looks: chance(0.5),
    ends: chance(0.5),
  };
  const refs = has.kids && chance(0.7);
  const events = 2 + int(2);
  const names: [string, ...string[]] = chance(0.5) ? ['a0', 'a1', 'a2'] : ['a0', 'a1'];
  const logics: AbstractLogic[] = [];
  const rate = 0.5 + rand() * 0.8;

  function logic(depth: number): number {
    const index = logics.length;
    const hole: AbstractLogic = { states: [], init: [], child: undefined };
    logics.push(hole);
    const child = has.kids && depth < 2 && chance(depth ? 0.25 : 0.6) ? logic(depth + 1) : undefined;
    const target = (): Target => {
      const r = rand();
      if (depth > 0 && r < 0.35) return 'parent';
      if (child !== undefined && r < 0.5) return 'child';
      if (refs && r < 0.62) return 'ref';
      if (r < 0.68) return 'self';
      return has.ends && r < 0.74 ? `=${pick(names)}` : `?${pick(names)}`;
    };
    const carry = (): Payload => (refs && chance(0.45) ? pick(['self', 'ref', 'child']) : 'nothing');
    const send = (): Effect[] => [
      { do: 'send', to: target(), event: int(events), carry: carry(), now: chance(0.25) },
    ];
    const arm = (): Effect[] => {
      const to = chance(0.5) ? 'raise' : target();
      const id = int(2) + (rearm || to === 'raise' ? 0 : 2);
      const armed: Effect = { do: 'arm', id, delay: int(3), event: int(events), to, carry: carry() };
      return rearm ? [armed] : [{ do: 'cancel', id: armed.id }, armed];
    };
    const effect = (): Effect[] => {
      const kinds: [() => Effect[], ...(() => Effect[])[]] = [send, send, send];
      if (has.timers) kinds.push(arm, () => [{ do: 'cancel', id: int(rearm ? 2 : 4) }]);
      if (child !== undefined) {
        kinds.push(
          () => [{ do: 'spawn' }],
          () => [{ do: 'stop' }],
          () => [{ do: 'stop' }, { do: 'spawn' }],
        );
      }
      if (refs)
        kinds.push(
          () => [{ do: 'keep' }],
          () => [{ do: 'forget' }],
        );
      return pick(kinds)();
    };
    const effects = (r: number): Effect[] => {
      const all: Effect[] = [];
      while (all.length < 4 && chance(r / (1 + r))) all.push(...effect());
      return all;
    };
    const count = 2 + int(3);
    const transition = (): Transition => ({
      to: has.ends && chance(0.16) ? pick(['done', 'fail']) : int(count),
      effects: effects(rate),
    });
    const look = (): Look =>
      pick<Look>([
        { at: 'snapshot', name: pick(names) },
        { at: 'name', name: pick(names) },
        { at: 'child' },
        { at: 'ref' },
      ]);
    const reaction = (): Reaction | undefined => {
      if (chance(0.3)) return undefined;
      if (!has.looks || chance(0.6)) return { always: transition() };
      const yes = chance(0.25) ? undefined : transition();
      return { look: look(), is: int(2), yes, no: chance(0.25) ? undefined : transition() };
    };
    const states = Array.from({ length: count }, (): AbstractState => {
      const after = has.timers && chance(0.25) ? int(3) : undefined;
      const on = Array.from({ length: events + 2 }, reaction);
      const offers =
        has.offers && chance(0.35)
          ? Array.from({ length: 1 + int(2) }, () => offer(int, chance, events))
          : [];
      return { on: [...on, after === undefined ? undefined : { always: transition() }], after, offers };
    });
    // What cannot fail: an actor that fails at its start is tested elsewhere.
    const init = effects(depth ? 0.6 : 1.2).filter((e) => !('to' in e && e.to.startsWith('=')));
    const firstSpawn = init.findIndex((e) => e.do === 'spawn');
    logics[index] = { states, init: init.filter((e, i) => e.do !== 'spawn' || i === firstSpawn), child };
    return index;
  }
  const top = names.map(() => logic(0));
  return { mode, any: chance(0.15), events, names, top, logics };
}

function offer(int: (n: number) => number, chance: (p: number) => boolean, events: number): AbstractOffer {
  return { event: int(events), times: 1 + int(2), expected: chance(0.4) };
}
