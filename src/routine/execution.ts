import { reasonOf } from '../kernel/reasonOf.js';
import { UsageError } from '../kernel/usageError.js';
import { withoutHiddenInputs } from '../runtime/determinism.js';
import { type Activity, during } from './activity.js';
import { checkedPoint } from './checkedPoint.js';
import { type HeapObject, type MemoryValue, valueText } from './heapObject.js';
import { type LogEntry, pointText } from './log.js';
import { MadePoints } from './madePoints.js';
import type { MemoryProxies } from './memoryProxy.js';
import { Restart } from './operation.js';
import type { LiveMemory } from './overlay.js';
import { Past } from './past.js';
import type { Operation, Point } from './point.js';
import type { ThreadDeclaration } from './program.js';
import { type Refuse, ThreadMemory } from './threadMemory.js';
import { userLine } from './userLine.js';

/** How a stretch of plain code ended. */
export type PlainEnd =
  | { readonly kind: 'operation'; readonly operation: Point }
  /** `value` is what the code returned, if it is a primitive. */
  | { readonly kind: 'finished'; readonly value: unknown }
  | { readonly kind: 'restart'; readonly args: readonly MemoryValue[] }
  | { readonly kind: 'threw'; readonly error: unknown };

/** What all executions of one program have in common. */
export interface Surroundings {
  /** The actor that the threads belong to. */
  readonly address: string;
  readonly proxies: MemoryProxies;
  /** What the code gets as its first argument; without it only the arguments. */
  readonly root?: HeapObject | undefined;
  readonly lockNames: readonly string[];
}

const MUTATION = /read only|not extensible|Cannot (delete|define|redefine|add) property/;

/**
 * One activation of a thread's code: first re-executed over its past, then live (architecture 5.2).
 *
 * Walk through: {@link rebuild} resumes the generator with the logged answers until the past is over; every read, write,
 * allocation and point must be the logged one. Now {@link answered} says what the operation that the thread waits at gave, and
 * {@link goOn} runs plain code live, to the next point or the end. {@link mustEndAs} re-executes a whole
 * stretch that another execution went live: whatever it did that does not follow from its log shows there, and so does a point
 * without `yield*`.
 *
 * Everything runs inside of {@link guarded}. User code cannot hide a refusal: it is noted, and thrown again behind the code.
 */
export class Execution implements Activity {
  readonly cells: ThreadMemory;
  readonly #past: Past;
  readonly #name: string;
  readonly #surroundings: Surroundings;
  readonly #points: MadePoints;
  readonly #code: ThreadDeclaration;
  readonly #args: readonly MemoryValue[];
  #generator: Generator<Operation, unknown, unknown> | undefined;
  /** The point that the code has come to last, and as it asked for it. */
  #point: Point | undefined;
  #requested: Operation | undefined;
  #refusal: UsageError | undefined;
  /** Where the code called `restart`, since its last point. */
  #restartAt: string | undefined;

