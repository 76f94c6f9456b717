import { present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import type { HostSite } from '../runtime/host.js';
import { type Effect, type EntryId, Memo } from '../runtime/memo.js';
import { type Probe, Probes, type StateReader } from '../runtime/probes.js';
import {
  Execution,
  type LiveMemory,
  type PendingOperation,
  type PlainEnd,
  type Routine,
} from './execution.js';
import type { LogEntry } from './log.js';
import { type HeapObject, LENGTH, type Memory, type MemoryValue } from './memory.js';
import type { MemoryProxies } from './memoryProxy.js';
import type { ThreadState, ThreadStates } from './threadState.js';

/** What a segment does to the state, as effects of its memo entry. Codes are the host's own. */
export const ThreadOp = { write: 10, allocate: 11, acquire: 12, release: 13 } as const;

/** Which cells a segment touches. */
export interface Footprint {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** Whether it is one atomic access, which is never a data race by itself. */
  readonly atomic: boolean;
}

/** What is known of a computed segment beside its effects. */
export interface Segment {
  readonly footprint: Footprint;
  readonly failure: { readonly error: unknown } | undefined;
}

const SEGMENT = -10;
const CONDITION = -11;

interface Computed {
  readonly reads: readonly { readonly probe: Probe; readonly answer: number }[];
  readonly next: ThreadState;
  readonly effects: readonly Effect[];
  readonly segment: Segment;
}

/** The code of one thread. */
export interface ThreadCode {
  readonly name: string;
  readonly run: Routine;
}

/**
 * The segments of threads, memoised: (thread, what it reads of memory) → next thread and effects. A thread's code is re-executed
 * over its log, and then runs live, only when a segment is met for the first time; every segment is computed twice.
 */
export class Segments {
  readonly #site: HostSite;
  readonly #memory: Memory;
  readonly #proxies: MemoryProxies;
  readonly #threads: ThreadStates;
  readonly #codes: readonly ThreadCode[];
  readonly #root: HeapObject;
  readonly #locks: readonly string[];
  readonly #splits: boolean;
  readonly #probes = new Probes();
  readonly #memo = new Memo(this.#probes);
  readonly #conditions = new Memo(this.#probes);
  readonly #segments: Segment[] = [];
  readonly #footprints: Footprint[] = [];

  /** @param splits whether plain code that touches memory is a step of its own, so that races show */
  constructor(
    site: HostSite,
    memory: Memory,
    proxies: MemoryProxies,
    threads: ThreadStates,
    codes: readonly ThreadCode[],
    root: HeapObject,
    locks: readonly string[],
    splits: boolean,
  ) {
    this.#site = site;
    this.#memory = memory;
    this.#proxies = proxies;
    this.#threads = threads;
    this.#codes = codes;
    this.#root = root;
    this.#locks = locks;
    this.#splits = splits;
  }

  /** The entry for a thread's next segment in the present state. */
  entry(thread: ThreadState, state: StateReader, owns: (lock: number) => boolean): EntryId {
    const known = this.#memo.find(thread.id, SEGMENT, state);
    if (known !== -1) return known;
    const first = this.#compute(thread, state, owns);
    const second = this.#compute(thread, state, owns);
    const same =
      first.next === second.next && JSON.stringify(first.effects) === JSON.stringify(second.effects);
    const detail = { transitions: [], threw: first.segment.failure !== undefined, unhandled: false };
    const entry = same
      ? this.#memo.add(thread.id, SEGMENT, first.reads, first.next.id, first.effects, detail)
      : undefined;
    if (entry === undefined) throw this.#nondeterministic(thread);
    this.#segments.push(first.segment);
    return entry;
  }

  segment(entry: EntryId): Segment {
    return present(this.#segments[entry], `there is a segment number ${entry}`);
  }

  /** The thread after a segment. */
  next(entry: EntryId): ThreadState {
    return this.#threads.get(this.#memo.next(entry));
  }

  /** The effects of a segment, in order. */
  *effects(entry: EntryId): Iterable<{ op: number; a: number; b: number }> {
    const { ops } = this.#memo;
    for (let at = this.#memo.opsStart(entry); at < this.#memo.opsEnd(entry); at += 3) {
      yield { op: ops.at(at), a: ops.at(at + 1), b: ops.at(at + 2) };
    }
  }

  /** Whether the condition that a thread waits for holds now. */
  holds(thread: ThreadState, state: StateReader): boolean {
    return this.#conditions.next(this.#condition(thread, state)) === 1;
  }

  /** The cells that the condition of a waiting thread reads now. */
  conditionFootprint(thread: ThreadState, state: StateReader): Footprint {
    const entry = this.#condition(thread, state);
    return present(this.#footprints[entry], `there is a condition number ${entry}`);
  }

  #condition(thread: ThreadState, state: StateReader): EntryId {
    const known = this.#conditions.find(thread.id, CONDITION, state);
    if (known !== -1) return known;
    const execution = this.#execution(thread);
    const operation = execution.rebuild('operation');
    const live = new Asking(this.#probes, this.#memory, state, this.#nameOf(thread));
    const holds = operation !== undefined && execution.holds(operation, live);
    if (execution.refusal) throw execution.refusal;
    const detail = { transitions: [], threw: false, unhandled: false };
    const entry = this.#conditions.add(thread.id, CONDITION, live.reads, holds ? 1 : 0, [], detail);
    if (entry === undefined) throw this.#nondeterministic(thread);
    this.#footprints.push({ reads: live.cells, writes: new Set(), atomic: true });
    return entry;
  }

  #compute(thread: ThreadState, state: StateReader, owns: (lock: number) => boolean): Computed {
    const live = new Asking(this.#probes, this.#memory, state, this.#nameOf(thread));
    const execution = this.#execution(thread);
    const operation = execution.rebuild(thread.phase === 'finished' ? 'start' : thread.phase);
    const effects: Effect[] = [];
    if (!operation) return this.#finish(thread, execution, execution.runPlain(live), live, effects);
    const failure = this.#perform(operation, execution, live, effects, owns);
    if (failure)
      return this.#computed(thread, execution, 'finished', undefined, live, effects, { error: failure });
    if (this.#splits && this.#touchesMemory(thread, execution.log, state)) {
      return this.#computed(thread, execution, 'plain', undefined, live, effects, undefined, true);
    }
    return this.#finish(thread, execution, execution.runPlain(live), live, effects, this.#splits);
  }

  /** Whether the plain code behind an operation touches memory: found by running it and throwing the result away. */
  #touchesMemory(thread: ThreadState, log: readonly LogEntry[], state: StateReader): boolean {
    const { args } = thread;
    const trial = this.#execution({ args, log, thread: thread.thread });
    trial.rebuild('plain');
    trial.runPlain(new Asking(this.#probes, this.#memory, state, this.#nameOf(thread)));
    return trial.touched;
  }

  #finish(
    thread: ThreadState,
    execution: Execution,
    end: PlainEnd,
    live: Asking,
    effects: Effect[],
    atomic = false,
  ): Computed {
    switch (end.kind) {
      case 'operation':
        return this.#computed(
          thread,
          execution,
          'operation',
          end.operation,
          live,
          effects,
          undefined,
          atomic,
        );
      case 'restart': {
        const again: ThreadState = { ...thread, args: end.args };
        return this.#computed(again, execution, 'start', undefined, live, effects, undefined, atomic);
      }
      case 'finished':
        return this.#computed(thread, execution, 'finished', undefined, live, effects, undefined, atomic);
      case 'threw':
        return this.#computed(
          thread,
          execution,
          'finished',
          undefined,
          live,
          effects,
          { error: end.error },
          atomic,
        );
    }
  }

  #computed(
    thread: ThreadState,
    execution: Execution,
    phase: ThreadState['phase'],
    operation: PendingOperation | undefined,
    live: Asking,
    effects: Effect[],
    failure: Segment['failure'],
    atomic = false,
  ): Computed {
    if (execution.refusal) throw execution.refusal;
    for (const { object, cells } of execution.allocated) {
      effects.push({ op: ThreadOp.allocate, a: object.index, b: this.#memory.intern(object, cells).id });
    }
    const writes = new Set<string>();
    for (const write of execution.writes) {
      effects.push({ op: ThreadOp.write, a: this.#memory.writeNumber(write), b: 0 });
      writes.add(`${write.object.name}.${write.key}`);
      if (write.deleted || !live.has(write.object, write.key)) writes.add(`${write.object.name}.*`);
    }
    const remembers = phase === 'operation' || phase === 'plain';
    const args = phase === 'finished' ? [] : thread.args;
    const next = this.#threads.intern(
      thread.thread,
      phase,
      args,
      remembers ? execution.log : [],
      withoutCode(operation),
    );
    const footprint = { reads: live.cells, writes, atomic };
    return { reads: live.reads, next, effects, segment: { footprint, failure } };
  }

  /** Performs the operation that a thread waits at. Returns the error when it fails. */
  #perform(
    operation: PendingOperation,
    execution: Execution,
    live: Asking,
    effects: Effect[],
    owns: (lock: number) => boolean,
  ): Error | undefined {
    const { kind, object, key, lock } = operation;
    let answer: MemoryValue;
    if (object && key !== undefined) answer = this.#access(operation, object, key, execution, live);
    if (lock !== undefined) {
      const index = this.#locks.indexOf(lock);
      if (index === -1) return new Error(`there is no lock '${lock}'; name it in threads({ locks: [...] })`);
      if (kind === 'release' && !owns(index))
        return new Error(`it released the lock '${lock}', which it does not hold`);
      effects.push({ op: kind === 'acquire' ? ThreadOp.acquire : ThreadOp.release, a: index, b: 0 });
    }
    execution.answered(operation, answer);
    return undefined;
  }

  #access(
    { kind, values }: PendingOperation,
    object: HeapObject,
    key: string,
    execution: Execution,
    live: Asking,
  ): MemoryValue {
    const [first, second] = values;
    if (kind === 'read') return live.cell(object, key).value;
    if (kind === 'compareAndSwap') {
      if (!Object.is(live.cell(object, key).value, first)) return false;
      execution.writeAtomically(object, key, second, live);
      return true;
    }
    execution.writeAtomically(object, key, first, live);
    return undefined;
  }

  #execution(thread: Pick<ThreadState, 'thread' | 'args' | 'log'>): Execution {
    const code = present(this.#codes[thread.thread], `there is a thread number ${thread.thread}`);
    return new Execution(this.#nameOf(thread), this.#proxies, code.run, this.#root, thread.args, thread.log);
  }

  #nameOf(thread: Pick<ThreadState, 'thread'>): string {
    return `${this.#site.place.address}@${this.#codes[thread.thread]?.name ?? ''}`;
  }

  #nondeterministic(thread: ThreadState): UsageError {
    return new UsageError(
      `${this.#nameOf(thread)}: the same code over the same memory did two different things`,
      'it depends on something that is not in memory: keep every shared variable there',
    );
  }
}

