import type { AnyActorRef, AnyStateMachine, EventObject, Snapshot } from 'xstate';
import { topLevelAddress } from '../kernel/address.js';
import { reasonOf } from '../kernel/reasonOf.js';
import { UsageError } from '../kernel/usageError.js';
import { ActorRefs } from './actorRef.js';
import { type ActorPlace, Actors } from './actors.js';
import { withoutHiddenInputs } from './determinism.js';
import type { Message } from './messages.js';
import type { RunScope } from './runScope.js';
import type { Tables } from './tables.js';
import { Visits } from './visits.js';
import { XState } from './xstate/xstate.js';
import type { RawOutcome } from './xstate/xstateRun.js';

/** What the addresses of a world never have: the place of a monitor, which is no actor. */
const NOWHERE = -1;

/** Runs the machine of a monitor. It may assign and go to other states; whatever else it does to the world, or asks of it, is refused. */
export class MonitorRun implements RunScope {
  readonly place: ActorPlace;
  /** What it was shown, and what it took. */
  readonly visits = new Visits();
  readonly #name: string;
  readonly #own: ActorRefs;
  readonly #self: AnyActorRef;
  readonly #xstate: XState;
  #doing = '';
  #refusal: UsageError | undefined;

  constructor(tables: Tables, name: string) {
    this.#name = name;
    const own = new Actors();
    this.place = own.addTopLevel(topLevelAddress('monitor'));
    this.#own = new ActorRefs(own);
    this.#self = this.#own.of(this.place.index);
    tables.refs.standIn(this.#self, NOWHERE);
    this.#xstate = new XState(tables.refs);
  }

  start(machine: AnyStateMachine): Snapshot<unknown> {
    return this.#run('at its start', () => this.#xstate.start(this, machine, undefined));
  }

  receive(machine: AnyStateMachine, before: Snapshot<unknown>, { event }: Message): Snapshot<unknown> {
    return this.#run(`on '${event.type}'`, () => this.#xstate.receive(this, machine, before, event), event);
  }

  refOf = (): AnyActorRef => this.#self;
  readSnapshot = (): never => this.refuse('it read the snapshot of an actor', 'let it look at the step only');
  lookUp = (systemId: string): never =>
    this.refuse(`it looked for the actor '${systemId}'`, 'let it look at the step only');
  send = (_to: number, event: EventObject): never => this.refuse(`it sent '${event.type}'`, ONLY);
  arm = ({ event }: { readonly event: EventObject }): never =>
    this.refuse(`it armed a timer for '${event.type}'`, ONLY);
  cancel = (id: string): never => this.refuse(`it cancelled '${id}'`, ONLY);
  emit = (event: EventObject): never => this.refuse(`it emitted '${event.type}'`, ONLY);
  spawn = (): never => this.refuse('it spawned or invoked an actor', ONLY);
  willStop = (): never => this.refuse('it stopped an actor', ONLY);
  stop = (): never => this.refuse('it stopped an actor', ONLY);

  refuse(problem: string, fix: string): never {
    const refusal = new UsageError(`the monitor '${this.#name}', ${this.#doing}: ${problem}`, fix);
    this.#refusal ??= refusal;
    throw refusal;
  }

  #run(doing: string, go: () => RawOutcome, event?: EventObject): Snapshot<unknown> {
    this.#doing = doing;
    this.#refusal = undefined;
    const running = { scope: this, system: this.#xstate.system };
    const raw = withoutHiddenInputs(
      (problem, fix) => this.refuse(problem, fix),
      () => this.#own.during(running, go),
    );
    if (this.#refusal) throw this.#refusal;
    this.visits.note(raw, event?.type);
    if (!raw.threw) return raw.snapshot;
    return this.refuse(`it threw: ${reasonOf(raw.snapshot.error)}`, 'a monitor must take every step');
  }
}

const ONLY = 'a monitor only watches: let it assign and go to other states';
