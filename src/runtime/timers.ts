import { present } from '../kernel/invariant.js';
import type { ActorIndex, ActorPlace, Actors } from './actors.js';
import { type ContentId, type Contents, Fact, slotHash } from './contents.js';
import type { Mentioners } from './mentioners.js';
import type { MessageId, Messages } from './messages.js';
import { PairMap } from './pairMap.js';

/** How time is a choice (architecture 4.1). */
export type TimerMode = 'ordered' | 'urgent' | 'free';

/** A delayed event as an actor arms it. */
export interface TimerSpec {
  /** The id by which `cancel` finds it; XState's id of an `after` is its event type. */
  readonly id: string | undefined;
  readonly message: MessageId;
  readonly to: ActorIndex;
  /** True for `after` and delayed `raise`: firing is a step of the owner, which takes the event at once. */
  readonly raised: boolean;
  /** Milliseconds of virtual time, ≥ 0. */
  readonly delay: number;
}

/** A timer that is armed. */
export interface ArmedTimer {
  readonly spec: TimerSpec;
  /** Milliseconds until it may fire; `undefined` in mode `free`, where time does not order anything. */
  readonly remaining: number | undefined;
  /**
   * Whether `cancel(id)` finds it. XState keeps one timer per id: arming a second one, or the firing of either, makes it
   * forget the first, which fires all the same.
   */
  readonly cancellable: boolean;
}

interface TimerSet {
  readonly actor: ActorPlace;
  readonly timers: readonly ArmedTimer[];
  readonly mentions: readonly ActorIndex[];
}

const NO_TIMERS: readonly ArmedTimer[] = [];
const NOBODY: readonly ActorIndex[] = [];

/** The armed timers of an actor as contents, in the order in which they may fire; no timers is content 0. */
export class Timers {
  readonly #contents: Contents;
  readonly #mentioners: Mentioners;
  readonly #messages: Messages;
  readonly #actors: Actors;
  readonly #mode: TimerMode;
  readonly #specs: TimerSpec[] = [];
  readonly #specByKey = new Map<string, number>();
  readonly #sets: TimerSet[] = [];
  readonly #byText = new Map<string, ContentId>();
  readonly #armed = new PairMap();
  readonly #delays = new Map<number, number>();
  readonly #elapsed = new PairMap();

  constructor(
    contents: Contents,
    messages: Messages,
    actors: Actors,
    mentioners: Mentioners,
    mode: TimerMode,
  ) {
    this.#mentioners = mentioners;
    this.#contents = contents;
    this.#messages = messages;
    this.#actors = actors;
    this.#mode = mode;
  }

  /** How many distinct sets there are. */
  get size(): number {
    return this.#sets.length;
  }

  /** The timers of a set, the next to fire first. */
  timers(set: ContentId): readonly ArmedTimer[] {
    return set === 0 ? NO_TIMERS : this.#set(set).timers;
  }

  /** Milliseconds until the first timer of a set that is not empty may fire. */
  earliest(set: ContentId): number {
    return this.#set(set).timers[0]?.remaining ?? Number.POSITIVE_INFINITY;
  }

  /** The addresses mentioned by any timer's event or target. */
  mentions(set: ContentId): readonly ActorIndex[] {
    return set === 0 ? NOBODY : this.#set(set).mentions;
  }

  /** The number by which memo entries name a spec. */
  internSpec(spec: TimerSpec): number {
    const key = `${spec.raised ? 'r' : 's'}${spec.message}>${spec.to}+${spec.delay}${spec.id === undefined ? '' : `=${spec.id}`}`;
    let number = this.#specByKey.get(key);
    if (number === undefined) {
      number = this.#specs.push(spec) - 1;
      this.#specByKey.set(key, number);
    }
    return number;
  }

