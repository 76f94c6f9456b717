import { present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import { CHOICES_PER_KIND } from '../runtime/choice.js';
import type { Footprint as StepFootprint } from '../runtime/footprint.js';
import type { Host, HostEnd, HostSite, HostState, VisitedPoints, Waiting } from '../runtime/host.js';
import { Probes, type StateReader } from '../runtime/probes.js';
import type { HeapObject } from './heapObject.js';
import { noteBeing, noteContent, noteForgetting } from './holding.js';
import { initialMemory } from './initialMemory.js';
import { Locks } from './locks.js';
import { Memory } from './memory.js';
import { MemoryProxies } from './memoryProxy.js';
import { memoryView } from './memoryView.js';
import { Processors } from './processors.js';
import type { ThreadsProgram } from './program.js';
import { type DataRace, findRaces, type PartAhead, raceText } from './races.js';
import { dropsObject, forgetUnreachable } from './reachability.js';
import { type Footprint, lockCell, ThreadOp } from './segment.js';
import { type KnownSegment, Segments } from './segments.js';
import { stepText, type ThreadState, ThreadStates } from './threadState.js';

const UNTOUCHED: Footprint = { reads: new Set(), writes: new Set(), atomic: true };

/** A thread that has not finished, as properties and people see it. */
interface ThreadView {
  /** `start`, the operation that it waits at, or `plain` when it is about to go on behind one. */
  readonly at: string;
  /** Whether it has a processor. */
  readonly running: boolean;
}

/**
 * Runs a program of threads in a world. Its state: a slot for each memory object, each thread, each lock, and one for who has a
 * processor. A step is a segment (architecture 5.2).
 *
 * Walk through: {@link choices} lists who may step, and whose processor it takes. {@link take} looks its segment up, lays the
 * segment's writes, allocations and locks over the state, gives the thread its next content, forgets objects if some were let
 * go of, and takes processors away from who cannot go on. {@link races} compares the parts that may come next.
 */
export class ThreadHost implements Host {
  readonly #program: ThreadsProgram;
  readonly #memory: Memory;
  readonly #states: ThreadStates;
  readonly #segments: Segments;
  readonly #root: HeapObject;
  readonly #slots: readonly number[];
  readonly #locks: Locks;
  readonly #processors: Processors | undefined;
  readonly #readiness = {
    isReady: (thread: number, state: StateReader): boolean => this.#isReady(thread, state),
    yields: (thread: number, state: StateReader): boolean =>
      this.#at(thread, state).operation?.kind === 'preempt',
    isFinished: (thread: number, state: StateReader): boolean => this.#at(thread, state).phase === 'finished',
    priority: (thread: number): number => this.#program.threads[thread]?.priority ?? 0,
  };

  constructor(site: HostSite, program: ThreadsProgram) {
    const { threads, locks } = program;
    const names = threads.map((thread) => thread.name);
    this.#program = program;
    this.#memory = new Memory(site);
    this.#states = new ThreadStates(site, names);
    this.#root = this.#memory.object('memory', Array.isArray(program.memory));
    this.#locks = new Locks(site, locks, names);
    this.#segments = new Segments(
      {
        address: site.place.address,
        memory: this.#memory,
        states: this.#states,
        proxies: new MemoryProxies(),
        root: this.#root,
        locks: this.#locks,
        lockNames: locks,
        calls: [],
        probes: new Probes(),
        splits: program.races === 'violation',
      },
      threads,
    );
    this.#slots = names.map((name) => site.slot('thread', name));
    const fewer = program.processors < threads.length;
    const priorities = threads.map((thread) => thread.priority);
    this.#processors = fewer
      ? new Processors(site, program.processors, priorities, this.#readiness)
      : undefined;
    if (threads.length * (fewer ? threads.length + 1 : 1) > CHOICES_PER_KIND) {
      throw new UsageError(
        `'${site.place.address}' has ${threads.length} threads${fewer ? ' on fewer processors' : ''}`,
        'split it into several thread programs',
      );
    }
  }

  begin(state: HostState): HostEnd {
    for (const content of initialMemory(this.#program.memory, this.#memory, this.#root)) {
      state.set(content.object.slot, content.id);
    }
    this.#slots.forEach((slot, thread) => {
      const start = this.#states.intern(thread, 'start', [], [], undefined);
      start.visited = true;
      state.set(slot, start.id);
    });
    return undefined;
  }

  choices(state: StateReader): readonly number[] {
    const found: number[] = [];
    const threads = this.#slots.length;
    for (let thread = 0; thread < threads; thread++) {
      if (!this.#isReady(thread, state)) continue;
      if (!this.#processors) found.push(thread);
      else
        for (const victim of this.#processors.victims(thread, state)) found.push(this.#pack(thread, victim));
    }
    return this.#processors ? found.sort((a, b) => a - b) : found;
  }

  take(choice: number, state: HostState): HostEnd {
    const thread = this.threadOf(choice);
    this.#processors?.take(thread, this.#victimOf(choice), state);
    const before = this.#at(thread, state);
    const segment = this.#segments.segment(before, state);
    const drops = this.#apply(thread, segment, state);
    segment.next.visited = true;
    state.set(this.#slot(thread), segment.next.id);
    if (state.footprint) this.#note(before, segment, state, state.footprint);
    if (segment.letsGo || drops) forgetUnreachable(this.#memory, this.#remembered(state), state);
    this.#processors?.settle(state);
    if (segment.failure) return { status: 'error', error: segment.failure.error };
    return this.#allFinished(segment.next, state) ? { status: 'done' } : undefined;
  }

  visited(): VisitedPoints {
    return this.#states.visited((thread) => this.#nameOf(thread));
  }

  threadOf(choice: number): number {
    return choice % this.#slots.length;
  }

  processOf(choice: number): number {
    return this.#slot(this.threadOf(choice));
  }

  waits(state: StateReader, tell: (process: number, waiting: Waiting) => void): void {
    for (const slot of this.#slots) {
      const at = this.#states.get(state.valueAt(slot));
      const { kind, lock } = at.operation ?? {};
      // Who finds no processor waits for one.
      if (this.#processors && at.phase !== 'finished')
        tell(slot, { reads: [], writes: [this.#memory.cell('processors')] });
      if (kind === 'acquire') tell(slot, { reads: [], writes: [this.#memory.cell(lockCell(lock ?? 0))] });
      else if (kind === 'until') tell(slot, { reads: this.#segments.condition(at, state).cells, writes: [] });
    }
  }

  choiceName(choice: number): string {
    return this.#nameOf(this.threadOf(choice));
  }

  choiceText(choice: number, state: StateReader): string {
    return stepText(this.#at(this.threadOf(choice), state));
  }

  context(state: StateReader): unknown {
    const assignment = this.#processors?.assignment(state);
    const threads = this.#program.threads.flatMap(({ name }, thread) => {
      const at = this.#at(thread, state);
      if (at.phase === 'finished') return [];
      const running = assignment ? assignment.running.includes(thread) : this.#isReady(thread, state);
      const view: ThreadView = Object.freeze({ at: stepText(at), running });
      return [[name, view] as const];
    });
    const locks = this.#program.locks.map((lock, i) => {
      const owner = this.#locks.owner(i, state);
      return [lock, owner === undefined ? null : this.#nameOf(owner)] as const;
    });
    return Object.freeze({
      memory: memoryView(this.#root, this.#memory, state),
      threads: Object.freeze(Object.fromEntries(threads)),
      locks: Object.freeze(Object.fromEntries(locks)),
    });
  }

  flaws(state: StateReader): readonly string[] {
    return this.races(state).map(raceText);
  }

  /** The data races of a state: pairs of threads whose parts ahead touch one cell (architecture 5.2). */
  races(state: StateReader): readonly DataRace[] {
    if (this.#program.races === 'ignore') return [];
    const parts = this.#slots.flatMap((_, thread): PartAhead[] => {
      const at = this.#at(thread, state);
      return this.#isAhead(at, state)
        ? [{ number: thread, thread: this.#nameOf(thread), footprint: this.#footprint(at, state) }]
        : [];
    });
    return findRaces(parts, (a, b) => this.#processors?.mayOverlap(a, b, state) ?? true);
  }

  /** Whether a thread's part may come next: it can step, or waits in an `until`, or was preempted by a higher priority. */
  #isAhead({ thread, phase, operation }: ThreadState, state: StateReader): boolean {
    if (phase === 'finished') return false;
    if (operation?.kind === 'until' || this.#processors?.isSuspended(thread, state)) return true;
    return this.#isReady(thread, state) && (this.#processors?.victims(thread, state).length ?? 1) > 0;
  }

  #footprint(at: ThreadState, state: StateReader): Footprint {
    switch (at.operation?.kind) {
      case 'until':
        return this.#segments.condition(at, state).footprint;
      case 'acquire':
      case 'release':
      case 'preempt':
        return UNTOUCHED;
      default:
        return this.#segments.segment(at, state).footprint;
    }
  }

  /**
   * Says what a segment touched of what the host holds. The ends of threads conflict, because the last one ends the actor; where
   * threads share processors every step may change which of them run, so that all conflict.
   */
  #note(
    { mentions }: ThreadState,
    { asked, writes, next }: KnownSegment,
    state: StateReader,
    footprint: StepFootprint,
  ): void {
    for (const { probe } of asked) footprint.asks(probe);
    for (const cell of writes) footprint.write(cell);
    noteForgetting(mentions, next.mentions, this.#memory, state, footprint);
    if (next.phase === 'finished') footprint.write(this.#memory.cell('end'));
    if (this.#processors) footprint.write(this.#memory.cell('processors'));
  }

  /** Lays what a segment does over the state. Returns whether some object is no longer held where it was. */
  #apply(thread: number, { effects }: KnownSegment, state: HostState): boolean {
    let drops = false;
    for (const { op, a, b } of effects) {
      if (op === ThreadOp.write) {
        const { slot } = this.#memory.write(a).object;
        const before = state.valueAt(slot);
        const after = this.#memory.after(before, a);
        state.set(slot, after);
        const [was, is] = [this.#memory.content(before), this.#memory.content(after)];
        drops ||= dropsObject(was, is);
        if (state.footprint) noteContent(was, is, this.#memory, state.footprint);
      } else if (op === ThreadOp.allocate) {
        state.set(this.#memory.objectAt(a).slot, b);
        if (state.footprint) noteBeing(this.#memory.content(b), this.#memory, state.footprint);
      } else if (op === ThreadOp.acquire) this.#locks.acquire(a, thread, state);
      else this.#locks.release(a, state);
    }
    return drops;
  }

  /** The root, and what threads remember. */
  #remembered(state: StateReader): HeapObject[] {
    return [this.#root, ...this.#slots.flatMap((_, thread) => this.#at(thread, state).mentions)];
  }

  #allFinished(next: ThreadState, state: StateReader): boolean {
    if (next.phase !== 'finished') return false;
    return this.#slots.every((_, thread) => this.#at(thread, state).phase === 'finished');
  }

  #isReady(thread: number, state: StateReader): boolean {
    const at = this.#at(thread, state);
    if (at.phase === 'finished') return false;
    if (at.operation?.kind === 'until') return this.#segments.condition(at, state).isOpen;
    return at.operation?.kind !== 'acquire' || this.#locks.isFree(at.operation.lock ?? 0, state);
  }

  #at(thread: number, state: StateReader): ThreadState {
    return this.#states.get(state.valueAt(this.#slot(thread)));
  }

  #slot(thread: number): number {
    return present(this.#slots[thread], 'a thread has a slot');
  }

  #nameOf(thread: number): string {
    return present(this.#program.threads[thread], `there is a thread number ${thread}`).name;
  }

  /** A choice is a thread, and whose processor it takes: the number of the victim among the threads, shifted by one. */
  #pack(thread: number, victim: number): number {
    return thread + this.#slots.length * (victim + 1);
  }

  #victimOf(choice: number): number {
    return Math.floor(choice / this.#slots.length) - 1;
  }
}
