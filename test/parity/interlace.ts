import type { AnyActorLogic } from 'xstate';
import { createMachine, sendTo } from 'xstate';
import type { ActorIndex } from '../../src/runtime/actors.js';
import { type Choice, ChoiceKind, choiceActor, packChoice } from '../../src/runtime/choice.js';
import { START } from '../../src/runtime/memo.js';
import type { State } from '../../src/runtime/state.js';
import type { StepListener } from '../../src/runtime/stepListener.js';
import { defineSystem } from '../../src/runtime/system.js';
import { World } from '../../src/runtime/world.js';
import { commonId, Emissions, imageOf, type Sighting } from './image.js';
import type { Case, Script } from './reference.js';

/** A run of a world under the schedule that XState follows. */
export interface ImitatedRun {
  readonly sightings: readonly Sighting[];
  /** The first instant at which XState and a world may differ; `undefined` when there was none. */
  readonly cut: { readonly atMs: number; readonly reason: string } | undefined;
}

/**
 * The same case in a world, timers `urgent`, under the one schedule that XState's actors follow.
 *
 * XState is depth first: a message runs its receiver at once, in the middle of the sender's actions, unless the receiver is
 * busy further out on the stack; then it waits in the mailbox. A world's step is atomic: all that it sends is in the mailboxes
 * before anybody runs. {@link Imitation} takes the steps in XState's order. What it cannot imitate is that the rest of the
 * sender's actions comes *after* the receivers' runs; where that could show, the comparison ends ({@link Imitation.#cut}):
 *
 * - a message comes to an actor that already has one which XState would deliver later (the order in its mailbox differs);
 * - an actor gets a message and vanishes in the same step (XState lets it take the message first), or gets one from the run of
 *   a step that has just made it vanish, or vanishes while the messages of another sender in that step are taken;
 * - what a child sends when it starts, and what its parent sends in that step, bring messages to one actor (XState starts a
 *   child between the parent's actions, a world behind them), or so do two children in the parent's initial macrostep
 *   (XState starts them first there, and those that are over at once last);
 * - a child of a child that starts sends something in the same step (XState starts them depth first, a world in spawn order);
 * - timers of two actors are due at one instant (XState takes the order of arming, a world any).
 *
 * A generator should make all five rare; it need not rule them out.
 */
export function runImitation(test: Case): ImitatedRun {
  return new Imitation(test).run();
}

/**
 * Errors in which only a world ends: debts. The comparison ends there, instead of finding the same again and again. The first: a
 * state that invokes is left and entered again in the initial macrostep. The second: it is in any macrostep, with a system id.
 */
const OURS_ALONE = [
  /was spawned while an actor with that id is still running/,
  /Actor with system ID '.*' already exists/,
];

/** Delivers the script: a delayed send per entry. */
function driverOf(script: Script): AnyActorLogic {
  return createMachine({
    id: 'driver',
    entry: script.map(([atMs, event]) => sendTo(({ system }) => system.get('root'), event, { delay: atMs })),
  });
}

/** What one step did that the order of the following steps depends on. */
interface Done {
  readonly actor: ActorIndex;
  /** Whether the actor took an event; otherwise a timer of its has brought one to another. */
  readonly ran: boolean;
  /** Whether the actor has only started. */
  readonly starts: boolean;
  readonly sends: readonly {
    readonly from: ActorIndex;
    readonly to: ActorIndex;
    readonly dropped: boolean;
  }[];
  readonly vanished: ReadonlySet<ActorIndex>;
}

class Imitation {
  readonly #world: World;
  readonly #untilMs: number;
  readonly #probes: readonly string[];
  readonly #emissions = new Emissions();
  readonly #sightings: Sighting[] = [];
  /** Actors in the middle of a step or of emptying their mailbox. */
  readonly #busy = new Set<ActorIndex>();
  /** Receivers of messages that lie in a mailbox already and that XState delivers later, per step that is not over. */
  readonly #early: ActorIndex[][] = [];
  /** Whom the messages of one sender in a step have reached, directly or by what they caused, per step that is not over. */
  readonly #reached: Set<ActorIndex>[] = [];
  readonly #vanished: ReadonlySet<ActorIndex>[] = [];
  #state: State;
  #nowMs = 0;
  #cut: ImitatedRun['cut'];

  constructor({ logic, input, script, untilMs }: Case) {
    const actors = { driver: { logic: driverOf(script) }, root: { logic, input } };
    this.#world = new World(defineSystem({ name: 'parity', actors, timers: 'urgent', start: 'any' }));
    this.#state = this.#world.initial;
    this.#untilMs = untilMs;
    this.#probes = [...new Set(script.map(([, event]) => event.type))];
  }