  /** The set with one timer more. Equal deadlines keep the order of arming. */
  arm(actor: ActorPlace, set: ContentId, specNumber: number): ContentId {
    const key = set === 0 ? -2 - actor.index : set;
    const known = this.#armed.get(key, specNumber);
    if (known !== -1) return known;
    const spec = present(this.#specs[specNumber], `there is a timer spec number ${specNumber}`);
    const others =
      spec.id === undefined ? this.timers(set) : this.timers(set).map((t) => released(t, spec.id));
    const remaining = this.#mode === 'free' ? undefined : spec.delay;
    const timer: ArmedTimer = { spec, remaining, cancellable: spec.id !== undefined };
    const later = remaining === undefined ? -1 : others.findIndex((t) => (t.remaining ?? 0) > remaining);
    const at = later === -1 ? others.length : later;
    const armed = this.#intern(actor, [...others.slice(0, at), timer, ...others.slice(at)]);
    this.#armed.set(key, specNumber, armed);
    return armed;
  }

  /** The set without the timer that `id` finds; the same set when there is none. */
  cancel(set: ContentId, id: string): ContentId {
    if (set === 0) return 0;
    const { actor, timers } = this.#set(set);
    const left = timers.filter((t) => !(t.cancellable && t.spec.id === id));
    return left.length === timers.length ? set : this.#intern(actor, left);
  }

  /** The set without the timer at a place, which fires. */
  fired(set: ContentId, index: number): ContentId {
    const { actor, timers } = this.#set(set);
    const id = present(timers[index], `timer ${index} is armed`).spec.id;
    const left = timers.filter((_, i) => i !== index);
    return this.#intern(actor, id === undefined ? left : left.map((t) => released(t, id)));
  }

  /** The set `delay` milliseconds later. */
  elapse(set: ContentId, delay: number): ContentId {
    if (set === 0 || delay === 0 || this.#mode === 'free') return set;
    let delayNumber = this.#delays.get(delay);
    if (delayNumber === undefined) {
      delayNumber = this.#delays.size;
      this.#delays.set(delay, delayNumber);
    }
    const known = this.#elapsed.get(set, delayNumber);
    if (known !== -1) return known;
    const { actor, timers } = this.#set(set);
    const later = this.#intern(
      actor,
      timers.map((t) => ({ ...t, remaining: (t.remaining ?? 0) - delay })),
    );
    this.#elapsed.set(set, delayNumber, later);
    return later;
  }

  #intern(actor: ActorPlace, timers: readonly ArmedTimer[]): ContentId {
    if (timers.length === 0) return 0;
    const described = timers.map((timer) => ({ timer, text: this.#text(timer) }));
    if (this.#mode === 'free') described.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    const text = described.map((d) => d.text).join(';');
    const key = `${actor.index}:${text}`;
    let id = this.#byText.get(key);
    if (id === undefined) {
      id = this.#contents.add(slotHash('timers', actor.address).text(text).words(), this.#sets.length);
      this.#byText.set(key, id);
      const mentions = timers.flatMap(({ spec }) => [
        spec.to,
        ...this.#messages.get(spec.message).value.mentions,
      ]);
      this.#sets.push({ actor, timers: described.map((d) => d.timer), mentions });
      this.#mentioners.note(mentions, actor.index);
    }
    return id;
  }

  #set(set: ContentId): TimerSet {
    return present(this.#sets[this.#contents.fact(set, Fact.number)], `content ${set} is a set of timers`);
  }

  #text({ spec, remaining, cancellable }: ArmedTimer): string {
    const { value } = this.#messages.get(spec.message);
    const id = spec.id === undefined ? '' : `=${JSON.stringify(spec.id)}`;
    const kind = `${spec.raised ? 'r' : 's'}${cancellable ? 'c' : ''}`;
    return `${remaining ?? '*'}${kind}${id}>${JSON.stringify(this.#actors.place(spec.to).address)}:${value.text}`;
  }
}

function released(timer: ArmedTimer, id: string | undefined): ArmedTimer {
  return timer.cancellable && timer.spec.id === id ? { ...timer, cancellable: false } : timer;
}
