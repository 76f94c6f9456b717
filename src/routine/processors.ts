import { present } from '../kernel/invariant.js';
import { type ContentId, slotHash } from '../runtime/contents.js';
import type { HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';

/** Who has a processor, and who lost one to a higher priority. Both ascending. */
export interface Assignment {
  readonly running: readonly number[];
  readonly suspended: readonly number[];
}

/** What the rule needs to know about a thread now. */
export interface Readiness {
  /** Neither finished nor blocked. */
  isReady(thread: number): boolean;
  /** Waiting at a `preempt()`. */
  yields(thread: number): boolean;
}

const NOBODY: Assignment = { running: [], suspended: [] };
const NO_VICTIM = -1;

/**
 * Who may run when there are fewer processors than threads (architecture 5.2).
 *
 * A thread that has a processor goes on. Another one takes a free processor, or that of a lower priority at any point (which is
 * then *suspended*), or that of an equal one that waits at `preempt()`. A processor is free when nobody has it or its holder is
 * blocked or finished. While a suspended thread is ready, no other of equal or lower priority takes a processor: it comes first.
 */
export class Processors {
  readonly #site: HostSite;
  readonly #count: number;
  readonly #priorities: readonly number[];
  readonly #slot: number;
  readonly #byId = new Map<ContentId, Assignment>([[0, NOBODY]]);
  readonly #byText = new Map<string, ContentId>([[assignmentText(NOBODY), 0]]);

  constructor(site: HostSite, count: number, priorities: readonly number[]) {
    this.#site = site;
    this.#count = count;
    this.#priorities = priorities;
    this.#slot = site.slot('processors', '');
  }

  assignment(state: StateReader): Assignment {
    const id = state.valueAt(this.#slot);
    return present(this.#byId.get(id), `content ${id} is an assignment of processors`);
  }

  /**
   * Whose processor a ready thread may take: a thread, or -1 for none (it has one, or one is free). Empty: it may not step.
   */
  victims(thread: number, state: StateReader, readiness: Readiness): readonly number[] {
    const { running, suspended } = this.assignment(state);
    if (running.includes(thread)) return [NO_VICTIM];
    const own = this.#priority(thread);
    const waits = suspended.some(
      (other) => other !== thread && this.#priority(other) >= own && readiness.isReady(other),
    );
    if (waits) return [];
    const busy = running.filter((other) => readiness.isReady(other));
    if (busy.length < this.#count) return [NO_VICTIM];
    return busy.filter(
      (other) => this.#priority(other) < own || (this.#priority(other) === own && readiness.yields(other)),
    );
  }

  /** Gives a processor to a thread that is about to step. */
  take(thread: number, victim: number, state: HostState): void {
    const { running, suspended } = this.assignment(state);
    const preempted = victim !== NO_VICTIM && this.#priority(victim) < this.#priority(thread) ? [victim] : [];
    this.#set(state, {
      running: [...running.filter((t) => t !== victim && t !== thread), thread],
      suspended: [...suspended.filter((t) => t !== thread), ...preempted],
    });
  }

  /** After a step: who is blocked or finished has no processor any more. */
  settle(state: HostState, readiness: Readiness, isFinished: (thread: number) => boolean): void {
    const { running, suspended } = this.assignment(state);
    this.#set(state, {
      running: running.filter((t) => readiness.isReady(t)),
      suspended: suspended.filter((t) => !isFinished(t)),
    });
  }

  #set(state: HostState, { running, suspended }: Assignment): void {
    const assignment = { running: ascending(running), suspended: ascending(suspended) };
    const text = assignmentText(assignment);
    let id = this.#byText.get(text);
    if (id === undefined) {
      id = this.#site.addContent(slotHash('processors', this.#site.place.address).text(text).words());
      this.#byText.set(text, id);
      this.#byId.set(id, assignment);
    }
    state.set(this.#slot, id);
  }

  #priority(thread: number): number {
    return this.#priorities[thread] ?? 0;
  }
}

function ascending(threads: readonly number[]): readonly number[] {
  return [...threads].sort((a, b) => a - b);
}

function assignmentText({ running, suspended }: Assignment): string {
  return `${running.join(',')}|${suspended.join(',')}`;
}
