import type { HostState } from '../runtime/host.js';
import type { Effect } from '../runtime/memo.js';
import type { Probes, StateReader } from '../runtime/probes.js';
import { type Asked, AskedMemory } from './askedMemory.js';
import { Execution, type PlainEnd, type Surroundings } from './execution.js';
import type { HeapObject, MemoryValue } from './heapObject.js';
import type { Locks } from './locks.js';
import { type LogEntry, pointText } from './log.js';
import type { Memory } from './memory.js';
import type { Overlay } from './overlay.js';
import type { Point } from './point.js';
import type { ThreadDeclaration } from './program.js';
import type { ThreadState, ThreadStates } from './threadState.js';

/** The name of the cell that stands for a lock. */
export function lockCell(lock: number): string {
  return `lock ${lock}`;
}

/** What a segment does to the state, as effects of its memo entry. Codes are the host's own. */
export const ThreadOp = { write: 10, allocate: 11, acquire: 12, release: 13, service: 14 } as const;

/** A call of a thread into what surrounds the program. */
export interface ServiceCall {
  readonly thread: number;
  readonly name: string;
  readonly args: readonly MemoryValue[];
}

/** What a call gives back, or what it fails its thread with. */
export type Answer = { readonly value: MemoryValue } | { readonly error: unknown };

/** What surrounds a program, and can be called by it. */
export interface Services {
  /** Answers a call. The answer may depend on nothing but the call and what is asked of `memory`. */
  answer(call: ServiceCall, memory: AskedMemory): Answer;
  /** Does what the call is to do; part of the step. */
  carryOut(call: ServiceCall, state: HostState): void;
}

/** Which cells a part touches, by name. */
export interface Footprint {
  readonly reads: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
  /** Whether it is one atomic access, which is never a data race by itself. */
  readonly atomic: boolean;
}

/** A segment that was computed: everything but the look-up. */
export interface Segment {
  readonly asked: readonly Asked[];
  readonly next: ThreadState;
  readonly effects: readonly Effect[];
  readonly footprint: Footprint;
  readonly failure: { readonly error: unknown } | undefined;
  /** What the thread returned when it finished, if that is a primitive. */
  readonly result?: unknown;
}

/** A condition that was evaluated. One that throws lets its thread go on, and fail. */
export interface Condition {
  readonly asked: readonly Asked[];
  readonly isOpen: boolean;
  readonly footprint: Footprint;
}

/** What code of threads needs to run. */
export interface Workshop extends Surroundings {
  readonly memory: Memory;
  readonly states: ThreadStates;
  readonly locks: Locks;
  readonly probes: Probes;
  readonly services?: Services | undefined;
  /** All calls ever made, by number. */
  readonly calls: ServiceCall[];
  /** Whether plain code that touches memory is a step of its own, so that races show. */
  readonly splits: boolean;
}

/**
 * Runs one thread's next segment in a state (architecture 5.2).
 *
 * Walk through: {@link compute} rebuilds the thread, lets {@link SegmentRun.#perform} do the operation that it waits at, and
 * runs plain code to the next point. All of that is then re-executed over its own log, by an execution that performs nothing: a
 * thread that does not repeat itself is refused there, with the line. If the plain code touched memory and races are looked
 * for, only the operation counts, and the plain code is computed again as the segment that comes next. (It is run here to see
 * that, and because its first access does not depend on what memory holds.)
 */
export class SegmentRun {
  readonly #shop: Workshop;
  readonly #code: ThreadDeclaration;
  readonly #thread: ThreadState;
  readonly #memory: AskedMemory;
  readonly #execution: Execution;
  readonly #effects: Effect[] = [];

  constructor(shop: Workshop, code: ThreadDeclaration, thread: ThreadState, state: StateReader) {
    this.#shop = shop;
    this.#code = code;
    this.#thread = thread;
    this.#memory = new AskedMemory(shop.probes, shop.memory, state, code.name);
    this.#execution = new Execution(shop, code, thread.args, thread.log);
  }

