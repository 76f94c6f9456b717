import { present } from '../../kernel/invariant.js';
import type { Watched } from '../../property/watched.js';
import type { ContentId } from '../../runtime/contents.js';
import { intAt } from '../../runtime/ints.js';
import { Slot } from '../../runtime/layout.js';
import { PairMap } from '../../runtime/pairMap.js';
import { NO_STEP } from '../../runtime/stepLabels.js';
import type { World } from '../../runtime/world.js';
import type { KnownStep } from './knownStep.js';

/**
 * Whether a step that is put before all others could hide something from a property (C2). What is sought is a state: one that
 * violates a claim, or a witness. Say that such a state t is reached without the step e that was put first. Then e is possible in
 * t, and the search comes to states behind e(t). So all is well if e never loses the sought answer:
 *
 * - events that a property looks for neither come nor go, and no slot changes that it reads, but for
 * - a snapshot, which only its own process changes as long as e is independent: in t it holds what it held before e. It may change if
 *   no property that has the sought answer can lose it, whatever the other slots hold. Of snapshots all contents are met
 *   by a reduced search, and of mail too that is asked about, were it in an imagined state, because every step that changes it is
 *   visible. About slots of other kinds it is not asked: the step is visible then.
 *
 * "Whatever they hold" is whatever they were seen to hold by now; {@link refutedSteps} looks again at the end.
 */
export class Visibility {
  readonly #world: World;
  readonly #watched: Watched;
  readonly #changes = new PairMap();
  readonly #changedBy: Set<KnownStep>[] = [];

  constructor(world: World, watched: Watched) {
    this.#world = world;
    this.#watched = watched;
  }

  /** Whether the step that was just taken hides nothing. */
  isInvisible(): boolean {
    const { stepper, layout } = this.#world;
    const { changes, label } = stepper;
    // A monitor waits for steps like this one.
    if (label !== NO_STEP) return false;
    for (let at = changes.start; at < changes.end; at += 2) {
      const slot = intAt(changes.log, at);
      const after = intAt(changes.log, at + 1);
      const before = changes.before(slot);
      if (before === after) continue;
      if (this.#changesMail(slot, before, after)) return false;
      if (!this.#watched.has(slot)) continue;
      if (layout.kindOf(slot) !== Slot.snapshot || !this.#watched.isHarmless(slot, before, after))
        return false;
    }
    return true;
  }

  /** The step that was just taken is taken alone. */
  passOver(step: KnownStep): void {
    const { changes } = this.#world.stepper;
    for (let at = changes.start; at < changes.end; at += 2) {
      const slot = intAt(changes.log, at);
      this.#watched.passOver(slot);
      if (this.#watched.has(slot)) this.#changing(changes.before(slot), intAt(changes.log, at + 1)).add(step);
    }
  }

  /** The steps that should not have been called invisible, now that more was seen. */
  refutedSteps(): readonly KnownStep[] {
    return this.#watched.verify().flatMap(({ before, after }) => [...this.#changing(before, after)]);
  }

  /**
   * Whether an event comes or goes for which a property looks. To take one and to send oneself an equal one is no change: the step is
   * independent, so nobody else sends one in between.
   */
  #changesMail(slot: number, before: ContentId, after: ContentId): boolean {
    const { mailPatterns } = this.#world.tables;
    for (const pattern of this.#watched.patternsOf(slot))
      if (mailPatterns.find(pattern, before) !== mailPatterns.find(pattern, after)) return true;
    return false;
  }

  /** The steps that were taken alone although they change what a property reads, by how they do. */
  #changing(before: ContentId, after: ContentId): Set<KnownStep> {
    let number = this.#changes.get(before, after);
    if (number === -1) {
      number = this.#changedBy.push(new Set()) - 1;
      this.#changes.set(before, after, number);
    }
    return present(this.#changedBy[number], 'a known change has its steps');
  }
}
