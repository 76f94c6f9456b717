import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';
import { invariant } from '../kernel/invariant.js';

const unitsPerMs = 10_000;

/**
 * The virtual time of a run as an RxJS scheduler, so that every operator that asks for one (`delay`, `bufferTime`,
 * `throttleTime`, …) is as deterministic as the run.
 *
 * Time is kept in whole units of 100 ns, to which delays are rounded; {@link now} and delays are in milliseconds like everywhere
 * in RxJS. The clock moves only when {@link advanceTo} is called: the runner does that around each step of the world. Work runs
 * when it is due, earlier work first, equal times in the order of scheduling. What is due when the run ends is not done.
 *
 * Memory: the work that is waiting and nothing else (an `interval` of RxJS' own `VirtualTimeScheduler` grows with every tick).
 */
export class VirtualClock implements SchedulerLike {
  #nowUnits = 0;
  /** By time, then by order of scheduling. */
  readonly #waiting: Waiting[] = [];

  /** Milliseconds since the start of the run, exact to 100 ns. */
  now(): number {
    return this.#nowUnits / unitsPerMs;
  }

  schedule<T>(work: (this: SchedulerAction<T>, state: T) => void, delayMs?: number, state?: T): Subscription;
  schedule(
    work: (this: SchedulerAction<unknown>, state: unknown) => void,
    delayMs = 0,
    state?: unknown,
  ): Subscription {
    return new Task(work, this.#queue).schedule(state, delayMs);
  }

  /**
   * Does all work that is due until `ms`, work that it schedules included, each at its own time; then it is `ms`.
   *
   * @throws whatever the work throws; that work is over, the rest stays
   */
  advanceTo(ms: number): void {
    const untilUnits = Math.round(ms * unitsPerMs);
    invariant(untilUnits >= this.#nowUnits, `virtual time does not run back (${this.now()} ms to ${ms} ms)`);
    for (let next = this.#waiting[0]; next && next.atUnits <= untilUnits; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#nowUnits = next.atUnits;
      next.run();
    }
    this.#nowUnits = untilUnits;
  }

  readonly #queue: Queue = {
    add: (delayMs, run) => {
      const atUnits = this.#nowUnits + Math.max(0, Math.round(delayMs * unitsPerMs));
      const entry = { atUnits, run };
      const later = this.#waiting.findLastIndex((other) => other.atUnits <= atUnits) + 1;
      this.#waiting.splice(later, 0, entry);
      return entry;
    },
    remove: (entry) => {
      const at = this.#waiting.indexOf(entry);
      if (at >= 0) this.#waiting.splice(at, 1);
    },
  };
}

interface Waiting {
  readonly atUnits: number;
  run(): void;
}

interface Queue {
  add(delayMs: number, run: () => void): Waiting;
  remove(entry: Waiting): void;
}

/** Work that waits; it can schedule itself anew, and then it is still the same task. */
class Task extends Subscription implements SchedulerAction<unknown> {
  readonly #work: (this: SchedulerAction<unknown>, state: unknown) => void;
  readonly #queue: Queue;
  #entry: Waiting | undefined;

  constructor(work: (this: SchedulerAction<unknown>, state: unknown) => void, queue: Queue) {
    super();
    this.#work = work;
    this.#queue = queue;
  }

  schedule(state?: unknown, delayMs = 0): Subscription {
    if (this.closed) return this;
    this.#withdraw();
    this.#entry = this.#queue.add(delayMs, () => this.#run(state));
    return this;
  }

  override unsubscribe(): void {
    this.#withdraw();
    super.unsubscribe();
  }

  #run(state: unknown): void {
    this.#entry = undefined;
    try {
      this.#work(state);
    } catch (error) {
      this.unsubscribe();
      throw error;
    }
  }

  #withdraw(): void {
    if (this.#entry) this.#queue.remove(this.#entry);
    this.#entry = undefined;
  }
}
