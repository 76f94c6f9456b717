import type { AnyActorRef, EventObject, Snapshot } from 'xstate';
import { UsageError } from '../kernel/usageError.js';
import type { Leaves } from '../kernel/valueStore.js';
import type { ActorIndex, ActorPlace, Actors } from './actors.js';
import type { RunScope } from './runScope.js';

const WATCHING =
  'a reaction to another actor must be an event: let that actor send one, or use a monitor property';

/**
 * The reference to an address: what actors keep in their context and send each other. It works while an actor runs and
 * records what is done with it; outside of a run there is nothing that it could do.
 */
class WorldActorRef {
  readonly id: string;
  readonly sessionId: string;
  readonly src = '';
  readonly #refs: ActorRefs;
  readonly #place: ActorPlace;

  constructor(refs: ActorRefs, place: ActorPlace) {
    this.#refs = refs;
    this.#place = place;
    this.id = place.id;
    this.sessionId = place.address;
    Object.freeze(this);
  }

  get ref(): this {
    return this;
  }

  get _parent(): AnyActorRef | undefined {
    return this.#place.parent && this.#refs.of(this.#place.parent.index);
  }

  get system(): AnyActorRef['system'] {
    return this.#refs.running(this.#place).system;
  }

  send = (event: EventObject): void => {
    this.#refs.running(this.#place).scope.send(this.#place.index, event);
  };

  getSnapshot = (): Snapshot<unknown> =>
    this.#refs.running(this.#place).scope.readSnapshot(this.#place.index);

  subscribe = (): never => this.#refuse('subscribe');
  on = (): never => this.#refuse('on');
  select = (): never => this.#refuse('select');
  start = (): never => this.#refuse('start');
  stop = (): never => this.#refuse('stop');
  getPersistedSnapshot = (): never => this.#refuse('getPersistedSnapshot');

  toJSON(): unknown {
    return { xstate$$type: 1, id: this.id };
  }

  #refuse(method: string): never {
    return this.#refs
      .running(this.#place)
      .scope.refuse(`${method}() was called on the actor '${this.sessionId}'`, WATCHING);
  }
}

/** XState's type of a ref says more than logics use (and `_parent` is never `undefined` in it); what is missing is refused. */
function asActorRef(ref: WorldActorRef): AnyActorRef {
  return ref as unknown as AnyActorRef;
}

/** The run that is going on: whom a ref turns to. */
export interface Running {
  readonly scope: RunScope;
  readonly system: AnyActorRef['system'];
}

/** One ref per address, and the actors that XState makes while code runs, which stand for an address until the run is over. */
export class ActorRefs implements Leaves {
  readonly #actors: Actors;
  readonly #refs = new Map<ActorIndex, AnyActorRef>();
  readonly #indices = new WeakMap<object, ActorIndex>();
  #running: Running | undefined;

  constructor(actors: Actors) {
    this.#actors = actors;
  }

  of(index: ActorIndex): AnyActorRef {
    let ref = this.#refs.get(index);
    if (!ref) {
      ref = asActorRef(new WorldActorRef(this, this.#actors.place(index)));
      this.#refs.set(index, ref);
      this.#indices.set(ref, index);
    }
    return ref;
  }

  /** Lets an object of XState's stand for an address. */
  standIn(object: object, index: ActorIndex): void {
    this.#indices.set(object, index);
  }

  /** The address that a ref, or a stand-in, means. */
  indexOf(object: object): ActorIndex | undefined {
    return this.#indices.get(object);
  }

  leafOf(object: object): { value: object; text: string; index: number } | undefined {
    const index = this.indexOf(object);
    if (index === undefined) return undefined;
    return { value: this.of(index), text: `@${JSON.stringify(this.#actors.place(index).address)}`, index };
  }

  /** Runs code for which refs work; runs do not nest. */
  during<T>(running: Running, run: () => T): T {
    const before = this.#running;
    this.#running = running;
    try {
      return run();
    } finally {
      this.#running = before;
    }
  }

  running(place: ActorPlace): Running {
    if (this.#running) return this.#running;
    throw new UsageError(
      `the reference to actor '${place.address}' was used outside of a step of its world`,
      'keep references in context and events, not in modules, and read snapshots through the world that properties and runs hand out',
    );
  }
}
