import type { ActorIndex } from './actors.js';

const NOBODY: ReadonlySet<ActorIndex> = new Set();

/** Who ever mentioned whom, in a snapshot, a mailbox or timers: where to look for an address that may be mentioned somewhere. */
export class Mentioners {
  readonly #of = new Map<ActorIndex, Set<ActorIndex>>();

  /** Notes that a new content of an actor's mentions addresses. */
  note(mentioned: readonly ActorIndex[], by: ActorIndex): void {
    for (const actor of mentioned) {
      const mentioners = this.#of.get(actor);
      if (mentioners) mentioners.add(by);
      else this.#of.set(actor, new Set([by]));
    }
  }

  /** All that may mention an actor. */
  of(actor: ActorIndex): ReadonlySet<ActorIndex> {
    return this.#of.get(actor) ?? NOBODY;
  }
}