/** Live memory that records which cells were asked, with the answers. */
class Asking implements LiveMemory {
  readonly reads: { readonly probe: Probe; readonly answer: number }[] = [];
  readonly cells = new Set<string>();

  constructor(
    readonly probes: Probes,
    readonly memory: Memory,
    readonly state: StateReader,
    readonly thread: string,
  ) {}

  cell(object: HeapObject, key: string): { present: boolean; value: MemoryValue } {
    this.cells.add(`${object.name}.${key}`);
    const number = this.#ask(`cell ${object.name}.${key}`, (state) => {
      const content = state.valueAt(object.slot);
      if (content === 0) return 0;
      const { cells } = this.memory.content(content);
      return cells.has(key) ? this.memory.valueNumber(cells.get(key)) : 0;
    });
    return { present: number !== 0, value: number === 0 ? undefined : this.memory.value(number) };
  }

  has(object: HeapObject, key: string): boolean {
    const content = this.state.valueAt(object.slot);
    return content !== 0 && this.memory.content(content).cells.has(key);
  }

  keys(object: HeapObject): readonly string[] {
    this.cells.add(`${object.name}.*`);
    const now = (state: StateReader): string[] => {
      const content = state.valueAt(object.slot);
      return content === 0
        ? []
        : [...this.memory.content(content).cells.keys()].filter((k) => !object.isArray || k !== LENGTH);
    };
    this.#ask(`keys ${object.name}`, (state) => this.memory.valueNumber(JSON.stringify(now(state))));
    return now(this.state);
  }

  fresh(isArray: boolean, given: readonly HeapObject[]): HeapObject {
    const bearer = (k: number): HeapObject =>
      this.memory.object(`${this.thread.split('@')[1] ?? ''}#${k}`, isArray);
    const taken = new Set(given);
    const k = this.#ask(`fresh ${bearer(0).name} ${given.map((o) => o.name)}`, (state) => {
      let index = 0;
      while (taken.has(bearer(index)) || state.valueAt(bearer(index).slot) !== 0) index++;
      return index;
    });
    return bearer(k);
  }

  #ask(key: string, answer: (state: StateReader) => number): number {
    const probe = this.probes.intern(key, answer);
    const before = this.reads.find((read) => read.probe === probe);
    if (before) return before.answer;
    const read = { probe, answer: probe.answer(this.state) };
    this.reads.push(read);
    return read.answer;
  }
}

/** A condition is a closure of one execution; a thread's state keeps the rest. */
function withoutCode(operation: PendingOperation | undefined): PendingOperation | undefined {
  if (!operation) return undefined;
  const { condition: _, ...rest } = operation;
  return rest;
}
