import type {
  AnyActorLogic,
  AnyActorScope,
  AnyStateNode,
  EventObject,
  ExecutableActionObject,
  Snapshot,
} from 'xstate';
import type { ActorRefs } from '../actorRef.js';
import type { ActorIndex } from '../actors.js';
import { actsByItself } from '../logic.js';
import type { RunScope } from '../runScope.js';
import { activeStates } from '../snapshotShape.js';
import { inertLogic, type NascentActor, UNNAMED } from './nascentActor.js';
import { isEvent, isRecord } from './untyped.js';

/** What came out of running a logic. */
export interface RawOutcome {
  readonly snapshot: Snapshot<unknown>;
  /** The logic threw; the snapshot holds the error. */
  readonly threw: boolean;
  /** Transitions taken, in order, as `<state id>|<event descriptor>|<index>`. */
  readonly transitions: readonly string[];
  /** Ids of the state nodes that were active after a microstep, some perhaps several times. */
  readonly states: readonly string[];
  /** No transition took the event. */
  readonly unhandled: boolean;
}

const MICROSTEP_LIMIT = 10_000;

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** One run of one actor's logic. */
export class XStateRun {
  readonly scope: RunScope;
  /** Whether `ActorScope.self` was read since its `system` was: how a send to nobody is told from one to oneself. */
  selfReadLast = false;
  readonly #refs: ActorRefs;
  readonly #deferred: (() => void)[] = [];
  readonly #unstarted: object[] = [];
  readonly #transitions: string[] = [];
  readonly #states: string[] = [];
  #microsteps = 0;
  #unhandled = false;
  #starting = false;

  constructor(scope: RunScope, refs: ActorRefs) {
    this.scope = scope;
    this.#refs = refs;
  }

  /** The initial macrostep. */
  start(logic: AnyActorLogic, actorScope: AnyActorScope, input: unknown): RawOutcome {
    this.#starting = true;
    let snapshot: Snapshot<unknown>;
    try {
      snapshot = logic.getInitialSnapshot(actorScope, input);
    } catch (error) {
      return this.#failed({ status: 'active', output: undefined, error: undefined }, error);
    }
    if (snapshot.status === 'error') return this.#failed(snapshot, snapshot.error);
    try {
      this.#flush();
    } catch (error) {
      return this.#failed(snapshot, error);
    }
    return this.#ended(snapshot, false, false);
  }

  /** The macrostep that an event causes. */
  receive(
    logic: AnyActorLogic,
    actorScope: AnyActorScope,
    before: Snapshot<unknown>,
    event: EventObject,
  ): RawOutcome {
    let snapshot: Snapshot<unknown>;
    try {
      snapshot = logic.transition(before, event, actorScope);
    } catch (error) {
      return this.#failed(before, error);
    }
    try {
      this.#flush();
    } catch (error) {
      return this.#failed(snapshot, error);
    }
    return this.#ended(snapshot, false, this.#unhandled);
  }

  /** The address that the target of a send means. */
  indexOf(target: unknown, event: EventObject): ActorIndex {
    const index = isRecord(target) ? this.#refs.indexOf(target) : undefined;
    if (index === undefined)
      throw new Error(`'${event.type}' was sent to something that is no actor of this world`);
    return index;
  }

  tookMicrostep(transitions: unknown, snapshot: unknown): void {
    const taken = Array.isArray(transitions) ? transitions : [];
    if (this.#microsteps > MICROSTEP_LIMIT) {
      this.scope.refuse(
        `it took more than ${MICROSTEP_LIMIT} microsteps without coming to rest`,
        'break the cycle of eventless transitions or raised events',
      );
    }
    if (this.#microsteps++ === 0) this.#unhandled = taken.length === 0;
    for (const t of taken) {
      const source: AnyStateNode = t.source;
      const index = source.transitions.get(t.eventType)?.indexOf(t) ?? source.always?.indexOf(t) ?? 0;
      this.#transitions.push(`${source.id}|${t.eventType}|${index}`);
    }
    for (const state of activeStates(snapshot)) this.#states.push(state);
  }

  /** XState has begun to construct a child: it gets its name, and the object becomes an inert stand-in. */
  childIsMade(actor: NascentActor): void {
    const { logic } = actor;
    actor.logic = inertLogic;
    if (actsByItself(logic)) {
      this.scope.refuse(
        `it spawned or invoked ${actor.id === UNNAMED ? 'a child' : `'${actor.id}'`}, which runs a promise, a callback or an observable`,
        'model what it waits for as an event: an offer in meta.offers, a timer, or another actor',
      );
    }
    const place = this.scope.spawn({
      id: actor.id === UNNAMED ? undefined : actor.id,
      src: actor.src,
      logic,
      systemId: actor.options.systemId,
      input: actor.options.input,
    });
    if (actor.options.syncSnapshot) {
      this.scope.refuse(
        `the child '${place.address}' is watched with onSnapshot or syncSnapshot`,
        'let the child send its parent an event instead',
      );
    }
    actor.id = place.id;
    actor.sessionId = place.address;
    actor.getSnapshot = () => {
      throw new Error(`'${place.address}' has not started yet: read its snapshot in a later step`);
    };
    const watch = (method: string) => (): never =>
      this.scope.refuse(
        `${method}() was called on the actor '${place.address}'`,
        'let that actor send an event instead',
      );
    actor.subscribe = watch('subscribe');
    actor.on = watch('on');
    this.#refs.standIn(actor, place.index);
    this.#unstarted.push(actor);
  }

  #failed(before: Snapshot<unknown>, error: unknown): RawOutcome {
    const snapshot = { ...before, status: 'error', output: undefined, error } as Snapshot<unknown>;
    return this.#ended(snapshot, true, false);
  }

