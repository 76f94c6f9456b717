import { type Choice, ChoiceKind, choiceActor, choiceIndex, choiceKind } from '../runtime/choice.js';
import { type ActorSlot, Slot } from '../runtime/layout.js';
import type { TimerSpec } from '../runtime/timers.js';
import type { World } from '../runtime/world.js';

/** The process of a choice that is owed to nobody: an offer that merely may happen. */
export const NOBODY = -1;

/**
 * Says whose step a choice is, for fairness (architecture 4.6). Processes are: each actor's message step (its start too), each
 * timer (owner, id, event, target), each thread, each expected offer; by address, whoever lives there. They are numbered in
 * the order in which they are met.
 */
export class Processes {
  readonly #world: World;
  readonly #numbers = new Map<string, number>();
  /** Per actor and timer spec, so that no text is put together twice. */
  readonly #timers = new Map<TimerSpec, Map<number, number>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** How many were met. */
  get count(): number {
    return this.#numbers.size;
  }

  /** The process of a choice that is enabled in the state that the stepper has turned to, whatever step was taken there before. */
  of(choice: Choice): number {
    const actor = choiceActor(choice);
    const index = choiceIndex(choice);
    switch (choiceKind(choice)) {
      case ChoiceKind.message:
        return this.#number(`${actor}`);
      case ChoiceKind.timer:
        return this.#timer(actor, index);
      case ChoiceKind.thread:
        return this.#number(`${actor}@${this.#host(actor)?.threadOf(index) ?? ''}`);
      case ChoiceKind.offer: {
        const offer = this.#record(actor).offers[index];
        return offer?.expected ? this.#number(`${actor}?${offer.key}`) : NOBODY;
      }
    }
  }

  #timer(actor: number, index: number): number {
    const { tables } = this.#world;
    const spec = tables.timers.timers(this.#content(Slot.timers, actor))[index]?.spec;
    if (!spec) return NOBODY;
    let ofActor = this.#timers.get(spec);
    if (!ofActor) {
      ofActor = new Map();
      this.#timers.set(spec, ofActor);
    }
    let number = ofActor.get(actor);
    if (number === undefined) {
      number = this.#number(`${actor}!${spec.message}>${spec.to} ${JSON.stringify(spec.id)}`);
      ofActor.set(actor, number);
    }
    return number;
  }

  #number(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#numbers.size;
      this.#numbers.set(name, number);
    }
    return number;
  }

  #host(actor: number) {
    return this.#world.hosts.of(this.#record(actor));
  }

  #record(actor: number) {
    return this.#world.tables.snapshots.get(this.#content(Slot.snapshot, actor));
  }

  #content(kind: ActorSlot, actor: number): number {
    const slot = this.#world.layout.find(kind, actor);
    return slot === -1 ? 0 : this.#world.stepper.changes.before(slot);
  }
}
