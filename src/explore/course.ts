import type { Choice } from '../runtime/choice.js';
import type { State } from '../runtime/state.js';
import type { System } from '../runtime/system.js';
import { World } from '../runtime/world.js';
import { KnownSteps } from '../trace/knownSteps.js';
import type { TraceStep } from '../trace/step.js';

/**
 * A run that only goes forward: the world, and the state that it is in now. Nothing is kept of the steps before; a world that
 * knows too much is renewed at the next state that is at rest, so memory does not grow with the length of the run.
 */
export class Course {
  #world: World;
  #state: State;
  #steps: KnownSteps;
  readonly #contentsMax: number;
  #isRenewed = false;
  /** Milliseconds since the start. */
  virtualTimeMs = 0;

  /**
   * @param contentsMax how many contents the world may know before it is renewed
   * @param steps those of a world in which other runs of the system were played
   */
  constructor(system: System, contentsMax: number, steps = new KnownSteps(new World(system))) {
    this.#steps = steps;
    this.#world = steps.world;
    this.#state = this.#world.initial;
    this.#contentsMax = contentsMax;
  }

  /** Another run of the system, in the same world; `undefined` when that was renewed, or knows too much already. */
  again(contentsMax: number): Course | undefined {
    const { system, tables } = this.#world;
    if (this.#isRenewed || tables.contents.size > contentsMax) return undefined;
    return new Course(system, contentsMax, this.#steps);
  }

  /** Good until the next step. */
  get world(): World {
    return this.#world;
  }

  get state(): State {
    return this.#state;
  }

  /** What can happen now. */
  choices(): readonly Choice[] {
    return this.#world.enabled(this.#state).choices;
  }

  /** Takes one of {@link choices}. */
  take(choices: readonly Choice[], index: number): TraceStep {
    const { state, step } = this.#steps.take(this.#state, choices, index, this.virtualTimeMs);
    this.#state = state;
    this.virtualTimeMs = step.atMs;
    this.#renew();
    return step;
  }

  #renew(): void {
    if (this.#world.tables.contents.size <= this.#contentsMax) return;
    const renewed = this.#world.renewed(this.#state);
    if (!renewed) return;
    this.#isRenewed = true;
    this.#world = renewed;
    this.#state = renewed.initial;
    this.#steps = new KnownSteps(renewed);
  }
}
