import { UsageError } from '../kernel/usageError.js';
import { Processors, type Readiness } from '../routine/processors.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import { PASSIVE_LEVEL } from './callbackContext.js';

/** How many callbacks may be under way at once on counted processors: a choice is one of them and whom it preempts. */
const CALLBACKS_MAX = 15;
const RADIX = CALLBACKS_MAX + 1;

/**
 * Which callbacks of a minidriver may step when there are only so many processors (D.8): one is interrupted by a higher level
 * only (D-071), or, at PASSIVE_LEVEL, preempted by the scheduler at any point (D-072); different processors are independent
 * (D-073).
 */
export class CallbackProcessors {
  readonly #processors: Processors;
  readonly #arrivals: number[] = [];

  /** @param levelOf the level at which a callback runs now: it may have raised itself */
  constructor(
    site: HostSite,
    count: number,
    isRunning: (callback: number, state: StateReader) => boolean,
    levelOf: (callback: number, state: StateReader) => number,
  ) {
    const readiness: Readiness = {
      isReady: isRunning,
      yields: (callback, state) => levelOf(callback, state) === PASSIVE_LEVEL,
      isFinished: (callback, state) => !isRunning(callback, state),
      priority: levelOf,
    };
    this.#processors = new Processors(site, count, this.#arrivals, readiness);
  }

  /** A place for a callback; its number is the next. `arrival` is the level from which it is raised to its own. */
  add(arrival: number): void {
    if (this.#arrivals.push(arrival) > CALLBACKS_MAX) {
      throw new UsageError(
        `more than ${CALLBACKS_MAX} callbacks of a minidriver are under way at once`,
        'let the client keep fewer requests outstanding, or leave the number of processors open',
      );
    }
  }

  /** The ways in which a callback may step: on a free processor, or on that of another. */
  choices(callback: number, state: StateReader): readonly number[] {
    return this.#processors.victims(callback, state).map((victim) => callback + RADIX * (victim + 1));
  }

  /** Gives the chosen callback its processor, and says which it is. */
  take(choice: number, state: HostState): number {
    const callback = choice % RADIX;
    this.#processors.take(callback, Math.floor(choice / RADIX) - 1, state);
    return callback;
  }

  mayOverlap(a: number, b: number, state: StateReader): boolean {
    return this.#processors.mayOverlap(a, b, state);
  }

  isSuspended(callback: number, state: StateReader): boolean {
    return this.#processors.isSuspended(callback, state);
  }

  /** Whose callback a choice is. */
  callbackOf(choice: number): number {
    return choice % RADIX;
  }

  /** After a step: who has returned has no processor any more. */
  settle(state: HostState): void {
    this.#processors.settle(state);
  }
}
