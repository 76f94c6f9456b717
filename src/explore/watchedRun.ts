import { Answers } from '../property/answers.js';
import type { Property } from '../property/property.js';
import type { Choice } from '../runtime/choice.js';
import type { State } from '../runtime/state.js';
import type { World } from '../runtime/world.js';
import { NEVER_AND_LOOPS, neverAndEnds } from './eventually.js';
import { Processes } from './processes.js';
import { ask } from './propertyFailure.js';

/** What a run that is said to go round for ever does: it closes and is fair, or not (any more). */
export type LoopState = 'closes' | 'does not close' | 'is unfair';

/** Watches one run for what `eventually` says of it: whether it passed a state, and how it ends. */
export class WatchedRun {
  /** Names of the properties that no state of the run has satisfied. */
  readonly #missing: Map<string, Answers>;
  readonly #processes: Processes;
  readonly #world: World;
  readonly #loopAt: number;
  #closing = '';
  /** Who was enabled in every state of the loop so far and has not stepped in it; `undefined` before the loop. */
  #owed: Set<number> | undefined;
  /** What is wrong with what it has not come to, when it is over. */
  #message: string | undefined;
  #loop: LoopState | undefined;

  /** @param loopAt after how many steps the loop begins, if the run goes round for ever */
  constructor(world: World, properties: readonly Property[], loopAt: number | undefined) {
    this.#world = world;
    this.#loopAt = loopAt ?? -1;
    this.#processes = new Processes(world);
    this.#missing = new Map(
      properties
        .filter((property) => property.kind === 'eventually')
        .map(({ name, predicate }) => [name, new Answers(world, name, predicate)]),
    );
  }

  /** Whether the loop that the run is said to go round is one; `undefined` when it is said to end, or is not through. */
  get loop(): LoopState | undefined {
    return this.#loop;
  }

  /** The properties that the run violates, if it is over. */
  get violated(): readonly { readonly property: string; readonly message: string }[] {
    const message = this.#message;
    return message === undefined ? [] : [...this.#missing.keys()].map((property) => ({ property, message }));
  }

  /**
   * Looks at the next state of the run, which the stepper has turned to.
   *
   * @param enabled what can be chosen there
   * @param chosen what is; `undefined` in the last state
   * @param lastStep the number of the step that led there
   */
  look(
    taken: number,
    { fingerprint }: State,
    enabled: readonly Choice[],
    chosen: Choice | undefined,
    lastStep: number,
  ): void {
    const { finder } = this.#world;
    const isQuiescent = !finder.owed;
    for (const [name, answers] of this.#missing)
      if (ask(name, answers, { state: taken }, lastStep)) this.#missing.delete(name);
    if (taken === this.#loopAt) this.#closing = fingerprint.join();
    if (this.#loopAt !== -1 && taken >= this.#loopAt) this.#owe(enabled, chosen);
    if (chosen !== undefined) return;
    if (this.#loopAt === -1) {
      if (isQuiescent) this.#message = neverAndEnds(this.#world);
      return;
    }
    this.#loop = this.#loopState(taken, fingerprint.join());
    if (this.#loop === 'closes') this.#message = NEVER_AND_LOOPS;
  }

  #loopState(taken: number, last: string): LoopState {
    if (taken <= this.#loopAt || last !== this.#closing) return 'does not close';
    return (this.#owed?.size ?? 0) > 0 ? 'is unfair' : 'closes';
  }

  #owe(enabled: readonly Choice[], chosen: Choice | undefined): void {
    const processes = new Set(enabled.map((choice) => this.#processes.of(choice)).filter((p) => p >= 0));
    this.#owed = new Set(this.#owed ? [...this.#owed].filter((p) => processes.has(p)) : processes);
    if (chosen !== undefined) this.#owed.delete(this.#processes.of(chosen));
  }
}
