import { present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import { CHOICES_PER_KIND } from '../runtime/choice.js';
import { type ContentId, slotHash } from '../runtime/contents.js';
import type { Host, HostEnd, HostSite, HostState } from '../runtime/host.js';
import type { StateReader } from '../runtime/probes.js';
import { initialMemory } from './initialMemory.js';
import { type HeapObject, Memory } from './memory.js';
import { MemoryProxies } from './memoryProxy.js';
import { memoryView } from './memoryView.js';
import { Processors } from './processors.js';
import type { ThreadsProgram } from './program.js';
import { type DataRace, findRaces } from './races.js';
import { type Footprint, Segments, ThreadOp } from './segments.js';
import { type ThreadState, ThreadStates } from './threadState.js';

const NO_VICTIM = -1;
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
 */
export class ThreadHost implements Host {
  readonly #program: ThreadsProgram;
  readonly #memory: Memory;
  readonly #threads: ThreadStates;
  readonly #segments: Segments;
  readonly #root: HeapObject;
  readonly #threadSlots: readonly number[];
  readonly #lockSlots: readonly number[];
  readonly #owners: readonly (readonly ContentId[])[];
  readonly #processors: Processors | undefined;

  constructor(site: HostSite, program: ThreadsProgram) {
    const { threads, locks } = program;
    this.#program = program;
    this.#memory = new Memory(site);
    const names = threads.map((thread) => thread.name);
    this.#threads = new ThreadStates(site, names);
    this.#root = this.#memory.object('memory', Array.isArray(program.memory));
    const proxies = new MemoryProxies();
    const splits = program.races === 'violation';
    this.#segments = new Segments(
      site,
      this.#memory,
      proxies,
      this.#threads,
      threads,
      this.#root,
      locks,
      splits,
    );
    this.#threadSlots = names.map((name) => site.slot('thread', name));
    this.#lockSlots = locks.map((lock) => site.slot('locks', lock));
    this.#owners = locks.map((lock) =>
      names.map((name) =>
        site.addContent(slotHash('locks', `${site.place.address} ${lock}`).text(name).words()),
      ),
    );
    const fewer = program.processors < threads.length;
    const priorities = threads.map((thread) => thread.priority);
    this.#processors = fewer ? new Processors(site, program.processors, priorities) : undefined;
    if (threads.length * (fewer ? threads.length + 1 : 1) > CHOICES_PER_KIND) {
      throw new UsageError(
        `'${site.place.address}' has ${threads.length} threads`,
        'split it into several thread programs',
      );
    }
  }

  begin(state: HostState): HostEnd {
    for (const content of initialMemory(this.#program.memory, this.#memory, this.#root)) {
      state.set(content.object.slot, content.id);
    }
    this.#threadSlots.forEach((slot, thread) => {
      state.set(slot, this.#threads.intern(thread, 'start', [], [], undefined).id);
    });
    return undefined;
  }

  choices(state: StateReader): readonly number[] {
    const found: number[] = [];
    for (let thread = 0; thread < this.#threadSlots.length; thread++) {
      if (!this.#isReady(thread, state)) continue;
      if (!this.#processors) found.push(thread);
      else for (const victim of this.#victims(thread, state)) found.push(this.#pack(thread, victim));
    }
    return found;
  }

  take(choice: number, state: HostState): HostEnd {
    const thread = this.#threadOf(choice);
    if (this.#processors) this.#processors.take(thread, this.#victimOf(choice), state);
    const before = this.#at(thread, state);
    const entry = this.#segments.entry(before, state, (lock) => this.#owner(lock, state) === thread);
    for (const { op, a, b } of this.#segments.effects(entry)) this.#apply(thread, op, a, b, state);
    state.set(present(this.#threadSlots[thread], 'a thread has a slot'), this.#segments.next(entry).id);
    this.#forget(state);
    this.#processors?.settle(state, this.#readiness(state), (t) => this.#at(t, state).phase === 'finished');
    const { failure } = this.#segments.segment(entry);
    if (failure) return { status: 'error', error: failure.error };
    const left = this.#threadSlots.some((_, t) => this.#at(t, state).phase !== 'finished');
    return left ? undefined : { status: 'done' };
  }

  choiceName(choice: number): string {
    return this.#nameOf(this.#threadOf(choice));
  }

  context(state: StateReader): unknown {
    const assignment = this.#processors?.assignment(state);
    const threads: Record<string, ThreadView> = {};
    this.#program.threads.forEach(({ name }, thread) => {
      const { phase, operation } = this.#at(thread, state);
      if (phase === 'finished') return;
      const running = assignment ? assignment.running.includes(thread) : this.#isReady(thread, state);
      threads[name] = Object.freeze({ at: operation?.text ?? phase, running });
    });
    const locks = this.#program.locks.map((lock, i) => {
      const owner = this.#owner(i, state);
      return [lock, owner === undefined ? null : this.#nameOf(owner)] as const;
    });
    return Object.freeze({
      memory: memoryView(this.#root, this.#memory, state),
      threads: Object.freeze(threads),
      locks: Object.freeze(Object.fromEntries(locks)),
    });
  }

  /** The data races of a state: pairs of threads whose parts ahead touch one cell (architecture 5.2). */
  races(state: StateReader): readonly DataRace[] {
    if (this.#program.races === 'ignore') return [];
    const suspended = this.#processors?.assignment(state).suspended ?? [];
    const ahead = this.#threadSlots.map((_, thread) => {
      const at = this.#at(thread, state);
      const mayStep = this.#isReady(thread, state) && this.#victims(thread, state).length > 0;
      const waitsUntil = at.operation?.kind === 'until';
      if (at.phase === 'finished' || !(mayStep || waitsUntil || suspended.includes(thread))) return undefined;
      return { thread: this.#nameOf(thread), footprint: this.#footprint(at, thread, state) };
    });
    return findRaces(ahead.filter((part) => part !== undefined));
  }

  #footprint(at: ThreadState, thread: number, state: StateReader): Footprint {
    const kind = at.operation?.kind;
    if (kind === 'until') return this.#segments.conditionFootprint(at, state);
    if (kind === 'acquire' || kind === 'release' || kind === 'preempt') return UNTOUCHED;
    const entry = this.#segments.entry(at, state, (lock) => this.#owner(lock, state) === thread);
    return this.#segments.segment(entry).footprint;
  }

  #apply(thread: number, op: number, a: number, b: number, state: HostState): void {
    switch (op) {
      case ThreadOp.write: {
        const { object } = this.#memory.write(a);
        return state.set(object.slot, this.#memory.after(state.valueAt(object.slot), a));
      }
      case ThreadOp.allocate:
        return state.set(this.#memory.objectAt(a).slot, b);
      case ThreadOp.acquire:
        return state.set(
          this.#lockSlot(a),
          present(this.#owners[a]?.[thread], 'a lock can be owned by each thread'),
        );
      default:
        return state.set(this.#lockSlot(a), 0);
    }
  }

  /** Objects that neither memory nor a thread reaches are forgotten: their slots are empty again. */
  #forget(state: HostState): void {
    const reached = new Set<HeapObject>();
    const reach = (object: HeapObject): void => {
      if (reached.has(object)) return;
      reached.add(object);
      const content = state.valueAt(object.slot);
      if (content === 0) return;
      for (const value of this.#memory.content(content).cells.values()) {
        if (typeof value === 'object' && value !== null) reach(value);
      }
    };
    reach(this.#root);
    this.#threadSlots.forEach((_, thread) => {
      this.#at(thread, state).mentions.forEach(reach);
    });
    for (const object of this.#memory.objects) {
      if (!reached.has(object) && state.valueAt(object.slot) !== 0) state.set(object.slot, 0);
    }
  }

  #isReady(thread: number, state: StateReader): boolean {
    const at = this.#at(thread, state);
    if (at.phase === 'finished') return false;
    if (at.operation?.kind === 'until') return this.#segments.holds(at, state);
    if (at.operation?.kind !== 'acquire') return true;
    const lock = this.#program.locks.indexOf(at.operation.lock ?? '');
    return lock === -1 || this.#owner(lock, state) === undefined;
  }

  #victims(thread: number, state: StateReader): readonly number[] {
    return this.#processors ? this.#processors.victims(thread, state, this.#readiness(state)) : [NO_VICTIM];
  }

  #readiness(state: StateReader): { isReady(thread: number): boolean; yields(thread: number): boolean } {
    return {
      isReady: (thread) => this.#isReady(thread, state),
      yields: (thread) => this.#at(thread, state).operation?.kind === 'preempt',
    };
  }

  #at(thread: number, state: StateReader): ThreadState {
    return this.#threads.get(state.valueAt(present(this.#threadSlots[thread], 'a thread has a slot')));
  }

  #owner(lock: number, state: StateReader): number | undefined {
    const owner = this.#owners[lock]?.indexOf(state.valueAt(this.#lockSlot(lock))) ?? -1;
    return owner === -1 ? undefined : owner;
  }

  #lockSlot(lock: number): number {
    return present(this.#lockSlots[lock], 'a lock has a slot');
  }

  #nameOf(thread: number): string {
    return present(this.#program.threads[thread], `there is a thread number ${thread}`).name;
  }

  /** A choice is a thread, and whose processor it takes: the number of the victim among the threads, shifted by one. */
  #pack(thread: number, victim: number): number {
    return thread + this.#threadSlots.length * (victim + 1);
  }

  #threadOf(choice: number): number {
    return choice % this.#threadSlots.length;
  }

  #victimOf(choice: number): number {
    return Math.floor(choice / this.#threadSlots.length) - 1;
  }
}
