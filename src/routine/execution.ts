import { UsageError } from '../kernel/usageError.js';
import { withoutHiddenInputs } from '../runtime/determinism.js';
import { type LogEntry, requestText } from './log.js';
import {
  type CellWrite,
  contentText,
  type HeapObject,
  isIndex,
  LENGTH,
  type MemoryValue,
  valueText,
} from './memory.js';
import { type MemoryAccess, type MemoryProxies, withMemory } from './memoryProxy.js';
import type { Operation } from './operation.js';
import { Restart } from './operation.js';
import { userLine } from './userLine.js';

/** A generator function of the user's. */
export type Routine = (memory: never, ...args: never[]) => Generator<Operation, unknown, unknown>;

/** An operation whose arguments have become memory values. */
export interface PendingOperation {
  readonly kind: Operation['kind'];
  readonly text: string;
  readonly object?: HeapObject;
  readonly key?: string;
  readonly values: readonly MemoryValue[];
  readonly lock?: string;
  readonly condition?: () => boolean;
}

/** How a stretch of plain code ended. */
export type PlainEnd =
  | { readonly kind: 'operation'; readonly operation: PendingOperation }
  | { readonly kind: 'finished' }
  | { readonly kind: 'restart'; readonly args: readonly MemoryValue[] }
  | { readonly kind: 'threw'; readonly error: unknown };

/** What live code sees of memory; `undefined` while a thread is only rebuilt. */
export interface LiveMemory {
  cell(object: HeapObject, key: string): { readonly present: boolean; readonly value: MemoryValue };
  keys(object: HeapObject): readonly string[];
  /** A name for an object that the thread allocates now, none of `given`. */
  fresh(isArray: boolean, given: readonly HeapObject[]): HeapObject;
}

const MUTATION = /read only|not extensible|Cannot (delete|define|redefine|add) property/;

/**
 * One activation of a thread's code: first re-executed over the log, then live (architecture 5.2).
 *
 * While it is re-executed, every read is answered from the log, and every read, write, allocation and point must be the logged
 * one; live, reads ask memory (or what this execution has written), and everything is appended to the log.
 */
export class Execution implements MemoryAccess {
  readonly log: LogEntry[];
  /** Writes of the live part, in order. */
  readonly writes: CellWrite[] = [];
  /** Objects that the live part allocated, with their first cells. */
  readonly allocated: { readonly object: HeapObject; readonly cells: ReadonlyMap<string, MemoryValue> }[] =
    [];
  /** Whether the live part read or wrote memory in plain code. */
  touched = false;
  refusal: UsageError | undefined;
  readonly #name: string;
  readonly #proxies: MemoryProxies;
  readonly #generator: Generator<Operation, unknown, unknown>;
  readonly #literals = new WeakMap<object, HeapObject>();
  readonly #overlay = new Map<HeapObject, Map<string, MemoryValue | Absent>>();
  #live: LiveMemory | undefined;
  #position = 0;
  #readOnly = false;