  /** @param notesPlaces whether it notes where points are made, which is slow */
  constructor(
    surroundings: Surroundings,
    code: ThreadDeclaration,
    args: readonly MemoryValue[],
    log: readonly LogEntry[],
    notesPlaces = false,
  ) {
    this.#surroundings = surroundings;
    this.#code = code;
    this.#args = args;
    this.#name = `${surroundings.address}@${code.name}`;
    this.#past = new Past(log);
    const refuse: Refuse = (problem, fix, at) => this.refuse(problem, fix, at);
    this.cells = new ThreadMemory(this.#past, surroundings.proxies, refuse);
    this.#points = new MadePoints(refuse, notesPlaces);
  }

  /** The past, and what was appended to it. */
  get log(): readonly LogEntry[] {
    return this.#past.entries;
  }

  /** Whether the code has made points that have not begun. */
  get leavesPoints(): boolean {
    return this.#points.areLeft;
  }

  /** Runs something with this execution at work, and the clock and randomness of JavaScript closed. */
  guarded<T>(run: () => T): T {
    return withoutHiddenInputs(
      (what, fix) => this.refuse(what, fix),
      () => during(this, run),
    );
  }

  /**
   * Re-executes the log.
   *
   * @returns the operation that the thread waits at; `undefined` when its code goes on from the last answer, or from the start
   */
  rebuild(phase: 'start' | 'operation' | 'plain'): Point | undefined {
    if (phase === 'start') return undefined;
    for (let end = this.#resume(undefined); ; ) {
      if (this.#past.isOver && end.kind === 'operation') return end.operation;
      const answer = this.#passPoint(end);
      if (this.#past.isOver && phase === 'plain') return undefined;
      end = this.#resume(answer);
    }
  }

  /** Re-executes the whole log, behind which the code must end as it did when the log was written. */
  mustEndAs(before: PlainEnd): void {
    let end = this.#resume(undefined);
    while (!this.#past.isOver) end = this.#resume(this.#passPoint(end));
    if (endText(end) !== endText(before)) this.cells.differs(endText(end), endText(before));
    if (end.kind === 'finished' || end.kind === 'restart') this.#points.mustNotBeLeft();
  }

  /** Runs plain code live, from the start or from the last answer, to the next point or the end. */
  goOn(memory: LiveMemory): PlainEnd {
    this.cells.goLive(memory);
    this.cells.touched = false;
    const last = this.log.at(-1);
    return this.#resume(last?.kind === 'operation' ? this.cells.decode(last.answer) : undefined);
  }

  /** Notes that the operation the thread waits at was performed. */
  answered(operation: Point, answer: MemoryValue): void {
    this.#past.append({ kind: 'operation', text: operation.text, answer });
  }

  /** Evaluates the condition of an `until`. */
  condition(
    { condition }: Point,
    memory: LiveMemory,
  ): { readonly holds: boolean } | { readonly error: unknown } {
    this.cells.goLive(memory);
    this.cells.readOnly = true;
    try {
      const holds: unknown = condition?.();
      if (typeof holds === 'object' && holds !== null && 'then' in holds)
        this.refuse(
          'the condition of an until answers with a promise',
          'let it answer at once, with true or false',
        );
      return { holds: Boolean(holds) };
    } catch (error) {
      return { error };
    } finally {
      this.cells.readOnly = false;
      this.#rethrow();
    }
  }

  allocate(literal: object): object {
    // An object's proxy is the one thing that decodes to it.
    return this.cells.decode(this.cells.allocate(literal, 'allocate()')) as object;
  }

  made(operation: Operation): void {
    if (this.cells.readOnly) this.cells.refuseInCondition('came to a point');
    this.#points.made(operation);
  }

  point(operation: Operation): Operation {
    this.#points.begins(operation);
    this.#point = checkedPoint(operation, this.cells, this.#surroundings.lockNames, (problem, fix) =>
      this.refuse(problem, fix),
    );
    this.#requested = operation;
    return operation;
  }

  restarts(): void {
    this.#restartAt ??= userLine();
  }

  refuse(problem: string, fix: string, at: string = userLine()): never {
    this.#refusal ??= new UsageError(`${this.#name}${at}: ${problem}`, fix);
    throw this.#refusal;
  }

  #resume(answer: unknown): PlainEnd {
    let result: IteratorResult<Operation, unknown>;
    try {
      this.#generator ??= this.#start();
      result = this.#generator.next(answer);
    } catch (error) {
      this.#rethrow();
      if (error instanceof TypeError && MUTATION.test(error.message)) this.#refuseFrozen(error);
      return { kind: 'threw', error };
    }
    this.#rethrow();
    if (this.#restartAt !== undefined && !(result.done && result.value instanceof Restart)) {
      this.refuse('restart() does nothing by itself', 'write return restart(…)', this.#restartAt);
    }
    if (!result.done) return { kind: 'operation', operation: this.#yielded(result.value) };
    if (!(result.value instanceof Restart)) {
      return { kind: 'finished', value: isObject(result.value) ? undefined : result.value };
    }
    const args = result.value.args.map((arg, i) => this.cells.encode(arg, `argument ${i} of restart`));
    return { kind: 'restart', args };
  }

  #start(): Generator<Operation, unknown, unknown> {
    const { root } = this.#surroundings;
    const generator: unknown = this.#code.run(
      ...(root ? [root, ...this.#args] : this.#args).map((arg) => this.cells.decode(arg)),
    );
    if (isGenerator(generator)) return generator;
    return this.refuse('its code is no generator function', 'write function* (memory) { … }', '');
  }

  /** Passes a point while the thread is rebuilt. Gives the logged answer. */
  #passPoint(end: PlainEnd): unknown {
    const entry = this.cells.replay(
      end.kind === 'operation' ? pointText(end.operation.text) : `ends (${end.kind})`,
    );
    return entry.kind === 'operation' ? this.cells.decode(entry.answer) : undefined;
  }

  #rethrow(): void {
    if (this.#refusal) throw this.#refusal;
  }

  #refuseFrozen(error: TypeError): never {
    this.refuse(
      `it wrote to an object that is frozen, as literals are that were stored in memory (${error.message})`,
      'take the object back from memory, or make it with allocate({ … }) first',
      userLine(error),
    );
  }

  #yielded(value: Operation): Point {
    if (this.#point && value === this.#requested) return this.#point;
    const forgot = isGenerator(value);
    return this.refuse(
      `${this.#point ? `behind '${this.#point.text}'` : 'at its first point'} it yielded ${forgot ? 'a generator' : 'something'} that is no point`,
      forgot
        ? 'write yield* instead of yield'
        : 'use yield* with read, write, compareAndSwap, acquire, release, preempt or until',
      '',
    );
  }
}

function endText(end: PlainEnd): string {
  switch (end.kind) {
    case 'operation':
      return `it ${pointText(end.operation.text)}`;
    case 'restart':
      return `it restarts with (${end.args.map(valueText).join(', ')})`;
    case 'finished':
      return `it returns ${String(end.value)}`;
    case 'threw':
      return `it throws ${reasonOf(end.error)}`;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isGenerator(value: unknown): value is Generator<Operation, unknown, unknown> {
  return Object.prototype.toString.call(value) === '[object Generator]';
}