  run(): ImitatedRun {
    for (const address of ['driver', 'root'])
      this.#run(packChoice(this.#indexOf(address), ChoiceKind.message, 0));
    while (this.#cut === undefined) {
      const timers = this.#world.enabled(this.#state).choices;
      const [timer] = timers;
      const nextMs = timer === undefined ? this.#untilMs : this.#nextMs(timer);
      if (nextMs > this.#nowMs) this.#look();
      if (timer === undefined || nextMs >= this.#untilMs) break;
      if (timers.length > 1) {
        this.#nowMs = nextMs;
        this.#endComparison('timers of two actors are due at one instant');
      } else this.#run(timer);
    }
    const { atMs } = this.#cut ?? { atMs: this.#untilMs };
    return { sightings: this.#sightings.filter((sighting) => sighting.atMs < atMs), cut: this.#cut };
  }

  /** A step, and all that XState does before the actor of the step is idle again. */
  #run(choice: Choice): void {
    const done = this.#step(choice);
    const { actor } = done;
    // Whoever has armed a delayed sendTo does not run when it fires.
    if (done.ran) this.#busy.add(actor);
    this.#deliver(done);
    this.#empty(actor);
    this.#busy.delete(actor);
  }

  #deliver({ actor, starts, sends, vanished }: Done): void {
    this.#vanished.push(vanished);
    const reached = new Map<ActorIndex, Set<ActorIndex>>();
    for (const [i, { from, to }] of sends.entries()) {
      const reach = reached.get(from) ?? new Set();
      reached.set(from, reach.add(to));
      const alone = sends.every((other) => other.from === from);
      if (!alone && !sends[i]?.dropped && !this.#isRunning(to))
        this.#endComparison('a receiver vanished meanwhile');
      if (this.#busy.has(to) || this.#cut) continue;
      this.#early.push(sends.filter((other, k) => k > i && !other.dropped).map((other) => other.to));
      this.#reached.push(reach);
      this.#busy.add(to);
      this.#empty(to);
      this.#busy.delete(to);
      this.#early.pop();
      this.#reached.pop();
    }
    this.#vanished.pop();
    for (const [a, toA] of reached) {
      for (const [b, toB] of reached) {
        if (a === b || !(starts || a === actor) || ![...toA].some((to) => toB.has(to))) continue;
        this.#endComparison('a child that starts and another send to one actor');
      }
    }
  }

  /** Takes the messages that XState has delivered. */
  #empty(actor: ActorIndex): void {
    const { address } = this.#world.tables.actors.place(actor);
    const early = this.#early.flat().filter((to) => to === actor).length;
    while (!this.#cut && this.#world.view(this.#state).mailbox(address).length > early) {
      this.#deliver(this.#step(packChoice(actor, ChoiceKind.message, 0)));
    }
  }

  #step(choice: Choice): Done {
    const sends: { from: ActorIndex; to: ActorIndex; dropped: boolean }[] = [];
    const { actors, messages } = this.#world.tables;
    const stepping = choiceActor(choice);
    const started = new Set<ActorIndex>();
    let ran = false;
    const listener: StepListener = {
      ran: (actor, message) => {
        if (actor === stepping) ran = true;
        if (message === START) started.add(actor);
      },
      sent: (from, to, message, dropped) => {
        sends.push({ from, to, dropped });
        for (const reach of this.#reached) reach.add(to);
        this.#recognise(messages.get(message).event);
      },
      emitted: (from, message) => {
        this.#emissions.add(pathOf(actors.place(from).address), messages.get(message).event);
      },
      elapsed: (delay) => {
        this.#nowMs += delay;
      },
    };
    const before = this.#world.view(this.#state).addresses();
    this.#state = this.#world.step(this.#state, choice, listener);
    const after = new Set(this.#world.view(this.#state).addresses());
    const vanished = new Set(
      before.filter((address) => !after.has(address)).map((address) => this.#indexOf(address)),
    );
    const starts = started.delete(stepping);
    this.#judge(sends, started);
    return { actor: stepping, ran, starts, sends, vanished };
  }

  #judge(sends: Done['sends'], started: ReadonlySet<ActorIndex>): void {
    for (const { from, to, dropped } of sends) {
      if (this.#early.some((early) => early.includes(to)))
        this.#endComparison('the order in a mailbox differs');
      if (dropped && this.#vanished.some((gone) => gone.has(to)))
        this.#endComparison('sent to one about to vanish');
      if (!dropped && from !== to && !this.#isRunning(to))
        this.#endComparison('a receiver vanished in the same step');
      const { parent } = this.#world.tables.actors.place(from);
      if (parent && started.has(parent.index)) this.#endComparison('a child of a child sends at its start');
    }
  }

  #recognise(told: object): void {
    const error: unknown = 'error' in told ? told.error : undefined;
    const known = error instanceof Error && OURS_ALONE.find((pattern) => pattern.test(error.message));
    if (known) this.#endComparison(known.source);
  }

  #endComparison(reason: string): void {
    this.#cut ??= { atMs: this.#nowMs, reason };
  }

  #look(): void {
    const view = this.#world.view(this.#state);
    const image = imageOf(view.snapshot('root'), (ref) => view.snapshot(ref.sessionId), this.#probes);
    this.#recognise({ error: view.snapshot('root')?.error });
    const sighting: Sighting = { atMs: this.#nowMs, root: image, emitted: this.#emissions.take() };
    this.#sightings.push(sighting);
  }

  #nextMs(timer: Choice): number {
    const { address } = this.#world.tables.actors.place(choiceActor(timer));
    return this.#nowMs + (this.#world.view(this.#state).timers(address)[0]?.remaining ?? 0);
  }

  #isRunning(actor: ActorIndex): boolean {
    const { address } = this.#world.tables.actors.place(actor);
    return this.#world.view(this.#state).snapshot(address)?.status === 'active';
  }

  #indexOf(address: string): ActorIndex {
    return this.#world.tables.actors.find(address)?.index ?? -1;
  }
}

function pathOf(address: string): string {
  return address.split('/').map(commonId).join('/');
}