  /**
   * @param name the thread, for messages, e.g. `program@reader`
   * @param log its past
   */
  constructor(
    name: string,
    proxies: MemoryProxies,
    routine: Routine,
    root: HeapObject,
    args: readonly MemoryValue[],
    log: readonly LogEntry[],
  ) {
    this.#name = name;
    this.#proxies = proxies;
    this.log = [...log];
    const call: (...args: readonly unknown[]) => unknown = routine as (
      ...args: readonly unknown[]
    ) => unknown;
    this.#generator = this.#guarded(() =>
      asGenerator(call(this.#decode(root), ...args.map((arg) => this.#decode(arg))), name),
    );
  }

  /**
   * Re-executes the log.
   *
   * @returns the operation that the thread waits at; `undefined` when its code goes on from the last answer, or from the start
   */
  rebuild(phase: 'start' | 'operation' | 'plain'): PendingOperation | undefined {
    if (phase === 'start') return undefined;
    let end = this.#resume(undefined);
    for (;;) {
      if (end.kind !== 'operation') return this.#differs(`it ended (${end.kind})`);
      if (this.#position === this.log.length) {
        return phase === 'operation' ? end.operation : this.#differs('it came to another point');
      }
      const entry = this.#replay(end.operation.text);
      if (entry.kind !== 'operation') return this.#differs(end.operation.text);
      if (this.#position === this.log.length && phase === 'plain') return undefined;
      end = this.#resume(this.#decode(entry.answer));
    }
  }

  /** Runs plain code live, from the start or from the last answer, to the next point or the end. */
  runPlain(memory: LiveMemory): PlainEnd {
    this.#live = memory;
    const last = this.log.at(-1);
    return this.#resume(last?.kind === 'operation' ? this.#decode(last.answer) : undefined);
  }

  /** Notes that the operation the thread waits at was performed. */
  answered(operation: PendingOperation, answer: MemoryValue): void {
    this.log.push({ kind: 'operation', text: operation.text, answer });
    this.#position = this.log.length;
  }

  /** Evaluates the condition of an `until`. */
  holds(operation: PendingOperation, memory: LiveMemory): boolean {
    this.#live = memory;
    this.#readOnly = true;
    const { condition } = operation;
    return this.#guarded(() => condition?.() === true);
  }

  /** An atomic write, which is not logged: the operation is. */
  writeAtomically(object: HeapObject, key: string, value: MemoryValue, memory: LiveMemory): void {
    this.#live = memory;
    this.#store({ object, key, value, deleted: false });
  }

  readCell(object: HeapObject, key: string): { present: boolean; value: unknown } {
    const cell = this.#readValue(object, key);
    return { present: cell.present, value: this.#decode(cell.value) };
  }

  listKeys(object: HeapObject): readonly string[] {
    if (!this.#live) {
      const entry = this.#replay(`lists the keys of ${object.name}`);
      return entry.kind === 'keys' ? entry.keys : [];
    }
    this.touched = true;
    const keys = new Set(this.#live.keys(object));
    for (const [key, value] of this.#overlay.get(object) ?? []) {
      if (value === ABSENT) keys.delete(key);
      else keys.add(key);
    }
    keys.delete(object.isArray ? LENGTH : '');
    const list = [
      ...[...keys].filter(isIndex).sort((a, b) => Number(a) - Number(b)),
      ...[...keys].filter((k) => !isIndex(k)),
    ];
    if (!this.#readOnly) this.log.push({ kind: 'keys', object, keys: list });
    return list;
  }

  writeCell(object: HeapObject, key: string, value: unknown): void {
    this.#mayWrite(object, key);
    this.#write({ object, key, value: this.#encode(value, `${object.name}.${key}`), deleted: false });
  }

  deleteCell(object: HeapObject, key: string): void {
    this.#mayWrite(object, key);
    this.#write({ object, key, value: undefined, deleted: true });
  }

  /** Makes an object of memory from a literal; the literal is frozen. */
  allocate(literal: object): object {
    const object = this.#allocate(literal, 'allocate()');
    return this.#proxies.of(object);
  }

  refuse(problem: string, fix: string): never {
    const refusal = new UsageError(`${this.#name}${userLine()}: ${problem}`, fix);
    this.refusal ??= refusal;
    throw refusal;
  }

  #resume(answer: unknown): PlainEnd {
    return this.#guarded(() => {
      let result: IteratorResult<Operation, unknown>;
      try {
        result = this.#generator.next(answer);
      } catch (error) {
        if (this.refusal) throw this.refusal;
        if (error instanceof Error && MUTATION.test(error.message)) this.#refuseStaleLiteral(error);
        return { kind: 'threw', error };
      }
      if (this.refusal) throw this.refusal;
      if (!result.done) return { kind: 'operation', operation: this.#pending(result.value) };
      if (!(result.value instanceof Restart)) return { kind: 'finished' };
      return {
        kind: 'restart',
        args: result.value.args.map((arg, i) => this.#encode(arg, `argument ${i} of restart`)),
      };
    });
  }

  #guarded<T>(run: () => T): T {
    return withoutHiddenInputs(
      (what, fix) => this.refuse(what, fix),
      () => withMemory(this, run),
    );
  }

  #refuseStaleLiteral(error: Error): never {
    this.refuse(
      `it wrote to an object that it had stored in memory (${error.message})`,
      'take the object back from memory, or make it with allocate({ … }) first',
    );
  }

  #pending(operation: Operation): PendingOperation {
    switch (operation?.kind) {
      case 'read':
      case 'write':
      case 'compareAndSwap':
        return this.#access(operation);
      case 'acquire':
      case 'release':
        return {
          kind: operation.kind,
          text: `${operation.kind} ${operation.lock}`,
          values: [],
          lock: operation.lock,
        };
      case 'preempt':
        return { kind: 'preempt', text: 'preempt', values: [] };
      case 'until':
        return { kind: 'until', text: 'until', values: [], condition: operation.condition };
      default:
        return this.refuse(
          'it yielded something that is no point',
          'use yield* with read, write, compareAndSwap, acquire, release, preempt or until',
        );
    }
  }

  #access(operation: Extract<Operation, { readonly key: PropertyKey }>): PendingOperation {
    const { kind } = operation;
    const key = String(operation.key);
    const object = this.#proxies.objectOf(operation.object);
    if (!object) {
      return this.refuse(
        `${kind}(…, '${key}') was given an object that is not in memory`,
        'take it from memory, or allocate it',
      );
    }
    const given =
      kind === 'write' ? [operation.value] : kind === 'read' ? [] : [operation.expected, operation.next];
    const values = given.map((value) => this.#encode(value, `${object.name}.${key}`));
    const text = [kind, `${object.name}.${key}`, ...values.map(valueText)].join(' ');
    return { kind, text, object, key, values };
  }

  #readValue(object: HeapObject, key: string): { readonly present: boolean; readonly value: MemoryValue } {
    if (!this.#live) {
      const entry = this.#replay(`reads ${object.name}.${key}`);
      return entry.kind === 'read' ? entry : this.#differs(`reads ${object.name}.${key}`);
    }
    this.touched = true;
    const cell = this.#current(object, key, this.#live);
    if (!this.#readOnly) this.log.push({ kind: 'read', object, key, ...cell });
    return cell;
  }

  #current(
    object: HeapObject,
    key: string,
    live: LiveMemory,
  ): { readonly present: boolean; readonly value: MemoryValue } {
    const written = this.#overlay.get(object)?.get(key);
    if (written === ABSENT) return { present: false, value: undefined };
    if (written !== undefined || this.#overlay.get(object)?.has(key))
      return { present: true, value: written };
    return live.cell(object, key);
  }

  #mayWrite(object: HeapObject, key: string): void {
    if (this.#readOnly)
      this.refuse(`the condition of an until wrote to ${object.name}.${key}`, 'a condition only reads');
  }

  #write(write: CellWrite): void {
    const entry: LogEntry = { kind: 'write', write };
    if (!this.#live) {
      this.#replay(requestText(entry));
      return;
    }
    this.touched = true;
    this.log.push(entry);
    this.#store(write);
  }

