import type { AnyActorRef, EventObject } from 'xstate';
import type { ActorRefs } from '../actorRef.js';
import { type NascentActor, UNNAMED } from './nascentActor.js';
import { isRecord } from './untyped.js';
import type { XStateRun } from './xstateRun.js';

const NOTHING_SCHEDULED = Object.freeze({ _scheduledEvents: Object.freeze({}) });

/** The run that goes on, or the last one. */
interface Current {
  readonly run: XStateRun;
  readonly refs: ActorRefs;
}

/** `ActorSystem` as the logic sees it: look-ups are recorded, the clock does not exist. Nobody can leave anything in it for a later run. */
export class RecordedSystem {
  readonly #current: Current;
  readonly scheduler = Object.freeze({ schedule: refuseClock, cancel: refuseClock, cancelAll: refuseClock });
  readonly _clock = Object.freeze({ setTimeout: refuseClock, clearTimeout: refuseClock });
  readonly _snapshot = NOTHING_SCHEDULED;
  readonly _logger = (): void => {};

  constructor(current: Current) {
    this.#current = current;
    Object.freeze(this);
  }

  get = (systemId: unknown): AnyActorRef | undefined => {
    const { scope } = this.#current.run;
    const found = scope.lookUp(String(systemId));
    return found === undefined ? undefined : scope.refOf(found);
  };

  getAll = (): never =>
    this.#current.run.scope.refuse(
      'system.getAll() was called',
      'ask for each actor by name with system.get(name)',
    );
  inspect = (): never =>
    this.#current.run.scope.refuse(
      'system.inspect() was called',
      'watch the run from outside, through its trace',
    );
  getSnapshot = (): typeof NOTHING_SCHEDULED => NOTHING_SCHEDULED;
  start = (): void => {};
  _bookId = (): string => UNNAMED;
  _register = (sessionId: string): string => sessionId;
  _unregister = (): void => {};

  _set = (systemId: string, actor: object): void => {
    const { run, refs } = this.#current;
    const holder = run.scope.lookUp(systemId);
    if (holder !== undefined && holder !== refs.indexOf(actor)) {
      throw new Error(`Actor with system ID '${systemId}' already exists.`);
    }
  };

  _relay = (_source: unknown, target: object, event: EventObject): void => {
    const { run } = this.#current;
    run.scope.send(run.indexOf(target, event), event);
  };

  _sendInspectionEvent = (event: unknown): void => {
    if (!isRecord(event)) return;
    const { run } = this.#current;
    if (event['type'] === '@xstate.microstep') run.tookMicrostep(event['_transitions'], event['snapshot']);
    if (event['type'] === '@xstate.actor') run.childIsMade(event['actorRef'] as NascentActor);
  };
}

function refuseClock(): never {
  throw new Error('the clock of a world is virtual; use after, or a delayed raise or sendTo');
}
