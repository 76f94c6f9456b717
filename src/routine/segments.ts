import { present } from '../kernel/invariant.js';
import { UsageError } from '../kernel/usageError.js';
import type { CellId } from '../runtime/cells.js';
import { type Effect, type EntryId, Memo } from '../runtime/memo.js';
import type { StateReader } from '../runtime/probes.js';
import type { Asked } from './askedMemory.js';
import type { HeapObject } from './heapObject.js';
import type { ThreadDeclaration } from './program.js';
import {
  type Condition,
  lockCell,
  type Segment,
  SegmentRun,
  type ServiceCall,
  ThreadOp,
  type Workshop,
} from './segment.js';
import type { ThreadState } from './threadState.js';

/** A segment as a step needs it. */
export interface KnownSegment extends Segment {
  /** Whether it lets go of an object: the thread forgets one, or made one that it does not remember. */
  readonly letsGo: boolean;
  /** The cells of memory, and the locks, that it writes; what it reads is in {@link Segment.asked}. */
  readonly writes: readonly CellId[];
}

/** A condition as a step needs it. */
export interface KnownCondition extends Condition {
  /** The cells that it reads. */
  readonly cells: readonly CellId[];
}

const SEGMENT = -10;
const CONDITION = -11;
const NO_DETAIL = { threw: false, unhandled: false };

/**
 * The segments of threads, memoised: (thread, what it asks of memory) → next thread and effects. A thread's code runs only when
 * a segment is met for the first time.
 */
export class Segments {
  readonly #shop: Workshop;
  readonly #codes: readonly ThreadDeclaration[];
  readonly #memo: Memo;
  readonly #conditionMemo: Memo;
  readonly #segments: KnownSegment[] = [];
  readonly #conditions: KnownCondition[] = [];

  constructor(shop: Workshop, codes: readonly ThreadDeclaration[]) {
    this.#shop = shop;
    this.#codes = codes;
    this.#memo = new Memo(shop.probes);
    this.#conditionMemo = new Memo(shop.probes);
  }

  /** A thread's next segment in the present state. */
  segment(thread: ThreadState, state: StateReader): KnownSegment {
    let entry = this.#memo.find(thread.id, SEGMENT, state);
    if (entry === -1) {
      const segment = this.#run(thread, state).compute();
      entry = this.#add(this.#memo, thread, SEGMENT, segment.asked);
      this.#segments.push({ ...segment, letsGo: letsGo(thread, segment), writes: this.#writes(segment) });
    }
    return present(this.#segments[entry], `there is a segment number ${entry}`);
  }

  /** The condition that a thread waits for, in the present state. */
  condition(thread: ThreadState, state: StateReader): KnownCondition {
    let entry = this.#conditionMemo.find(thread.id, CONDITION, state);
    if (entry === -1) {
      const condition = this.#run(thread, state).condition();
      if (this.#run(thread, state).condition().isOpen !== condition.isOpen) throw this.#secret(thread);
      entry = this.#add(this.#conditionMemo, thread, CONDITION, condition.asked);
      const cells = condition.asked.flatMap(({ probe }) =>
        probe.looks.flatMap((look) => (look.at === 'hosted' ? [look.cell] : [])),
      );
      this.#conditions.push({ ...condition, cells });
    }
    return present(this.#conditions[entry], `there is a condition number ${entry}`);
  }

  /** A call by its number, the operand of `ThreadOp.service`. */
  call(number: number): ServiceCall {
    return present(this.#shop.calls[number], `there is a call number ${number}`);
  }

  #add(memo: Memo, thread: ThreadState, input: number, asked: readonly Asked[]): EntryId {
    const entry = memo.add(thread.id, input, asked, thread.id, NO_EFFECTS, NO_DETAIL);
    if (entry === undefined) throw this.#secret(thread);
    return entry;
  }

  #writes({ footprint, effects }: Segment): readonly CellId[] {
    const locks = effects.filter(({ op }) => op === ThreadOp.acquire || op === ThreadOp.release);
    const names = [...footprint.writes, ...locks.map(({ a }) => lockCell(a))];
    return names.map((name) => this.#shop.memory.cell(name));
  }

  #run(thread: ThreadState, state: StateReader): SegmentRun {
    const code = present(this.#codes[thread.thread], `there is a thread number ${thread.thread}`);
    return new SegmentRun(this.#shop, code, thread, state);
  }

  #secret({ thread }: ThreadState): UsageError {
    return new UsageError(
      `${this.#shop.address}@${this.#codes[thread]?.name ?? ''}: the same code over the same memory did two different things`,
      'it depends on something that is not in memory: keep every shared variable there',
    );
  }
}

const NO_EFFECTS: readonly Effect[] = [];

function letsGo(before: ThreadState, { next, effects }: Segment): boolean {
  const kept = new Set<HeapObject>(next.mentions);
  return (
    before.mentions.some((object) => !kept.has(object)) || effects.some(({ op }) => op === ThreadOp.allocate)
  );
}
