import { invariant } from '../kernel/invariant.js';
import type { CellAccess } from './activity.js';
import {
  type Cell,
  cellName,
  contentText,
  type HeapObject,
  isHeapObject,
  isIndex,
  LENGTH,
  type MemoryValue,
} from './heapObject.js';
import { allocateText, keysText, type LogEntry, readText, requestText } from './log.js';
import type { CellWrite } from './memory.js';
import type { MemoryProxies } from './memoryProxy.js';
import { type LiveMemory, Overlay } from './overlay.js';
import type { Past } from './past.js';
import { cellsOf, isUnfit, UNFIT_ADVICE } from './plainData.js';

type AllocateEntry = Extract<LogEntry, { readonly kind: 'allocate' }>;

/** Ends the execution: the user's code does what no world can reproduce. Without `at`, it is the line that is at work. */
export type Refuse = (problem: string, fix: string, at?: string) => never;

/** Accesses that a thread may make before it comes to a point. */
const ACCESS_LIMIT = 100_000;

/**
 * Memory as the code of one execution sees it.
 *
 * While the thread is rebuilt every access is answered from its past, and must be the one that the past has there; after
 * {@link goLive} reads see memory under the execution's own writes, and everything is appended to the past. Values pass
 * {@link encode} on their way into memory (a literal becomes an object of memory, once, and is frozen) and {@link decode} on
 * their way out (an object becomes its proxy). Only objects that came out of memory, or were allocated, may be used: one that
 * was kept in a variable outside of the thread would be a secret of its own.
 */
export class ThreadMemory implements CellAccess {
  /** Whether plain code has read or written memory since it was last set. */
  touched = false;
  /** Whether this is the condition of an `until`. */
  readOnly = false;
  readonly #past: Past;
  readonly #proxies: MemoryProxies;
  readonly #refuse: Refuse;
  readonly #known = new Set<HeapObject>();
  readonly #literals = new Map<object, HeapObject>();
  #overlay: Overlay | undefined;
  #accesses = 0;

  constructor(past: Past, proxies: MemoryProxies, refuse: Refuse) {
    this.#past = past;
    this.#proxies = proxies;
    this.#refuse = refuse;
  }

  goLive(memory: LiveMemory): Overlay {
    this.#overlay ??= new Overlay(memory);
    return this.#overlay;
  }

  readCell(object: HeapObject, key: string): { present: boolean; value: unknown } {
    this.#mustKnow(object);
    const cell = this.#readCell(object, key);
    return { present: cell.present, value: this.decode(cell.value) };
  }

  listKeys(object: HeapObject): readonly string[] {
    this.#mustKnow(object);
    if (!this.#overlay) {
      const entry = this.replay(keysText(object));
      invariant(entry.kind === 'keys', 'a list of keys is answered by one');
      return entry.keys;
    }
    const keys = this.#overlay.keys(object);
    this.#access({ kind: 'keys', object, keys });
    return keys;
  }

  writeCell(object: HeapObject, key: string, value: unknown): void {
    this.#mustKnow(object);
    this.#write({ object, key, value: this.encode(value, cellName(object, key)), deleted: false });
  }

  deleteCell(object: HeapObject, key: string): void {
    this.#mustKnow(object);
    this.#write({ object, key, value: undefined, deleted: true });
  }

