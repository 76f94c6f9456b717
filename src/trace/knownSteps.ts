import { present } from '../kernel/invariant.js';
import { type Choice, choiceActor, choiceKind } from '../runtime/choice.js';
import type { ContentId } from '../runtime/contents.js';
import { intAt } from '../runtime/ints.js';
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

/**
 * A place in the tree of what steps look at: a run of slots that hold these contents in all steps behind it, and then either a
 * step, or a slot by whose content they differ.
 */
interface Look {
  slots: Int32Array;
  contents: Int32Array;
  next: KnownStep | Branch;
}

interface Branch {
  readonly slot: number;
  readonly by: Map<ContentId, Look>;
}

/** At most so many steps are remembered: then the next one begins anew. */
const STEPS_MAX = 10_000;

/**
 * Steps of one world written down, and remembered: a run that comes back to where it was takes and writes down a step by a few
 * comparisons, whatever kinds of actors act in it.
 *
 * A step is a function of the slots that it looks at (what a state is lies in slots, architecture 4.2), so the first one is
 * taken by the stepper while somebody notes these slots, and goes into a tree over their contents: one tree for each choice. The
 * order of looks is itself a function of what was seen so far; so two steps of one choice look at the same slots up to the first
 * one whose content differs. Runs of slots in which they agree are kept as such (a radix tree, as in Morrison's PATRICIA, JACM 1968).
 */
export class KnownSteps {
  readonly #world: World;
  readonly #first = new Map<Choice, Look>();
  #count = 0;
  /** As long as a world meets no slot and no name that is new to it, what a step looks at is a function of the state. */
  #width = 0;
  #namesVersion = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** How many steps are remembered now. */
  get count(): number {
    return this.#count;
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
    const known = this.#find(state.cells, choice);
    const { state: next, step } = known
      ? { state: after(state, known, this.#width), step: { ...known.step, atMs: nowMs + known.delay } }
      : this.#learn(state, choice, nowMs);
    if (!mayShareName(choices, index)) return { state: next, step };
    return { state: next, step: { ...step, choice: this.#nameIn(state, choices, index) } };
  }

  #find(cells: Int32Array, choice: Choice): KnownStep | undefined {
    let look = this.#first.get(choice);
    while (look) {
      const { slots, contents, next } = look;
      for (let i = 0; i < slots.length; i++) {
        if (contentOf(cells, intAt(slots, i)) !== intAt(contents, i)) return undefined;
      }
      if ('step' in next) return next;
      look = next.by.get(contentOf(cells, next.slot));
    }
    return undefined;
  }

  #learn(state: State, choice: Choice, nowMs: number): { readonly state: State; readonly step: TraceStep } {
    const { stepper } = this.#world;
    const { changes } = stepper;
    const name = this.#nameIn(state, [choice], 0);
    const reads = new SlotReads();
    changes.reads = reads;
    let taken: { readonly state: State; readonly step: TraceStep };
    try {
      taken = traceStep(this.#world, state, choice, name, nowMs);
    } finally {
      changes.reads = undefined;
    }
    const { version } = this.#world.tables.actors;
    if (stepper.width !== this.#width || version !== this.#namesVersion || this.#count >= STEPS_MAX) {
      this.#first.clear();
      this.#count = 0;
      this.#width = stepper.width;
      this.#namesVersion = version;
    }
    const known = knownStep(state, taken.state, taken.step, nowMs);
    const slots = Int32Array.from(reads.slots);
    const look: Look = { slots, contents: slots.map((slot) => contentOf(state.cells, slot)), next: known };
    const first = this.#first.get(choice);
    if (first) insert(first, look);
    else this.#first.set(choice, look);
    this.#count++;
    return taken;
  }

  #nameIn(state: State, choices: readonly Choice[], index: number): string {
    return present(choiceNames(this.#world, state, choices)[index], 'every choice has a name');
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

/**
 * Puts a step that was not found into the tree. A step that was met for the first time may have looked at more slots than one of
 * its kind will again; where two of them therefore do not look at the same slot next, the new one takes the place of the old.
 */
function insert(root: Look, added: Look): void {
  let look = root;
  let rest = added;
  for (;;) {
    const { slots, contents, next } = look;
    const same = commonRun(look, rest);
    const slot = rest.slots[same];
    const content = rest.contents[same];
    const isBranch = same === slots.length && 'by' in next && next.slot === slot;
    const isFork = same < slots.length && slots[same] === slot;
    if (slot === undefined || content === undefined || !(isBranch || isFork)) {
      Object.assign(look, rest);
      return;
    }
    const behind = behindFirst(rest, same + 1);
    if (isFork) {
      const old = behindFirst(look, same + 1);
      look.slots = slots.subarray(0, same);
      look.contents = contents.subarray(0, same);
      look.next = {
        slot,
        by: new Map([
          [intAt(contents, same), old],
          [content, behind],
        ]),
      };
      return;
    }
    if (!('by' in next)) return;
    const further = next.by.get(content);
    if (!further) {
      next.by.set(content, behind);
      return;
    }
    look = further;
    rest = behind;
  }
}

/** How many looks two runs have in common. */
function commonRun(one: Look, other: Look): number {
  let same = 0;
  while (
    same < one.slots.length &&
    one.slots[same] === other.slots[same] &&
    one.contents[same] === other.contents[same]
  )
    same++;
  return same;
}

function behindFirst({ slots, contents, next }: Look, count: number): Look {
  return { slots: slots.subarray(count), contents: contents.subarray(count), next };
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