  #ended(snapshot: Snapshot<unknown>, threw: boolean, unhandled: boolean): RawOutcome {
    for (const state of activeStates(snapshot)) this.#states.push(state);
    return { snapshot, threw, transitions: this.#transitions, states: this.#states, unhandled };
  }

  #flush(): void {
    for (let action = this.#deferred.shift(); action; action = this.#deferred.shift()) action();
  }

  /** Puts an action off until the macrostep is over. */
  defer(action: () => void): void {
    this.#deferred.push(action);
  }

  /** Performs an action of a transition. */
  execute(action: ExecutableActionObject): void {
    const toNobody = this.selfReadLast;
    if (this.#starting) this.#deferred.push(() => this.#perform(action, toNobody));
    else this.#perform(action, toNobody);
  }

  /** Runs a custom action, or turns a built-in one into an effect, put off as XState does. */
  #perform(action: ExecutableActionObject, toNobody: boolean): void {
    const params = isRecord(action.params) ? action.params : {};
    switch (action.type) {
      case 'xstate.sendTo':
        return this.#sendTo(params, toNobody);
      case 'xstate.raise':
        return this.#raise(params);
      case 'xstate.cancel':
        this.#deferred.push(() => this.scope.cancel(String(params['sendId'])));
        return;
      case 'xstate.emit':
        this.#deferred.push(() => {
          if (isEvent(params['event'])) this.scope.emit(params['event']);
        });
        return;
      case 'xstate.stopChild':
        if (isRecord(action.params)) this.#stopChild(action.params);
        return;
      case 'xstate.spawnChild':
        if (params['actorRef'] === undefined) this.#refuseUnknownSource(params['src']);
        return;
      case 'xstate.log':
        return;
      default:
        this.#custom(action);
    }
  }

  #custom(action: ExecutableActionObject): void {
    const result: unknown = action.exec?.(action.info, action.params);
    if (isRecord(result) && typeof result['then'] === 'function') {
      this.scope.refuse(
        `its action '${action.type}' is asynchronous`,
        'an action runs to completion: send an event instead',
      );
    }
  }

  #sendTo(params: Record<string, unknown>, selfReadLast: boolean): void {
    const event = params['event'];
    if (!isEvent(event))
      throw new Error(`sendTo needs an event object with a type, not ${JSON.stringify(event)}`);
    if (selfReadLast && params['targetId'] === undefined) {
      throw new Error(`'${event.type}' was sent to nobody: the target of sendTo is undefined`);
    }
    this.#deferred.push(() => {
      const to = this.indexOf(params['to'], event);
      const delay = params['delay'];
      if (typeof delay !== 'number') return this.scope.send(to, asRelayed(event, this.scope.place.id));
      this.scope.arm({ event, to, raised: false, delay, id: optionalText(params['id']) });
    });
  }

  #raise(params: Record<string, unknown>): void {
    const { event, delay, id } = params;
    if (typeof delay !== 'number' || !isEvent(event)) return;
    this.#deferred.push(() =>
      this.scope.arm({ event, to: this.scope.place.index, raised: true, delay, id: optionalText(id) }),
    );
  }

  #stopChild(child: Record<string, unknown>): void {
    if (this.#unstarted.includes(child)) return this.stop(child);
    const index = this.#refs.indexOf(child);
    if (index !== undefined) this.scope.willStop(index);
    this.#deferred.push(() => this.stop(child));
  }

  stop(child: object): void {
    const index = this.#refs.indexOf(child);
    if (index === undefined) throw new Error('stopChild was given something that is no actor of this world');
    this.scope.stop(index);
  }

  #refuseUnknownSource(src: unknown): never {
    return this.scope.refuse(
      `the actor logic '${String(src)}' was spawned or invoked but is not known`,
      'name it in setup({ actors }) of that machine',
    );
  }
}

/** XState renames the bare `xstate.error` event when it relays it. */
function asRelayed(event: EventObject, senderId: string): EventObject {
  if (event.type !== 'xstate.error') return event;
  const error: unknown = 'data' in event ? event.data : undefined;
  return Object.assign({ type: `xstate.error.actor.${senderId}` }, { error, actorId: senderId });
}
