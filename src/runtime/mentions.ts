import type { ActorIndex } from './actors.js';
import type { Changes } from './changes.js';
import type { ContentId } from './contents.js';
import type { Footprint } from './footprint.js';
import { intAt } from './ints.js';
import { type Layout, Slot } from './layout.js';
import type { Tables } from './tables.js';

const NOBODY: readonly ActorIndex[] = [];
/** The kinds of slots that may mention an address. */
const MENTIONING = [Slot.snapshot, Slot.mailbox, Slot.timers] as const;

/** Where in a state addresses are mentioned: a name is given again when nothing mentions it (architecture 4.3). */
export class Mentions {
  readonly #tables: Tables;
  readonly #layout: Layout;
  readonly #changes: Changes;

  constructor(tables: Tables, layout: Layout, changes: Changes) {
    this.#tables = tables;
    this.#layout = layout;
    this.#changes = changes;
  }

  /** Whether an address is taken, or mentioned anywhere, before the present step or now. */
  include(actor: ActorIndex): boolean {
    if (this.#changes.reads) return this.#isAnywhere(actor);
    if (this.#isAt(this.#layout.find(Slot.snapshot, actor), actor)) return true;
    for (const by of this.#tables.mentioners.of(actor))
      for (const kind of MENTIONING) if (this.#isAt(this.#layout.find(kind, by), actor)) return true;
    return false;
  }

  /** Looks at every slot: whoever hears what is looked at must hear of all that could mention it. */
  #isAnywhere(actor: ActorIndex): boolean {
    for (let slot = 0; slot < this.#layout.width; slot++) if (this.#isAt(slot, actor)) return true;
    return false;
  }

  #isAt(slot: number, actor: ActorIndex): boolean {
    if (slot === -1) return false;
    const before = this.#changes.before(slot);
    const now = this.#changes.valueAt(slot);
    return this.#isIn(slot, before, actor) || (now !== before && this.#isIn(slot, now, actor));
  }

  /** Notes which names that can be given again are mentioned more often or less often than before the step, slot by slot. */
  noteChanges(footprint: Footprint): void {
    const { log, start, end } = this.#changes;
    for (let at = start; at < end; at += 2) {
      const slot = intAt(log, at);
      const now = this.#of(slot, intAt(log, at + 1));
      const before = this.#of(slot, this.#changes.before(slot));
      for (const actor of new Set([...now, ...before])) {
        const { family } = this.#tables.actors.place(actor);
        if (family !== undefined && count(now, actor) !== count(before, actor)) footprint.mentions(family);
      }
    }
  }

  #isIn(slot: number, content: ContentId, actor: ActorIndex): boolean {
    if (content === 0) return false;
    const isOwn = this.#layout.kindOf(slot) === Slot.snapshot && this.#layout.actorOf(slot) === actor;
    return isOwn || this.#of(slot, content).includes(actor);
  }

  #of(slot: number, content: ContentId): readonly ActorIndex[] {
    if (content === 0) return NOBODY;
    switch (this.#layout.kindOf(slot)) {
      case Slot.snapshot:
        return this.#tables.snapshots.get(content).mentions;
      case Slot.mailbox:
        return this.#tables.mailboxes.mentions(content);
      case Slot.timers:
        return this.#tables.timers.mentions(content);
      case Slot.budget:
      case Slot.hosted:
      case Slot.thread:
      case Slot.monitor:
        return NOBODY;
    }
  }
}

function count(actors: readonly ActorIndex[], actor: ActorIndex): number {
  return actors.filter((other) => other === actor).length;
}
