/**
 * This folder alone knows XState's inner scope (architecture 4.4). It needs XState's types only: the machines bring their own copy.
 *
 * Walk through: {@link XState} holds an `ActorScope` and an `ActorSystem` that record instead of acting, made once and turned to the
 * {@link XStateRun} that goes on. {@link XState.start} and {@link XState.receive} call the logic's own pure functions with them; actions
 * arrive at `actionExecutor`, the built-in ones as plain parameters, and become calls of the {@link RunScope}. Like XState's `Actor`,
 * a run performs custom actions at once and puts built-in ones off until the macrostep is over; at the start everything is put off.
 * When XState makes a child it constructs an `Actor` on the spot: {@link RecordedSystem} is told first, names the child, and makes
 * that object inert.
 *
 * XState 6 brings an official seam (`ActorSystemRuntime`); everything here is meant to move there.
 */
import type { AnyActorLogic, AnyActorRef, AnyActorScope, EventObject, Snapshot } from 'xstate';
import { present } from '../../kernel/invariant.js';
import type { ActorRefs } from '../actorRef.js';
import type { RunScope } from '../runScope.js';
import { RecordedSystem } from './recordedSystem.js';
import { type RawOutcome, XStateRun } from './xstateRun.js';

/** XState as the actors of a world meet it. One run goes on at a time. */
export class XState {
  readonly refs: ActorRefs;
  readonly system: AnyActorRef['system'];
  readonly #actorScope: AnyActorScope;
  readonly #execute: AnyActorScope['actionExecutor'] = (action) => this.run.execute(action);
  #run: XStateRun | undefined;

  constructor(refs: ActorRefs) {
    this.refs = refs;
    this.system = new RecordedSystem(this) as RecordedSystem & AnyActorRef['system'];
    this.#actorScope = this.#makeActorScope();
  }

  /** The run that goes on, or the last one. */
  get run(): XStateRun {
    return present(this.#run, 'a logic sees its system only when it runs');
  }

  /** Starts a logic. */
  start(scope: RunScope, logic: AnyActorLogic, input: unknown): RawOutcome {
    return this.during(scope, () => this.run.start(logic, this.#actorScope, input));
  }

  /** Lets a logic take an event. */
  receive(scope: RunScope, logic: AnyActorLogic, before: Snapshot<unknown>, event: EventObject): RawOutcome {
    return this.during(scope, () => this.run.receive(logic, this.#actorScope, before, event));
  }

  /** Runs code for which refs and the system work; what it does is recorded in a scope. */
  during<T>(scope: RunScope, code: () => T): T {
    this.#run = new XStateRun(scope, this.refs);
    this.#actorScope.actionExecutor = this.#execute;
    return this.refs.during({ scope, system: this.system }, code);
  }

  /** XState itself writes `actionExecutor`, for as long as a microstep goes on. Nothing can be left in the scope for a later run. */
  #makeActorScope(): AnyActorScope {
    const xstate = this;
    const self = (): AnyActorRef => {
      const { scope } = xstate.run;
      return scope.refOf(scope.place.index);
    };
    const fixed: Omit<AnyActorScope, 'actionExecutor'> = {
      get self() {
        xstate.run.selfReadLast = true;
        return self();
      },
      get system() {
        xstate.run.selfReadLast = false;
        return xstate.system;
      },
      get id() {
        return self().id;
      },
      get sessionId() {
        return self().sessionId;
      },
      logger: () => {},
      defer: (action) => this.run.defer(action),
      emit: (event: EventObject) => this.run.scope.emit(event),
      stopChild: (child) => this.run.stop(child),
    };
    return Object.seal(Object.assign(Object.create(Object.freeze(fixed)), { actionExecutor: this.#execute }));
  }
}
