import { present } from '../kernel/invariant.js';
import type { CellId } from '../runtime/cells.js';
import { type ContentId, slotHash } from '../runtime/contents.js';
import type { HostSite } from '../runtime/host.js';
import { PairMap } from '../runtime/pairMap.js';
import type { StateReader } from '../runtime/probes.js';
import {
  contentText,
  type HeapObject,
  isHeapObject,
  isIndex,
  LENGTH,
  type MemoryValue,
  objectsIn,
  valueText,
} from './heapObject.js';

/** What an object holds in some state: the content of its slot. */
export interface HeapContent {
  readonly id: ContentId;
  readonly object: HeapObject;
  readonly cells: ReadonlyMap<string, MemoryValue>;
  /** The objects that its cells hold. */
  readonly holds: readonly HeapObject[];
}

/** One cell gets another value, or its key goes. */
export interface CellWrite {
  readonly object: HeapObject;
  readonly key: string;
  readonly value: MemoryValue;
  readonly deleted: boolean;
}

/**
 * The objects of one memory, their distinct contents, and numbers for values, keys and writes, so that a step that is known
 * works with integers alone.
 */
export class Memory {
  readonly #site: HostSite;
  readonly #objects: HeapObject[] = [];
  readonly #byName = new Map<string, HeapObject>();
  readonly #contents = new Map<ContentId, HeapContent>();
  readonly #byText = new Map<string, HeapContent>();
  readonly #values: MemoryValue[] = [undefined];
  readonly #valueNumbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #keyNumbers = new Map<string, number>();
  readonly #cells = new PairMap();
  readonly #keyLists = new Map<ContentId, number>();
  readonly #writes: CellWrite[] = [];
  readonly #writeNumbers = new Map<string, number>();
  readonly #written = new PairMap();

  constructor(site: HostSite) {
    this.#site = site;
  }

  /** A cell that steps touch, by name: see `Footprint`. */
  cell(name: string): CellId {
    return this.#site.cell(name);
  }

  get objects(): readonly HeapObject[] {
    return this.#objects;
  }

  /** The object of a name, made when the name is met for the first time. Arrays and records of one name are two objects. */
  object(name: string, isArray: boolean): HeapObject {
    const key = slotKey(name, isArray);
    let object = this.#byName.get(key);
    if (!object) {
      object = { index: this.#objects.length, name, slot: this.#site.slot('memory', key), isArray };
      this.#objects.push(object);
      this.#byName.set(key, object);
    }
    return object;
  }

  /** Interns anew what another memory of the same host holds in a state; objects keep their numbers and slots. */
  takeOver(before: Memory, state: StateReader, put: (slot: number, content: ContentId) => void): void {
    const own = ({ name, isArray }: HeapObject): HeapObject => this.object(name, isArray);
    for (const object of before.objects) own(object);
    for (const object of before.objects) {
      const content = state.valueAt(object.slot);
      if (content === 0) continue;
      const cells = [...before.content(content).cells].map(
        ([key, value]) => [key, isHeapObject(value) ? own(value) : value] as const,
      );
      put(object.slot, this.intern(own(object), new Map(cells)).id);
    }
  }

  objectAt(index: number): HeapObject {
    return present(this.#objects[index], `there is a memory object number ${index}`);
  }

  content(id: ContentId): HeapContent {
    return present(this.#contents.get(id), `content ${id} is a memory object`);
  }

  intern(object: HeapObject, cells: ReadonlyMap<string, MemoryValue>): HeapContent {
    const ordered = inKeyOrder(cells);
    const text = contentText(ordered);
    const key = `${object.index}:${text}`;
    let content = this.#byText.get(key);
    if (!content) {
      const slot = slotKey(object.name, object.isArray);
      const words = slotHash('memory', `${this.#site.place.address} ${slot}`).text(text).words();
      const id = this.#site.addContent(words);
      content = { id, object, cells: ordered, holds: objectsIn(...ordered.values()) };
      this.#byText.set(key, content);
      this.#contents.set(id, content);
    }
    return content;
  }

  /** The number of a value: equal values, equal numbers; never 0, which stands for a missing key. */
  valueNumber(value: MemoryValue): number {
    return numberOf(this.#valueNumbers, this.#values, valueText(value), value);
  }

  value(number: number): MemoryValue {
    return this.#values[number];
  }

  keyNumber(key: string): number {
    return numberOf(this.#keyNumbers, this.#keys, key, key);
  }

  /** The number of the value at a key of a content; 0 when the key is missing, or nothing is there at all. */
  cellNumber(content: ContentId, key: number): number {
    if (content === 0) return 0;
    let number = this.#cells.get(content, key);
    if (number === -1) {
      const { cells } = this.content(content);
      const name = present(this.#keys[key], `there is a key number ${key}`);
      number = cells.has(name) ? this.valueNumber(cells.get(name)) : 0;
      this.#cells.set(content, key, number);
    }
    return number;
  }

  /** The keys of a content in JavaScript's order; an array's length is none. */
  keys(content: ContentId): readonly string[] {
    if (content === 0) return [];
    const { object, cells } = this.content(content);
    return [...cells.keys()].filter((key) => !object.isArray || key !== LENGTH);
  }

  /** A number for {@link keys}: equal lists, equal numbers. */
  keysNumber(content: ContentId): number {
    let number = this.#keyLists.get(content);
    if (number === undefined) {
      number = this.valueNumber(JSON.stringify(this.keys(content)));
      this.#keyLists.set(content, number);
    }
    return number;
  }

  /** The length of an array's content. */
  length(content: ContentId): number {
    return content === 0 ? 0 : Number(this.content(content).cells.get(LENGTH));
  }

  writeNumber(write: CellWrite): number {
    const { object, key, value, deleted } = write;
    const text = `${object.index} ${JSON.stringify(key)}${deleted ? '!' : `=${valueText(value)}`}`;
    return numberOf(this.#writeNumbers, this.#writes, text, write);
  }

  write(number: number): CellWrite {
    return present(this.#writes[number], `there is a memory write number ${number}`);
  }

  /** The content after a write. */
  after(content: ContentId, writeNumber: number): ContentId {
    const known = this.#written.get(content, writeNumber);
    if (known !== -1) return known;
    const { object, cells } = this.content(content);
    const { key, value, deleted } = this.write(writeNumber);
    const next = new Map(cells);
    if (deleted) next.delete(key);
    else next.set(key, value);
    const after = this.intern(object, next).id;
    this.#written.set(content, writeNumber, after);
    return after;
  }
}

function slotKey(name: string, isArray: boolean): string {
  return isArray ? `${name}[]` : name;
}

function numberOf<T>(numbers: Map<string, number>, all: T[], text: string, value: T): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = all.push(value) - 1;
    numbers.set(text, number);
  }
  return number;
}

/** Integer keys ascending, then the others as they came: the order in which JavaScript lists keys. */
function inKeyOrder<T>(cells: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const entries = [...cells];
  const integers = entries.filter(([key]) => isIndex(key)).sort(([a], [b]) => Number(a) - Number(b));
  return new Map([...integers, ...entries.filter(([key]) => !isIndex(key))]);
}
