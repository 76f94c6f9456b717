import { present } from '../kernel/invariant.js';
import { type Choice, choiceActor, choiceKind } from '../runtime/choice.js';
import type { ContentId } from '../runtime/contents.js';
import { intAt } from '../runtime/ints.js';
import { type Cells, LookTree } from '../runtime/lookTree.js';
import { SlotReads } from '../runtime/slotReads.js';
import type { State } from '../runtime/state.js';
import type { World } from '../runtime/world.js';
import { choiceNames } from './schedule.js';
import { type TraceStep, traceStep } from './step.js';

/** What a step does in every state that agrees in the slots that it looks at. */
interface KnownStep {
  /** As it was written down first; its time is that of this first time. */
  readonly step: TraceStep;
  /** Milliseconds of virtual time that pass in it. */
  readonly delay: number;
  /** Slot, content, slot, content, … of what is different afterwards. */
  readonly writes: Int32Array;
  /** What that does to the fingerprint: exclusive-or it in. */
  readonly words: State['fingerprint'];
}

/** At most so many steps are remembered: then the next one begins anew. */
const STEPS_MAX = 10_000;

/**
 * Steps of one world written down, and remembered: a run that comes back to where it was takes and writes down a step by a few
 * comparisons, whatever kinds of actors act in it.
 *
 * A step is a function of the slots that it looks at (what a state is lies in slots, architecture 4.2), so the first one is
 * taken by the stepper while somebody notes these slots, and goes into a tree over their contents ({@link LookTree}).
 */
export class KnownSteps {
  readonly world: World;
  readonly #tree = new LookTree<KnownStep>();
  /** As long as a world meets no slot and no name that is new to it, what a step looks at is a function of the state. */
  #width = 0;
  #namesVersion = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** How many steps are remembered now. */
  get count(): number {
    return this.#tree.count;
  }

  /**
   * Takes one of the choices that are enabled in a state, and writes the step down.
   *
   * @param nowMs virtual time before the step
   */
  take(
    state: State,
    choices: readonly Choice[],
    index: number,
    nowMs: number,
  ): { readonly state: State; readonly step: TraceStep } {
    const choice = present(choices[index], 'a choice that is taken is there');
    const known = this.#tree.find(choice, cellsOf(state));
    const { state: next, step } = known
      ? { state: after(state, known, this.#width), step: { ...known.step, atMs: nowMs + known.delay } }
      : this.#learn(state, choice, nowMs);
    if (!mayShareName(choices, index)) return { state: next, step };
    return { state: next, step: { ...step, choice: this.#nameIn(state, choices, index) } };
  }

  #learn(state: State, choice: Choice, nowMs: number): { readonly state: State; readonly step: TraceStep } {
    const { stepper } = this.world;
    const { changes } = stepper;
    const name = this.#nameIn(state, [choice], 0);
    const reads = new SlotReads();
    changes.reads = reads;
    let taken: { readonly state: State; readonly step: TraceStep };
    try {
      taken = traceStep(this.world, state, choice, name, nowMs);
    } finally {
      changes.reads = undefined;
    }
    const { version } = this.world.tables.actors;
    if (stepper.width !== this.#width || version !== this.#namesVersion || this.#tree.count >= STEPS_MAX) {
      this.#tree.clear();
      this.#width = stepper.width;
      this.#namesVersion = version;
    }
    this.#tree.add(choice, reads, cellsOf(state), knownStep(state, taken.state, taken.step, nowMs));
    return taken;
  }

  #nameIn(state: State, choices: readonly Choice[], index: number): string {
    return present(choiceNames(this.world, state, choices)[index], 'every choice has a name');
  }
}

/** Whether an earlier choice of the same state may bear the same name: only one of the same actor and kind can. */
function mayShareName(choices: readonly Choice[], index: number): boolean {
  const choice = choices[index];
  const before = choices[index - 1];
  // Choices of one actor and kind stand side by side.
  return (
    choice !== undefined &&
    before !== undefined &&
    choiceActor(before) === choiceActor(choice) &&
    choiceKind(before) === choiceKind(choice)
  );
}

function knownStep(before: State, { cells, fingerprint }: State, step: TraceStep, nowMs: number): KnownStep {
  const writes: number[] = [];
  for (let slot = 0; slot < cells.length; slot++) {
    const content = intAt(cells, slot);
    if (content !== contentOf(before.cells, slot)) writes.push(slot, content);
  }
  return {
    step,
    delay: step.atMs - nowMs,
    writes: Int32Array.from(writes),
    words: together(before.fingerprint, fingerprint),
  };
}

/** The state after a known step. */
function after({ cells, fingerprint }: State, { writes, words }: KnownStep, width: number): State {
  const next = new Int32Array(width);
  next.set(cells);
  for (let i = 0; i < writes.length; i += 2) next[intAt(writes, i)] = intAt(writes, i + 1);
  return { cells: next, fingerprint: together(fingerprint, words) };
}

function together(
  [a, b, c, d]: State['fingerprint'],
  [e, f, g, h]: State['fingerprint'],
): State['fingerprint'] {
  return [a ^ e, b ^ f, c ^ g, d ^ h];
}

function contentOf(cells: Int32Array, slot: number): ContentId {
  return slot < cells.length ? intAt(cells, slot) : 0;
}

function cellsOf({ cells }: State): Cells {
  return { cells, offset: 0, width: cells.length };
}
