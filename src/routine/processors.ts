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
  isReady(thread: number, state: StateReader): boolean;
  /** Waiting at a `preempt()`. */
  yields(thread: number, state: StateReader): boolean;
  isFinished(thread: number, state: StateReader): boolean;
  /** What it runs with now. */
  priority(thread: number, state: StateReader): number;
}

const NOBODY: Assignment = { running: [], suspended: [] };
/** Stands for a free processor, or one's own. */
const NO_VICTIM = -1;
const NOBODYS: readonly number[] = [NO_VICTIM];

/**
 * Who may run when there are fewer processors than threads (architecture 5.2).
 *
 * A thread that has a processor goes on. Another one takes a free processor, or that of a lower priority at any point (which is
 * then *suspended*), or that of an equal one that waits at `preempt()`. A processor is free when nobody has it or its holder is
 * blocked or finished. While a suspended thread is ready, no other of equal or lower priority takes a processor: it comes first,
 * and among suspended ones the higher priority does.
 */
export class Processors {
  readonly #site: HostSite;
  readonly #count: number;
  readonly #arrivals: readonly number[];
  readonly #readiness: Readiness;
  readonly #slot: number;
  readonly #byId = new Map<ContentId, Assignment>([[0, NOBODY]]);
  readonly #byText = new Map<string, ContentId>([[assignmentText(NOBODY), 0]]);

  /** @param arrivals with what priority each takes a processor at first; may grow */
  constructor(site: HostSite, count: number, arrivals: readonly number[], readiness: Readiness) {
    this.#site = site;
    this.#count = count;
    this.#arrivals = arrivals;
    this.#readiness = readiness;
    this.#slot = site.slot('processors', '');
  }

  assignment(state: StateReader): Assignment {
    const id = state.valueAt(this.#slot);
    return present(this.#byId.get(id), `content ${id} is an assignment of processors`);
  }

  /** Whose processor a ready thread may take: a thread, or -1 for none (it has one, or one is free). Empty: it may not step. */
  victims(thread: number, state: StateReader): readonly number[] {
    return this.#victims(thread, this.assignment(state), state);
  }

  isSuspended(thread: number, state: StateReader): boolean {
    return this.assignment(state).suspended.includes(thread);
  }

  /**
   * Whether the next parts of two threads may be under way at once: one is suspended in its part, or both find a processor, or
   * one can preempt the other. Two equals that could both take the last free processor only take turns. Who waits in an `until`
   * looks again and again, and so counts as if it were ready.
   */
  mayOverlap(a: number, b: number, state: StateReader): boolean {
    const now = this.assignment(state);
    if (now.suspended.includes(a) || now.suspended.includes(b)) return true;
    const behind = (first: number, second: number): boolean =>
      this.#victims(first, now, state).some(
        (victim) => this.#victims(second, this.#taken(first, victim, now, state), state).length > 0,
      );
    return behind(a, b) || behind(b, a);
  }

  #victims(thread: number, { running, suspended }: Assignment, state: StateReader): readonly number[] {
    if (running.includes(thread)) return NOBODYS;
    const { priority, isReady, yields } = this.#readiness;
    const isSuspended = suspended.includes(thread);
    const own = this.#own(thread, isSuspended, state);
    for (const other of suspended) {
      const theirs = priority(other, state);
      const comesFirst = isSuspended ? theirs > own : theirs >= own;
      if (other !== thread && comesFirst && isReady(other, state)) return [];
    }
    // Who has a processor is ready: `settle` sees to that after every step.
    if (running.length < this.#count) return NOBODYS;
    return running.filter(
      (other) => priority(other, state) < own || (priority(other, state) === own && yields(other, state)),
    );
  }

  /** Gives a processor to a thread that is about to step. */
  take(thread: number, victim: number, state: HostState): void {
    const now = this.assignment(state);
    if (!now.running.includes(thread)) this.#set(state, this.#taken(thread, victim, now, state));
  }

  /** After a step: who is blocked or finished has no processor any more. */
  settle(state: HostState): void {
    const { running, suspended } = this.assignment(state);
    const goesOn = (thread: number): boolean => this.#readiness.isReady(thread, state);
    const lives = (thread: number): boolean => !this.#readiness.isFinished(thread, state);
    if (running.every(goesOn) && suspended.every(lives)) return;
    this.#set(state, { running: running.filter(goesOn), suspended: suspended.filter(lives) });
  }

  #taken(thread: number, victim: number, { running, suspended }: Assignment, state: StateReader): Assignment {
    const own = this.#own(thread, suspended.includes(thread), state);
    const preempted = victim !== NO_VICTIM && this.#readiness.priority(victim, state) < own ? [victim] : [];
    return {
      running: [...running.filter((t) => t !== victim && t !== thread), thread],
      suspended: [...suspended.filter((t) => t !== thread), ...preempted],
    };
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

  /** The priority with which a thread asks for a processor. */
  #own(thread: number, isSuspended: boolean, state: StateReader): number {
    return isSuspended ? this.#readiness.priority(thread, state) : (this.#arrivals[thread] ?? 0);
  }
}

function ascending(threads: readonly number[]): readonly number[] {
  return [...threads].sort((a, b) => a - b);
}

function assignmentText({ running, suspended }: Assignment): string {
  return `${running.join(',')}|${suspended.join(',')}`;
}