  compute(): Segment {
    const { phase } = this.#thread;
    return this.#execution.guarded(() => {
      const operation = this.#rebuilt(phase === 'finished' ? 'start' : phase);
      if (!operation) return this.#plain(false);
      const failure = this.#perform(operation);
      return failure ? this.#segment('finished', [], { error: failure.error }) : this.#plain(true);
    });
  }

  /** Evaluates the condition that the thread waits for. */
  condition(): Condition {
    return this.#execution.guarded(() => {
      const operation = this.#rebuilt('operation');
      const result = operation ? this.#execution.condition(operation, this.#memory) : { holds: false };
      return {
        asked: this.#memory.asked,
        isOpen: 'error' in result || result.holds,
        footprint: { reads: this.#memory.read, writes: new Set(), atomic: true },
      };
    });
  }

  #rebuilt(phase: 'start' | 'operation' | 'plain'): Point | undefined {
    const operation = this.#execution.rebuild(phase);
    const before = this.#thread.operation?.text ?? '';
    if (operation && operation.text !== before) {
      this.#execution.cells.differs(`it ${pointText(operation.text)}`, `it ${pointText(before)}`);
    }
    return operation;
  }

  #plain(behindOperation: boolean): Segment {
    const overlay = this.#overlay;
    const mark = {
      log: this.#execution.log.length,
      asked: this.#memory.asked.length,
      reads: new Set(this.#memory.read),
      writes: overlay.writes.length,
      written: new Set(overlay.written),
    };
    const end = this.#execution.goOn(this.#memory);
    this.#mustRepeatItself(end);
    const touched = this.#execution.cells.touched;
    if (!behindOperation || !this.#shop.splits || !touched) {
      return this.#ended(end, behindOperation && !touched);
    }
    const footprint = { reads: mark.reads, writes: mark.written, atomic: true };
    return {
      asked: this.#memory.asked.slice(0, mark.asked),
      next: this.#next('plain', this.#thread.args, this.#execution.log.slice(0, mark.log)),
      effects: [...this.#effects, ...this.#writes(overlay, mark.writes)],
      footprint,
      failure: undefined,
    };
  }

  #ended(end: PlainEnd, atomic: boolean): Segment {
    switch (end.kind) {
      case 'operation':
        return this.#segment('operation', this.#thread.args, undefined, end.operation, atomic);
      case 'restart':
        return this.#segment('start', end.args, undefined, undefined, atomic);
      case 'finished':
        return { ...this.#segment('finished', [], undefined, undefined, atomic), result: end.value };
      case 'threw':
        return this.#segment('finished', [], { error: end.error }, undefined, atomic);
    }
  }

  #segment(
    phase: ThreadState['phase'],
    args: readonly MemoryValue[],
    failure?: Segment['failure'],
    operation?: Point,
    atomic = true,
  ): Segment {
    const overlay = this.#overlay;
    const allocations = overlay.allocations.map(({ object, cells }) => ({
      op: ThreadOp.allocate,
      a: object.index,
      b: this.#shop.memory.intern(object, cells).id,
    }));
    return {
      asked: this.#memory.asked,
      next: this.#next(phase, args, phase === 'operation' ? this.#execution.log : [], operation),
      effects: [...this.#effects, ...allocations, ...this.#writes(overlay, overlay.writes.length)],
      footprint: { reads: this.#memory.read, writes: overlay.written, atomic },
      failure,
    };
  }

  #next(
    phase: ThreadState['phase'],
    args: readonly MemoryValue[],
    log: readonly LogEntry[],
    operation?: Point,
  ): ThreadState {
    return this.#shop.states.intern(this.#thread.thread, phase, args, log, operation);
  }

  #writes({ writes }: Overlay, count: number): Effect[] {
    return writes
      .slice(0, count)
      .map((write) => ({ op: ThreadOp.write, a: this.#shop.memory.writeNumber(write), b: 0 }));
  }

  /** Performs the operation that the thread waits at. Returns what it fails with. */
  #perform(operation: Point): { readonly error: unknown } | undefined {
    const { kind, object, key, lock } = operation;
    let answer: MemoryValue;
    if (object && key !== undefined) answer = this.#access(operation, object, key);
    if (kind === 'until') {
      const result = this.#execution.condition(operation, this.#memory);
      if ('error' in result) return result;
    }
    if (kind === 'acquire') this.#effects.push({ op: ThreadOp.acquire, a: lock ?? 0, b: 0 });
    if (kind === 'release') {
      if (!this.#holds(lock ?? 0)) {
        return {
          error: new Error(`${this.#code.name} released '${operation.text.slice(8)}' without holding it`),
        };
      }
      this.#effects.push({ op: ThreadOp.release, a: lock ?? 0, b: 0 });
    }
    if (kind === 'service') {
      const served = this.#serve(operation);
      if ('error' in served) return served;
      answer = served.value;
    }
    this.#execution.answered(operation, answer);
    return undefined;
  }

  /** A call that fails is not carried out. */
  #serve({ service = '', values }: Point): Answer {
    const { services, calls } = this.#shop;
    const call = { thread: this.#thread.thread, name: service, args: values };
    if (!services)
      this.#execution.refuse(`nobody answers the call ${service}()`, 'use it where it is offered');
    const answer = services.answer(call, this.#memory);
    if ('value' in answer) this.#effects.push({ op: ThreadOp.service, a: calls.push(call) - 1, b: 0 });
    return answer;
  }

  #holds(lock: number): boolean {
    const { locks } = this.#shop;
    const { thread } = this.#thread;
    const question = `thread ${thread} holds ${lock}`;
    const answer = (state: StateReader): number => (locks.owner(lock, state) === thread ? 1 : 0);
    return this.#memory.ask(question, answer, [lockCell(lock)]) === 1;
  }

  #access({ kind, values }: Point, object: HeapObject, key: string): MemoryValue {
    const [first, second] = values;
    if (kind === 'read') return this.#memory.cell(object, key).value;
    const swaps = kind === 'compareAndSwap';
    if (swaps && !Object.is(this.#memory.cell(object, key).value, first)) return false;
    this.#overlay.write({ object, key, value: swaps ? second : first, deleted: false });
    return swaps ? true : undefined;
  }

  get #overlay(): Overlay {
    return this.#execution.cells.goLive(this.#memory);
  }

  /** Re-executes what was done, in an execution that only has the log. */
  #mustRepeatItself(end: PlainEnd): void {
    const { args } = this.#thread;
    const { log, leavesPoints } = this.#execution;
    const second = new Execution(this.#shop, this.#code, args, log, leavesPoints);
    second.guarded(() => second.mustEndAs(end));
  }
}