  /** Makes an object of memory from a literal; a literal that is met again, be it inside itself, is the same object. */
  allocate(literal: object, where: string): HeapObject {
    const known = this.#literals.get(literal);
    if (known) return known;
    if (this.readOnly) this.refuseInCondition(`made an object, ${where}`);
    const values = cellsOf(literal);
    if (isUnfit(values)) {
      return this.#refuse(`${values.what} was stored at ${[where, ...values.path].join('.')}`, UNFIT_ADVICE);
    }
    const isArray = Array.isArray(literal);
    const entry = this.#begin(isArray);
    this.#literals.set(literal, entry.object);
    const cells = new Map<string, MemoryValue>();
    for (const [key, value] of values) cells.set(key, this.encode(value, `${where}.${key}`));
    if (Array.isArray(literal)) cells.set(LENGTH, literal.length);
    Object.freeze(literal);
    const text = contentText(cells);
    if (!this.#overlay) return entry.text === text ? entry.object : this.differs(`it stores ${text}`);
    this.#past.complete(entry, { ...entry, text });
    this.#overlay.fill(entry.object, cells);
    return entry.object;
  }

  encode(value: unknown, where: string): MemoryValue {
    switch (typeof value) {
      case 'undefined':
      case 'boolean':
      case 'number':
      case 'bigint':
      case 'string':
        return value;
      case 'object':
        return value === null ? null : (this.objectOf(value) ?? this.allocate(value, where));
      case 'function':
        return (
          this.#proxies.routineName(value) ?? this.#refuse(`a function was stored at ${where}`, UNFIT_ADVICE)
        );
      default:
        return this.#refuse(`a ${typeof value} was stored at ${where}`, UNFIT_ADVICE);
    }
  }

  /** The object behind a proxy; `undefined` for what is no object of memory yet. */
  objectOf(value: object): HeapObject | undefined {
    const object = this.#proxies.objectOf(value);
    if (object) this.#mustKnow(object);
    return object;
  }

  decode(value: MemoryValue): unknown {
    if (isHeapObject(value)) this.#known.add(value);
    return this.#proxies.decode(value);
  }

  /** Takes an entry of the past that must be the next one. */
  replay(request: string): LogEntry {
    return this.#past.next(request) ?? this.differs(`it ${request}`);
  }

  refuseInCondition(what: string): never {
    return this.#refuse(`the condition of an until ${what}`, 'a condition only reads');
  }

  /** The code does something else than its past says. */
  differs(now: string, before: string = this.#past.expected()): never {
    this.#refuse(
      `run again over the same reads, ${now}; before, ${before}. ` +
        'It depends on something that is not in memory',
      'keep every shared variable in memory, and take no other input than memory and arguments ' +
        '(what the condition of an until assigns is lost)',
    );
  }

  #begin(isArray: boolean): AllocateEntry {
    if (!this.#overlay) {
      const entry = this.replay(allocateText({ isArray }));
      invariant(entry.kind === 'allocate', 'an allocation is answered by one');
      this.#known.add(entry.object);
      return entry;
    }
    const object = this.#overlay.allocate(isArray);
    this.#known.add(object);
    const entry: AllocateEntry = { kind: 'allocate', object, text: '' };
    this.#past.append(entry);
    return entry;
  }

  #readCell(object: HeapObject, key: string): Cell {
    if (!this.#overlay) {
      const entry = this.replay(readText(object, key));
      invariant(entry.kind === 'read', 'a read is answered by one');
      return entry;
    }
    const cell = this.#overlay.cell(object, key);
    this.#access({ kind: 'read', object, key, ...cell });
    return cell;
  }

  #write(write: CellWrite): void {
    if (this.readOnly) this.refuseInCondition(`wrote to ${cellName(write.object, write.key)}`);
    this.#mustBeLength(write);
    const entry: LogEntry = { kind: 'write', write };
    if (!this.#overlay) {
      this.replay(requestText(entry));
      return;
    }
    this.#overlay.write(write);
    this.#access(entry);
  }

  #access(entry: LogEntry): void {
    if (this.readOnly) return;
    this.touched = true;
    this.#past.append(entry);
    if (++this.#accesses > ACCESS_LIMIT) {
      this.#refuse(
        `it made more than ${ACCESS_LIMIT} accesses without coming to a point`,
        'a loop that waits for another thread says yield* until(() => …)',
      );
    }
  }

  #mustBeLength({ object, key, value, deleted }: CellWrite): void {
    if (!object.isArray || key !== LENGTH || deleted || isIndex(String(value))) return;
    throw new RangeError('Invalid array length');
  }

  #mustKnow(object: HeapObject): void {
    if (this.#known.has(object)) return;
    this.#refuse(
      `it used the memory object '${object.name}', which it did not get from memory`,
      'keep references in memory or in local variables, not in variables outside of the thread',
    );
  }
}
