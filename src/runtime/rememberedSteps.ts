import type { Changes } from './changes.js';
import type { Choice } from './choice.js';
import { intAt } from './ints.js';
import { LookTree } from './lookTree.js';
import { SlotReads } from './slotReads.js';

/** What a step does in every state that agrees in the slots that it looks at. */
export interface RememberedStep {
  /** Slot, content, slot, content, … of what is different afterwards. */
  readonly writes: Int32Array;
}

/** At most so many steps are remembered: then the next one begins anew. */
const STEPS_MAX = 1 << 16;

/**
 * Steps that were taken in the general way, remembered by the slots that they look at: whatever kinds of actors act in one, it is
 * taken again by a few comparisons. One is forgotten when the world meets a slot or a name that is new to it, for that may change
 * what is looked at. Nothing is remembered of steps that throw, which are looked at each time.
 */
export class RememberedSteps {
  /** The step that was taken last, if it is remembered: the stepper forgets it before each step. */
  last: RememberedStep | undefined;
  readonly #changes: Changes;
  readonly #tree = new LookTree<RememberedStep>();
  #version = -1;

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /**
   * Takes a step in the opened state if it is remembered.
   *
   * @param version is another one when the world has met a slot or a name that is new
   */
  take(choice: Choice, version: number): boolean {
    this.#forgetBefore(version);
    const changes = this.#changes;
    this.last = this.#tree.find(choice, changes);
    if (!this.last) return false;
    const { writes } = this.last;
    for (let i = 0; i < writes.length; i += 2) changes.set(intAt(writes, i), intAt(writes, i + 1));
    return true;
  }

  /** Begins to listen to a step. */
  listen(): void {
    this.#changes.reads = new SlotReads();
  }

  /**
   * The step that was not remembered is over. If it met something new itself it counts as taken before that, and is forgotten: it
   * cannot have looked at that all along.
   *
   * @param isFit whether it is to be remembered
   */
  learn(choice: Choice, isFit: boolean): void {
    const changes = this.#changes;
    const { reads, log, start, end } = changes;
    changes.reads = undefined;
    if (!reads || !isFit) return;
    this.last = { writes: log.slice(start, end) };
    this.#tree.add(choice, reads, changes, this.last);
  }

  #forgetBefore(version: number): void {
    if (version === this.#version && this.#tree.count < STEPS_MAX) return;
    this.#version = version;
    this.#tree.clear();
  }
}
