import type { AnyActorLogic, AnyActorRef } from 'xstate';
import { createActor, SimulatedClock } from 'xstate';
import { commonId, Emissions, imageOf, isActorRef, type Sighting } from './image.js';

/** Events for the root, each at its instant, ascending. */
export type Script = readonly (readonly [atMs: number, event: { readonly type: string }])[];

export interface Case {
  readonly logic: AnyActorLogic;
  readonly input?: unknown;
  readonly script: Script;
  /** The run is watched up to this instant, excluded. */
  readonly untilMs: number;
}

/**
 * XState itself, `createActor` with a `SimulatedClock`: the side that is right by definition.
 *
 * The clock goes from deadline to deadline. One `increment` over several would not do: `SimulatedClock` first moves to the end
 * and then fires, so that a timer armed by a timer counts from the end.
 */
export function runReference(test: Case): Sighting[] {
  const { warn } = console;
  // The development build of XState speaks up about each message to an actor that has ended. Here that is everyday life.
  console.warn = (...what: unknown[]) => {
    if (!String(what[0]).includes('was sent to stopped actor')) warn(...what);
  };
  try {
    return watch(test);
  } finally {
    console.warn = warn;
  }
}

function watch({ logic, input, script, untilMs }: Case): Sighting[] {
  const clock = new DeadlineClock();
  const emissions = new Emissions();
  const root = createActor(logic, {
    id: 'root',
    systemId: 'root',
    input,
    clock,
    inspect: (event) => {
      if (event.type !== '@xstate.actor' || !isActorRef(event.actorRef)) return;
      const emitter = event.actorRef;
      emitter.on('*', (emitted) => {
        if (isHeard(emitter)) emissions.add(pathOf(emitter), emitted);
      });
    },
  });
  root.subscribe({ error: () => {} });
  const probes = [...new Set(script.map(([, event]) => event.type))];
  const sightings: Sighting[] = [];
  const look = (): void => {
    const image = imageOf(root.getSnapshot(), (ref) => ref.getSnapshot(), probes);
    sightings.push({ atMs: clock.now, root: image, emitted: emissions.take() });
  };
  if (untilMs > 0) root.start();
  const waiting = [...script];
  for (;;) {
    const [entry] = waiting;
    const next = Math.min(clock.deadline, entry?.[0] ?? Number.POSITIVE_INFINITY);
    if (untilMs > 0 && next > clock.now) look();
    if (!(next < untilMs)) return sightings;
    clock.advance(next);
    if (entry && entry[0] === next) {
      waiting.shift();
      root.send(entry[1]);
    }
  }
}

/** `SimulatedClock`, which does not tell when its next timer is due. */
class DeadlineClock {
  readonly #clock = new SimulatedClock();
  readonly #deadlines = new Map<number, number>();

  get now(): number {
    return this.#clock.now();
  }

  get deadline(): number {
    return Math.min(...this.#deadlines.values());
  }

  advance(toMs: number): void {
    this.#clock.set(toMs);
  }

  setTimeout(fire: () => void, delayMs: number): number {
    const id = this.#clock.setTimeout(() => {
      this.#deadlines.delete(id);
      fire();
    }, delayMs);
    this.#deadlines.set(id, this.now + delayMs);
    return id;
  }

  clearTimeout(id: number): void {
    this.#deadlines.delete(id);
    this.#clock.clearTimeout(id);
  }
}

/** Whether an actor would still be there in a world: XState does not stop the children of an actor whose action threw. */
function isHeard(actor: AnyActorRef): boolean {
  const parent: AnyActorRef | undefined = actor._parent;
  return parent === undefined || (statusOf(parent) === 'active' && isHeard(parent));
}

/** XState gives a parent its snapshot only when its initial macrostep is computed, but nobody emits before. */
function statusOf(actor: AnyActorRef): unknown {
  const snapshot: unknown = actor.getSnapshot();
  return typeof snapshot === 'object' && snapshot !== null && 'status' in snapshot
    ? snapshot.status
    : undefined;
}

function pathOf(actor: AnyActorRef): string {
  const parent: AnyActorRef | undefined = actor._parent;
  return parent === undefined ? commonId(actor.id) : `${pathOf(parent)}/${commonId(actor.id)}`;
}
