import type { AnyActorLogic, AnyActorRef, EventObject, Snapshot } from 'xstate';
import type { ActorIndex, ActorPlace } from './actors.js';
import type { LogicSource } from './logic.js';

/** A child as a logic asks for it. */
export interface SpawnRequest {
  /** `undefined` when the logic gave none. */
  readonly id: string | undefined;
  /** The key in `setup({ actors })`, or the logic itself. */
  readonly src: string | AnyActorLogic;
  readonly logic: LogicSource;
  readonly systemId: string | undefined;
  readonly input: unknown;
}

/** A delayed event as a logic asks for it. */
export interface DelayRequest {
  readonly event: EventObject;
  readonly to: ActorIndex;
  /** True for `after` and delayed `raise`, false for delayed `sendTo`. */
  readonly raised: boolean;
  /** Milliseconds. */
  readonly delay: number;
  readonly id: string | undefined;
}

/** All that an actor logic may do while it runs: every question is recorded with its answer, every effect as data. */
export interface RunScope {
  readonly place: ActorPlace;
  /** The one ref object of an address. */
  refOf(actor: ActorIndex): AnyActorRef;
  /** The snapshot of an actor as it is before this run; of a vanished one a snapshot with status `stopped`. */
  readSnapshot(actor: ActorIndex): Snapshot<unknown>;
  /** Who goes by a system id now, spawns and stops of this run included. */
  lookUp(systemId: string): ActorIndex | undefined;
  send(to: ActorIndex, event: EventObject): void;
  arm(request: DelayRequest): void;
  cancel(id: string): void;
  emit(event: EventObject): void;
  /** Names the child and lets it exist; it starts when the run is over. */
  spawn(request: SpawnRequest): ActorPlace;
  /** A child stops when the run is over: its id may be given away at once. */
  willStop(child: ActorIndex): void;
  stop(child: ActorIndex): void;
  /** Ends the run and the check: the user's code does what no world can reproduce. */
  refuse(problem: string, fix: string): never;
}