  /** Writes live, and what a write does besides: an array grows or is cut. */
  #store(write: CellWrite): void {
    const { object, key, value } = write;
    const live = this.#live;
    if (object.isArray && live && isIndex(key) && !write.deleted) {
      const length = Number(this.#current(object, LENGTH, live).value ?? 0);
      if (Number(key) >= length) this.#put({ object, key: LENGTH, value: Number(key) + 1, deleted: false });
    }
    if (object.isArray && live && key === LENGTH) {
      for (let i = Number(this.#current(object, LENGTH, live).value ?? 0) - 1; i >= Number(value); i--) {
        this.#put({ object, key: String(i), value: undefined, deleted: true });
      }
    }
    this.#put(write);
  }

  #put(write: CellWrite): void {
    let cells = this.#overlay.get(write.object);
    if (!cells) {
      cells = new Map();
      this.#overlay.set(write.object, cells);
    }
    cells.set(write.key, write.deleted ? ABSENT : write.value);
    this.writes.push(write);
  }

  #replay(request: string): LogEntry {
    const entry = this.log[this.#position];
    if (entry === undefined || requestText(entry) !== request) return this.#differs(request);
    this.#position++;
    return entry;
  }

  #differs(now: string): never {
    const entry = this.log[this.#position];
    const before = entry ? requestText(entry) : 'nothing more';
    this.refuse(
      `run again over the same reads it ${now} where it had: ${before}. It depends on something that is not in memory`,
      'keep every shared variable in memory, and take no other input than memory and arguments',
    );
  }

  #decode(value: MemoryValue): unknown {
    return typeof value === 'object' && value !== null ? this.#proxies.of(value) : value;
  }

  #encode(value: unknown, where: string): MemoryValue {
    switch (typeof value) {
      case 'undefined':
      case 'boolean':
      case 'number':
      case 'bigint':
      case 'string':
        return value;
      case 'object':
        return value === null ? null : (this.#proxies.objectOf(value) ?? this.#allocate(value, where));
      default:
        return this.refuse(
          `a ${typeof value} was stored at ${where}`,
          'memory holds primitives, plain objects and arrays',
        );
    }
  }

  #allocate(literal: object, where: string): HeapObject {
    const known = this.#literals.get(literal);
    if (known) return known;
    const isArray = Array.isArray(literal);
    const prototype: unknown = Object.getPrototypeOf(literal);
    if (!isArray && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      this.refuse(
        `an instance of ${literal.constructor?.name ?? 'a class'} was stored at ${where}`,
        'memory holds primitives, plain objects and arrays',
      );
    }
    const cells = new Map<string, MemoryValue>();
    for (const [key, value] of Object.entries<unknown>({ ...literal }))
      cells.set(key, this.#encode(value, `${where}.${key}`));
    if (isArray) cells.set(LENGTH, literal.length);
    Object.freeze(literal);
    const object = this.#place(isArray, cells);
    this.#literals.set(literal, object);
    return object;
  }

  #place(isArray: boolean, cells: ReadonlyMap<string, MemoryValue>): HeapObject {
    const text = contentText(cells);
    if (!this.#live) {
      const entry = this.#replay(`allocates ${text}`);
      if (entry.kind === 'allocate' && entry.object.isArray === isArray) return entry.object;
      return this.#differs(`allocates ${text}`);
    }
    const object = this.#live.fresh(
      isArray,
      this.allocated.map((a) => a.object),
    );
    this.log.push({ kind: 'allocate', object, text });
    this.allocated.push({ object, cells });
    this.#overlay.set(object, new Map(cells));
    return object;
  }
}

type Absent = typeof ABSENT;
const ABSENT: unique symbol = Symbol('absent');

function asGenerator(value: unknown, name: string): Generator<Operation, unknown, unknown> {
  if (typeof value === 'object' && value !== null && 'next' in value && typeof value.next === 'function') {
    return value as Generator<Operation, unknown, unknown>;
  }
  throw new UsageError(`${name} is no generator function`, 'write function* (memory) { … }');
}
